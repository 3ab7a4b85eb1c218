"""Prose with its marks as Textual draws it, for dialogs. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from lessons.markup import Span

STYLES = {"": "", "strong": "bold", "code": "on $panel", "term": "$accent", "lesson": "$accent"}


def prose_content(prose: Sequence[Span]) -> Content:
    """The stretches of a text, each as its mark says. What is typed in them marks nothing."""
    return Content.assemble(*((span.text, STYLES[span.kind]) for span in prose))
