"""A sentence through a training: losses, looks, neighbours, the map, and texts not taught."""

import math
from dataclasses import replace

import numpy as np
import pytest

from engine.batches import tokenizer_of
from engine.experiment import Experiment
from engine.sources import WorldTexts, world_of
from engine.store import checkpoint_steps, load, load_checkpoint, shipped
from engine.whatif import Force
from lessons.held_out import HeldOut, measured, world_language
from lessons.moments import moments
from lessons.over_time import over_time, word_map
from tests.tui.walk_helper import random_model

TEXT = "El gato se subió al árbol porque tenía miedo del"


@pytest.fixture(scope="module")
def mini():
    return load(shipped()["mini-es"])


@pytest.fixture(scope="module")
def over(mini):
    return over_time(Experiment(mini, TEXT))


def test_each_moment_is_the_run_of_its_checkpoint(mini, over):
    steps = checkpoint_steps(mini.folder)
    assert len(over.then) == len(steps)
    for place in (0, 5, 17):
        trace = Experiment(load_checkpoint(mini, steps[place]), TEXT).trace
        then, probs = over.then[place], trace["probs"].value
        ids = trace["tokens"].value
        told = [-math.log(probs[i, ids[i + 1]]) for i in range(len(ids) - 1)]
        assert then.loss == pytest.approx(sum(told) / len(told))
        assert then.predicted[0] == (int(probs[-1].argmax()), probs[-1].max())
        assert [p for _, p in then.predicted] == sorted(probs[-1], reverse=True)[:5]
        for block in range(2):
            np.testing.assert_array_equal(
                then.patterns[block], trace[f"blocks.{block}.attn.pattern"].value
            )


def test_it_is_the_same_from_every_moment_and_changes_hold(mini):
    force = Force.parse("blocks.1.attn.z[*,1,*]=0")
    run = Experiment(moments(mini).model(6), TEXT, (force,))
    over = over_time(run)
    assert over.run.model is mini
    assert over.run.forced == (force,)
    wanted = Experiment(mini, TEXT, (force,)).trace["probs"].value[-1].max()
    assert over.then[-1].predicted[0][1] == wanted


def test_the_nearest_are_the_nearest_by_the_cosine(mini, over):
    cat, dog = (mini.tokenizer.encode(word)[0] for word in ("gato", "perro"))
    for place in (3, 23):
        table = moments(mini).model(place).parameters["W_E"]
        unit = table / np.linalg.norm(table, axis=1, keepdims=True)
        nearest = over.nearest(place, cat)
        assert len(nearest) == 5
        assert cat not in dict(nearest)
        for id, near in nearest:
            assert near == pytest.approx(unit[id] @ unit[cat])
        assert [near for _, near in nearest] == sorted((n for _, n in nearest), reverse=True)
        assert nearest[0][1] >= unit[dog] @ unit[cat] - 1e-12


def test_the_map_has_the_axes_of_the_finished_model_at_every_moment(mini, over):
    found = word_map(over)
    assert len(set(found.ids)) == len(found.ids)
    assert {mini.tokenizer.encode(word)[0] for word in ("gato", "miedo", "pan")} <= set(found.ids)
    assert found.places.shape == (24, len(found.ids), 2)
    rows = mini.parameters["W_E"][list(found.ids)]
    centred = rows - rows.mean(axis=0)
    spread = np.sort(np.linalg.eigvalsh(centred.T @ centred))[::-1]
    np.testing.assert_allclose(np.square(found.places[-1]).sum(axis=0), spread[:2])
    assert found.kept == pytest.approx(spread[:2].sum() / spread.sum())
    # The same axes earlier: distances on the map are never longer than those of the vectors.
    first = moments(mini).model(0).parameters["W_E"][list(found.ids)]
    apart = np.linalg.norm(first[0] - first[1])
    assert np.linalg.norm(found.places[0, 0] - found.places[0, 1]) <= apart + 1e-12


@pytest.mark.parametrize("text", ["", "gato", "zyx qwrtp", "👨‍👩‍👧", " ".join(["el pez y"] * 40)])
def test_any_sentence_has_a_way_through_the_training(mini, text):
    over = over_time(Experiment(mini, text))
    assert all(then.predicted for then in over.then)
    assert np.isfinite(word_map(over).places).all()
    assert all(math.isnan(x) for x in over.losses) is (len(over.ids) < 2)


def test_a_model_without_moments_has_one():
    over = over_time(Experiment(random_model(), TEXT))
    assert len(over.then) == 1
    assert word_map(over).places.shape[0] == 1


# --- Texts that are not taught -------------------------------------------------------------------


def test_held_out_texts_are_measured_at_every_moment(mini, monkeypatch):
    monkeypatch.setattr("lessons.held_out._known", {})  # whoever asked before
    results = list(measured(mini, 8))
    assert len(results) == 24
    assert [sum(not math.isnan(x) for x in one.losses) for one in results] == list(range(1, 25))
    last = results[-1]
    assert last.n_texts == 8
    assert last.losses[0] > last.losses[-1] > last.floor > 0
    assert list(measured(mini, 8)) == [last]  # known from then on


def test_the_loss_is_the_mean_surprise_at_the_tokens_of_the_texts(mini):
    exam = WorldTexts("es").exams(8, mini.config.n_ctx)["world"]
    for place in (2, 23):
        model = moments(mini).model(place)
        told = []
        for row in exam.rows:
            text = mini.tokenizer.decode([int(i) for i in row[1:-1]])
            probs = Experiment(model, text).trace["probs"].value
            told += [-math.log(probs[i, id]) for i, id in enumerate(row[1:])]
        *_, found = measured(mini, 8)
        assert found.losses[place] == pytest.approx(sum(told) / len(told), rel=1e-5)


def test_the_world_of_a_model_is_that_of_its_tokens(mini):
    assert world_language(mini) == "es"
    assert world_language(random_model()) is None
    assert mini.tokenizer.tokens == tokenizer_of(world_of("es")).tokens


def test_of_another_world_what_the_training_told_is_known(mini, monkeypatch):
    monkeypatch.setattr("lessons.held_out.world_language", lambda model: None)
    history = [{"step": s, "held_out": {"own": 9.0 - s / 1000}} for s in (5000, 0, 400)]
    own = replace(mini, training=mini.training | {"history": [*history, "x", {"step": 1}]})
    (found,) = measured(own)
    assert found.n_texts is None
    steps = moments(own).steps
    assert found.losses[0] == 9.0
    assert found.losses[-1] == 4.0
    assert found.losses[steps.index(945)] == 8.6  # the last examination before it
    assert isinstance(found, HeldOut)
    assert list(measured(replace(mini, training={"steps": 5000}))) == []
    assert list(measured(random_model())) == []
