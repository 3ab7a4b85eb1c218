"""What the lesson says of dot products."""

import numpy as np
import pytest

from engine.experiment import Experiment
from engine.store import load, shipped
from lessons.figures.parts import Beside, Say, Table
from lessons.figures.registry import figures, said
from lessons.figures.vectors import cosine, degrees, dot
from lessons.findings.registry import found
from lessons.scene import Scene
from lessons.words import number

TEXT = {"es": "el gato come el pez", "en": "the cat eats the fish"}


@pytest.fixture
def scene(lang):
    return Scene(Experiment(load(shipped()[f"mini-{lang}"]), TEXT[lang]), lang)


def shown(scene, name, **knobs):
    return figures()[name].show(Scene(scene.experiment, scene.lang, knobs))


def test_the_worked_examples(scene):
    assert found("dot_example", scene) == 3 * 4 + 2 * -1
    assert found("dot_check", scene) == 1 * 5 + 0 * 7 + 2 * -1


@pytest.mark.parametrize(
    ("a", "b", "key"),
    [
        ((3, 1), (2, 2), "alike"),
        ((3, 1), (-3, -1), "against"),
        ((2, 1), (-1, 2), "square"),
        ((0, 0), (1, 2), "nowhere"),
    ],
)
def test_the_sign_says_how_two_arrows_point(scene, a, b, key):
    figure = shown(scene, "dot-sandbox", a1=a[0], a2=a[1], b1=b[0], b2=b[1])
    assert figure[-1].text.startswith(said(scene, "dot-sandbox", key))
    table = figure[0].parts[0]
    assert isinstance(figure[0], Beside)
    assert table.rows[-1][-1].text == number(float(np.dot(a, b)))


def test_a_longer_arrow_changes_the_product_and_not_the_cosine():
    a, b = np.array([2.0, 1.0, -3.0]), np.array([0.5, 4.0, 1.0])
    assert dot(a, 2 * b) == 2 * dot(a, b)
    assert cosine(a, 2 * b) == pytest.approx(cosine(a, b))


def test_the_cosine_lies_between_minus_one_and_one(scene):
    table = scene.experiment.trace["embed"].value
    for x in table:
        for y in table:
            assert -1 <= cosine(x, y) <= 1
    assert cosine(table[1], table[1]) == pytest.approx(1)
    assert cosine(table[1], -table[1]) == pytest.approx(-1)
    assert degrees(0.0) == 90


@pytest.mark.parametrize("name", ["mini", "paper"])
def test_the_products_of_two_words_add_up_to_what_is_said(lang, name):
    scene = Scene(Experiment(load(shipped()[f"{name}-{lang}"]), TEXT[lang]), lang)
    trace = scene.experiment.trace
    figure = shown(scene, "dot-words", a=2, b=5)
    tables = [part for part in figure if isinstance(part, Table)]
    a, b = ([cell.ref for one in tables for cell in one.rows[row][1:]] for row in (0, 1))
    products = [trace.value(x) * trace.value(y) for x, y in zip(a, b, strict=True)]
    vectors = trace["embed"].value
    rest = float(np.dot(vectors[2, len(products) :], vectors[5, len(products) :]))
    total = sum(products) + rest
    assert total == pytest.approx(dot(vectors[2], vectors[5]))
    texts = [part.text for part in figure if isinstance(part, Say)]
    n = vectors.shape[1]
    assert said(scene, "dot-words", "sum", n=n, sum=number(total)) in texts


def test_the_largest_of_the_row_is_the_one_the_guess_asks_for(scene):
    (table,) = (part for part in shown(scene, "dot-row") if isinstance(part, Table))
    texts = [float(row[1].text.replace("−", "-")) for row in table.rows]
    assert found("dot_largest_at", scene) == int(np.argmax(texts))
    assert found("dot_largest", scene) == scene.quoted[int(np.argmax(texts))]
