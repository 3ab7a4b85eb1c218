"""The table of embeddings: a look-up, what lies close in it, and its map."""

import numpy as np
import pytest

from engine.experiment import Experiment
from lessons.figures.closeness import closeness, closest, direction
from lessons.figures.embeddings_near import plane
from lessons.figures.one_hot import one_hot
from lessons.figures.registry import figures
from lessons.findings.registry import found
from lessons.scene import Scene, shipped_model

NOUNS = {"es": ("gato", "perro", "democracia"), "en": ("cat", "dog", "democracy")}
SENTENCES = {"es": "el gato come el pez", "en": "the cat eats the fish"}


def test_one_hot_times_the_table_is_the_look_up(run):
    table = run.trace["W_E"].value
    for pos, piece in enumerate(run.pieces):
        product = one_hot(piece.id, len(table)) @ table
        assert np.array_equal(product, table[piece.id])
        assert np.array_equal(product, run.trace["embed"].value[pos])


def test_the_sum_of_the_figure_is_the_number_of_the_row(run):
    scene = Scene(run, "es", {"dim": 2})
    table, _ = figures()["one-hot-times"].show(scene)
    (own,) = (row for row in table.rows if row[1].text == "1")
    assert table.rows[-1][3].text == own[2].text
    assert own[2].ref.index == (scene.ids[-1], 2)


def test_the_same_word_has_the_same_row_wherever_it_stands():
    model = shipped_model("mini-es")
    first, second = (Experiment(model, text) for text in ("el gato come", "no hay ningún gato"))
    assert np.array_equal(first.trace["embed"].value[2], second.trace["embed"].value[-1])


@pytest.mark.parametrize("size", ["mini", "paper"])
@pytest.mark.parametrize("lang", NOUNS)
def test_cat_is_closer_to_dog_than_to_democracy(size, lang):
    experiment = Experiment(shipped_model(f"{size}-{lang}"), SENTENCES[lang])
    cat, dog, democracy = (experiment.model.tokenizer.encode(word) for word in NOUNS[lang])
    assert closeness(experiment, cat, dog) > closeness(experiment, cat, democracy) + 0.2
    assert found("closer_to_cat", Scene(experiment, lang)) == "dog"


def test_the_closest_are_those_of_the_largest_cosine():
    experiment = Experiment(shipped_model("mini-es"), "")
    (id,) = experiment.model.tokenizer.encode("gato")
    table = experiment.trace["W_E"].value
    cosines = table @ table[id] / (np.linalg.norm(table, axis=1) * np.linalg.norm(table[id]))
    best = closest(experiment, id, 4)
    assert [near for _, near in best] == pytest.approx([cosines[i] for i, _ in best])
    assert [near for _, near in best] == sorted((near for _, near in best), reverse=True)
    words = [i for i in range(len(table)) if experiment.model.tokenizer.piece(i)[0] == " "]
    first = max((i for i in words if i != id), key=lambda i: cosines[i])
    assert best[0][0] == first


def test_a_word_in_pieces_has_the_direction_of_their_average(make):
    experiment = make()
    ids = experiment.model.tokenizer.encode("zorro")
    assert len(ids) > 1
    average = experiment.trace["W_E"].value[ids].mean(axis=0)
    assert np.dot(direction(experiment, ids), average) == pytest.approx(np.linalg.norm(average))


def test_a_map_moves_nothing_further_apart_than_it_is():
    experiment = Experiment(shipped_model("mini-es"), "el gato come el pez")
    ids = tuple(dict.fromkeys(piece.id for piece in experiment.pieces))
    rows = experiment.trace["W_E"].value[list(ids)]
    rows = rows / np.abs(rows).max()
    flat, kept = plane(experiment, ids)
    assert 0 < kept <= 1
    for i in range(len(ids)):
        for j in range(i):
            there, here = np.linalg.norm(rows[i] - rows[j]), np.linalg.norm(flat[i] - flat[j])
            assert here <= there + 1e-12


def test_the_lit_row_is_that_of_the_token(run):
    for pos in range(len(run.pieces)):
        scene = Scene(run, "es", {"word": pos})
        heat, *_ = figures()["embedding-rows"].show(scene)
        row, _ = heat.mark
        assert heat.exhibit.ref(row, 0).index == (scene.ids[pos], 0)
