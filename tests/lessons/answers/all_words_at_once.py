import math

import numpy as np

from lessons.exhibits import exhibit
from lessons.station_figure import station
from tests.lessons.answers.registry import answer


def shown(question, scene):
    """The exhibit on which one points."""
    pointed = question.pointed
    stage = station(scene.experiment.model.config, pointed.station, pointed.block)
    return exhibit(stage, scene.experiment, pointed.head, marks=scene.words.marks)


@answer("pattern-open-cells")
def open_cells(question, scene):
    n = question.about["n"]
    mask = scene.experiment.trace["mask"].value[:n, :n]
    return int(np.count_nonzero(mask == 0))


@answer("pattern-who-may-look")
def who_may_look(question, scene):
    pattern = scene.experiment.trace["blocks.0.attn.pattern"].value
    looked_at = pattern.sum(axis=0)[question.about["query"]]
    seen = {scene.quoted[i] for i, x in enumerate(looked_at) if x > 0}
    return tuple(i for i, choice in enumerate(question.choices) if choice.text in seen)


@answer("pattern-masked-cell")
def masked_cell(question, scene):
    # The cell of the exhibit that shows the number asked about, which is covered.
    table = shown(question, scene)
    cells = [
        (row, col)
        for row, _ in enumerate(table.rows)
        for col, _ in enumerate(table.cols)
        if table.ref(row, col) == question.ref
    ]
    assert len(cells) == 1
    assert table.values[cells[0]] == 0
    assert table.rows[cells[0][0]] == scene.labels[question.about["query"]]
    assert table.cols[cells[0][1]] == scene.labels[question.about["key"]]
    return cells[0]


@answer("pattern-sums")
def sums(question, scene):
    pattern = scene.experiment.trace["blocks.0.attn.pattern"].value[0].tolist()
    if question.about["axis"] == "column":
        pattern = list(zip(*pattern, strict=True))
    return math.isclose(math.fsum(pattern[question.about["pos"]]), 1, abs_tol=1e-6)


@answer("pattern-masked-weight")
def masked_weight(question, scene):
    query, key = question.about["query"], question.about["key"]
    trace = scene.experiment.trace
    q = trace["blocks.0.attn.q"].value[query, 0].tolist()
    keys = trace["blocks.0.attn.k"].value[: query + 1, 0].tolist()
    scores = [math.fsum(map(math.prod, zip(q, k, strict=True))) / math.sqrt(len(q)) for k in keys]
    return 1 / math.fsum(math.exp(score - scores[key]) for score in scores)
