"""The terminal app and the command line. Textual and Rich live here only."""
