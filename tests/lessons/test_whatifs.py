"""Ready-made what-ifs, how much is changed at once, and how far a change reaches."""

import numpy as np
import pytest

from engine.expr import Ref
from engine.parts import Part
from engine.whatif import Force
from lessons.changes import change_of, size_of
from lessons.extents import extents
from lessons.stages import stages
from lessons.whatifs import named, whatifs

KINDS = ["paper", "gpt2", "no_positions", "bidirectional", "no_residual", "no_norm", "bare"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_ready_made_what_if_can_be_run_and_moves_what_comes_after(make, kind):
    run = make(kind, "el gato come")
    config = run.model.config
    for block in range(config.n_layers):
        for head in range(config.n_heads):
            for one in whatifs(config, block, head):
                changed = run.force(*one.forces)
                assert change_of(by_id(changed, "logits"), changed) > 0, one
                first = min(list(run.trace.steps).index(f.part.name) for f in one.forces)
                for name in list(run.trace.steps)[:first]:
                    assert changed.trace[name] is run.trace[name], (one, name)


def by_id(run, stage_id):
    return next(s for s in stages(run.model.config) if s.id == stage_id)


def test_what_the_what_ifs_say_is_what_happens(make):
    run = make("paper", "el gato come")
    by_key = {one.key: one for one in whatifs(run.model.config, 1, 0)}

    def trace(key):
        return run.force(*by_key[key].forces).trace

    resid = trace("no_positions")["blocks.0.resid_pre"].value
    np.testing.assert_array_equal(resid, run.trace["embed_scaled"].value)
    assert (trace("no_mask")["blocks.0.attn.pattern"].value > 0).all()
    unscaled = trace("no_scaling")
    np.testing.assert_array_equal(
        unscaled["blocks.1.attn.attn_scores_scaled"].value,
        unscaled["blocks.1.attn.attn_scores"].value,
    )
    alone = trace("no_residual_attn")
    np.testing.assert_array_equal(
        alone["blocks.1.resid_mid"].value, alone["blocks.1.attn_out"].value
    )
    even = trace("even")["blocks.1.attn.pattern"].value[0]
    for query, shares in enumerate(even):
        np.testing.assert_allclose(shares[: query + 1], 1 / (query + 1))
    off = trace("head_off")["blocks.1.attn.z"].value
    assert (off[:, 0] == 0).all()
    assert (off[:, 1] != 0).any()
    only = trace("only_head")["blocks.1.attn.z"].value
    np.testing.assert_array_equal(only[:, 0], run.trace["blocks.1.attn.z"].value[:, 0])
    assert (only[:, 1:] == 0).all()
    logits = trace("temperature")["logits"].value
    np.testing.assert_allclose(logits, 0.5 * run.trace["logits"].value)


def test_what_a_model_lacks_is_not_taken_away_from_it(make):
    lost = {"no_residual_attn", "no_residual_mlp", "no_scaling"}
    keys = {kind: {one.key for one in whatifs(make(kind).model.config, 1, 0)} for kind in KINDS}
    assert lost <= keys["paper"]
    assert keys["no_norm"] == keys["paper"]
    assert keys["no_residual"] == keys["paper"] - {"no_residual_attn", "no_residual_mlp"}
    assert keys["bare"] == keys["bidirectional"] - lost


@pytest.mark.parametrize("kind", ["paper", "gpt2", "no_positions", "bidirectional", "no_norm"])
def test_what_is_copied_carries_what_was_changed_before(make, kind):
    run = make(kind, "el gato come")
    residual = next(one for one in whatifs(run.model.config, 1, 0) if one.key == "no_residual_attn")
    early = Force(Part("blocks.0.attn.z", (None, 0, None)), 0.0)
    for forces in ((*residual.forces, early), (early, *residual.forces)):
        trace = run.force(*forces).trace
        np.testing.assert_array_equal(
            trace["blocks.1.resid_mid"].value, trace["blocks.1.attn_out"].value
        )


@pytest.mark.parametrize("kind", KINDS)
def test_the_parts_that_hold_a_cell_grow(make, kind):
    run = make(kind, "el gato come")
    rng = np.random.default_rng(0)
    for step in run.trace:
        index = tuple(int(rng.integers(n)) for n in step.value.shape)
        found = extents(run.trace, Ref(step.name, index))
        sizes = [step.value[part.where].size for part in found.values()]
        assert next(iter(found)) == "cell"
        assert sizes[0] == 1
        assert sizes == sorted(sizes)
        assert sizes[-1] == step.value.size
        marks = np.zeros(step.value.shape, int)
        for part in found.values():
            part.check(step.value.shape)
            marks[part.where] += 1
        assert marks[index] == len(found)


def test_the_size_of_a_difference():
    old = np.array([3.0, 4.0])
    assert size_of(old, old) == 0
    assert size_of(np.array([3.0, 4.5]), old) == pytest.approx(0.1)
    assert size_of(2 * old, old) == pytest.approx(1)
    assert size_of(np.array([1.0]), np.array([0.0])) == 1
    giant = np.array([1e308, -1e308])
    assert size_of(giant, old) > 1
    assert size_of(old, giant) == pytest.approx(1)
    masked = np.array([3.0, -np.inf])
    assert size_of(masked, masked) == 0
    assert size_of(old, masked) > 0


def test_a_change_reaches_what_comes_after_and_nothing_before(make):
    run = make("paper", "el gato come")
    changed = run.force(Force(Part("blocks.1.attn.pattern", (0, 2, 1)), 0.9))
    line = stages(run.model.config)
    at = [s.id for s in line].index("blocks.1.pattern")
    assert all(change_of(stage, run) == 0 for stage in line)
    assert all(change_of(stage, changed) == 0 for stage in line[:at])
    assert all(change_of(stage, changed) > 0 for stage in line[at:])


@pytest.mark.parametrize("kind", KINDS)
def test_every_ready_made_what_if_is_known_by_what_it_changes(make, kind):
    config = make(kind, "el gato").model.config
    own = Force(Part("embed", (0, 0)), 1.0)
    for one in whatifs(config, 1, 1):
        (first, _), (known, forces) = named(config, (own, *one.forces))
        assert first is None
        assert forces == one.forces
        # With two heads, all off but one is one off, and is called so.
        assert known.key in (one.key, "head_off")
        if one.key == "head_off":
            assert known == one
