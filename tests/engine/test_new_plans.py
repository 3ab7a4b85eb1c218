"""Plans that the app makes: from sentences at hand, and from the small world in any size."""

from dataclasses import replace

import numpy as np
import pytest

from engine.errors import EngineError
from engine.own_plan import Size, own_plan, typed_plan, world_plan
from engine.plan import prepare
from engine.training import Training

LINES = [
    f"{who} {does} {what}"
    for who in ("the cat", "a dog")
    for does in ("eats", "sees")
    for what in ("fish", "bread", "the moon")
]


def parameters_after(plan, steps):
    with Training(plan) as training:
        for _ in range(steps):
            training.advance()
        return training.trainer.parameters.copy()


def assert_equal(one, other):
    assert one.keys() == other.keys()
    for name, x in one.items():
        np.testing.assert_array_equal(x, other[name])


def test_typed_sentences_learn_as_the_same_lines_of_a_file(tmp_path):
    path = tmp_path / "own.txt"
    path.write_text("\n".join(LINES), encoding="utf-8")
    typed = typed_plan(["", *LINES, "  "], "own", seed=3, steps=12)
    assert_equal(
        parameters_after(typed, 6), parameters_after(own_plan([path], "own", 3, steps=12), 6)
    )


def test_the_world_in_the_smallest_size_is_the_shipped_plan():
    one, other = world_plan("en", "mini-en", seed=4, steps=20), prepare("mini-en", 4, 20)
    assert replace(one, source=other.source) == other
    assert world_plan("en", "x").recipe == prepare("mini-en", 0).recipe


def test_the_world_is_learned_in_another_size():
    plan = world_plan("es", "x", size=Size(8, 4, 1, "learned", "none", False, False), steps=4)
    assert (plan.config.d_model, plan.config.n_heads, plan.config.n_layers) == (8, 4, 1)
    assert not plan.config.residual
    with Training(plan) as training:
        assert np.isfinite(training.advance().loss)


def test_what_cannot_be_planned_is_said():
    with pytest.raises(EngineError, match="too_few_lines"):
        typed_plan(LINES[:3], "x")
    with pytest.raises(EngineError, match="heads_do_not_share"):
        world_plan("es", "x", size=Size(10, 3))
