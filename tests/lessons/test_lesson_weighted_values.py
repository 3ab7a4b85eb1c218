"""What lesson 15 says: what a word receives is all Values it sees, by their weights."""

import numpy as np
import pytest

from lessons.figures import one_attention as att
from lessons.figures.registry import figures
from lessons.findings.registry import found
from tests.lessons.attention_figures import SENTENCE, scene, tables, texts, weights

ENGLISH = "The cat climbed the tree because it was afraid of the dog"


def number(text):
    return float(text.replace("−", "-"))


def test_the_final_mark():
    (table,) = tables("weighted-grade", scene())
    assert texts(table)[-1][-1] == "6.80"
    assert found("weighted_grade", scene()) == pytest.approx(0.6 * 8 + 0.4 * 5)


@pytest.mark.parametrize("word", [2, 6, -1])
def test_the_weighted_rows_add_up_to_what_the_word_receives(word):
    (table,) = tables("weighted-rows", scene(word=word, show="products"))
    *rows, mix = [[number(text) for text in row[1:]] for row in texts(table)]
    # Every number is rounded to two decimals, so a sum may be off by half of that a row.
    np.testing.assert_allclose(np.sum(rows, axis=0), mix, atol=0.005 * (len(rows) + 1))


@pytest.mark.parametrize("column", [1, 8])
def test_one_number_of_the_mix_is_its_weighted_sum(column):
    here = scene(column=column)
    (table,) = tables("weighted-number", here)
    *products, total = [number(row[-1]) for row in texts(table)]
    assert sum(products) == pytest.approx(total, abs=0.0005 * (len(products) + 1))
    last = here.n - 1
    values = here.experiment.trace["blocks.0.attn.v"].value[:, 0, column - 1]
    assert total == pytest.approx(float(weights(here.experiment, last) @ values), abs=5e-4)


@pytest.mark.parametrize("model", ["mini-es", "paper-es"])
def test_the_largest_weight_is_not_the_whole_output(model):
    run = scene(model=model).experiment
    last = len(run.pieces) - 1
    heaviest = int(weights(run, last).argmax())
    assert weights(run, last).max() < 1
    assert not np.allclose(att.vector(run, "z", last), att.vector(run, "v", heaviest), atol=1e-3)


@pytest.mark.parametrize(
    ("model", "text"), [("mini-es", SENTENCE), ("paper-es", SENTENCE), ("mini-en", ENGLISH)]
)
def test_another_word_in_the_sentence_changes_what_is_received_and_not_the_own_value(model, text):
    here = scene(text, model, other="house")
    (after,) = figures()["weighted-context"].runs(here)
    last = here.n - 1
    assert after is not here.experiment
    assert np.array_equal(att.vector(after, "v", last), att.vector(here.experiment, "v", last))
    assert not np.allclose(att.vector(after, "z", last), att.vector(here.experiment, "z", last))


def test_the_worked_mix():
    (table,) = tables("weighted-worked", scene())
    assert texts(table)[-1][-1] == "5.00"
    assert found("weighted_worked", scene()) == 5
