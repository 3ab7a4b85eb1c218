"""What lesson 12 says: a score is a sum of products, and only its distance to the others counts."""

import numpy as np
import pytest

from lessons.figures import one_attention as att
from lessons.figures.parts import Sentence
from lessons.figures.registry import figures
from lessons.findings.registry import found
from tests.lessons.attention_figures import scene, tables, texts, weights


def number(text):
    return float(text.replace("−", "-"))


@pytest.mark.parametrize("model", ["mini-es", "paper-es"])
def test_the_products_of_the_table_add_up_to_the_score_of_the_run(model):
    here = scene(model=model, other=2)
    (table,) = tables("score-by-hand", here)
    *products, total = [number(row[-1]) for row in texts(table)]
    assert sum(products) == pytest.approx(total, abs=0.005 * (len(products) + 1))
    ref = table.rows[-1][-1].ref
    assert total == pytest.approx(here.experiment.trace.value(ref), abs=0.005)


def test_a_raised_score_takes_weight_from_all_others_in_proportion():
    here = scene(push=5.0, other=2)
    (after,) = figures()["score-push"].runs(here)
    last = here.n - 1
    others = np.arange(here.n) != 2
    old, new = weights(here.experiment, last), weights(after, last)
    assert new[2] > old[2]
    assert (new[others] < old[others]).all()
    np.testing.assert_allclose(new[others] / old[others], (new / old)[0])


def test_looking_is_not_mutual():
    (table,) = tables("score-both-ways", scene())
    assert all(there != back for _, there, back in texts(table))


def test_what_comes_later_is_in_brackets_and_is_never_the_best_match():
    here = scene("el gato come el pez", word=3)  # "come", which cannot see "pez"
    figure = figures()["score-row"].show(here)
    (sentence,) = [part for part in figure if isinstance(part, Sentence)]
    in_brackets = [cell.text.startswith("(") for cell in sentence.below]
    assert in_brackets == [False] * 4 + [True] * 2
    assert all("pez" not in part.text for part in figure if hasattr(part, "text"))


def test_a_model_that_reads_both_ways_hides_nothing(make):
    here = scene()
    both = type(here)(make("bidirectional"), "es", {"word": 1})
    (sentence,) = [p for p in figures()["score-row"].show(both) if isinstance(p, Sentence)]
    assert not any(cell.text.startswith("(") for cell in sentence.below)
    assert att.seen(both.experiment, 1) == [*range(both.n)]


def test_the_worked_score():
    (table,) = tables("score-worked", scene())
    assert texts(table)[-1][-1] == "2.00"
    assert found("score_worked", scene()) == 2 * 3 - 1 * 4
