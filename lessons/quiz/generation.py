"""Questions on generation: temperature, who is admitted to the draw, and the loop."""

from __future__ import annotations

import math
from random import Random

import numpy as np

from engine.expr import Ref
from lessons.exhibits import exhibit
from lessons.quiz.build import hints, number_question, plain
from lessons.quiz.late import candidates, retold, where
from lessons.quiz.late_forms import all_question, order_question
from lessons.quiz.question import Mistake, Pointed, Question
from lessons.quiz.registry import generator, said
from lessons.scene import Scene
from lessons.station_figure import station
from lessons.words import number

LESSON = "generation"
TOP_P = (0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95)
TEMPERATURES = (0.5, 2.0, 3.0, 4.0)
SHOWN = 5


def admitted(probs: list[float], top_p: float, blur: float) -> int:
    """How many of some candidates, the likeliest first, it takes to reach p.

    0 where they do not reach it, or where someone who reads their numbers with an error of `blur`
    in each might count another number of them.
    """
    total = 0.0
    for n, prob in enumerate(probs, 1):
        total += prob
        if abs(total - top_p) <= n * blur + 0.003:
            return 0
        if total > top_p:
            return n
    return 0


@generator("generation-top-p", LESSON)
def generation_top_p(scene: Scene, rng: Random) -> Question | None:
    """Which candidates top-p admits."""
    best = candidates(scene, SHOWN)
    found = [(p, admitted([one.prob for one in best], p, 0.005)) for p in TOP_P]
    found = [(p, n) for p, n in found if 0 < n < len(best)]
    found = [(p, n) for p, n in found if best[n - 1].prob - best[n].prob > 0.01]
    if not found:
        return None
    top_p, n = rng.choice([one for one in found if one[1] > 1] or found)
    options = [
        (
            said(scene, "generation-top-p", "option", name=one.name, prob=number(one.prob)),
            place < n,
            "off-by-one" if place == n else "",
        )
        for place, one in enumerate(best)
    ]
    return all_question(
        scene,
        rng,
        "generation-top-p",
        LESSON,
        options,
        Ref("probs", (scene.experiment.asked, best[n - 1].id)),
        {"top_p": top_p, "n_shown": SHOWN},
        where=where(scene),
        top_p=f"{top_p:g}",
        first=best[0].name,
        sum=number(sum(one.prob for one in best[:n])),
        told=said(
            scene,
            "generation-top-p",
            "told" if n > 1 else "told_one",
            sum=number(sum(one.prob for one in best[:n])),
            top_p=f"{top_p:g}",
        ),
    )


@generator("generation-top-k", LESSON)
def generation_top_k(scene: Scene, rng: Random) -> Question | None:
    """Which candidates top-k admits, whatever the temperature."""
    best = candidates(scene, SHOWN)
    if not best:
        return None
    k, temperature = rng.choice((2, 3)), rng.choice(TEMPERATURES)
    if best[k - 1].logit - best[k].logit < 0.02:
        return None
    # Whoever thinks that temperature turns the order around takes the last one.
    names = {k: "off-by-one", SHOWN - 1: "temperature-orders"}
    options = [
        (
            said(scene, "generation-top-k", "option", name=one.name, logit=number(one.logit)),
            place < k,
            names.get(place, ""),
        )
        for place, one in enumerate(best)
    ]
    return all_question(
        scene,
        rng,
        "generation-top-k",
        LESSON,
        options,
        Ref("logits", (scene.experiment.asked, best[0].id)),
        {"top_k": k, "temperature": temperature, "n_shown": SHOWN},
        where=where(scene),
        k=k,
        temperature=f"{temperature:g}",
    )


@generator("generation-temperature", LESSON)
def generation_temperature(scene: Scene, rng: Random) -> Question | None:
    """The probability of one of two candidates, at a temperature."""
    best = candidates(scene, 2)
    if not best:
        return None
    gap = best[0].logit - best[1].logit
    temperature = rng.choice([t for t in TEMPERATURES if 0.1 < gap / t < 4] or [0.0])
    if not temperature:
        return None
    one, other = rng.sample(best, 2)
    above = (one.logit - other.logit) / temperature
    answer = 1 / (1 + math.exp(-above))
    total = one.logit + other.logit
    mistakes = {
        "temperature-orders": 1 - answer,
        "forgot-temperature": 1 / (1 + math.exp(-above * temperature)),
        "forgot-exp": one.logit / total if total else math.inf,
        "logit-as-probability": one.logit / temperature,
    }
    powers = (math.exp(min(above, 0.0)), math.exp(min(-above, 0.0)))
    question = number_question(
        scene,
        "generation-temperature",
        LESSON,
        answer,
        mistakes,
        Ref("logits", (scene.experiment.asked, one.id)),
        {"candidate": one.id, "other": other.id, "temperature": temperature},
        where=where(scene),
        temperature=f"{temperature:g}",
        first=best[0].name,
        second=best[1].name,
        logit=number(best[0].logit),
        other_logit=number(best[1].logit),
        asked=one.name,
        divided=number(best[0].logit / temperature),
        other_divided=number(best[1].logit / temperature),
        below=number(-abs(above)),
        power=number(min(powers)),
        over=plain(powers[0], scene.words),
        sum=number(sum(powers)),
    )
    return retold(scene, question, ("temperature-orders", "logit-as-probability"))


@generator("generation-last", LESSON)
def generation_last(scene: Scene, rng: Random) -> Question | None:
    """The last candidate that top-p admits, pointed at."""
    stage = station(scene.experiment.model.config, "probs", 0)
    if stage is None:
        return None
    shown = exhibit(stage, scene.experiment, marks=scene.words.marks)
    probs = [float(x) for x in shown.values[:, 0]][:10]
    if not np.isfinite(probs).all() or probs != sorted(probs, reverse=True):
        return None
    found = [(p, admitted(probs, p, 0.005)) for p in TOP_P]
    found = [(p, n) for p, n in found if 0 < n < len(probs)]
    if not found:
        return None
    top_p, n = rng.choice([one for one in found if one[1] > 1] or found)
    wrong = {"too_many": n, "too_few": n - 2} if n > 1 else {"too_many": n}
    names = [scene.words.token(label) for label in shown.rows]
    places = {
        "where": where(scene),
        "top_p": f"{top_p:g}",
        "first": names[0],
        "prob": number(probs[0]),
        "sum": number(sum(probs[:n])),
        "before": number(sum(probs[: n - 1])),
    }
    id = "generation-last"
    return Question(
        id,
        LESSON,
        "point",
        said(scene, id, "prompt", **places),
        (n - 1, 0),
        hints(scene, id, **places),
        said(scene, id, "worked", answer=names[n - 1], **places),
        mistakes=tuple(
            Mistake("off-by-one", (row, 0), said(scene, id, key, name=names[row], **places))
            for key, row in wrong.items()
        ),
        ref=shown.ref(n - 1, 0),
        pointed=Pointed("probs"),
        about={"top_p": top_p},
    )


@generator("generation-loop", LESSON)
def generation_loop(scene: Scene, rng: Random) -> Question | None:
    """One time around, in order."""
    best = candidates(scene, 1)
    if not best or not scene.experiment.model.config.causal:
        return None
    temperature, top_k = rng.choice((0.5, 2.0)), rng.choice((3, 5, 10))
    names = ("read", "logits", "divide", "softmax", "cut", "choose", "join")
    places = {"last": scene.quoted[-1], "temperature": f"{temperature:g}", "k": top_k}
    return order_question(
        scene,
        rng,
        "generation-loop",
        LESSON,
        {name: said(scene, "generation-loop", name, **places) for name in names},
        places,
        Ref("logits", (scene.experiment.asked, best[0].id)),
    )
