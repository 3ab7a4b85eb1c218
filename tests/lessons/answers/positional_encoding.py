import math

import numpy as np

from tests.lessons.answers.registry import answer


def wave(scene, pos, i):
    """One number of a position's vector, by the formula of the paper or from the table."""
    model = scene.experiment.model
    if model.config.positions == "learned":
        return float(model.parameters["W_pos"][pos][i])
    angle = pos / 10000 ** (2 * (i // 2) / model.config.d_model)
    return math.cos(angle) if i % 2 else math.sin(angle)


def word(scene, pos, i):
    """One number of a word's vector, from the table of weights."""
    config = scene.experiment.model.config
    row = scene.experiment.model.parameters["W_E"][scene.ids[pos]].tolist()
    return row[i] * (math.sqrt(config.d_model) if config.scale_embed else 1)


@answer("position-sum")
def position_sum(question, scene):
    about = question.about
    found = word(scene, about["pos"], about["i"]) + wave(scene, about["pos"], about["i"])
    # The run is computed with fewer digits than this; it must say the same.
    assert math.isclose(question.answer, found, rel_tol=1e-3, abs_tol=1e-4)
    return scene.experiment.trace.value(question.ref)


@answer("position-which")
def position_which(question, scene):
    about = question.about
    gap = scene.experiment.trace.value(question.ref) - word(scene, about["pos"], about["i"])
    places = [int("".join(c for c in choice.text if c.isdigit())) for choice in question.choices]
    nearest = min(places, key=lambda pos: abs(wave(scene, pos, about["i"]) - gap))
    return places.index(nearest)


@answer("position-point")
def position_point(question, scene):
    """The row by counting the tokens, the column from the address of the number."""
    about = question.about
    step = {"position": "pos_embed", "sum": "blocks.0.resid_pre"}[about["where"]]
    assert question.ref.name == step
    row = list(scene.quoted).index(scene.quoted[about["pos"]])
    column = (
        int(question.prompt.split("mero ")[-1].split()[0])
        if scene.lang == "es"
        else int(question.prompt.split("number ")[-1].split()[0])
    )
    return row, column - 1


@answer("position-truth")
def position_truth(question, scene):
    about, claim = question.about, question.about["claim"]
    if claim in ("counted", "miscounted"):
        return scene.experiment.pieces[about["pos"]].id == scene.ids[about["said"]]
    a, b = about["a"], about["b"]
    n = scene.experiment.model.config.d_model
    if claim == "swapped":
        return all(wave(scene, a, i) == wave(scene, b, i) for i in range(n))
    if claim == "product":
        i, total = about["i"], scene.experiment.trace.value(question.ref)
        return math.isclose(word(scene, a, i) * wave(scene, a, i), total, abs_tol=1e-3)
    if claim == "grows":
        return scene.experiment.trace["blocks.0.resid_pre"].value.shape[1] == 2 * n
    if claim in ("learned", "not-learned"):
        return "W_pos" in scene.experiment.model.parameters
    # A place's vector and a token's row do not know of each other; a bag has no order.
    assert np.isfinite(scene.experiment.trace["pos_embed"].value).all()
    return claim in ("any-word", "without", "bag")
