"""Questions on the feed-forward network: neurons, the activation, and that it mixes no words."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from engine.expr import Ref
from lessons.quiz.arranged import with_mistakes
from lessons.quiz.build import bare_question, number_question
from lessons.quiz.inside import (
    BLOCK,
    agrees,
    first_of,
    looks_back,
    plain,
    recognising,
    truth_question,
    whole,
    written,
)
from lessons.quiz.question import Option, Question
from lessons.quiz.registry import generator, said
from lessons.scene import Scene
from lessons.words import number

LESSON = "feed-forward"
MLP = f"blocks.{BLOCK}.mlp"

SIZES = (64, 128, 256, 512, 768, 1024)
WIDER = (2, 3, 4)


@generator("ff-relu", LESSON)
def relu(scene: Scene, rng: Random) -> Question | None:
    """What comes out of a neuron of the run."""
    if scene.experiment.model.config.act_fn != "relu":
        return None
    negative = rng.random() < 0.6
    return first_of(lambda: _relu(scene, rng, negative))


def _relu(scene: Scene, rng: Random, negative: bool) -> Question | None:
    trace = scene.experiment.trace
    pos, neuron = rng.randrange(scene.n), rng.randrange(scene.experiment.model.config.d_mlp)
    pre = trace.value(Ref(f"{MLP}.pre", (pos, neuron)))
    bias = trace.value(Ref(f"{MLP}.b_in", (neuron,)))
    product = pre - bias
    if (pre < 0) != negative or not plain(pre, bias, product):
        return None
    if not agrees(pre, written(product) + written(bias)):
        return None
    answer = max(pre, 0.0)
    question = number_question(
        scene,
        "ff-relu",
        LESSON,
        answer,
        {},
        Ref(f"{MLP}.post", (pos, neuron)),
        {"pos": pos, "neuron": neuron},
        piece=scene.quoted[pos],
        neuron=neuron + 1,
        product=number(product),
        bias=number(bias),
        added=number(bias) if bias > 0 else f"({number(bias)})",
        pre=number(pre),
    )
    wrong = [("forgot-relu", pre), ("forgot-bias", max(product, 0.0))]
    return recognising(scene, question, wrong)


@generator("ff-two-neurons", LESSON)
def two_neurons(scene: Scene, rng: Random) -> Question | None:
    """One number that a network of two neurons gives."""
    on, off = rng.randint(1, 6) / 2, -rng.randint(1, 6) / 2
    pres = rng.sample((on, off), 2)
    weights = [rng.choice((-1, 1)) * rng.choice((0.5, 1, 2, 3)) for _ in range(2)]
    bias = rng.choice((-1, 1)) * rng.choice((0.25, 0.5, 1))
    posts = [max(x, 0.0) for x in pres]
    answer = posts[0] * weights[0] + posts[1] * weights[1] + bias
    question = number_question(
        scene,
        "ff-two-neurons",
        LESSON,
        answer,
        {},
        None,
        {"a": pres[0], "b": pres[1], "w_a": weights[0], "w_b": weights[1], "bias": bias},
        a=whole(pres[0]),
        b=whole(pres[1]),
        w_a=whole(weights[0]),
        w_b=whole(weights[1]),
        bias=whole(bias),
        post_a=whole(posts[0]),
        post_b=whole(posts[1]),
        result=whole(answer),
        sum=" + ".join(
            [
                *(f"{whole(x)} × {_bracketed(w)}" for x, w in zip(posts, weights, strict=True)),
                _bracketed(bias),
            ]
        ),
    )
    wrong = [
        ("forgot-relu", pres[0] * weights[0] + pres[1] * weights[1] + bias),
        ("forgot-bias", answer - bias),
        ("sum-not-product", sum(posts) + sum(weights) + bias),
    ]
    return recognising(scene, question, wrong, ("forgot-relu", "sum-not-product"), whole)


def _bracketed(x: float) -> str:
    return whole(x) if x >= 0 else f"({whole(x)})"


@generator("ff-mixes", LESSON)
def mixes(scene: Scene, rng: Random) -> Question | None:
    """Whether a change of one piece is noticed at another, in attention or in the network."""
    if scene.n < 3 or not looks_back(scene):
        return None
    part = rng.choice(("attention", "network", "network"))
    changed, noticing = rng.sample(range(scene.n), 2)
    if part == "network" and rng.random() < 0.4:
        noticing = changed
    answer = changed <= noticing if part == "attention" else changed == noticing
    if part == "attention":
        mistake = "open-as-masked" if answer else "past-the-mask"
    else:
        mistake = "" if answer else "feed-forward-mixes"
    return truth_question(
        scene,
        "ff-mixes",
        LESSON,
        answer,
        {"part": part, "changed": changed, "noticing": noticing, "block": BLOCK},
        mistake,
        None,
        f"worked_{part}_{'true' if answer else 'false'}",
        part=said(scene, "ff-mixes", part),
        changed=scene.quoted[changed],
        noticing=scene.quoted[noticing],
    )


@generator("ff-sizes", LESSON)
def sizes(scene: Scene, rng: Random) -> Question | None:
    """The sizes of the vectors and of the matrices of a network."""
    d_model, wider = rng.choice(SIZES), rng.choice(WIDER)
    sizes = {"d_model": d_model, "d_mlp": wider * d_model}
    parts = rng.sample(("middle", "out", "w_in", "w_out"), 4)
    left = [said(scene, "ff-sizes", part) for part in parts]
    right = [said(scene, "ff-sizes", f"size_{part}", **sizes) for part in parts]
    shuffled = rng.sample(right, len(right))
    answer = tuple(shuffled.index(text) for text in right)
    question = bare_question(scene, "ff-sizes", LESSON, "match", answer, sizes, **sizes)
    choices = tuple(Option(text) for text in shuffled)
    return with_mistakes(scene, replace(question, left=tuple(left), choices=choices))
