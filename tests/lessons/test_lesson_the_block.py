"""What the lesson on the block claims: where LayerNorm stands, and what each step moves."""

import numpy as np
import pytest

from engine.store import load, shipped
from lessons.figures.parts import Beside, Drawing, Table
from lessons.figures.registry import figures
from lessons.figures.the_block import in_other_order
from lessons.scene import Scene


def is_normalised(x, w, b):
    """Whether undoing gain and bias leaves numbers of mean 0 and spread 1."""
    bare = (x - b) / w
    return np.allclose(bare.mean(axis=-1), 0, atol=1e-6) and np.allclose(bare.std(axis=-1), 1, 1e-3)


def test_the_paper_normalises_after_the_sum_and_needs_no_layer_norm_at_the_end(make):
    trace = make("paper").trace
    for block in ("blocks.0", "blocks.1"):
        for ln, out in (("ln1", "normalized_resid_mid"), ("ln2", "normalized_resid_post")):
            w, b = (trace[f"{block}.{ln}.{x}"].value for x in "wb")
            assert is_normalised(trace[f"{block}.{out}"].value, w, b)
    # What leaves a block is what the next adds to: the road itself is normalised.
    np.testing.assert_array_equal(
        trace["blocks.1.resid_pre"].value, trace["blocks.0.normalized_resid_post"].value
    )
    assert trace["logits"].inputs[0] == "blocks.1.normalized_resid_post"
    assert not any(step.name.startswith("ln_final") for step in trace)


@pytest.mark.parametrize("kind", ["gpt2", "pre_untied"])
def test_pre_ln_never_normalises_the_road_and_has_one_more_at_the_end(make, kind):
    experiment = make(kind)
    trace = experiment.trace
    road = trace["blocks.0.resid_pre"].value
    for i in range(experiment.model.config.n_layers):
        road = road + trace[f"blocks.{i}.attn_out"].value + trace[f"blocks.{i}.mlp_out"].value
        np.testing.assert_allclose(trace[f"blocks.{i}.resid_post"].value, road, atol=1e-12)
    assert not is_normalised(road, 1.0, 0.0)
    w, b = (trace[f"ln_final.{x}"].value for x in "wb")
    assert is_normalised(trace["ln_final.out"].value, w, b)
    assert trace["logits"].inputs[0] == "ln_final.out"


@pytest.mark.parametrize("name", shipped())
def test_the_models_that_come_with_the_program_have_the_papers_order(name):
    assert load(shipped()[name]).config.norm == "post"


@pytest.mark.parametrize(("kind", "place"), [("paper", 0), ("gpt2", 1)])
def test_the_order_of_the_present_model_is_the_one_that_is_marked(make, kind, place, lang):
    (beside, *_) = figures()["block-orders"].show(Scene(make(kind), lang))
    assert isinstance(beside, Beside)
    marked = [("este modelo" in part.title or "this model" in part.title) for part in beside.parts]
    assert marked == [place == 0, place == 1]


@pytest.mark.parametrize("kind", ["paper", "gpt2"])
def test_the_other_order_uses_the_same_matrices(make, kind):
    model = make(kind).model
    other = in_other_order(model)
    assert other.config.norm != model.config.norm
    assert all(other.parameters[name] is value for name, value in model.parameters.items())


def test_a_sum_moves_the_vector_by_the_length_of_what_is_added(make, lang):
    experiment = make("gpt2")
    (drawing, _) = figures()["block-drawing"].show(Scene(experiment, lang))
    assert isinstance(drawing, Drawing)
    lines = ["".join(cell.text for cell in line).split() for line in drawing.lines]
    sums = [line for line in lines if line[0] == "+◄╯"]
    for line, step in zip(sums, ("attn_out", "mlp_out"), strict=True):
        added = np.linalg.norm(experiment.trace[f"blocks.0.{step}"].value[-1])
        assert line[-1] == f"{added:.2f}"


def test_one_block_has_one_row_after_what_goes_in(make, lang):
    (table, *_) = figures()["blocks-row"].show(Scene(make("one_block_one_head"), lang))
    assert isinstance(table, Table)
    assert len(table.rows) == 2
