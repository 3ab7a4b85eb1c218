"""Questions from the learner's own run, and mistakes met by their name."""
