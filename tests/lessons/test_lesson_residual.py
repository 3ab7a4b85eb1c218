"""The residual sum keeps what was there; what it does not do is tell good from bad."""

import numpy as np
import pytest

from engine.experiment import Experiment
from engine.whatif import Force
from lessons.figures.registry import figures, said
from lessons.figures.residual import SUMS, all_alike, switched
from lessons.findings.registry import found
from lessons.scene import Scene, shipped_model


@pytest.fixture(params=["es", "en"])
def scene(request):
    text = {"es": "el gato come el pez", "en": "the cat eats the fish"}[request.param]
    return Scene(Experiment(shipped_model(f"mini-{request.param}"), text), request.param)


def with_knobs(scene, **knobs):
    return Scene(scene.experiment, scene.lang, knobs)


def test_what_is_there_afterwards_is_what_was_there_plus_what_is_new(scene):
    trace = scene.experiment.trace
    for block in range(2):
        for part, step in SUMS.items():
            name = f"blocks.{block}.{step}"
            was, added = (trace[x].value for x in trace[name].inputs)
            np.testing.assert_array_equal(added, trace[f"blocks.{block}.{part}_out"].value)
            np.testing.assert_array_equal(trace[name].value, was + added)
    sum_by_hand = found("residual_before", scene) + found("residual_added", scene)
    assert found("residual_after", scene) == pytest.approx(sum_by_hand)


def test_a_part_that_gives_zeros_leaves_what_was_there(scene):
    for block in range(2):
        for part, step in SUMS.items():
            silent = scene.experiment.force(Force.parse(f"blocks.{block}.{part}_out=0"))
            name = f"blocks.{block}.{step}"
            was = silent.trace[silent.trace[name].inputs[0]].value
            np.testing.assert_array_equal(silent.trace[name].value, was)


@pytest.mark.parametrize("which", ["attn", "mlp"])
@pytest.mark.parametrize("block", [0, 1])
def test_without_the_sum_zeros_leave_nothing_of_the_sentence(scene, which, block):
    kept, dropped = switched(with_knobs(scene, which=which, block=block, times=0))
    assert not all_alike(kept.trace)
    assert all_alike(dropped.trace)
    figure = figures()["residual-switch"].show(with_knobs(scene, which=which, block=block, times=0))
    assert figure[-1].text == said(scene, "residual-switch", "alike")


def test_without_the_sum_the_part_takes_the_place_of_what_was_there(scene):
    kept, dropped = switched(with_knobs(scene, which="all", block=0, times=1))
    assert kept is scene.experiment
    for block in range(2):
        for part, step in SUMS.items():
            np.testing.assert_array_equal(
                dropped.trace[f"blocks.{block}.{step}"].value,
                dropped.trace[f"blocks.{block}.{part}_out"].value,
            )
    assert dropped.trace["probs"].value[-1].argmax() != kept.trace["probs"].value[-1].argmax()


def test_bad_numbers_are_added_like_any_others(scene):
    bad = scene.experiment.force(Force.parse("blocks.0.attn_out=blocks.0.attn_out*-3"))
    name = "blocks.0.resid_mid"
    was = bad.trace[bad.trace[name].inputs[0]].value
    expected = was - 3 * scene.experiment.trace["blocks.0.attn_out"].value
    np.testing.assert_allclose(bad.trace[name].value, expected, atol=1e-12)


def test_a_correction_passes_whole_through_a_sum(scene):
    trace = scene.experiment.trace
    name = "blocks.0.resid_mid"
    seed = np.random.default_rng(0).standard_normal(trace[name].value.shape)
    slopes = trace.backward({name: seed})
    np.testing.assert_array_equal(slopes["blocks.0.attn_out"], seed)


def test_the_sizes_on_the_way_are_those_of_the_vectors(scene):
    for at in range(scene.n):
        table = figures()["where-signal-goes"].show(with_knobs(scene, token=at))[0]
        trace = scene.experiment.trace
        assert len(table.rows) == 4
        for row, (block, step) in zip(
            table.rows, ((b, s) for b in range(2) for s in SUMS.values()), strict=True
        ):
            name = f"blocks.{block}.{step}"
            for cell, source in zip(row[1:4], (*trace[name].inputs, name), strict=True):
                size = np.linalg.norm(trace[source].value[at])
                assert float(cell.text) == pytest.approx(size, abs=0.006)
