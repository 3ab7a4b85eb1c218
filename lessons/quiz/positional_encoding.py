"""Questions on where each word stands, and how that gets into its vector."""

from __future__ import annotations

import math
from dataclasses import dataclass
from random import Random

from engine.expr import Ref
from engine.ops import Array
from lessons.exhibits import exhibit
from lessons.quiz.build import hints, number_question, pick_question
from lessons.quiz.question import Mistake, Pointed, Question
from lessons.quiz.registry import generator, said
from lessons.quiz.vector_forms import rounded, signed_term
from lessons.scene import Scene
from lessons.station_figure import station
from lessons.words import number

LESSON = "positional-encoding"
SUM = "blocks.0.resid_pre"
APART = 0.05
"""Numbers of neighbouring places are told apart when they differ by so much."""


@dataclass(frozen=True)
class Added:
    """The word's vectors, the places' and their sums [pos, d_model]."""

    words: Array
    places: Array
    sums: Array


def added_vectors(scene: Scene) -> Added | None:
    """None where the model has no positions, or where the sums were set by hand."""
    config, trace = scene.experiment.model.config, scene.experiment.trace
    if config.positions == "none" or trace[SUM].forced is not None:
        return None
    words = trace["embed_scaled" if config.scale_embed else "embed"].value
    return Added(words, trace["pos_embed"].value, trace[SUM].value)


def _plain(scene: Scene, pos: int) -> str:
    """A token in quotation marks, without its position."""
    return scene.words.token(scene.labels[pos])


def _column(places: Array, shown: range, rng: Random) -> int | None:
    """A number of the vectors that differs from place to place."""

    def differs(i: int) -> bool:
        here = [float(places[p, i]) for p in shown]
        return all(abs(x - y) > APART for n, x in enumerate(here) for y in here[:n])

    fitting = [i for i in range(places.shape[1]) if differs(i)]
    return rng.choice(fitting) if fitting else None


def _listed(scene: Scene, places: Array, shown: range, i: int) -> str:
    return "; ".join(
        said(scene, "position-sum", "place", pos=p, x=number(float(places[p, i]))) for p in shown
    )


@generator("position-sum", LESSON)
def position_sum(scene: Scene, rng: Random) -> Question | None:
    """One number of a word's vector, with that of its place added."""
    added = added_vectors(scene)
    found = _unique(scene, 5)
    if added is None or not found:
        return None
    pos = rng.choice(found)
    shown = range(pos - 1, min(pos + 2, scene.n))
    i = _column(added.places, shown, rng)
    if i is None:
        return None
    x, y = float(added.words[pos, i]), float(added.places[pos, i])
    question = number_question(
        scene,
        "position-sum",
        LESSON,
        float(added.sums[pos, i]),
        {"positions-multiplied": x * y, "off-by-one": x + float(added.places[pos - 1, i])},
        Ref(SUM, (pos, i)),
        {"pos": pos, "i": i},
        tokens=" ".join(_plain(scene, p) for p in range(min(pos + 2, scene.n))),
        start=scene.words.start,
        word=_plain(scene, pos),
        i=i + 1,
        x=number(x),
        y=signed_term(y),
        pos=pos,
        places=_listed(scene, added.places, shown, i),
    )
    return rounded(scene, question, x, y, float(added.sums[pos, i]))


def _unique(scene: Scene, most: int) -> list[int]:
    """The first positions whose token does not come again in what is shown of the sentence."""
    shown = scene.labels[: most + 2]
    return [pos for pos in range(1, min(scene.n, most + 1)) if shown.count(scene.labels[pos]) == 1]


@generator("position-which", LESSON)
def position_which(scene: Scene, rng: Random) -> Question | None:
    """At which place a word stands, told from the number with which it enters."""
    added = added_vectors(scene)
    if added is None or scene.n < 5:
        return None
    pos = rng.randrange(1, scene.n)
    start = max(0, min(scene.n - 4, pos - rng.randrange(4)))
    shown = range(start, start + 4)
    i = _column(added.places, shown, rng)
    if i is None:
        return None
    x, y, total = (float(part[pos, i]) for part in (added.words, added.places, added.sums))
    if not math.isfinite(total):
        return None
    beside = pos + 1 if pos + 1 in shown else pos - 1
    others = [p for p in shown if p not in (pos, beside)]

    def option(p: int) -> str:
        return said(scene, "position-which", "option", pos=p)

    told = said(
        scene,
        "position-which",
        "off-by-one",
        pos=beside,
        x=number(x + float(added.places[beside, i])),
        total=number(total),
    )
    question = pick_question(
        scene,
        rng,
        "position-which",
        LESSON,
        option(pos),
        {"off-by-one": option(beside), **{f"-{p}": option(p) for p in others}},
        Ref(SUM, (pos, i)),
        {"pos": pos, "i": i},
        {"off-by-one": told},
        word=_plain(scene, pos),
        i=i + 1,
        x=number(x),
        y=number(y),
        total=number(total),
        places=_listed(scene, added.places, shown, i),
    )
    return rounded(scene, question, x, y, total)


@generator("position-point", LESSON)
def position_point(scene: Scene, rng: Random) -> Question | None:
    """Where in the table of the places, or of the sums, a number of a word is found."""
    config = scene.experiment.model.config
    if config.positions == "none" or scene.n < 3:
        return None
    where = rng.choice(("position", "sum"))
    stage = station(config, where, 0)
    if stage is None:
        return None
    shown = exhibit(stage, scene.experiment, marks=scene.words.marks)
    pos, i = rng.randrange(1, scene.n), rng.randrange(config.d_model)
    # The places are counted from 0, the numbers from 1; and a row is no column.
    wrong = {
        (pos - 1, i): ("off-by-one", "off-by-one", "feedback"),
        (pos, i + 1): ("off-by-one", "position-point", "column"),
        (i, pos): ("wrong-cell", "wrong-cell", "feedback"),
    }
    mistakes = tuple(
        Mistake(name, cell, said(scene, *told, value=number(float(shown.values[cell]))))
        for cell, (name, *told) in wrong.items()
        if cell != (pos, i) and cell[0] < scene.n and cell[1] < config.d_model
    )
    values = {
        "word": scene.quoted[pos],
        "i": i + 1,
        "x": number(float(shown.values[pos, i])),
        "start": scene.words.start,
    }
    id = f"position-point-{where}"
    return Question(
        "position-point",
        LESSON,
        "point",
        said(scene, id, "prompt", **values),
        (pos, i),
        hints(scene, id, **values),
        said(scene, id, "worked", **values),
        mistakes=mistakes,
        ref=shown.ref(pos, i),
        pointed=Pointed(stage.id),
        about={"pos": pos, "i": i, "where": where},
    )
