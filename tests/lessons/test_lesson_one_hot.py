"""One-hot vectors: one for every word, all equally far apart, nearly all zeros."""

from itertools import combinations
from math import sqrt

import numpy as np
import pytest

from lessons.figures.one_hot import distance, one_hot
from lessons.figures.registry import figures
from lessons.scene import Scene


def test_all_five_words_have_a_vector_un_included(make, lang):
    """Correction 13: a table of five words that leaves one out is not whole."""
    _, table, _ = figures()["one-hot-toy"].show(Scene(make(), lang))
    vectors = {row[0].text: [cell.text for cell in row[2:]] for row in table.rows}
    assert len(vectors) == 5
    assert vectors[{"es": "un", "en": "a"}[lang]] == ["0", "0", "0", "1", "0"]
    assert all(vector.count("1") == 1 and len(vector) == 5 for vector in vectors.values())
    assert len({tuple(vector) for vector in vectors.values()}) == 5


@pytest.mark.parametrize("n", [5, 2496, 50_257])
def test_any_two_are_equally_far_apart(n):
    ids = sorted({0, 1, 3, n // 2, n - 1})
    found = {distance(one_hot(a, n), one_hot(b, n)) for a, b in combinations(ids, 2)}
    assert found == {sqrt(2)}


def test_the_table_of_pairs_is_that_of_the_whole_vectors(make):
    scene = Scene(make(text="el gato come el pez"), "es")
    table, _ = figures()["all-distances"].show(scene)
    n = scene.experiment.model.config.d_vocab
    ids = [*dict.fromkeys(scene.ids[1:])]
    assert [row[0].text for row in table.rows] == ["el", "gato", "come", "pez"]
    for row, a in zip(table.rows, ids, strict=True):
        for cell, b in zip(row[1:], ids, strict=True):
            assert float(cell.text) == round(distance(one_hot(a, n), one_hot(b, n)), 2)


def test_the_steps_lead_to_the_distance(make):
    experiment = make()
    steps = figures()["distance-steps"]
    _, total, root = steps.show(Scene(experiment, "es", {"a": "cat", "b": "fish"}))
    assert total.text.endswith("= 2.")
    assert "1.41" in root.text
    _, total, root = steps.show(Scene(experiment, "es", {"a": "cat", "b": "cat"}))
    assert total.text.endswith("= 0.")
    assert root.text.endswith("= 0.")


def test_zeros_are_all_but_one(make):
    (table,) = figures()["zeros"].show(Scene(make(), "es", {"size": 50}))
    assert [cell.text for cell in table.rows[-1][1:4]] == ["50", "1", "98 %"]


def test_the_1_stands_in_the_place_of_the_index(make):
    scene = Scene(make(text="el gato"), "es")
    vector = one_hot(scene.ids[-1], scene.experiment.model.config.d_vocab)
    assert np.flatnonzero(vector).tolist() == [scene.ids[-1]]
    table, *_ = figures()["one-hot-own"].show(scene)
    (row,) = table.rows
    place = [cell.text for cell in row].index("1")
    assert table.header[place] == str(scene.ids[-1])
