"""What the summary claims: that a large weight is no explanation, and the whole in five lines."""

import numpy as np
import pytest

from engine.experiment import Experiment
from engine.sampling import likeliest
from engine.store import load, shipped
from lessons.figures.registry import figures
from lessons.figures.summary import heads_shown, without
from lessons.findings.registry import found
from lessons.scene import Scene

TREE = {
    "mini-es": "El gato se subió al árbol porque tenía miedo del",
    "mini-en": "The cat climbed the tree because it was afraid of the",
}


@pytest.mark.parametrize("name", TREE)
def test_large_weights_differ_in_what_hangs_on_them(name):
    """Of weights above a half, one decides the prediction and another hardly counts."""
    experiment = Experiment(load(shipped()[name]), TREE[name])
    trace = experiment.trace
    best = int(likeliest(trace["logits"].value[-1], 1)[0])
    before = trace["probs"].value[-1, best]
    effects = []
    for block, head, key in heads_shown(experiment):
        if trace[f"blocks.{block}.attn.pattern"].value[head, -1, key] > 0.5:
            run = without(experiment, block, head, key)
            effects.append(abs(run.trace["probs"].value[-1, best] - before))
    assert len(effects) >= 2
    assert max(effects) > 0.5
    assert min(effects) < 0.15


def test_only_the_one_weight_is_taken_away(make):
    experiment = make("paper")
    (block, head, key), *_ = heads_shown(experiment)
    run = without(experiment, block, head, key)
    name = f"blocks.{block}.attn.pattern"
    differs = np.argwhere(run.trace[name].value != experiment.trace[name].value)
    assert differs[0].tolist() == [head, len(experiment.pieces) - 1, key]
    assert run.trace.steps[name].value[head, -1, key] == 0


@pytest.mark.parametrize("rank", [1, 2])
def test_the_heads_come_by_their_weight_the_largest_first(make, rank):
    experiment = make("paper", "el gato come el pez")
    weights = []
    for block, head, key in heads_shown(experiment, rank):
        row = experiment.trace[f"blocks.{block}.attn.pattern"].value[head, -1]
        assert (row > row[key]).sum() == rank - 1
        weights.append(row[key])
    assert weights == sorted(weights, reverse=True)


def test_the_five_lines_say_only_what_the_model_does(make, lang):
    def lines(kind):
        return [part.text for part in figures()["five-lines"].show(Scene(make(kind), lang))]

    position, backwards = {"es": ("más su posición", "anteriores")}.get(
        lang, ("plus its position", "before")
    )
    assert position in lines("paper")[0]
    assert position not in lines("no_positions")[0]
    assert backwards in lines("paper")[1]
    assert backwards not in lines("bidirectional")[1]
    assert len(lines("one_block_one_head")) == 5


def test_two_weights_are_compared_also_where_the_model_has_one_head(make, lang):
    scene = Scene(make("one_block_one_head"), lang)
    assert f"mini-{lang}" in found("weights_model", scene)
    mini = Scene(Experiment(load(shipped()[f"mini-{lang}"]), scene.experiment.text), lang)
    for name in ("first_weight", "second_weight", "second_weight_counts"):
        assert found(name, scene) == found(name, mini)
    live = figures()["weight-removed"]
    table, runs = live.show(scene)[0], live.runs(scene)
    weights = [row[2] for row in table.rows]
    assert all(runs[cell.run - 1].model.name == f"mini-{lang}" for cell in weights)
