"""What the lesson on generation claims: the loop, the draw, temperature, what waits for what."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from engine.experiment import Experiment
from engine.model import run as run_model
from engine.sampling import distribution, generate, likeliest
from engine.store import load, shipped
from lessons.figures.generation_loop import loop
from lessons.figures.parts import Table
from lessons.figures.registry import figures
from lessons.scene import Scene

SETTINGS = [(1.0, None, 1.0), (0.0, None, 1.0), (0.7, 5, 1.0), (1.5, None, 0.9), (3.0, 20, 0.5)]


@pytest.fixture(scope="module")
def mini():
    return load(shipped()["mini-es"])


@pytest.mark.parametrize("setting", SETTINGS)
@pytest.mark.parametrize("text", ["el gato", "", "🐱 zyx"])
def test_the_rounds_are_those_of_the_engine(mini, setting, text):
    experiment = Experiment(mini, text)
    ids = [piece.id for piece in experiment.pieces]
    for seed in (0, 2, 5):
        rng = np.random.default_rng(seed)
        expected = list(generate(mini, ids, 6, rng, *setting))
        turns = loop(experiment, *setting, seed, 6)
        chosen = [turn.chosen for turn in turns if turn.chosen != mini.tokenizer.start_id]
        assert chosen == expected


def test_it_stops_where_the_model_reads_no_more(make, lang):
    full = make("paper", "el gato come el pez " * 20)
    assert len(full.pieces) == full.model.config.n_ctx
    assert loop(full, 1.0, None, 1.0, 0, 5) == []
    assert figures()["generation-loop"].show(Scene(full, lang))


# --- Greedy is one way; drawing is another --------------------------------------------------------


def test_greedy_gives_the_same_text_whatever_the_seed(mini):
    experiment = Experiment(mini, "el gato")
    texts = {
        tuple(t.chosen for t in loop(experiment, 0.0, None, 1.0, seed, 6)) for seed in range(5)
    }
    assert len(texts) == 1
    (text,) = texts
    assert text[0] == likeliest(experiment.trace["logits"].value[-1], 1)[0]


def test_drawing_gives_other_texts_with_other_seeds(mini):
    experiment = Experiment(mini, "el gato")
    texts = {
        tuple(t.chosen for t in loop(experiment, 1.0, None, 1.0, seed, 4)) for seed in range(5)
    }
    assert len(texts) > 1


def test_a_candidate_is_drawn_about_as_often_as_its_probability_says(mini, lang):
    shares = Experiment(mini, "el gato").trace["probs"].value[-1]
    best = int(likeliest(shares, 1)[0])
    times = []
    for seed in range(40):
        scene = Scene(Experiment(mini, "el gato"), lang, {"seed": seed})
        (table, _) = figures()["draw-many"].show(scene)
        assert isinstance(table, Table)
        times.append(int(table.rows[0][-1].text))
        assert sum(int(row[-1].text) for row in table.rows) == 100
    assert np.mean(times) == pytest.approx(100 * shares[best], abs=2.5)


# --- Temperature never changes the order ----------------------------------------------------------


@given(
    arrays(float, 12, elements=st.floats(-30, 30), unique=True),
    st.floats(0.05, 10),
)
def test_temperature_keeps_the_order_of_the_candidates(logits, temperature):
    order = likeliest(logits, logits.size)
    shares = distribution(logits, temperature)
    assert np.all(np.diff(shares[order]) <= 0)
    assert shares.argmax() == order[0] or shares[order[0]] == shares.max()


def test_a_higher_temperature_takes_from_the_first_and_gives_to_the_last():
    logits = np.array([3.0, 1.0, 0.0, -2.0])
    shares = [distribution(logits, t) for t in (0.5, 1.0, 2.0, 4.0)]
    assert np.all(np.diff([s[0] for s in shares]) < 0)
    assert np.all(np.diff([s[-1] for s in shares]) > 0)


def test_the_exhibit_has_the_same_order_in_every_column(run, lang):
    for temperature in (0.1, 0.7, 3.0):
        scene = Scene(run, lang, {"temperature": temperature})
        (table, _) = figures()["temperature-bars"].show(scene)
        assert isinstance(table, Table)
        bars = [row[-1].bar for row in table.rows]
        assert bars == sorted(bars, reverse=True)


def test_top_p_admits_no_more_than_it_needs(mini):
    logits = Experiment(mini, "el gato").trace["logits"].value[-1]
    shares = distribution(logits)
    admitted = np.flatnonzero(distribution(logits, top_p=0.9))
    least = shares[admitted].min()
    assert shares[admitted].sum() >= 0.9 > shares[admitted].sum() - least
    assert set(admitted) == set(likeliest(logits, admitted.size))


# --- Reading is parallel, writing is not ----------------------------------------------------------


@pytest.mark.parametrize("kind", ["paper", "gpt2", "no_positions", "pre_untied"])
def test_one_run_gives_what_one_run_for_each_beginning_would(make, kind):
    experiment = make(kind)
    ids = [piece.id for piece in experiment.pieces]
    model, whole = experiment.model, experiment.trace["logits"].value
    for n in range(1, len(ids) + 1):
        alone = run_model(model.config, model.parameters, ids[:n])["logits"].value[-1]
        np.testing.assert_allclose(alone, whole[n - 1], atol=1e-9)


def test_a_model_that_looks_ahead_has_no_such_short_cut(make):
    experiment = make("bidirectional")
    ids = [piece.id for piece in experiment.pieces]
    model, whole = experiment.model, experiment.trace["logits"].value
    alone = run_model(model.config, model.parameters, ids[:2])["logits"].value[-1]
    assert np.abs(alone - whole[1]).max() > 1e-3


def test_each_round_reads_what_the_one_before_has_written(mini):
    turns = loop(Experiment(mini, "el gato"), 0.0, None, None, 0, 5, may_end=False)
    assert len(turns) == 5
    for before, after in pairwise(turns):
        assert after.n == before.n + 1
        assert after.experiment.pieces[-1].id == before.chosen
