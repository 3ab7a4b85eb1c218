"""A training in a thread: pause, single steps, stop, rewinding, diverging; the same numbers."""

import time
from dataclasses import replace

import numpy as np
import pytest

from engine.own_plan import typed_plan, world_plan
from engine.store import checkpoint_steps, load
from engine.training import Training
from tui.live_training import LiveTraining

LINES = [
    f"{who} {does} {what}"
    for who in ("the cat", "a dog")
    for does in ("eats", "sees")
    for what in ("fish", "bread", "the moon")
]


def plan_for(steps=20, rate=None):
    return typed_plan(LINES, "live", seed=2, steps=steps, learning_rate=rate)


def until(condition):
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end, "the condition never held"
        time.sleep(0.001)


@pytest.fixture
def begin():
    """Starts trainings, and ends them with the test."""
    made = []

    def start(*args, **more):
        made.append(LiveTraining(*args, **more))
        return made[-1]

    yield start
    for live in made:
        live.close()
        assert not live._thread.is_alive()


def plain(plan):
    """The checkpoints of the same training without a thread."""
    found = {}
    with Training(plan) as training:
        while True:
            if training.step in plan.checkpoint_steps:
                found[training.step] = training.trainer.parameters.copy()
            if training.over:
                return found
            training.advance()


def assert_same(one, other):
    assert one.keys() == other.keys()
    assert len(one) > 3
    for step, parameters in one.items():
        for name, x in parameters.items():
            np.testing.assert_array_equal(x, other[step][name])


def test_its_checkpoints_are_those_of_the_plain_training(begin):
    plan = plan_for()
    live = begin(plan)
    until(lambda: live.seen.waits)
    assert live.seen.status == "over"
    assert_same(live.checkpoints, plain(plan))
    assert [step for step, _ in live.seen.losses] == list(range(1, live.seen.moment.step + 1))


def test_pausing_and_single_steps_change_no_number(begin):
    plan = plan_for()
    live = begin(plan, paused=True)
    until(lambda: live.seen.status == "paused")
    assert live.seen.moment.step == 0
    for n in (1, 2, 3):
        live.one_step()
        until(lambda: live.seen.record is not None and live.seen.record.step == n)  # noqa: B023
        assert live.seen.status == "paused"
        assert live.seen.moment.step == n
    live.go_on()
    until(lambda: live.seen.waits and live.seen.status != "paused")
    assert_same(live.checkpoints, plain(plan))


def test_it_stands_still_when_it_is_told_to(begin):
    live = begin(plan_for(5000))
    until(lambda: live.seen.moment is not None and live.seen.moment.step > 2)
    live.pause()
    until(lambda: live.seen.status == "paused")
    seen = live.seen
    until(lambda: live.seen is seen)
    live.stop()
    live.go_on()  # what is stopped stays so
    live.close()
    assert live.seen.waits


def test_a_rewound_training_gives_the_first_one_again(begin):
    plan = plan_for()
    first = begin(plan)
    until(lambda: first.seen.waits)
    again = begin(plan, paused=True)
    again.one_step()
    until(lambda: again.seen.record is not None)
    again.go_on()
    until(lambda: again.seen.waits and again.seen.status != "paused")
    assert_same(first.checkpoints, again.checkpoints)


def test_one_that_diverges_says_so_and_keeps_the_best(begin, tmp_path):
    live = begin(plan_for(300, rate=50.0))
    until(lambda: live.seen.waits)
    assert live.seen.status == "failed"
    assert live.seen.trouble.code == "diverged"
    assert live.seen.best is not None
    live.save(tmp_path / "best")
    assert load(tmp_path / "best").training["steps"] == live.seen.best.step


def test_one_that_ends_early_keeps_the_best_and_saves_that(begin, tmp_path):
    live = begin(replace(plan_for(400, rate=0.05), patience=1, examine_every=10))
    until(lambda: live.seen.waits)
    seen, kept = live.seen, live.kept
    assert seen.status == "over"
    assert kept.moment.step == seen.best.step < seen.moment.step
    live.save(tmp_path / "early")
    saved = load(tmp_path / "early")
    for name, x in kept.parameters.items():
        np.testing.assert_array_equal(saved.parameters[name], x.astype(np.float64))
    assert (kept.parameters["W_E"] != seen.parameters["W_E"]).any()
    made = next(x for x in seen.history if x["step"] == kept.moment.step)
    assert saved.training["steps"] == kept.moment.step
    assert saved.training["train_loss"] == pytest.approx(made["train_loss"])


def test_what_is_saved_is_the_model_with_its_checkpoints(begin, tmp_path):
    plan = world_plan("en", "x", steps=6)
    live = begin(plan)
    until(lambda: live.seen.waits)
    live.save(tmp_path / "own")
    saved = load(tmp_path / "own")
    for name, x in live.model().parameters.items():
        np.testing.assert_array_equal(saved.parameters[name], x)
    assert checkpoint_steps(tmp_path / "own") == sorted(live.checkpoints)
