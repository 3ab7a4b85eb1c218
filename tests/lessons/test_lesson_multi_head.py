"""Heads read the whole vector; it is their results that lie side by side."""

import numpy as np
import pytest

from engine.experiment import Experiment
from engine.expr import Ref
from engine.whatif import Force
from lessons.figures.multi_head_joined import head_parts
from lessons.figures.parts import Say, Table
from lessons.figures.registry import figures
from lessons.findings.registry import found
from lessons.scene import Scene, shipped_model

Q = "blocks.0.attn.q"


@pytest.fixture(params=["mini-es", "paper-en"])
def experiment(request):
    text = {"es": "el gato come el pez", "en": "the cat eats the fish"}[request.param[-2:]]
    return Experiment(shipped_model(request.param), text)


def read_by_heads(experiment):
    return experiment.trace[Q].inputs[0]


def table(figure):
    return next(part for part in figure if isinstance(part, Table))


def test_each_head_multiplies_the_whole_vector_by_its_own_matrix(experiment):
    trace, config = experiment.trace, experiment.model.config
    x = trace[read_by_heads(experiment)].value
    for head in range(config.n_heads):
        w = trace["blocks.0.attn.W_Q"].value[head]
        assert w.shape == (config.d_model, config.d_head)
        own = x @ w + trace["blocks.0.attn.b_Q"].value[head]
        np.testing.assert_allclose(own, trace[Q].value[:, head], atol=1e-12)


def test_a_number_outside_of_its_slice_changes_a_head_too(experiment):
    config = experiment.model.config
    width = config.d_model // config.n_heads
    for dim in range(config.d_model):
        place = Ref(read_by_heads(experiment), (2, dim))
        value = experiment.trace.value(place) + 1
        after = experiment.force(Force.parse(f"{place}={value!r}"))
        change = after.trace[Q].value[2] - experiment.trace[Q].value[2]
        assert (np.abs(change).max(axis=1) > 0).all(), f"number {dim} of slice {dim // width}"


def test_the_results_of_heads_that_read_only_their_slice_would_be_others(experiment):
    trace, config = experiment.trace, experiment.model.config
    x = trace[read_by_heads(experiment)].value.copy()
    width = config.d_model // config.n_heads
    x[:, width:] = 0  # what head 1 would see of a vector that is cut up
    cut = x @ trace["blocks.0.attn.W_Q"].value[0] + trace["blocks.0.attn.b_Q"].value[0]
    assert np.abs(cut - trace[Q].value[:, 0]).max() > 0.1


def test_the_matrices_of_all_heads_can_be_kept_as_one_and_its_result_shared_out(experiment):
    trace, config = experiment.trace, experiment.model.config
    w = trace["blocks.0.attn.W_Q"].value
    together = np.concatenate([*w], axis=1)
    assert together.shape == (config.d_model, config.d_model)
    q = trace[read_by_heads(experiment)].value @ together
    parts = np.split(q, config.n_heads, axis=1)
    bias = trace["blocks.0.attn.b_Q"].value
    for head, part in enumerate(parts):
        np.testing.assert_allclose(part + bias[head], trace[Q].value[:, head], atol=1e-12)


def test_joined_and_multiplied_by_w_o_is_what_the_heads_bring_added_up(experiment):
    trace, config = experiment.trace, experiment.model.config
    z = trace["blocks.0.attn.z"].value
    joined = z.reshape(len(z), -1)
    assert joined.shape[1] == config.n_heads * config.d_head
    w_o = trace["blocks.0.attn.W_O"].value.reshape(-1, config.d_model)
    bias = trace["blocks.0.attn.b_O"].value
    out = trace["blocks.0.attn_out"].value
    np.testing.assert_allclose(joined @ w_o + bias, out, atol=1e-12)
    for at in range(len(z)):
        parts = head_parts(experiment, 0, at)
        np.testing.assert_allclose(parts.sum(axis=0) + bias, out[at], atol=1e-12)
        assert (np.abs(parts) > 0).all()  # every head has a part in every number that comes out


def test_the_figure_counts_all_heads_and_one_if_the_vector_were_cut(experiment):
    n_heads = experiment.model.config.n_heads
    for dim in range(experiment.model.config.d_model):
        here = Scene(experiment, "en", {"dim": dim})
        rows = table(figures()["whole-vector"].show(here)).rows
        assert [row[-2].text for row in rows] == ["yes"] * n_heads
        assert sum(row[-1].text == "yes" for row in rows) == 1


def sizes(experiment, d_model, heads):
    here = Scene(experiment, "en", {"d_model": d_model, "heads": heads})
    figure = figures()["head-sizes"].show(here)
    said = [part.text for part in figure if isinstance(part, Say)]
    return [row[1].text for row in table(figure).rows], said


def test_512_over_8_is_64_and_costs_what_one_large_head_costs(experiment):
    column, said = sizes(experiment, 512, 8)
    assert column[2] == "512 / 8 = 64"
    assert column[4].endswith("= 262,144")
    assert column[5].endswith("= 262,144")
    assert column[6] == "8 × 64 = 512"
    assert not said
    column, said = sizes(experiment, 768, 12)
    assert column[2] == f"768 / 12 = {found('gpt2_d_head', Scene(experiment, 'en'))}"


def test_a_width_that_does_not_divide_is_called_out(experiment):
    _, said = sizes(experiment, 512, 7)
    assert "511" in said[0]


@pytest.mark.parametrize("relation", ["who", "where", "what"])
def test_a_look_at_a_later_word_is_turned_around_in_a_causal_model(lang, relation):
    experiment = Experiment(shipped_model(f"mini-{lang}"), "")
    live = figures()["relations"]
    here = Scene(experiment, lang, {"relation": relation})
    sentence, _, weights, _ = live.show(here)
    (arc,) = sentence.arcs
    assert arc.end < arc.start
    (run,) = live.runs(here)
    for row in weights.rows:
        for cell in row[1:]:
            assert cell.ref is not None
            assert cell.ref.index[1:] == (arc.start, arc.end)
            assert run.trace.value(cell.ref) > 0


def test_the_findings_say_what_the_two_first_heads_look_at(experiment):
    here = Scene(experiment, "es")
    pattern = experiment.trace["blocks.0.attn.pattern"].value[:2, -1]
    most = [here.quoted[int(place)] for place in pattern.argmax(axis=1)]
    assert [found("head_1_most", here), found("head_2_most", here)] == most
    assert found("heads_agree", here) == ("same" if most[0] == most[1] else "different")


def test_a_model_with_one_head_is_shown_by_a_mini_and_it_is_said(make, lang):
    scene = Scene(make("one_block_one_head"), lang)
    assert f"mini-{lang}" in found("heads_model", scene)
    mini = Scene(Experiment(shipped_model(f"mini-{lang}"), scene.experiment.text), lang)
    for name in ("head_1_most", "head_2_most", "heads_agree"):
        assert found(name, scene) == found(name, mini)
    assert f"mini-{lang}" in figures()["heads-beside"].show(scene)[0].text
    assert f"mini-{lang}" not in found("heads_model", Scene(make("paper"), lang))
