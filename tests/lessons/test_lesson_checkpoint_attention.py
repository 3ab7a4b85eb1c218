"""The mistakes that the checkpoint shows are the mistakes that it names."""

import numpy as np
import pytest

from lessons.figures import one_attention as att
from lessons.figures.checkpoint_attention import MISTAKES, mistaken
from lessons.figures.parts import Table
from lessons.figures.registry import figures
from lessons.scene import Scene
from tests.lessons.attention_figures import scene, weights


@pytest.mark.parametrize("query", [1, 5, 10])
def test_without_a_mistake_the_same_arithmetic_gives_the_run(query):
    here = scene()
    right = mistaken(here, query, "none")
    np.testing.assert_allclose(right.weights, weights(here.experiment, query), atol=1e-12)
    np.testing.assert_allclose(right.mix, att.vector(here.experiment, "z", query), atol=1e-12)


def test_only_taking_the_key_for_the_value_leaves_all_weights_right():
    here = scene()
    last = here.n - 1
    right = weights(here.experiment, last)
    same = [m for m in MISTAKES if np.allclose(mistaken(here, last, m).weights, right)]
    assert same == ["key_for_value"]


@pytest.mark.parametrize("mistake", MISTAKES)
def test_every_mistake_hands_over_something_else(mistake):
    here = scene()
    last = here.n - 1
    mix = mistaken(here, last, mistake).mix
    assert not np.allclose(mix, att.vector(here.experiment, "z", last), atol=1e-2)


def test_without_powers_the_shares_add_up_to_1_and_are_no_weights():
    here = scene()
    found = [mistaken(here, query, "no_power").weights for query in range(1, here.n)]
    assert all(share.sum() == pytest.approx(1) for share in found)
    assert any((share < 0).any() or (share > 1).any() for share in found)


def test_what_is_covered_stays_covered():
    here = scene()
    for mistake in MISTAKES:
        assert not mistaken(here, 3, mistake).weights[4:].any()


@pytest.mark.parametrize("mistake", MISTAKES)
def test_no_share_is_left_out_of_the_table(mistake):
    here = scene()
    here = Scene(here.experiment, here.lang, {"mistake": mistake, "word": here.n - 1})
    table = next(p for p in figures()["attention-mistake"].show(here) if isinstance(p, Table))
    for column in (1, 2):
        shares = [float(row[column].text.replace("−", "-").split()[0]) for row in table.rows]
        assert sum(shares) == pytest.approx(1, abs=0.03)
