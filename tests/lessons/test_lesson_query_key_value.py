"""What lesson 11 says: a Key finds, a Value is handed over, and one vector could not do both."""

import numpy as np
import pytest

from lessons.figures import one_attention as att
from lessons.figures.registry import figures
from tests.lessons.attention_figures import scene, tables, texts, weights


def without(which, word=-1):
    """The sentence's run, and the one in which the most looked-at token's Key or Value is 0."""
    here = scene(erased=which, word=word)
    (after,) = figures()["key-or-value"].runs(here)
    return here.experiment, after


def test_erasing_a_value_leaves_every_weight_and_changes_what_is_received():
    before, after = without("value")
    last = len(before.pieces) - 1
    assert np.array_equal(weights(after, last), weights(before, last))
    assert not np.allclose(att.vector(after, "z", last), att.vector(before, "z", last))


def test_erasing_a_key_makes_it_match_nothing_and_keeps_the_value():
    before, after = without("key")
    last = len(before.pieces) - 1
    erased = int(weights(before, last).argmax())
    scores = after.trace["blocks.0.attn.attn_scores"].value[0]
    assert not scores[:, erased].any()
    assert not np.allclose(weights(after, last), weights(before, last))
    assert np.array_equal(att.vector(after, "v", erased), att.vector(before, "v", erased))


@pytest.mark.parametrize("word", [1, 4, -1])
def test_the_entry_of_the_dictionary_is_the_best_match_that_can_be_seen(word):
    here = scene(word=word)
    (table,) = tables("dictionary", here)
    (entry,) = [row for row in texts(table) if row[0].startswith("→ ")]
    query = here.n - 1 if word < 0 else word
    scores = att.row(here.experiment, "attn_scores", query)[: query + 1]
    assert entry[0] == f"→ {here.labels[int(scores.argmax())]}"


def test_one_vector_would_look_both_ways_alike_and_a_query_and_a_key_do_not():
    trace = scene().experiment.trace
    x = trace["blocks.0.resid_pre"].value
    scores = trace["blocks.0.attn.attn_scores"].value[0]
    np.testing.assert_allclose(x @ x.T, (x @ x.T).T)
    assert not np.allclose(scores, scores.T, atol=0.5)
