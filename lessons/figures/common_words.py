"""Everyday words of the small world by kind, to look at a table of word vectors with.

What is shown is always the model's own vectors; this list only says which rows to look at. Words
that a model does not have as one token are left out.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from engine.ops import Array
from engine.store import Model
from engine.tokenizer import Tokenizer

_WORDS = (
    {
        "animal": "gato perro pájaro conejo ratón pez león oso caballo vaca tigre lobo rana pato",
        "food": "pan manzana pastel queso leche sopa arroz galleta pescado carne helado huevo",
        "person": "niño niña mamá papá abuela abuelo maestra hermano amigo rey reina",
        "action": "come corre duerme mira juega salta canta quiere busca tiene bebe lee",
        "place": "casa parque bosque escuela jardín río cocina árbol montaña mar",
        "trait": "rojo azul grande pequeño feliz triste bonito cansado verde amable contento viejo",
    },
    {
        "animal": "cat dog bird rabbit mouse fish lion bear horse cow tiger wolf frog duck",
        "food": "bread apple cake cheese milk soup rice cookie meat egg pizza juice banana",
        "person": "boy girl dad grandma grandpa teacher brother friend king queen doctor",
        "action": "eats runs sleeps looks plays jumps sings wants finds has drinks reads",
        "place": "house park forest school garden river kitchen tree mountain sea cave",
        "trait": "red blue big small happy sad pretty tired green kind old new",
    },
)


class Known(NamedTuple):
    """A word of the list that a model has as one token. kind: "animal", "food" ..."""

    word: str
    id: int
    kind: str


@lru_cache(maxsize=16)
def known_words(model: Model) -> tuple[Known, ...]:
    """The words of the list that are tokens of a model, of the language that it has more of."""
    return max((_known(model.tokenizer, words) for words in _WORDS), key=len)


def _known(tokenizer: Tokenizer, words: dict[str, str]) -> tuple[Known, ...]:
    found = []
    for kind, line in words.items():
        for word in line.split():
            ids = tokenizer.encode(word)
            if len(ids) == 1:
                found.append(Known(word, ids[0], kind))
    return tuple(found)


@lru_cache(maxsize=16)
def word_ids(model: Model) -> Array:
    """The ids of all tokens that are a whole word of two letters or more, or begin one."""
    pieces = enumerate(map(model.tokenizer.piece, range(len(model.tokenizer) - 1)))
    ids = [id for id, piece in pieces if len(piece) > 2 and piece[0] == " " and piece[1:].isalpha()]
    return np.array(ids, np.int64)
