"""The whole program as a dialogue, line by line: for screen readers, pipes and dumb terminals."""
