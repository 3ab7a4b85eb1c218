"""What the lesson says of d_model: what it costs, what it does not mean, how wide models are."""

import numpy as np
import pytest

from engine.config import Config
from engine.experiment import Experiment
from engine.store import load, n_parameters, shipped
from lessons.figures.closeness import closest
from lessons.figures.common_words import known_words
from lessons.figures.dimensions import (
    WIDTHS,
    _mistakes,
    animal_mistakes,
    in_bytes,
    widened,
)
from lessons.figures.parts import Say, Table
from lessons.figures.published import PUBLISHED
from lessons.figures.registry import figures
from lessons.scene import Scene

TEXT = {"es": "el gato come el pez", "en": "the cat eats the fish"}


@pytest.fixture
def scene(lang):
    return Scene(Experiment(load(shipped()[f"mini-{lang}"]), TEXT[lang]), lang)


def table_of(scene, name, **knobs):
    figure = figures()[name].show(Scene(scene.experiment, scene.lang, knobs))
    (table,) = (part for part in figure if isinstance(part, Table))
    return table, " ".join(part.text for part in figure if isinstance(part, Say))


def test_published_widths_are_those_of_the_papers():
    widths = {one.name: one.d_model for one in PUBLISHED}
    assert widths == {
        "Transformer (paper)": 512,
        "GPT-2 small": 768,
        "GPT-2 XL": 1_600,
        "GPT-3": 12_288,
        "LLaMA 2 70B": 8_192,
        "Falcon 180B": 14_848,
        "LLaMA 3.1 405B": 16_384,
        "DeepSeek V3": 7_168,
    }


def test_the_sizes_that_can_be_counted_are_the_published_ones():
    millions = {one.name: one.millions for one in PUBLISHED}
    assert round(millions["GPT-2 small"]) == 124
    assert round(millions["GPT-2 XL"]) == 1_558


def test_more_parameters_do_not_mean_wider_vectors():
    models = {one.name: one for one in PUBLISHED}
    deepseek, llama = models["DeepSeek V3"], models["LLaMA 3.1 405B"]
    assert deepseek.millions > llama.millions
    assert deepseek.d_model < llama.d_model
    assert (deepseek.millions, deepseek.active) == (671_000, 37_000)


def test_the_learners_model_is_the_first_of_the_models(scene):
    table, said = table_of(scene, "dimensions-models", by="parameters")
    assert table.rows[0][0].text == scene.experiment.model.name
    assert table.rows[-1][0].text == "DeepSeek V3"
    assert scene.words.whole(37_000) in said


def test_the_table_of_the_paper_has_37000_rows_of_512(scene):
    _, said = table_of(scene, "dimensions-cost")
    assert scene.words.whole(37_000) in said
    assert scene.words.whole(18_944_000) in said


@pytest.mark.parametrize("name", [name for name in shipped() if "bidi" not in name])
def test_twice_the_width_doubles_the_table_and_more_than_doubles_the_whole(name):
    config = load(shipped()[name]).config
    double = widened(config, 2 * config.d_model)
    assert double.d_vocab * double.d_model == 2 * config.d_vocab * config.d_model
    assert n_parameters(double) > 2 * n_parameters(config)


@pytest.mark.parametrize("d_model", WIDTHS)
def test_every_width_can_be_chosen(d_model):
    config = Config(6, 2, 3, 8, 2, 64, 100)
    assert n_parameters(widened(config, d_model)) > 100 * d_model


def test_the_cost_shown_is_that_of_such_a_model(scene):
    config = scene.experiment.model.config
    table, _ = table_of(scene, "dimensions-cost", d_model="512")
    shown = [row[2].text for row in table.rows]
    assert scene.words.whole(512 * config.d_vocab) in shown
    assert scene.words.whole(n_parameters(widened(config, 512))) in shown


def test_amounts_of_memory():
    assert [in_bytes(n) for n in (999, 186_000, 1_600_000_000)] == ["999 B", "186 kB", "1.6 GB"]


@pytest.mark.parametrize("name", [name for name in shipped() if "bidi" not in name])
def test_no_single_number_tells_animals_as_well_as_all_together(name):
    model = load(shipped()[name])
    words = known_words(model)
    assert sum(word.kind == "animal" for word in words) >= 10
    _, best, together = animal_mistakes(model.parameters["W_E"], words, 0)
    assert together < best


def test_mistakes_are_counted_on_either_side_of_the_best_cut():
    animal = np.array([True, True, False, False, True])
    assert _mistakes(np.array([5.0, 4.0, 1.0, 2.0, 3.0]), animal) == 0
    assert _mistakes(-np.array([5.0, 4.0, 1.0, 2.0, 3.0]), animal) == 0
    assert _mistakes(np.array([5.0, 4.0, 1.0, 3.0, 2.0]), animal) == 1


def test_with_two_numbers_most_neighbours_are_lost(scene):
    run = scene.experiment
    lost = 0
    words = known_words(run.model)
    for word in words:
        full, few = (closest(run, word.id, 6, kept) for kept in (None, 2))
        lost += len({id for id, _ in full} - {id for id, _ in few})
    assert lost > 0.8 * 6 * len(words)
