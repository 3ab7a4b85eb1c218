"""Words of the sentence that a question may speak of: whole ones, as anybody counts them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from random import Random
from typing import TypeVar

from lessons.scene import Scene

_LONGEST = 14
T = TypeVar("T")


def is_word(scene: Scene, pos: int) -> bool:
    """Whether a token is one whole word: letters after a space, and not the beginning of more."""
    if not 1 <= pos < scene.n or len(scene.labels[pos]) > _LONGEST:
        return False
    piece = scene.experiment.model.tokenizer.piece
    text = piece(scene.ids[pos])
    after = piece(scene.ids[pos + 1]) if pos + 1 < scene.n else ""
    goes_on = after[:1].isalnum() or after.startswith("<0x")
    return text[:1] == " " and text[1:].isalpha() and not goes_on


def first_words(scene: Scene, most: int) -> int:
    """How many whole words the sentence begins with, one token each; at most so many."""
    n = 0
    while n < most and is_word(scene, n + 1):
        n += 1
    return n


def different_words(scene: Scene) -> list[int]:
    """The positions of the whole words of the sentence, each word once."""
    found = {scene.ids[pos]: pos for pos in range(scene.n - 1, 0, -1) if is_word(scene, pos)}
    return sorted(found.values())


def token(scene: Scene, pos: int) -> str:
    """A token of the sentence in quotation marks, without its position."""
    return scene.words.token(scene.labels[pos])


def tokens(scene: Scene, places: Iterable[int]) -> str:
    """Some tokens of the sentence in a row."""
    return ", ".join(token(scene, pos) for pos in places)


def one_of(scene: Scene, rng: Random, kinds: Sequence[T]) -> T:
    """One of some kinds of a question, so that one seed does not ask all sentences the same."""
    return kinds[(rng.randrange(len(kinds)) + scene.n) % len(kinds)]
