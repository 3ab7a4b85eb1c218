"""What is drawn: pure functions from arrays to styled text."""
