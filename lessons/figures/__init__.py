"""The live exhibits of the lessons."""
