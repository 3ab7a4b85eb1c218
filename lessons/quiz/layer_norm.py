"""Questions on LayerNorm: four numbers by hand, a cell of the run, and what it leaves alone."""

from __future__ import annotations

import math
from functools import cache
from itertools import combinations_with_replacement
from random import Random

import numpy as np

from engine.expr import Ref
from lessons.figures.layer_norm import out_of
from lessons.quiz.beliefs import believing
from lessons.quiz.build import number_question
from lessons.quiz.inside import (
    BLOCK,
    agrees,
    first_of,
    order_question,
    plain,
    recognising,
    truth_question,
    whole,
    written,
)
from lessons.quiz.question import About, Question
from lessons.quiz.registry import generator, said
from lessons.scene import Scene
from lessons.words import number

LESSON = "layer-norm"
LN = f"blocks.{BLOCK}.ln1"

FURTHEST = 9
GAINS = ((1, 0), (2, 1), (2, -1), (3, 1), (0.5, 2), (-1, 1))
STEPS = ("mean", "centre", "squares", "root", "divide")
N_NUMBERS = 3
CHANGES = {"times": True, "plus": True, "one": False, "negate": False}
BY = (2, 3, 5, 10)
NAMES = "abcd"
MOST_ROUNDED = 0.008


@cache
def _distances() -> tuple[tuple[tuple[int, ...], int], ...]:
    """Four whole numbers that add up to 0 and whose size is whole, with that size."""
    found = []
    for four in combinations_with_replacement(range(-FURTHEST, FURTHEST + 1), 4):
        size = math.isqrt(sum(x * x for x in four) // 4)
        if sum(four) == 0 and size > 1 and sum(x * x for x in four) == 4 * size * size:
            found.append((four, size))
    return tuple(found)


def _four(rng: Random) -> tuple[list[int], int, int]:
    """Four whole numbers in any order, their mean and their size."""
    distances, size = rng.choice(_distances())
    mean = rng.randint(1 - min(distances), 6 - min(distances))
    return [mean + x for x in rng.sample(distances, 4)], mean, size


def _listed(numbers: list[float] | list[int]) -> str:
    return ", ".join(whole(x) for x in numbers)


def _bracketed(x: float) -> str:
    return number(x) if x >= 0 else f"({number(x)})"


@generator("ln-one", LESSON)
def one_of_four(scene: Scene, rng: Random) -> Question | None:
    """What LayerNorm makes of one of four numbers."""
    numbers, mean, size = _four(rng)
    (gain, bias), i = rng.choice(GAINS), rng.randrange(4)
    centred = numbers[i] - mean
    answer = centred / size * gain + bias
    about: About = dict(zip(NAMES, numbers, strict=True)) | {"i": i, "gain": gain, "bias": bias}
    question = number_question(
        scene,
        "ln-one",
        LESSON,
        answer,
        {},
        None,
        about,
        numbers=_listed(numbers),
        asked=numbers[i],
        gain=whole(gain),
        bias=whole(bias),
        added=whole(bias) if bias >= 0 else f"({whole(bias)})",
        mean=mean,
        size=size,
        centred=whole(centred),
        normalized=whole(centred / size),
        result=whole(answer),
    )
    uncentred = math.sqrt(sum(x * x for x in numbers) / 4)
    wrong = [
        ("forgot-mean", numbers[i] / uncentred * gain + bias),
        ("forgot-mean", numbers[i] / size * gain + bias),
        ("forgot-bias", answer - bias),
        *(("wrong-cell", (x - mean) / size * gain + bias) for x in dict.fromkeys(numbers)),
    ]
    return recognising(scene, question, wrong, ("wrong-cell",), whole, asked=numbers[i])


@generator("ln-order", LESSON)
def order(scene: Scene, rng: Random) -> Question | None:
    """The steps of LayerNorm, on four numbers."""
    numbers, mean, size = _four(rng)
    if len({mean, size, size * size}) < 3:
        return None
    centred = [x - mean for x in numbers]
    values: dict[str, object] = {
        "mean": mean,
        "centred": _listed(centred),
        "squares": size * size,
        "size": size,
        "normalized": ", ".join(whole(x / size) for x in centred),
    }
    return order_question(
        scene,
        rng,
        "ln-order",
        LESSON,
        [said(scene, "ln-order", step, **values) for step in STEPS],
        dict(zip(NAMES, numbers, strict=True)),
        None,
        numbers=_listed(numbers),
        **values,
    )


@generator("ln-run", LESSON)
def of_the_run(scene: Scene, rng: Random) -> Question | None:
    """One cell of the model's first LayerNorm, from the mean and the size of its piece."""
    return first_of(lambda: _of_the_run(scene, rng))


def _of_the_run(scene: Scene, rng: Random) -> Question | None:
    trace = scene.experiment.trace
    entering, out = trace[f"{LN}.centered"].inputs[0], out_of(trace, LN)
    pos, dim = rng.randrange(scene.n), rng.randrange(scene.experiment.model.config.d_model)
    x = trace.value(Ref(entering, (pos, dim)))
    size = trace.value(Ref(f"{LN}.scale", (pos, 0)))
    mean = x - trace.value(Ref(f"{LN}.centered", (pos, dim)))
    gain, bias = (trace.value(Ref(f"{LN}.{name}", (dim,))) for name in "wb")
    answer = trace.value(Ref(out, (pos, dim)))
    if not plain(x, size, mean, gain, answer) or not abs(bias) < 100:
        return None
    pencil = (written(x) - written(mean)) / written(size) * written(gain) + written(bias)
    rounded = written((x - mean) / size) * gain + bias  # by whoever rounds on the way
    if not agrees(answer, pencil) or abs(rounded - answer) > MOST_ROUNDED:
        return None
    question = number_question(
        scene,
        "ln-run",
        LESSON,
        answer,
        {},
        Ref(out, (pos, dim)),
        {"pos": pos, "dim": dim},
        piece=scene.quoted[pos],
        dim=dim + 1,
        x=number(x),
        mean=number(mean),
        taken=_bracketed(mean),
        size=number(size),
        gain=number(gain),
        bias=number(bias),
        added=_bracketed(bias),
        centred=number(x - mean),
        normalized=number((x - mean) / size),
    )
    wrong = [("forgot-mean", x / size * gain + bias), ("forgot-bias", answer - bias)]
    return recognising(scene, question, wrong)


@generator("ln-whose-mean", LESSON)
def whose_mean(scene: Scene, rng: Random) -> Question | None:
    """Whose numbers enter the mean: those of the piece, not those of a column."""
    if scene.n < 2:
        return None
    pair = sorted(rng.sample(range(scene.n), 2))
    while True:
        rows = [[rng.randint(0, 12) for _ in range(N_NUMBERS)] for _ in pair]
        if all(sum(row) % N_NUMBERS == 0 and len(set(row)) > 1 for row in rows):
            break
    which, i = rng.randrange(2), rng.randrange(N_NUMBERS)
    answer = sum(rows[which]) // N_NUMBERS
    column = [row[i] for row in rows]
    about: About = {f"n{r}{c}": x for r, row in enumerate(rows) for c, x in enumerate(row)}
    question = number_question(
        scene,
        "ln-whose-mean",
        LESSON,
        answer,
        {},
        None,
        {**about, "which": which, "i": i},
        a=scene.quoted[pair[0]],
        b=scene.quoted[pair[1]],
        row_a=_listed(rows[0]),
        row_b=_listed(rows[1]),
        asked=rows[which][i],
        piece=scene.quoted[pair[which]],
        row=_listed(rows[which]),
        sum=" + ".join(map(whole, rows[which])),
        n=N_NUMBERS,
        result=answer,
    )
    wrong = [
        ("columns-not-rows", sum(column) / 2),
        ("wrong-cell", sum(rows[1 - which]) / N_NUMBERS),
    ]
    own = ("columns-not-rows", "wrong-cell")
    return recognising(scene, question, wrong, own, whole, piece=scene.quoted[pair[which]])


@generator("ln-same", LESSON)
def same(scene: Scene, rng: Random) -> Question | None:
    """Whether LayerNorm gives the same after a change of a piece's numbers."""
    trace = scene.experiment.trace
    pos, change, by = rng.randrange(scene.n), rng.choice((*CHANGES,)), rng.choice(BY)
    size = trace.value(Ref(f"{LN}.scale", (pos, 0)))
    out = trace[out_of(trace, LN)].value[pos]
    gain = trace[f"{LN}.w"].value
    if not 0.1 < size < 100 or not np.isfinite(out).all() or np.abs(gain).max() < 0.1:
        return None
    question = truth_question(
        scene,
        "ln-same",
        LESSON,
        CHANGES[change],
        {"pos": pos, "change": change, "by": by},
        "forgot-mean" if change == "plus" else "",
        Ref(f"{LN}.scale", (pos, 0)),
        f"worked_{change}",
        piece=scene.quoted[pos],
        change=said(scene, "ln-same", change, by=by, d_model=gain.size, piece=scene.quoted[pos]),
        by=by,
    )
    return believing(scene, question, change)
