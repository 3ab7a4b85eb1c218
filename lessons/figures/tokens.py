"""Tokens as figures write them: cut to size, told apart, named in the model's language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from engine.store import Model
from lessons.figures.excerpts import GAP
from lessons.figures.parts import Cell
from lessons.labels import read_labels
from lessons.scene import Scene

_LONGEST_NAME = 14


def short(label: str, most: int = 12) -> str:
    """A label of at most so many characters."""
    return label if len(label) <= most else label[: most - 1] + GAP


def short_name(scene: Scene, pos: int) -> str:
    """A token of the sentence for a table; where its label comes twice, with its position."""
    label = scene.labels[pos]
    name = short(label, _LONGEST_NAME)
    return f"{name} ({pos})" if Counter(scene.labels)[label] > 1 else name


def word_cells(scene: Scene) -> list[Cell]:
    """The tokens of the sentence as cells."""
    return [Cell(short(label)) for label in scene.labels]


def labels_of(scene: Scene, ids: Iterable[int], model: Model | None = None) -> tuple[str, ...]:
    """Tokens of a vocabulary as people read them; of the learner's model if none is named."""
    tokenizer = (model or scene.experiment.model).tokenizer
    return read_labels(tokenizer, [*ids], scene.words.marks)


def whole_word(model: Model, options: str) -> tuple[str, tuple[int, ...]]:
    """The first of some words, "ratón, mouse", that a model has as one token; and its token.

    So an exhibit can name the same thing to a model of either language. If it has none of them
    whole, it is the first word and its tokens.
    """
    words = [word.strip() for word in options.split(",")]
    found = [(word, tuple(model.tokenizer.encode(word))) for word in words]
    return next((pair for pair in found if len(pair[1]) == 1), found[0])
