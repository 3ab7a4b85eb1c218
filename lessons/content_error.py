"""What is wrong with a content file, said apart so that reading one needs nothing heavy."""

from __future__ import annotations


class ContentError(ValueError):
    """A mistake in the content files: something is missing, or a placeholder is unknown."""
