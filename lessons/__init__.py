"""The course: the stages of the pipeline, and what is said about each."""
