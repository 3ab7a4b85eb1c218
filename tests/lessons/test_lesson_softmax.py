"""What lesson 14 says: softmax of the worked scores, what dividing by the sum does, and no zero."""

import numpy as np
import pytest

from engine.ops import Softmax
from lessons.findings.registry import found
from tests.lessons.attention_figures import scene, tables, texts

CLOSE = {"a": 0.025, "b": 0.5125, "c": 0.1875, "d": 0.475}


def test_softmax_of_the_worked_scores_is_not_what_the_source_goes_on_with():
    weights = Softmax().forward(np.array([*CLOSE.values()]))
    np.testing.assert_allclose(weights, [0.186, 0.303, 0.219, 0.292], atol=5e-4)
    assert np.abs(weights - [0.04, 0.42, 0.12, 0.42]).min() > 0.09
    (table,) = tables("softmax", scene(**CLOSE))
    assert [row[-1] for row in texts(table)][:4] == ["0.19", "0.30", "0.22", "0.29"]
    assert [row[1] for row in texts(table)][:4] == ["0.025", "0.5125", "0.1875", "0.475"]
    assert found("softmax_close", scene()) == "30 %"


def test_dividing_by_the_sum_gives_minus_100_percent():
    (table,) = tables("softmax", scene())
    the, cat = table.rows[:2]
    assert (the[2].text, the[2].tone) == ("−1.00 < 0", "bad")
    assert (cat[2].text, cat[2].tone) == ("1.67 > 1", "bad")
    assert found("softmax_naive", scene()) == -1


def test_scores_that_add_up_to_0_cannot_be_divided_but_have_weights():
    (table,) = tables("softmax", scene(a=-3.0, b=1.0, c=1.0, d=1.0))
    assert {row[2] for row in texts(table)[:4]} == {"no se puede"}
    assert sum(float(row[-1]) for row in texts(table)[:4]) == pytest.approx(1, abs=0.01)


def test_one_weight_up_is_another_down_and_a_lead_is_all_that_counts():
    before, after = (Softmax().forward(np.array([-3.0, x, -1.0, 2.0])) for x in (5, 6))
    assert after[1] > before[1]
    assert (after[[0, 2, 3]] < before[[0, 2, 3]]).all()
    low, high = Softmax().forward(np.array([2.0, 4.0]))
    assert high / low == pytest.approx(np.e**2)
    np.testing.assert_allclose(Softmax().forward(np.array([102.0, 104.0])), [low, high])


def test_softmax_gives_no_zero_however_low_a_score():
    assert (Softmax().forward(np.array([-700.0, 0.0, 5.0])) > 0).all()
    assert found("softmax_equal", scene()) == 0.5


@pytest.mark.parametrize("model", ["mini-es", "mini-en", "paper-es"])
def test_only_a_covered_place_has_a_weight_of_zero(model):
    trace = scene(model=model).experiment.trace
    for i in range(scene(model=model).experiment.model.config.n_layers):
        pattern = trace[f"blocks.{i}.attn.pattern"].value
        covered = np.isneginf(trace[f"blocks.{i}.attn.attn_scores_masked"].value)
        assert ((pattern == 0) == covered).all()


def test_the_row_of_the_run_adds_up_covered_places_included():
    here = scene(word=3)
    (table,) = tables("softmax-row", here)
    *parts, total = texts(table)
    assert ["8 tapadas", "−∞", "0", "0"] in parts
    assert sum(float(row[-1]) for row in parts) == pytest.approx(1, abs=0.01)
    assert total[-1] == "1.00"
