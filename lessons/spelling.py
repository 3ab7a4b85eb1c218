"""Which words of a sentence the model has no piece for, so that it reads them in several."""

from __future__ import annotations

from engine.experiment import Experiment
from engine.words import split
from lessons.labels import visible


def spelled_words(experiment: Experiment) -> tuple[str, ...]:
    """The words that are read in several pieces, each once, in the order of the sentence.

    A word is what stands between spaces and punctuation marks; what holds neither letters nor
    digits is none. What lies after the cut is not read, and not looked at.
    """
    tokens = experiment.model.tokenizer.tokens
    pieces = iter(experiment.pieces[1:])
    found: dict[str, None] = {}
    for word in split(experiment.normal_text[: experiment.cut_at].rstrip(" ")):
        n_pieces, missing = 0, len(word.encode())
        while missing > 0:
            piece = next(pieces, None)
            if piece is None:
                return tuple(found)
            n_pieces, missing = n_pieces + 1, missing - len(tokens[piece.id])
        if n_pieces > 1 and any(character.isalnum() for character in word):
            found[visible(word)] = None
    return tuple(found)
