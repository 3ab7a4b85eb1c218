"""A run to take away: as a picture, as a page; and the writing of such files."""
