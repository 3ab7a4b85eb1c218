"""What changed in a model that was taught sentences, and the map that follows a training."""

from dataclasses import replace

import numpy as np
import pytest

from engine.own_plan import continued_plan
from engine.store import load, shipped
from engine.training import Training
from lessons.learnt import learnt, told_learnt, world_losses
from lessons.live_map import FEWEST, live_map, map_words

TAUGHT = "el perro come piedras."


@pytest.fixture(scope="module")
def before():
    return load(shipped()["mini-es"])


@pytest.fixture(scope="module")
def taught(before):
    plan = continued_plan(before, [TAUGHT], "x", share=1.0, steps=40, learning_rate=0.02)
    with Training(plan) as training:
        while not training.over:
            training.advance()
        parameters = {k: np.asarray(x, np.float64) for k, x in training.parameters.items()}
        return replace(before, parameters=parameters, folder=None), list(training.history)


def test_what_was_taught_is_expected_afterwards(before, taught):
    after, history = taught
    found = learnt(before, after, [TAUGHT, "sola"], "es", world_losses(history))
    (one,) = found.taught
    assert (one.start, one.word, one.noun) == ("el perro come", "piedras", "perro")
    assert one.pieces == ("perro",)
    assert one.shares[1] > max(10 * one.shares[0], 0.2)
    assert len(one.neighbours[0]) == len(one.neighbours[1]) > 2
    assert found.forgot == (history[0]["held_out"]["world"], history[-1]["held_out"]["world"])


@pytest.mark.parametrize("lang", ["es", "en"])
def test_a_word_that_the_model_has_only_in_pieces_is_told_as_such(before, lang):
    (one,) = (found := learnt(before, before, ["el ornitorrinco come pan"], lang)).taught
    assert "".join(one.pieces) == "ornitorrinco"
    assert len(one.pieces) > 1
    assert any(" · ".join(one.pieces) in line for line in told_learnt(found, lang))


@pytest.mark.parametrize("lang", ["es", "en"])
def test_it_is_told_in_sentences(before, taught, lang):
    lines = [TAUGHT, *(f"el gato come {x}" for x in ("pan", "queso", "sopa", "arroz"))]
    found = learnt(before, taught[0], lines, lang, (1.0, 2.0))
    said = told_learnt(found, lang)
    assert all("{" not in line for line in said)
    assert "piedras" in said[0]
    assert any("2.00" in line for line in said)
    assert found.n_more == 2
    assert told_learnt(learnt(before, taught[0], ["sola"], lang), lang) != said


def test_a_model_that_did_not_change_is_told_so(before):
    (one,) = learnt(before, before, [TAUGHT], "es").taught
    assert one.shares[0] == one.shares[1]
    assert one.neighbours[0] == one.neighbours[1]


def test_the_map_holds_still_when_its_words_are_turned(before):
    words = map_words(before, before.tokenizer.encode("el gato duerme"))
    assert len(words.ids) >= FEWEST
    assert before.tokenizer.encode("gato")[0] in words.ids[:5]
    table = before.parameters["W_E"]
    first = live_map(words, table)
    turned = np.linalg.qr(np.random.default_rng(0).normal(size=(table.shape[1],) * 2))[0]
    np.testing.assert_allclose(
        live_map(words, table @ turned, first).places, first.places, atol=1e-9
    )
    moved = table + 1e-3 * np.random.default_rng(1).normal(size=table.shape)
    assert np.abs(live_map(words, moved, first).places - first.places).max() < 0.05


def test_a_map_of_numbers_that_are_none_is_drawn_in_the_middle(before):
    words = map_words(before, ())
    broken = np.full_like(before.parameters["W_E"], np.nan)
    assert not live_map(words, broken).places.any()
