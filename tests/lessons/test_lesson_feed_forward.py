"""The network works on each word alone; its neurons write, or do not."""

import numpy as np
import pytest

from engine.experiment import Experiment
from engine.ops import Relu
from engine.whatif import Force
from lessons.figures.feed_forward import OFF
from lessons.figures.parts import Drawing, Table
from lessons.figures.registry import figures, said
from lessons.scene import Scene, shipped_model

BLOCK = "blocks.0"


@pytest.fixture(params=["es", "en"])
def scene(request):
    text = {"es": "el gato come el pez", "en": "the cat eats the fish"}[request.param]
    return Scene(Experiment(shipped_model(f"mini-{request.param}"), text), request.param)


def changed_rows(scene, reader, out, at):
    """Which tokens' results change when a token's vector is doubled where a step reads it."""
    experiment = scene.experiment
    name = experiment.trace[reader].inputs[0]
    after = experiment.force(Force.parse(f"{name}[{at},*]={name}[{at},*]*2"))
    return (after.trace[out].value != experiment.trace[out].value).any(axis=1).tolist()


def test_the_network_mixes_no_words_and_attention_does(scene):
    for block in ("blocks.0", "blocks.1"):
        for at in range(scene.n):
            network = changed_rows(scene, f"{block}.mlp.pre", f"{block}.mlp_out", at)
            assert network == [pos == at for pos in range(scene.n)]
            attention = changed_rows(scene, f"{block}.attn.v", f"{block}.attn_out", at)
            assert attention == [pos >= at for pos in range(scene.n)]


@pytest.mark.parametrize("at", range(6))
def test_the_figure_tells_who_notices(scene, at):
    here = Scene(scene.experiment, scene.lang, {"token": at})
    table, _ = figures()["no-mixing"].show(here)
    same = said(here, "no-mixing", "same")
    for pos, (_, attention, network) in enumerate(table.rows):
        assert (attention.text == same) == (pos < at)
        assert (network.text == same) == (pos != at)


def test_without_the_activation_two_matrices_do_what_one_does(scene):
    trace = scene.experiment.trace
    x = trace[trace[f"{BLOCK}.mlp.pre"].inputs[0]].value
    w_in, b_in, w_out, b_out = (
        trace[f"{BLOCK}.mlp.{name}"].value for name in ("W_in", "b_in", "W_out", "b_out")
    )
    two = (x @ w_in + b_in) @ w_out + b_out
    one = x @ (w_in @ w_out) + (b_in @ w_out + b_out)
    np.testing.assert_allclose(two, one, atol=1e-9)
    assert np.abs(two - trace[f"{BLOCK}.mlp_out"].value).max() > 0.1


def test_what_comes_out_is_the_rows_of_the_neurons_that_are_on(scene):
    trace = scene.experiment.trace
    neurons = trace[f"{BLOCK}.mlp.post"].value
    w_out, b_out = (trace[f"{BLOCK}.mlp.{name}"].value for name in ("W_out", "b_out"))
    for at, values in enumerate(neurons):
        on = np.flatnonzero(values > 0)
        written = sum(values[i] * w_out[i] for i in on) + b_out
        np.testing.assert_allclose(written, trace[f"{BLOCK}.mlp_out"].value[at], atol=1e-9)


def test_a_neuron_is_the_dot_product_with_a_column_and_a_bias(scene):
    trace = scene.experiment.trace
    x = trace[trace[f"{BLOCK}.mlp.pre"].inputs[0]].value[-1]
    w_in, b_in = (trace[f"{BLOCK}.mlp.{name}"].value for name in ("W_in", "b_in"))
    pre, post = (trace[f"{BLOCK}.mlp.{name}"].value[-1] for name in ("pre", "post"))
    for i in range(len(pre)):
        assert pre[i] == pytest.approx(np.dot(x, w_in[:, i]) + b_in[i], abs=1e-9)
        assert post[i] == max(pre[i], 0.0)
    assert Relu().forward(np.array([-1.5, 2.0])).tolist() == [0.0, 2.0]


def test_the_drawing_has_a_sign_for_each_neuron_off_where_it_gives_nothing(scene):
    for at in range(scene.n):
        here = Scene(scene.experiment, scene.lang, {"token": at})
        drawing = next(p for p in figures()["mlp-flow"].show(here) if isinstance(p, Drawing))
        signs = [
            cell
            for line in drawing.lines
            for cell in line
            if cell.ref is not None and cell.ref.name.endswith("mlp.post")
        ]
        values = [scene.experiment.trace.value(cell.ref) for cell in signs]
        assert len(signs) == scene.experiment.model.config.d_mlp
        assert [cell.text == OFF for cell in signs] == [value == 0 for value in values]


def test_the_strongest_neurons_come_first(scene):
    table = next(p for p in figures()["strongest-neurons"].show(scene) if isinstance(p, Table))
    values = [scene.experiment.trace.value(row[2].ref) for row in table.rows]
    assert values == sorted(values, reverse=True)


def test_the_model_expects_something_else_without_the_network(scene):
    table = next(p for p in figures()["part-off"].show(scene) if isinstance(p, Table))
    assert [row[0].text for row in table.rows] != [row[2].text for row in table.rows]
