"""What a learner has done: kept in one readable file, and never lost."""
