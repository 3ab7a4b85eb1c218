"""What the lesson says of a vector times a matrix."""

import numpy as np
import pytest

from engine.experiment import Experiment
from engine.store import load, shipped
from lessons.figures.parts import Plot, Table
from lessons.figures.registry import figures
from lessons.findings.registry import found
from lessons.scene import Scene

TEXT = {"es": "el gato come el pez", "en": "the cat eats the fish"}


def scene_of(name, lang):
    return Scene(Experiment(load(shipped()[f"{name}-{lang}"]), TEXT[lang]), lang)


def tables(scene, name, **knobs):
    figure = figures()[name].show(Scene(scene.experiment, scene.lang, knobs))
    return [part for part in figure if isinstance(part, Table)]


def plain(text):
    return float(text.replace("−", "-"))


def test_the_worked_example_is_the_first_number_of_the_table(lang):
    scene = scene_of("mini", lang)
    (table,) = tables(scene, "projection-sandbox")
    assert plain(table.rows[-1][3].text) == found("proj_example", scene)


def test_each_number_of_the_result_hangs_on_its_own_column(lang):
    scene = scene_of("mini", lang)
    (before,) = tables(scene, "projection-sandbox")
    (after,) = tables(scene, "projection-sandbox", w12=4)
    assert before.rows[-1][3].text == after.rows[-1][3].text
    assert before.rows[-1][5].text != after.rows[-1][5].text


@pytest.mark.parametrize("column", [1, 5, 8])
def test_products_and_bias_add_up_to_the_number_of_the_run(lang, column):
    scene = scene_of("mini", lang)
    trace = scene.experiment.trace
    *bands, end = tables(scene, "projection-cell", word=2, column=column)
    x, w = ([cell.ref for one in bands for cell in one.rows[row][1:]] for row in (0, 1))
    products = [trace.value(a) * trace.value(b) for a, b in zip(x, w, strict=True)]
    running = [plain(cell.text) for one in bands for cell in one.rows[3][1:]]
    np.testing.assert_allclose(running, np.cumsum(products), atol=0.006)
    _, bias, result = end.rows[0]
    total = sum(products) + trace.value(bias.ref)
    assert total == pytest.approx(trace.value(result.ref))


def test_what_is_left_out_of_a_wide_vector_is_told_as_a_sum(lang):
    scene = scene_of("paper", lang)
    *bands, end = tables(scene, "projection-cell", word=2, column=1)
    shown = sum(len(one.rows[0]) - 1 for one in bands)
    assert shown < scene.experiment.model.config.d_model
    total, bias, result = (plain(cell.text) for cell in end.rows[0])
    assert total + bias == pytest.approx(result, abs=0.011)


def test_the_same_vector_gives_three(lang):
    scene = scene_of("mini", lang)
    source, results = tables(scene, "projection-three", word=2)
    assert {cell.ref.index[0] for cell in source.rows[0][1:]} == {2}
    vectors = [[cell.text for cell in row[1:]] for row in results.rows]
    assert len(vectors) == 3
    assert vectors[0] != vectors[1] != vectors[2] != vectors[0]


def test_a_number_of_the_matrix_ends_where_the_finished_model_has_it(lang):
    scene = scene_of("mini", lang)
    figure = figures()["projection-learned"].show(
        Scene(scene.experiment, lang, {"row": 3, "column": 2})
    )
    (plot,) = (part for part in figure if isinstance(part, Plot))
    value = scene.experiment.model.parameters["blocks.0.attn.W_Q"][0, 2, 1]
    assert plot.curves[0].ys[-1] == pytest.approx(value, abs=1e-3)
    assert plot.curves[0].ys[0] != plot.curves[0].ys[-1]
