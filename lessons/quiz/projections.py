"""Questions on a vector times a matrix."""

from __future__ import annotations

import math
from random import Random

from engine.expr import Ref
from lessons.exhibits import exhibit
from lessons.figures.one_attention import ATTN, HEAD
from lessons.quiz.build import hints, number_question, pick_question, plain
from lessons.quiz.question import About, Mistake, Pointed, Question
from lessons.quiz.registry import generator, said
from lessons.quiz.vector_forms import retold, rounded, signed_term, vector
from lessons.quiz.vectors_and_dot_product import products, whole_numbers, written_products
from lessons.scene import Scene
from lessons.station_figure import station
from lessons.words import number

LESSON = "projections"
Q = f"{ATTN}.q"
SMALLEST_BIAS = 0.05
"""A bias that is as good as 0 is nothing to be forgotten."""


@generator("projection-small", LESSON)
def projection_small(scene: Scene, rng: Random) -> Question | None:
    """One number of a vector of two times a matrix of two rows and two columns, plus a bias."""
    x, *rows = (whole_numbers(rng, 2, 4) for _ in range(3))
    (bias,), j = whole_numbers(rng, 1), rng.randrange(2)
    columns = tuple(zip(*rows, strict=True))
    total = sum(products(x, columns[j]))
    values = {
        "x": vector(x),
        "row_1": vector(rows[0]),
        "row_2": vector(rows[1]),
        "bias": plain(bias),
        "j": j + 1,
        "other": 2 - j,
        "column": vector(columns[j]),
        "products": written_products(x, columns[j]),
        "sum": plain(total),
        "total": plain(total + bias),
    }
    mistakes = {
        "forgot-bias": float(total),
        "wrong-cell": float(sum(products(x, rows[j])) + bias),
        "off-by-one": float(sum(products(x, columns[1 - j])) + bias),
        "sum-not-product": float(sum(x) + sum(columns[j]) + bias),
    }
    about: About = {
        "x": ",".join(map(str, x)),
        "rows": ",".join(map(str, (*rows[0], *rows[1]))),
        "bias": bias,
        "j": j,
    }
    question = number_question(
        scene,
        "projection-small",
        LESSON,
        float(total + bias),
        mistakes,
        None,
        about,
        **values,
    )
    return retold(scene, question, "wrong-cell", "off-by-one", **values)


@generator("projection-bias", LESSON)
def projection_bias(scene: Scene, rng: Random) -> Question | None:
    """The last step to one number of x · W_Q: the bias."""
    trace, config = scene.experiment.trace, scene.experiment.model.config
    if scene.n < 2 or config.d_head < 3 or trace[Q].forced is not None:
        return None
    biases = [float(x) for x in trace[f"{ATTN}.b_Q"].value[HEAD]]
    large = [j for j, bias in enumerate(biases) if abs(bias) >= SMALLEST_BIAS]
    if not large:
        return None
    pos, j = rng.randrange(1, scene.n), rng.choice(large)
    answer = float(trace[Q].value[pos, HEAD, j])
    total = answer - biases[j]
    start = max(0, min(j - 1, config.d_head - 3))
    beside = j + 1 if j + 1 < start + 3 else j - 1
    values = {
        "word": scene.quoted[pos],
        "j": j + 1,
        "d_model": config.d_model,
        "sum": number(total),
        "biases": "; ".join(
            said(scene, "projection-bias", "column", j=i + 1, x=number(biases[i]))
            for i in range(start, start + 3)
        ),
        "bias": number(biases[j]),
        "added": signed_term(biases[j]),
        "beside": beside + 1,
    }
    question = number_question(
        scene,
        "projection-bias",
        LESSON,
        answer,
        {"forgot-bias": total, "off-by-one": total + biases[beside]},
        Ref(Q, (pos, HEAD, j)),
        {"pos": pos, "j": j},
        **values,
    )
    question = retold(scene, question, "off-by-one", **values)
    return rounded(scene, question, total, biases[j], answer)


@generator("projection-sizes", LESSON)
def projection_sizes(scene: Scene, rng: Random) -> Question | None:
    """How many numbers come out."""
    if scene.n < 2:
        return None
    config = scene.experiment.model.config
    pos, letter = rng.randrange(1, scene.n), rng.choice("QKV")
    values = {
        "word": scene.quoted[pos],
        "matrix": f"W_{letter}",
        "rows": config.d_model,
        "columns": config.d_head,
        "cells": plain(config.d_model * config.d_head),
    }
    told = said(scene, "projection-sizes", "wrong-cell", **values)
    return pick_question(
        scene,
        rng,
        "projection-sizes",
        LESSON,
        plain(config.d_head),
        {
            "wrong-cell": plain(config.d_model),
            "-cells": plain(config.d_model * config.d_head),
            "-words": plain(scene.n),
            "-both": plain(config.d_model + config.d_head),
        },
        Ref(f"{ATTN}.{letter.lower()}", (pos, HEAD, config.d_head - 1)),
        {"pos": pos, "matrix": f"W_{letter}"},
        {"wrong-cell": told},
        **values,
    )


@generator("projection-point", LESSON)
def projection_point(scene: Scene, rng: Random) -> Question | None:
    """Where a number of x · W_Q stands in the table of what comes out."""
    config = scene.experiment.model.config
    stage = station(config, "q", 0)
    if stage is None or scene.n < 3:
        return None
    shown = exhibit(stage, scene.experiment, HEAD, marks=scene.words.marks)
    pos, j = rng.randrange(1, scene.n), rng.randrange(config.d_head)
    cells = {(j, pos): "wrong-cell", (pos - 1, j): "off-by-one", (pos, j + 1): "off-by-one"}
    values = {"word": scene.quoted[pos], "j": j + 1, "start": scene.words.start}
    values["x"] = number(float(shown.values[pos, j]))
    mistakes = tuple(
        Mistake(
            name,
            cell,
            said(
                scene, "projection-point", name, value=number(float(shown.values[cell])), **values
            ),
        )
        for cell, name in cells.items()
        if cell != (pos, j) and cell[0] < scene.n and cell[1] < config.d_head
    )
    if not math.isfinite(float(shown.values[pos, j])):
        return None
    return Question(
        "projection-point",
        LESSON,
        "point",
        said(scene, "projection-point", "prompt", **values),
        (pos, j),
        hints(scene, "projection-point", **values),
        said(scene, "projection-point", "worked", **values),
        mistakes=mistakes,
        ref=shown.ref(pos, j),
        pointed=Pointed("q", 0, HEAD),
        about={"pos": pos, "j": j},
    )
