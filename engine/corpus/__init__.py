"""The small world that the shipped models learn from: a grammar as data."""
