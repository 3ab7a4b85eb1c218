"""What lesson 13 says: a dot product of numbers with variance 1 has variance d_k, hence √d_k."""

import numpy as np
import pytest

from engine.ops import Softmax
from lessons.figures import one_attention as att
from lessons.figures.registry import figures
from lessons.figures.scaling import SIZES, drawn
from lessons.findings.registry import found
from tests.lessons.attention_figures import scene, tables, texts, weights


@pytest.mark.parametrize("d_k", [4, 64, 512])
def test_a_dot_product_of_numbers_with_variance_1_has_variance_d_k(d_k):
    rng = np.random.default_rng(11)
    q, k = rng.standard_normal((2, 20_000, d_k), np.float32)
    products = np.vecdot(q, k)
    # The measured variance of so many is itself off by about 1 %, a little more where d_k is small.
    assert products.var() == pytest.approx(d_k, rel=0.05)
    assert (products / np.sqrt(d_k)).var() == pytest.approx(1, rel=0.05)


@pytest.mark.parametrize("seed", [0, 8, 999])
def test_the_experiment_of_the_figure_measures_it(seed):
    experiment = drawn(seed)
    for size, d_k in enumerate(SIZES):
        assert experiment.variance(size) == pytest.approx(d_k, rel=0.25)
    # Four times as many numbers make scores twice as large.
    grown = np.sqrt(experiment.variance(SIZES.index(64)) / experiment.variance(SIZES.index(16)))
    assert grown == pytest.approx(2, rel=0.15)


def test_a_seed_always_draws_the_same():
    first = tables("scaling-variance", scene(seed=5))
    drawn.cache_clear()
    assert texts(tables("scaling-variance", scene(seed=5))[0]) == texts(first[0])


@pytest.mark.parametrize("seed", [0, 8, 999])
def test_undivided_weights_saturate_as_d_k_grows_and_divided_ones_do_not(seed):
    experiment = drawn(seed)
    sizes = range(len(SIZES))
    raw, divided = (
        [float(experiment.weights(i, d).max(axis=-1).mean()) for i in sizes] for d in (False, True)
    )
    assert raw == sorted(raw)
    assert raw[-1] > 0.95
    assert all(0.4 < share < 0.6 for share in divided)


def test_the_worked_example_of_the_source():
    (table,) = tables("scaling-worked", scene())
    assert [row[2] for row in texts(table)] == ["0.0250", "0.5125", "0.1875", "0.4750"]
    assert found("scaling_worked", scene()) == pytest.approx(4.1 / 8)


@pytest.mark.parametrize("model", ["mini-es", "paper-es"])
def test_dividing_keeps_the_order_and_makes_weights_less_extreme(model):
    here = scene(model=model)
    (undivided,) = figures()["scaling-own"].runs(here)
    last = here.n - 1
    scores = att.row(here.experiment, "attn_scores", last)
    scaled = att.row(here.experiment, "attn_scores_scaled", last)
    assert (np.argsort(scores) == np.argsort(scaled)).all()
    assert weights(undivided, last).max() > weights(here.experiment, last).max()
    np.testing.assert_allclose(weights(undivided, last), Softmax().forward(scores))
