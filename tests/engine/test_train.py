"""Training: batches, the optimizer, and that a model learns, the same way every time."""

import json
from contextlib import closing
from itertools import islice

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.adamw import AdamW, Parameters, Recipe, is_matrix
from engine.batches import POOL, blank_out, endless_rows, pack
from engine.config import Config, init_parameters, parameter_shapes
from engine.errors import EngineError
from engine.feed import fed_rows
from engine.model import forward
from engine.plan import checkpoint_steps, prepare
from engine.presets import NAMES, find
from engine.sources import world_of
from engine.train import Trainer, loss, loss_and_gradients

CONFIG = Config(d_model=8, n_heads=2, d_head=4, d_mlp=16, n_layers=1, n_ctx=64, d_vocab=30)
rows = st.lists(st.lists(st.integers(0, 29), min_size=2, max_size=20), min_size=1, max_size=8)


@given(rows)
def test_a_batch_tells_each_token_from_those_before(rows):
    batch = pack(rows)
    assert batch.ids.shape == batch.targets.shape == batch.weights.shape
    assert batch.weights.sum() == pytest.approx(1)
    for i, row in enumerate(rows):
        n = len(row) - 1
        assert batch.ids[i, :n].tolist() == row[:-1]
        assert batch.targets[i, :n].tolist() == row[1:]
        assert (batch.weights[i, :n] > 0).all()
        assert not batch.weights[i, n:].any()


@given(rows)
def test_what_fills_up_a_batch_changes_no_loss(rows):
    parameters = init_parameters(CONFIG, np.random.default_rng(0))
    lengths = [len(row) - 1 for row in rows]
    alone = sum(
        loss(CONFIG, parameters, pack([row])) * n for row, n in zip(rows, lengths, strict=True)
    )
    assert loss(CONFIG, parameters, pack(rows)) == pytest.approx(alone / sum(lengths), rel=1e-4)


def test_gradients_are_those_of_the_loss():
    rng = np.random.default_rng(0)
    parameters = {k: v.astype(float) for k, v in init_parameters(CONFIG, rng).items()}
    batch = pack([rng.integers(0, 30, n).tolist() for n in (3, 7, 12)])
    value, gradients = loss_and_gradients(CONFIG, parameters, batch)
    assert value == pytest.approx(loss(CONFIG, parameters, batch), rel=1e-6)
    assert gradients.keys() == parameter_shapes(CONFIG).keys()
    for name, gradient in gradients.items():
        place = tuple(int(rng.integers(n)) for n in gradient.shape)
        sides = []
        for step in (1e-5, -1e-5):
            moved = {k: v.copy() for k, v in parameters.items()}
            moved[name][place] += step
            sides.append(loss(CONFIG, moved, batch))
        assert gradient[place] == pytest.approx((sides[0] - sides[1]) / 2e-5, abs=1e-6)


def test_adamw_is_the_published_update():
    recipe = Recipe(steps=50, learning_rate=0.01, warmup=10)
    rng = np.random.default_rng(0)
    shapes = parameter_shapes(CONFIG)
    parameters = Parameters(shapes, init_parameters(CONFIG, rng))
    optimizer = AdamW(recipe, parameters)
    theta = {name: part.astype(float) for name, part in parameters.copy().items()}
    m = dict.fromkeys(theta, 0.0)
    v = dict.fromkeys(theta, 0.0)
    for t in range(1, 21):
        gradient = Parameters(shapes, {k: rng.standard_normal(s) for k, s in shapes.items()})
        optimizer.update(gradient.flat)
        rate = recipe.learning_rate_at(t)
        for name, g in gradient.copy().items():
            m[name] = recipe.beta1 * m[name] + (1 - recipe.beta1) * g
            v[name] = recipe.beta2 * v[name] + (1 - recipe.beta2) * g.astype(float) ** 2
            step = m[name] / (1 - recipe.beta1**t)
            step = step / (np.sqrt(v[name] / (1 - recipe.beta2**t)) + recipe.eps)
            decay = recipe.weight_decay * theta[name] if is_matrix(name) else 0
            theta[name] = theta[name] - rate * (step + decay)
    for name, part in parameters.by_name.items():
        np.testing.assert_allclose(part, theta[name], atol=2e-5)


@given(st.integers(1, 5000), st.integers(0, 400))
def test_the_learning_rate_rises_then_falls(steps, warmup):
    recipe = Recipe(steps=steps, learning_rate=0.5, warmup=warmup)
    rates = [recipe.learning_rate_at(t) for t in range(1, steps + 1)]
    top = rates.index(max(rates))
    assert rates[: top + 1] == sorted(rates[: top + 1])
    assert rates[top:] == sorted(rates[top:], reverse=True)
    assert all(0 < rate <= 0.5 for rate in rates)


def test_training_keeps_every_place_of_the_context_in_use():
    plan = prepare("mini-es", seed=0)
    batches = endless_rows(world_of("es"), plan.tokenizer, 0, 64, plan.config.n_ctx)
    longest = max(len(row) for _ in range(48) for row in next(batches).rows)
    assert 55 < longest <= plan.config.n_ctx + 1


def test_a_process_of_its_own_feeds_the_same_batches_and_ends_with_them():
    plan = prepare("mini-es", seed=0)
    here = endless_rows(world_of("es"), plan.tokenizer, 7, 8, plan.config.n_ctx)
    fed = fed_rows("es", plan.tokenizer, 7, 8, plan.config.n_ctx)
    for _ in range(20):
        assert_same_draw(next(here), next(fed))
    process = fed.gi_frame.f_locals["process"]
    fed.close()
    assert process.poll() is not None


@pytest.mark.parametrize("stop", [1, POOL - 1, POOL, POOL + 1])
def test_drawing_goes_on_from_any_place(stop):
    plan = prepare("mini-es", seed=0)
    settings = (world_of("es"), plan.tokenizer, 7, 4, plan.config.n_ctx)
    whole = list(islice(endless_rows(*settings), stop + POOL + 2))
    place = json.loads(json.dumps(whole[stop - 1].place))
    fed = fed_rows("es", plan.tokenizer, 7, 4, plan.config.n_ctx, place)
    with closing(fed):
        for drawn, again, other in zip(
            whole[stop:], endless_rows(*settings, place), fed, strict=False
        ):
            assert_same_draw(drawn, again)
            assert_same_draw(drawn, other)


def assert_same_draw(one, other):
    assert one.place == other.place
    assert [list(row) for row in one.rows] == [list(row) for row in other.rows]


def test_a_place_that_is_none_is_refused():
    plan = prepare("mini-es", seed=0)
    for numbers in ([], [1, 2, 3], [-1] * 625, ["x"] * 625):
        place = {"random": numbers, "batch": 0}
        with pytest.raises(EngineError, match="bad_place"):
            next(endless_rows(world_of("es"), plan.tokenizer, 0, 4, 64, place))


def test_a_feed_that_ends_is_said():
    with (
        closing(fed_rows("xx", prepare("mini-es", 0).tokenizer, 0, 8, 64)) as fed,
        pytest.raises(EngineError) as caught,
    ):
        next(fed)
    assert caught.value.code == "feed_ended"


BATCH = pack([[1, 2, 3, 4], [5, 6, 7]])


def a_trainer(rate=0.1):
    start = init_parameters(CONFIG, np.random.default_rng(0))
    return Trainer(CONFIG, Recipe(steps=5, learning_rate=rate, warmup=1), start), start


def test_what_only_rounding_would_move_stays_where_it_began():
    trainer, _ = a_trainer()
    for _ in range(5):
        trainer.learn(BATCH)
    for name, part in trainer.parameters.by_name.items():
        assert (part == 0).all() == name.endswith("b_K"), name


def test_training_does_not_change_what_it_starts_from():
    trainer, start = a_trainer()
    before = {name: part.copy() for name, part in start.items()}
    for _ in range(3):
        trainer.learn(BATCH)
    for name, part in start.items():
        np.testing.assert_array_equal(part, before[name])


def test_a_recorded_step_is_the_step_that_was_made():
    trainer, _ = a_trainer()
    plain, _ = a_trainer()
    for t in range(1, 4):
        before = trainer.parameters.copy()
        m, v = trainer.optimizer.m.copy(), trainer.optimizer.v.copy()
        record = trainer.learn_recorded(BATCH)
        assert record.step == t
        assert record.loss == plain.learn(BATCH)
        for name, part in before.items():
            assert record.before[name].tobytes() == part.tobytes()
            assert record.after[name].tobytes() == plain.parameters.by_name[name].tobytes()
        for kept, flat in ((record.m, m), (record.v, v)):
            np.testing.assert_array_equal(np.concatenate([x.ravel() for x in kept.values()]), flat)
    trainer.learn(BATCH)
    assert record.after["W_E"].tobytes() != trainer.parameters.by_name["W_E"].tobytes()


def test_a_gradient_that_is_no_number_changes_nothing_and_is_said():
    trainer, _ = a_trainer()
    trainer.parameters.by_name["blocks.0.mlp.W_in"][0, 0] = 3e38
    trainer.parameters.by_name["blocks.0.mlp.W_out"][...] = 3e38
    before = trainer.parameters.flat.copy()
    with pytest.raises(EngineError, match="diverged"):
        trainer.learn(BATCH)
    np.testing.assert_array_equal(trainer.parameters.flat, before)
    assert trainer.step == 0


@given(st.integers(1, 10_000), st.integers(2, 40))
def test_checkpoints_go_from_the_start_to_the_end_with_growing_gaps(steps, n):
    kept = checkpoint_steps(steps, n)
    assert kept[0] == 0
    assert kept[-1] == steps
    assert len(kept) <= n
    gaps = np.diff(kept)
    assert (gaps > 0).all()
    assert (np.diff(gaps) >= -1).all()  # but for rounding


@pytest.mark.parametrize("name", NAMES)
def test_every_preset_is_the_block_of_the_paper(name):
    preset, _ = find(name)
    config = preset.config(300)
    assert config.n_heads * config.d_head == config.d_model
    assert config.d_mlp == 4 * config.d_model
    ids = np.arange(5)
    parameters = init_parameters(config, np.random.default_rng(0))
    assert forward(config, parameters, ids).steps["logits"].value.shape == (5, 300)


def test_an_unknown_preset_is_refused():
    with pytest.raises(EngineError) as caught:
        find("maxi-es")
    assert caught.value.code == "unknown_preset"


def test_blanks_hide_some_tokens_of_every_text_and_never_the_start():
    plan = prepare("mini-bidi-es", seed=0)
    blank = plan.tokenizer.blank_id
    rows = next(endless_rows(world_of("es"), plan.tokenizer, 1, 64, plan.config.n_ctx)).rows
    batch = blank_out(rows, blank, np.random.default_rng(0))
    hidden = batch.weights > 0
    assert not hidden[:, 0].any()
    assert hidden.any(axis=1).all()
    assert 0.1 < hidden[:, 1:].mean() < 0.4
    assert (batch.ids[hidden] == blank).all()
    np.testing.assert_array_equal(batch.ids[~hidden], batch.targets[~hidden])
    for row, told in zip(rows, batch.targets, strict=True):
        np.testing.assert_array_equal(row[: len(told)], told)
        assert plan.tokenizer.start_id not in told[1:]
    np.testing.assert_allclose(batch.weights.sum(), 1, rtol=1e-6)
