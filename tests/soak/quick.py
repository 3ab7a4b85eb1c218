"""What is made short in a soak: a training or an experiment of random settings ends soon."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from typing import Any

import pytest

import tui.screens.trials
from engine.plan import Plan
from tui.live_trial import LiveTrial
from tui.preparing import preparing
from tui.studio import Studio

STEPS = 12


@contextmanager
def quick_training(patch: pytest.MonkeyPatch) -> Iterator[None]:
    """No training is longer than STEPS, and questions are drawn in the same turn every time."""
    begin = Studio.begin

    def begin_short(self: Studio, plan: Plan, *rest: Any, **more: Any) -> None:
        recipe = replace(plan.recipe, steps=min(plan.recipe.steps, STEPS))
        kept = tuple(step for step in plan.checkpoint_steps if step <= STEPS)
        begin(self, replace(plan, recipe=recipe, checkpoint_steps=kept), *rest, **more)

    for _ in preparing():  # all modules are there then, as after a person's first seconds
        pass
    seeds = count(1)
    with patch.context() as here:
        here.setattr(Studio, "begin", begin_short)
        here.setattr(tui.screens.trials, "LiveTrial", _short_trial)
        for name, module in tuple(sys.modules.items()):
            if name.startswith("tui.") and hasattr(module, "time_ns"):
                here.setattr(module, "time_ns", lambda: next(seeds))
        yield


def _short_trial(*given: Any, **more: Any) -> LiveTrial:
    return LiveTrial(*given, **(more | {"steps": 2}))
