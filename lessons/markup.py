"""The little that prose can mark: **strong**, `as it is`, and links.

[vector](#vector)         a term: Enter shows what it means
[softmax](@softmax)       a lesson: named because it is still to come, or to go back to
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_MARKED = re.compile(
    r"\*\*(?P<strong>.+?)\*\*|`(?P<code>.+?)`|\[(?P<text>[^\]]+)\]\((?P<kind>[#@])(?P<id>[\w-]+)\)",
    re.DOTALL,
)


_BREAKS = re.compile(r"[ \t\r\n]+")


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of prose. kind: "", "strong", "code", "term" or "lesson"; target: whose link."""

    text: str
    kind: str = ""
    target: str = ""


def one_line(text: str) -> str:
    """A text with its line breaks turned into spaces; a space that keeps together stays."""
    return " ".join(part for part in _BREAKS.split(text) if part)


def spans(prose: str) -> tuple[Span, ...]:
    """Prose in its stretches, line breaks within a paragraph turned into spaces."""
    prose = "\n\n".join(one_line(part) for part in re.split(r"\n\s*\n", prose.strip()))
    found: list[Span] = []
    end = 0
    for match in _MARKED.finditer(prose):
        if match.start() > end:
            found.append(Span(prose[end : match.start()]))
        if match["strong"]:
            found.append(Span(match["strong"], "strong"))
        elif match["code"]:
            found.append(Span(match["code"], "code"))
        else:
            kind = "term" if match["kind"] == "#" else "lesson"
            found.append(Span(match["text"], kind, match["id"]))
        end = match.end()
    if end < len(prose):
        found.append(Span(prose[end:]))
    return tuple(found)


def plain(prose: str) -> str:
    """Prose without its marks; paragraphs stay apart."""
    return "".join(span.text for span in spans(prose))
