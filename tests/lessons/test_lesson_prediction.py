"""What the lesson on prediction claims: logits, adding to all of them, the look from outside."""

import numpy as np
import pytest

from engine.ops import Softmax
from lessons.figures.parts import Table
from lessons.figures.registry import figures
from lessons.figures.stream import after_block, seen_after, unembedding, unembedding_ref
from lessons.scene import Scene


def test_each_logit_is_a_dot_product_with_the_candidates_numbers(run):
    config, trace = run.model.config, run.trace
    x = trace[trace["logits"].inputs[0]].value[-1]
    np.testing.assert_allclose(unembedding(config, trace) @ x, trace["logits"].value[-1], atol=1e-9)
    ref = unembedding_ref(config, 2, 1)
    assert trace.value(ref) == unembedding(config, trace)[2, 1]


def test_the_products_of_the_table_add_up_to_the_logit(make, lang):
    experiment = make("pre_untied")
    (table, _) = figures()["unembedding"].show(Scene(experiment, lang))
    assert isinstance(table, Table)
    *parts, total = [float(row[-1].text.replace("−", "-")) for row in table.rows]
    assert sum(parts) == pytest.approx(total, abs=0.0005 * (len(parts) + 1))


@pytest.mark.parametrize("kind", ["paper", "gpt2", "pre_untied", "bidirectional"])
def test_the_look_from_outside_ends_where_the_model_does(make, kind):
    """Done after the last block, it is what the model itself does."""
    experiment = make(kind)
    config, trace = experiment.model.config, experiment.trace
    table, x = unembedding(config, trace), trace[after_block(config, config.n_layers)].value[-1]
    if config.norm == "pre":
        bare = (x - x.mean()) / np.sqrt(x.var() + config.eps)
        x = bare * trace["ln_final.w"].value + trace["ln_final.b"].value
    np.testing.assert_allclose(Softmax().forward(table @ x), trace["probs"].value[-1], 1e-9)
    np.testing.assert_array_equal(
        seen_after(experiment, config.n_layers, -1), trace["probs"].value[-1]
    )


def test_the_look_puts_the_last_layer_norm_in_between_for_pre_ln(make):
    experiment = make("gpt2")
    trace = experiment.trace
    x = trace["blocks.0.resid_post"].value[-1]
    bare = (x - x.mean()) / np.sqrt(x.var() + experiment.model.config.eps)
    seen = bare * trace["ln_final.w"].value + trace["ln_final.b"].value
    expected = Softmax().forward(trace["W_E"].value @ seen)
    np.testing.assert_allclose(seen_after(experiment, 1, -1), expected, 1e-9)


def test_adding_the_same_to_all_logits_changes_no_probability(run, lang):
    live, scene = figures()["logits-to-probs"], Scene(run, lang)
    columns = []
    for shift in (0.0, 5.0, -10.0):
        (table,) = live.show(Scene(run, lang, {"shift": shift}))
        assert isinstance(table, Table)
        columns.append([row[-1].text for row in table.rows])
    assert columns[0] == columns[1] == columns[2]
    assert scene.words.share(1.0) == columns[0][-1]
