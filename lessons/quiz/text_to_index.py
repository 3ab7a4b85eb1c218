"""Questions on pieces, merges and token ids."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from statistics import mean

from engine.expr import Ref
from lessons.figures.text_to_index_merges import merges_of, piece_text
from lessons.languages import languages
from lessons.quiz.early import (
    all_question,
    order_question,
    point_question,
    truth_question,
    typed_question,
)
from lessons.quiz.own_words import different_words, one_of, token
from lessons.quiz.question import Pointed, Question
from lessons.quiz.registry import generator, said
from lessons.scene import Scene
from lessons.spelling import spelled_words

LESSON = "text-to-index"
_MOST_PIECES = 12  # in one prompt
_MOST_ROWS = 16
_MOST_OF_A_WORD = 6
_FEWEST_STATES, _MOST_STATES = 4, 5
_LONGEST = 9
_BETWEEN = " · "


def _pieces(scene: Scene, word: str) -> tuple[str, ...]:
    """The pieces in which a word is read, as they are printed."""
    steps = merges_of(scene.experiment.model.tokenizer.ranks, f" {word}")
    return tuple(map(piece_text, steps[-1].pieces))


def _cut(scene: Scene) -> list[str]:
    """Odd words that this model reads in some pieces.

    Of the language that the model has learned, whatever the person speaks: that of whose odd words
    it makes the fewest pieces.
    """
    by_language = [
        said(replace(scene, lang=lang), "pieces-whole", "odd").split(", ") for lang in languages()
    ]
    words = min(by_language, key=lambda some: mean(len(_pieces(scene, word)) for word in some))
    return [word for word in words if _short(scene, word)]


def _short(scene: Scene, word: str) -> bool:
    """Whether a word is cut, but not into very many pieces."""
    return 2 <= len(_pieces(scene, word)) <= _MOST_OF_A_WORD


@generator("pieces-whole", LESSON)
def pieces_whole(scene: Scene, rng: Random) -> Question | None:
    """Which words are read whole, from the pieces of all of them in a row."""
    mine = [w for w in spelled_words(scene.experiment) if w.isalpha() and _short(scene, w)]
    odd = mine[:2] if mine and rng.random() < 0.5 else _cut(scene)
    own = dict.fromkeys(scene.labels[pos] for pos in different_words(scene))
    n_odd, n_own = min(2, len(odd)), min(rng.randint(2, 3), len(own))
    words = rng.sample([*own], n_own) + rng.sample(odd, n_odd)
    rng.shuffle(words)
    row = [_pieces(scene, word) for word in words]
    whole = [len(pieces) == 1 for pieces in row]
    cut = [" + ".join(pieces) for pieces in row if len(pieces) > 1]
    return all_question(
        scene,
        rng,
        "pieces-whole",
        LESSON,
        [
            (scene.words.token(word), one, "" if one else "cut-as-whole")
            for word, one in zip(words, whole, strict=True)
        ],
        None,
        {"words": ",".join(words)},
        pieces=_BETWEEN.join(piece for pieces in row for piece in pieces),
        whole=", ".join(
            scene.words.token(word) for word, one in zip(words, whole, strict=True) if one
        ),
        cut="; ".join(cut),
        example=cut[0] if cut else "",
    )


@generator("pieces-count", LESSON)
def pieces_count(scene: Scene, rng: Random) -> Question | None:
    """How many numbers a model receives, from the pieces of the sentence."""
    row = [_shown(scene, pos) for pos in range(1, scene.n)]
    if not 2 <= len(row) <= _MOST_PIECES:
        return None
    return typed_question(
        scene,
        "pieces-count",
        LESSON,
        scene.n,
        [("off-by-one", scene.n - 1)],
        None,
        {},
        pieces=_BETWEEN.join(row),
        start=scene.words.start,
        typed=len(row),
    )


def _shown(scene: Scene, pos: int) -> str:
    """A token of the sentence with its space made visible."""
    return piece_text(scene.experiment.model.tokenizer.piece(scene.ids[pos]))


@generator("merge-states", LESSON)
def merge_states(scene: Scene, rng: Random) -> Question | None:
    """The moments of the cutting of a word, in their order."""
    own = [scene.labels[pos] for pos in different_words(scene)]
    words = [word for word in [*own, *_cut(scene)] if word.isascii() and len(word) <= _LONGEST]
    rng.shuffle(words)
    for word in words:
        steps = merges_of(scene.experiment.model.tokenizer.ranks, f" {word}")
        if len(steps) < _FEWEST_STATES:
            continue
        between = range(1, len(steps) - 1)
        some = sorted(rng.sample(between, min(len(between), _MOST_STATES - 2)))
        kept = [steps[0], *(steps[i] for i in some), steps[-1]]
        states = [" ".join(map(piece_text, step.pieces)) for step in kept]
        return order_question(
            scene,
            rng,
            "merge-states",
            LESSON,
            states,
            None,
            {"word": word},
            word=scene.words.token(word),
            counts=", ".join(str(len(step.pieces)) for step in kept),
        )
    return None


@generator("id-at-position", LESSON)
def id_at_position(scene: Scene, rng: Random) -> Question | None:
    """The id at a position, counted from 0."""
    if scene.n < 3:
        return None
    pos = rng.randint(1, min(scene.n, _MOST_ROWS) - 1)
    mistakes = [("off-by-one", (pos - 1, 0))]
    if pos + 1 < scene.n:
        mistakes.append(("off-by-one", (pos + 1, 0)))
    return point_question(
        scene,
        "id-at-position",
        LESSON,
        Pointed("ids"),
        (pos, 0),
        mistakes,
        Ref("tokens", (pos,)),
        {"pos": pos},
        pos=pos,
        start=scene.words.start,
        first=token(scene, 1),
        word=token(scene, pos),
        index=scene.ids[pos],
    )


@generator("id-claim", LESSON)
def id_claim(scene: Scene, rng: Random) -> Question | None:
    """Whether something can be said from token ids."""
    words = different_words(scene)
    if len(words) < 3:
        return None
    a, b, c = rng.sample(words, 3)
    ids = scene.ids
    if abs(ids[a] - ids[b]) > abs(ids[a] - ids[c]):
        b, c = c, b  # b is the one with the nearer number
    claim = one_of(scene, rng, ("near", "same", "more", "place", "moved", "same"))
    answer = claim in ("same", "place")
    return truth_question(
        scene,
        "id-claim",
        LESSON,
        claim,
        answer,
        "id-is-size" if claim in ("near", "more") else "",
        {"claim": claim, "word": a},
        Ref("tokens", (a,)),
        a=token(scene, a),
        b=token(scene, b),
        c=token(scene, c),
        id_a=ids[a],
        id_b=ids[b],
        id_c=ids[c],
        larger=token(scene, max(a, b, key=lambda pos: ids[pos])),
        smaller=token(scene, min(a, b, key=lambda pos: ids[pos])),
    )
