"""What the lessons can say of the learner's own run."""
