"""Questions on the residual connection: what is added, and to what."""

from __future__ import annotations

from random import Random

from engine.expr import Ref
from lessons.quiz.build import number_question, pick_question
from lessons.quiz.inside import (
    BLOCK,
    agrees,
    all_question,
    feedback,
    first_of,
    plain,
    recognising,
    written,
)
from lessons.quiz.question import Question
from lessons.quiz.registry import generator, said
from lessons.scene import Scene
from lessons.words import number

LESSON = "residual"
SUMS = {"attention": f"blocks.{BLOCK}.resid_mid", "network": f"blocks.{BLOCK}.resid_post"}
N_NUMBERS = 3
FACTORS = {"zeros": 0, "same": 1, "opposite": -1}


def _few(
    scene: Scene, rng: Random, part: str, pos: int
) -> tuple[int, list[float], list[float], list[float]] | None:
    """Some neighbouring numbers of a piece before a sum, what is added, and what is left."""
    trace = scene.experiment.trace
    step = trace[SUMS[part]]
    first = rng.randint(0, max(step.value.shape[1] - N_NUMBERS, 0))
    before, added, after = (
        trace[name].value[pos, first : first + N_NUMBERS].tolist()
        for name in (*step.inputs, step.name)
    )
    if len(after) < N_NUMBERS or not plain(*before, *added, *after):
        return None
    return first, before, added, after


def _listed(numbers: list[float]) -> str:
    return f"({', '.join(number(x) for x in numbers)})"


def _sum(before: float, added: float) -> str:
    return f"{number(before)} + {number(added) if added >= 0 else f'({number(added)})'}"


@generator("residual-cell", LESSON)
def cell(scene: Scene, rng: Random) -> Question | None:
    """One number after a sum."""
    return first_of(lambda: _cell(scene, rng))


def _cell(scene: Scene, rng: Random) -> Question | None:
    part, pos = rng.choice((*SUMS,)), rng.randrange(scene.n)
    few = _few(scene, rng, part, pos)
    if few is None:
        return None
    first, before, added, after = few
    i = rng.randrange(N_NUMBERS)
    answer = after[i]
    if not agrees(answer, written(before[i]) + written(added[i])):
        return None
    question = number_question(
        scene,
        "residual-cell",
        LESSON,
        answer,
        {},
        Ref(SUMS[part], (pos, first + i)),
        {"part": part, "pos": pos, "dim": first + i},
        part=said(scene, "residual-cell", part),
        piece=scene.quoted[pos],
        first=first + 1,
        last=first + N_NUMBERS,
        dim=first + i + 1,
        before=_listed(before),
        added=_listed(added),
        was=number(before[i]),
        new=number(added[i]),
        sum=_sum(before[i], added[i]),
    )
    others = [("wrong-cell", x) for place, x in enumerate(after) if place != i]
    wrong = [("replaced-not-added", added[i]), *others]
    return recognising(scene, question, wrong, ("wrong-cell",), number, dim=first + i + 1)


@generator("residual-back", LESSON)
def back(scene: Scene, rng: Random) -> Question | None:
    """What a part has added, from what was there and what is left."""
    return first_of(lambda: _back(scene, rng))


def _back(scene: Scene, rng: Random) -> Question | None:
    part, pos = rng.choice((*SUMS,)), rng.randrange(scene.n)
    few = _few(scene, rng, part, pos)
    if few is None:
        return None
    first, (before, *_), (added, *_), (after, *_) = few
    if not agrees(added, written(after) - written(before)):
        return None
    question = number_question(
        scene,
        "residual-back",
        LESSON,
        added,
        {},
        Ref(SUMS[part], (pos, first)),
        {"part": part, "pos": pos, "dim": first},
        part=said(scene, "residual-back", part),
        piece=scene.quoted[pos],
        dim=first + 1,
        was=number(before),
        now=number(after),
        difference=f"{number(after)} − {number(before) if before >= 0 else f'({number(before)})'}",
    )
    wrong = [("replaced-not-added", after)]
    return recognising(scene, question, wrong, ("replaced-not-added",), number, was=number(before))


@generator("residual-scale", LESSON)
def scale(scene: Scene, rng: Random) -> Question | None:
    """What is left of a piece where a part gives zeros, the same, or the opposite."""
    return first_of(lambda: _scale(scene, rng))


def _scale(scene: Scene, rng: Random) -> Question | None:
    id = "residual-scale"
    part, pos, gives = rng.choice((*SUMS,)), rng.randrange(scene.n), rng.choice((*FACTORS,))
    few = _few(scene, rng, part, pos)
    if few is None:
        return None
    first, before, _, _ = few
    factor = FACTORS[gives]
    numbers = [written(x) for x in before]

    def times(n: float) -> str:
        return _listed([n * x for x in numbers])

    wrong = {"replaced-not-added": times(factor)}
    wrong |= {f"-times {n}": times(n) for n in (0, 1, 2, 0.5) if n != 1 + factor}
    return pick_question(
        scene,
        rng,
        id,
        LESSON,
        times(1 + factor),
        wrong,
        None,  # imagined: the run's own sum is another
        {"part": part, "pos": pos, "dim": first, "gives": gives},
        {"replaced-not-added": feedback(scene, id, "replaced-not-added")},
        part=said(scene, id, part),
        gives=said(scene, id, gives),
        piece=scene.quoted[pos],
        first=first + 1,
        last=first + N_NUMBERS,
        before=_listed(numbers),
        added=times(factor),
    )


@generator("residual-terms", LESSON)
def terms(scene: Scene, rng: Random) -> Question | None:
    """Which numbers one number after a sum is made of."""
    id = "residual-terms"
    d_model = scene.experiment.model.config.d_model
    if scene.n < 2 or d_model < 2:
        return None
    part = rng.choice((*SUMS,))
    pos, other = rng.sample(range(scene.n), 2)
    dim, beside = rng.sample(range(d_model), 2)

    def text(key: str, dim: int, pos: int) -> str:
        given = said(scene, id, part)
        return said(scene, id, key, dim=dim + 1, piece=scene.quoted[pos], part=given)

    right = [text("before", dim, pos), text("added", dim, pos)]
    wrong = [
        (key, beside, pos) if rng.random() < 0.5 else (key, dim, other)
        for key in ("before", "added")
    ]
    return all_question(
        scene,
        rng,
        id,
        LESSON,
        right,
        [("wrong-cell", text(*one)) for one in wrong],
        {"part": part, "pos": pos, "dim": dim},
        Ref(SUMS[part], (pos, dim)),
        part=said(scene, id, part),
        piece=scene.quoted[pos],
        dim=dim + 1,
    )
