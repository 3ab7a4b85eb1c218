"""Parts of what is long: some words of a sentence, some places of a vocabulary, and its words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from engine.store import Model
from lessons.figures.parts import Cell
from lessons.labels import read_labels
from lessons.scene import Scene

GAP = "…"
_LINE = 75


def excerpt(n: int, most: int, keep: Iterable[int] = ()) -> list[int | None]:
    """At most so many of the places 0 to n - 1, in order, None where some are left out.

    Those of `keep` are among them, and then the outermost from both ends.
    """
    if n <= most:
        return [*range(n)]
    chosen = set([i for i in dict.fromkeys(keep) if 0 <= i < n][:most])
    low, high = 0, n - 1
    while len(chosen) < most and low <= high:
        chosen.add(low)
        low += 1
        if len(chosen) < most:
            chosen.add(high)
            high -= 1
    found: list[int | None] = []
    before = -1
    for i in sorted(chosen):
        if i > before + 1:
            found.append(None)
        found.append(i)
        before = i
    return [*found, None] if before < n - 1 else found


def on_a_line(widths: Sequence[int], most: int, keep: Iterable[int] = ()) -> list[int | None]:
    """An excerpt of words so wide that stands on one line, so that arcs have room above it."""
    kept = [*keep]
    places = excerpt(len(widths), most, kept)
    while most > 2 and sum(1 if i is None else widths[i] for i in places) + len(places) > _LINE:
        most -= 1
        places = excerpt(len(widths), most, kept)
    return places


def spread(places: Sequence[int | None], cells: Sequence[Cell]) -> list[Cell]:
    """The cells at those places, a quiet "…" where there is a gap."""
    return [Cell(GAP, tone="quiet") if i is None else cells[i] for i in places]


def short(label: str, most: int = 12) -> str:
    """A label of at most so many characters."""
    return label if len(label) <= most else label[: most - 1] + GAP


def word_cells(scene: Scene) -> list[Cell]:
    """The tokens of the sentence as cells."""
    return [Cell(short(label)) for label in scene.labels]


def whole_word(model: Model, options: str) -> tuple[str, tuple[int, ...]]:
    """The first of some words, "ratón, mouse", that a model has as one token; and its token.

    So an exhibit can name the same thing to a model of either language. If it has none of them
    whole, it is the first word and its tokens.
    """
    words = [word.strip() for word in options.split(",")]
    ids = [tuple(model.tokenizer.encode(word)) for word in words]
    return next((pair for pair in zip(words, ids, strict=True) if len(pair[1]) == 1), None) or (
        words[0],
        ids[0],
    )


def labels_of(scene: Scene, ids: Iterable[int]) -> tuple[str, ...]:
    """Tokens of the vocabulary as people read them."""
    return read_labels(scene.experiment.model.tokenizer, [*ids], scene.words.marks)
