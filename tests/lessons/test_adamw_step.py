"""One step of AdamW as arithmetic: that of the training, to the precision of float32."""

import numpy as np
import pytest

from engine.own_plan import typed_plan
from engine.training import Training
from lessons.adamw_step import gradients_by_row, pulls, recorded_step, row_ids

LINES = [
    f"{who} {does} {what}"
    for who in ("the cat", "a dog")
    for does in ("eats", "sees")
    for what in ("fish", "bread", "the moon")
]


@pytest.fixture(scope="module")
def records():
    """The first step, and some later ones, of a small training."""
    plan = typed_plan(LINES, "x", seed=1, steps=30)
    with Training(plan) as training:
        found = []
        for step in range(1, 13):
            training.advance(record=step in (1, 2, 12))
            if step in (1, 2, 12):
                found.append(training.record)
        return plan, found


def some_weights(record, rng, n=60):
    names = list(record.before)
    for _ in range(n):
        name = names[rng.integers(len(names))]
        yield name, tuple(int(rng.integers(size)) for size in record.before[name].shape)


def test_the_arithmetic_gives_the_weight_after_the_step(records):
    plan, found = records
    rng = np.random.default_rng(0)
    assert [record.step for record in found] == [1, 2, 12]
    for record in found:
        moved = 0
        for name, index in some_weights(record, rng):
            step = recorded_step(plan.recipe, record, name, index)
            after = float(record.after[name][index])
            assert step.after == pytest.approx(after, rel=1e-5, abs=1e-7)
            assert step.weight - step.rate * (step.direction + step.decay) == step.after
            moved += after != step.weight
        assert moved > 20


def test_the_pulls_of_the_sentences_add_up_to_the_gradient(records):
    plan, found = records
    for record in found:
        rows = gradients_by_row(plan.config, record)
        for name, gradient in record.gradient.items():
            scale = max(float(np.abs(gradient).max()), 1e-3)
            np.testing.assert_allclose(rows[name].sum(axis=0), gradient, atol=1e-6 * max(scale, 1))
        for name, index in some_weights(record, np.random.default_rng(1), 20):
            told = pulls(rows, name, index)
            assert told.total == pytest.approx(float(record.gradient[name][index]), abs=1e-6)
            assert len(told.strongest) == 5
            assert told.n_rest == len(record.batch.ids) - 5
            sizes = [abs(pull.value) for pull in told.strongest]
            assert sizes == sorted(sizes, reverse=True)


def test_a_pull_names_its_sentence(records):
    plan, (record, *_) = records
    texts = {
        plan.tokenizer.decode(list(row_ids(record.batch, i))) for i in range(len(record.batch.ids))
    }
    assert texts <= set(LINES)
    assert len(texts) == len(record.batch.ids)


def test_a_key_bias_has_no_gradient_and_no_pulls(records):
    plan, (record, *_) = records
    rows = gradients_by_row(plan.config, record)
    assert not rows["blocks.0.attn.b_K"].any()
    assert not record.gradient["blocks.0.attn.b_K"].any()
