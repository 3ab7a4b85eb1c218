import math

import numpy as np

from engine.parts import Part
from tests.lessons.answers.all_words_at_once import shown
from tests.lessons.answers.registry import answer

ORDER = (
    ("proyecta", "projects"),
    ("softmax",),
    ("mezcla", "mixes"),
    ("uno al lado", "side by side"),
    ("W_O",),
)


@answer("heads-size")
def size(question, scene):
    about = question.about
    shape = np.zeros((about["heads"], about["d_model"], about["d_model"] // about["heads"])).shape
    return float(shape[1 if about["axis"] == "rows" else 2])


@answer("heads-whole")
def whole(question, scene):
    # The number is changed, and the queries of each head are looked at.
    about, trace = question.about, scene.experiment.trace
    part = Part("blocks.0.resid_pre", (about["pos"], about["dim"]))
    if scene.experiment.model.config.norm == "pre":
        part = Part("blocks.0.normalized_resid_pre", part.index)
    q = trace.force({part: 123.0})["blocks.0.attn.q"].value[about["pos"]]
    noticed = (q != trace["blocks.0.attn.q"].value[about["pos"]]).any(axis=1)
    assert noticed.all()
    text = {"es": "En las de todas las cabezas", "en": "Those of all heads"}[scene.lang]
    return [choice.text for choice in question.choices].index(text)


@answer("heads-strongest")
def strongest(question, scene):
    # The best score is the best weight: softmax changes no order.
    head, query = question.about["head"], question.about["query"]
    assert question.pointed.head == head
    q = scene.experiment.trace["blocks.0.attn.q"].value[query, head]
    keys = scene.experiment.trace["blocks.0.attn.k"].value[:, head]
    causal = scene.experiment.model.config.causal
    scores = [float(q @ k) for k in (keys[: query + 1] if causal else keys)]
    key = scores.index(max(scores))
    assert shown(question, scene).ref(query, key) == question.ref
    return query, key


@answer("heads-order")
def order(question, scene):
    return tuple(
        next(
            i for i, choice in enumerate(question.choices) if any(word in choice.text for word in w)
        )
        for w in ORDER
    )


@answer("heads-sum")
def head_sum(question, scene):
    pos, dim = question.about["pos"], question.about["dim"]
    trace = scene.experiment.trace
    row = trace["blocks.0.attn.z"].value[pos].reshape(-1).tolist()
    w_o = trace["blocks.0.attn.W_O"].value
    column = w_o.reshape(-1, w_o.shape[-1])[:, dim].tolist()
    bias = float(trace["blocks.0.attn.b_O"].value[dim])
    return math.fsum([bias, *(x * w for x, w in zip(row, column, strict=True))])
