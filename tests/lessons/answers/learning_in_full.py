import math

import numpy as np

from lessons.words import number
from tests.lessons.answers.late_tools import (
    final_rows,
    logits_at,
    ordered,
    place_of,
    shares_at,
)
from tests.lessons.answers.registry import answer


def surprise(scene, pos):
    """How far what all candidates have together is above what the one that came has."""
    logits = logits_at(scene, pos - 1)
    return math.log(math.fsum(map(math.exp, logits))) - logits[scene.ids[pos]]


@answer("learning-surprise")
def learning_surprise(question, scene):
    return surprise(scene, question.about["pos"])


@answer("learning-logit-gradient")
def learning_logit_gradient(question, scene):
    pos, id = question.about["pos"], question.about["candidate"]
    share = shares_at(scene, pos - 1)[id]
    return (
        -math.fsum(x for i, x in enumerate(shares_at(scene, pos - 1)) if i != id)
        if (id == scene.ids[pos])
        else share
    )


def slope(scene, dim):
    """d mean surprise / d one of the last gains: link by link, without backpropagation."""
    model, n = scene.experiment.model, scene.n - 1
    weights = model.parameters
    column = weights["W_E"][:, dim] if model.config.tied else weights["W_U"][dim]
    ln = f"blocks.{model.config.n_layers - 1}.ln2" if model.config.norm == "post" else "ln_final"
    gain, bias = float(weights[f"{ln}.w"][dim]), float(weights[f"{ln}.b"][dim])
    rows = final_rows(scene)
    total = 0.0
    for pos in range(n):
        # What is expected of the table's column, less what it has for the token that came.
        expected = float(np.dot(shares_at(scene, pos), column))
        miss = expected - float(column[scene.ids[pos + 1]])
        total += miss * (rows[pos][dim] - bias) / gain
    return total / n


@answer("learning-step")
def learning_step(question, scene):
    about = question.about
    name = "ln_final.w"
    if name not in scene.experiment.model.parameters:
        name = f"blocks.{scene.experiment.model.config.n_layers - 1}.ln2.w"
    weight = float(scene.experiment.model.parameters[name][about["dim"]])
    return weight - about["rate"] * slope(scene, about["dim"])


@answer("learning-adamw")
def learning_adamw(question, scene):
    about = question.about
    name = f"blocks.{scene.experiment.model.config.n_layers - 1}.ln2.w"
    weight = float(scene.experiment.model.parameters[name][about["dim"]])
    gradient = slope(scene, about["dim"])
    # The averages after one gradient, made up for their beginning at 0 (Kingma and Ba 2015).
    m_hat = 0.1 * gradient / (1 - 0.9)
    v_hat = 0.01 * gradient**2 / (1 - 0.99)
    after = weight - about["rate"] * m_hat / (math.sqrt(v_hat) + 1e-8)
    return place_of(question, number(after, 3))


@answer("learning-backward")
def learning_backward(question, scene):
    block, n = question.about["block"], scene.experiment.model.config.n_layers
    steps = {
        "embed": "embed",
        "attention": f"blocks.{block}.attn_out",
        "mlp": f"blocks.{block}.mlp_out",
        "first": "blocks.0.resid_post",
        "last": f"blocks.{n - 1}.resid_post",
        "logits": "logits",
        "loss": "probs",
    }
    computed = list(scene.experiment.trace.steps)
    return ordered(question, lambda name: -computed.index(steps[name]))


@answer("learning-facts")
def learning_facts(question, scene):
    about, claim = question.about, question.about["claim"]
    if about["fact"] == "way":
        return claim == ("down" if slope(scene, about["dim"]) > 0 else "up")
    if about["fact"] == "which":
        return surprise(scene, about["one"]) > surprise(scene, about["other"])
    if about["fact"] == "half":
        was = surprise(scene, about["pos"])
        then = -math.log(math.exp(-was) / 2)
        return math.isclose(then, 2 * was if claim == "twice" else was + math.log(2))
    return claim == "all"
