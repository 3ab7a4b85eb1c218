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


def surprise(scene, row, token):
    """How far what all candidates have together is above what the one that came has."""
    logits = logits_at(scene, row)
    return math.log(math.fsum(map(math.exp, logits))) - logits[token]


@answer("learning-surprise")
def learning_surprise(question, scene):
    return surprise(scene, question.about["row"], question.about["token"])


@answer("learning-logit-gradient")
def learning_logit_gradient(question, scene):
    about = question.about
    shares = shares_at(scene, about["row"])
    if about["token"] != about["came"]:
        return shares[about["token"]]
    return -math.fsum(x for i, x in enumerate(shares) if i != about["came"])


def slope(scene, dim, which):
    """d mean surprise / d a gain ("w") or bias ("b") of the last LayerNorm: link by link."""
    model, n = scene.experiment.model, scene.n - 1
    weights = model.parameters
    column = weights["W_E"][:, dim] if model.config.tied else weights["W_U"][dim]
    gain, bias = (float(weights[f"{last_norm(scene)}.{x}"][dim]) for x in "wb")
    rows = final_rows(scene)
    total = 0.0
    for row in range(n):
        # What is expected of the table's column, less what it has for the token that came.
        expected = float(np.dot(shares_at(scene, row), column))
        miss = expected - float(column[scene.ids[row + 1]])
        total += miss * ((rows[row][dim] - bias) / gain if which == "w" else 1.0)
    return total / n


def last_norm(scene):
    if "ln_final.w" in scene.experiment.model.parameters:
        return "ln_final"
    return f"blocks.{scene.experiment.model.config.n_layers - 1}.ln2"


@answer("learning-step")
def learning_step(question, scene):
    about = question.about
    weight = float(scene.experiment.model.parameters[f"{last_norm(scene)}.b"][about["dim"]])
    return weight - about["rate"] * slope(scene, about["dim"], "b")


@answer("learning-adamw")
def learning_adamw(question, scene):
    about = question.about
    weight = float(scene.experiment.model.parameters[f"{last_norm(scene)}.w"][about["dim"]])
    gradient = slope(scene, about["dim"], "w")
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
        return claim == ("down" if slope(scene, about["dim"], "w") > 0 else "up")
    if about["fact"] == "moves":
        return claim == "all"
    came = {key: scene.ids[about[key] + 1] for key in ("one", "other", "row") if key in about}
    if about["fact"] == "which":
        one, other = (surprise(scene, about[key], came[key]) for key in ("one", "other"))
        return one > other
    was = surprise(scene, about["row"], came["row"])
    then = -math.log(math.exp(-was) / 2)
    return math.isclose(then, 2 * was if claim == "twice" else was + math.log(2))
