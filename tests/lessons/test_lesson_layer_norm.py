"""LayerNorm by hand, and in the run."""

import numpy as np
import pytest

from engine.experiment import Experiment
from engine.whatif import Force
from lessons.figures.layer_norm import four_steps, out_of
from lessons.figures.parts import Table
from lessons.figures.registry import figures
from lessons.findings.registry import found
from lessons.scene import Scene, shipped_model

EPS = 1e-5


@pytest.fixture(params=["es", "en"])
def scene(request):
    text = {"es": "el gato come el pez", "en": "the cat eats the fish"}[request.param]
    return Scene(Experiment(shipped_model(f"mini-{request.param}"), text), request.param)


def normal(xs):
    return four_steps(np.array(xs, float), 1.0, 0.0, EPS).normalized


def test_four_numbers_as_a_learner_reckons_them(scene):
    done = four_steps(np.array([3.0, 9.0, 11.0, 17.0]), 2.0, 1.0, EPS)
    assert done.mean == found("ln_four_mean", scene) == 10
    assert done.centered.tolist() == [-7, -1, 1, 7]
    assert done.scale == pytest.approx(5, abs=1e-5)
    assert found("ln_four_size", scene) == pytest.approx(done.scale, abs=1e-5)
    np.testing.assert_allclose(done.normalized, [-1.4, -0.2, 0.2, 1.4], atol=1e-5)
    np.testing.assert_allclose(done.out, [-1.8, 0.6, 1.4, 3.8], atol=1e-5)
    assert found("ln_check_first", scene) == pytest.approx(-1, abs=1e-5)


def test_ten_times_as_much_comes_out_the_same_and_so_does_a_shift():
    np.testing.assert_allclose(normal([30, 90, 110, 170]), normal([3, 9, 11, 17]), atol=1e-6)
    np.testing.assert_allclose(normal([103, 109, 111, 117]), normal([3, 9, 11, 17]), atol=1e-9)


def test_order_and_proportions_stay():
    xs = np.array([4.0, -2.0, 7.5, 0.0])
    out = normal(xs)
    assert out.argsort().tolist() == xs.argsort().tolist()
    ratio = (xs[0] - xs[1]) / (xs[2] - xs[3])
    assert (out[0] - out[1]) / (out[2] - out[3]) == pytest.approx(ratio)


def test_equal_numbers_become_zeros():
    assert normal([5, 5, 5, 5]).tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize("ln", ["ln1", "ln2"])
@pytest.mark.parametrize("block", [0, 1])
def test_the_run_does_the_same_four_steps_for_each_token_alone(scene, ln, block):
    trace, name = scene.experiment.trace, f"blocks.{block}.{ln}"
    entering = trace[f"{name}.centered"].inputs[0]
    gain, bias = trace[f"{name}.w"].value, trace[f"{name}.b"].value
    for at, xs in enumerate(trace[entering].value):
        out = normal(xs)
        assert abs(out.mean()) < 1e-9
        assert out.std() == pytest.approx(1, abs=1e-4)
        np.testing.assert_allclose(
            out * gain + bias, trace[out_of(trace, name)].value[at], atol=1e-12
        )


def test_another_vector_changes_only_its_own_result(scene):
    trace = scene.experiment.trace
    entering, out = trace["blocks.0.ln1.centered"].inputs[0], out_of(trace, "blocks.0.ln1")
    for at in range(scene.n):
        after = scene.experiment.force(Force.parse(f"{entering}[{at},0]=9"))
        changed = (after.trace[out].value != trace[out].value).any(axis=1)
        assert changed.tolist() == [pos == at for pos in range(scene.n)]


def test_the_table_shows_only_the_steps_so_far(scene):
    for upto in range(1, 5):
        here = Scene(scene.experiment, scene.lang, {"upto": upto})
        table = next(p for p in figures()["ln-four"].show(here) if isinstance(p, Table))
        assert len(table.header) == 1 + upto
        assert [row[0].knob for row in table.rows] == ["a", "b", "c", "d"]
