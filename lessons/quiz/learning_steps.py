"""Questions on one step of one weight: against its gradient, plainly or by AdamW."""

from __future__ import annotations

import math
from dataclasses import dataclass
from random import Random

from engine.expr import Ref
from lessons.adamw_step import adamw_step
from lessons.figures.gradients import recipe_of, slopes_of_sentence, steepest
from lessons.figures.stream import last_layer_norm
from lessons.quiz.build import number_question, pick_question
from lessons.quiz.late import retold
from lessons.quiz.learning_in_full import LESSON
from lessons.quiz.question import Question
from lessons.quiz.registry import generator, said
from lessons.scene import Scene
from lessons.words import number


@dataclass(frozen=True, slots=True)
class Weight:
    """A gain or a bias of the last LayerNorm, with the slope of the sentence's loss there."""

    name: str
    dim: int
    weight: float
    slope: float


def steep(scene: Scene, which: str, least: float) -> list[Weight]:
    """The steepest among the last gains ("w") or biases ("b").

    None where the sentence teaches nothing.
    """
    if scene.n < 2 or not scene.experiment.model.config.causal:
        return []
    name = f"{last_layer_norm(scene.experiment.model.config)}.{which}"
    slopes = slopes_of_sentence(scene.experiment).get(name)
    if slopes is None:
        return []
    weights = scene.experiment.trace[name].value
    found = [
        Weight(name, dim, float(weights[dim]), float(slopes[dim])) for (dim,) in steepest(slopes, 8)
    ]
    return [one for one in found if math.isfinite(one.slope) and abs(one.slope) >= least]


RATES = (0.1, 0.2, 0.5, 1.0)


def bracketed(text: str) -> str:
    """A number as the second of a product."""
    return f"({text})" if text.startswith("−") else text


@generator("learning-step", LESSON)
def learning_step(scene: Scene, rng: Random) -> Question | None:
    """A weight after one step against its gradient."""
    usable = [
        (one, rate)
        for one in steep(scene, "b", 0.04)
        for rate in RATES
        if 0.04 <= rate * abs(one.slope) <= 2
    ]
    if not usable:
        return None
    one, rate = rng.choice(usable)
    step = rate * one.slope
    question = number_question(
        scene,
        "learning-step",
        LESSON,
        one.weight - step,
        {"uphill": one.weight + step, "replaced-not-added": -step},
        Ref(one.name, (one.dim,)),
        {"dim": one.dim, "rate": rate},
        dim=one.dim + 1,
        weight=number(one.weight),
        slope=number(one.slope),
        rate=f"{rate:g}",
        product=f"{rate:g} × {bracketed(number(one.slope))}",
        step=number(step),
        way=said(scene, "learning-step", "down" if step > 0 else "up"),
    )
    return retold(scene, question, ("replaced-not-added",))


@generator("learning-adamw", LESSON)
def learning_adamw(scene: Scene, rng: Random) -> Question | None:
    """A weight after the first step of AdamW, whose length hardly depends on the gradient."""
    gains = steep(scene, "w", 0.01)
    if not gains:
        return None
    gain, rate = rng.choice(gains), rng.choice((0.01, 0.1))
    recipe = recipe_of(scene.experiment.model)
    after = adamw_step(recipe, gain.name, gain.weight, gain.slope, rate).after
    move = gain.weight - after
    wrong = {
        "uphill": gain.weight + move,
        "replaced-not-added": -move,
        "-plain": gain.weight - rate * gain.slope,
    }
    texts = {name: number(x, 3) for name, x in wrong.items()}
    told = {
        name: said(scene, "learning-adamw", f"as-{name}", value=texts[name])
        for name in ("uphill", "replaced-not-added")
    }
    return pick_question(
        scene,
        rng,
        "learning-adamw",
        LESSON,
        number(after, 3),
        texts,
        Ref(gain.name, (gain.dim,)),
        {"dim": gain.dim, "rate": rate},
        told,
        dim=gain.dim + 1,
        weight=number(gain.weight, 3),
        slope=number(gain.slope, 3),
        rate=f"{rate:g}",
        way=said(scene, "learning-adamw", "down" if move > 0 else "up"),
    )
