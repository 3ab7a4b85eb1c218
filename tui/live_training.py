"""A training that runs beside the interface, in a thread of its own.

The interface looks at `live.seen` as often as it draws, and tells what to do with `pause`, `go_on`,
`one_step` and `stop`; the thread answers between two steps. The steps are those of
`engine.training`, so the numbers are the command line's, bit by bit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Condition, Thread
from time import monotonic
from typing import Any

import numpy as np

from engine.errors import EngineError
from engine.ops import Array
from engine.plan import Plan
from engine.store import Model
from engine.train import StepRecord
from engine.training import Training
from engine.training_state import Best, Moment

LOOKED_AT_EVERY = 0.1
"""Seconds between two copies of the parameters for the interface."""


@dataclass(frozen=True)
class Seen:
    """A training as the interface sees it: frozen, with arrays of its own.

    status: "starting", "running", "paused", "over", "stopped", "failed".
    losses: (step, loss of its batch) of every step so far. history: of every examination so far,
    as `engine.training.State` has it. tokens_per_second: 0 before it is known. seconds_left: None
    before it is known. record: the last single step, if that was the last one made.
    trouble: why it failed. best: the best parameters so far, to fall back on then.
    """

    status: str
    moment: Moment | None = None
    parameters: Mapping[str, Array] | None = None
    losses: tuple[tuple[int, float], ...] = ()
    history: tuple[Mapping[str, Any], ...] = ()
    tokens_per_second: float = 0.0
    seconds_left: float | None = None
    record: StepRecord | None = None
    trouble: EngineError | None = None
    best: Best | None = None

    @property
    def waits(self) -> bool:
        """Whether it stands still, and nothing will change by itself."""
        return self.status in ("paused", "over", "stopped", "failed")


class LiveTraining:
    """Runs a plan in a thread. `seen` is always the latest; nothing here waits for the thread
    but `close`.

    paused: whether it waits before its first step.
    """

    def __init__(self, plan: Plan, paused: bool = False) -> None:
        self.plan = plan
        self.seen = Seen("starting")
        self.checkpoints: dict[int, Mapping[str, Array]] = {}
        self._bell = Condition()
        self._wanted = "paused" if paused else "running"
        self._single = 0
        self._losses: list[tuple[int, float]] = []
        self._training: Training | None = None
        self._busy, self._since_tokens, self._looked = 0.0, 0, 0.0
        self._thread = Thread(target=self._work, name="training", daemon=True)
        self._thread.start()

    # --- What the interface asks for -------------------------------------------------------------

    def pause(self) -> None:
        """Stand still after the step that is being made."""
        self._want("paused")

    def go_on(self) -> None:
        """Run, until the end or until told otherwise."""
        self._want("running")

    def one_step(self) -> None:
        """Make one step, keep all of it as `seen.record`, and stand still."""
        with self._bell:
            if self._wanted != "stopped":
                self._wanted, self._single = "paused", self._single + 1
                self._bell.notify()

    def stop(self) -> None:
        """End here: what was learned so far is what there is."""
        self._want("stopped")

    def close(self, patience: float = 5.0) -> None:
        """Ends, and waits for the thread."""
        self.stop()
        self._thread.join(patience)

    def _want(self, status: str) -> None:
        with self._bell:
            if self._wanted != "stopped":
                self._wanted = status
                self._bell.notify()

    # --- The thread ------------------------------------------------------------------------------

    def _work(self) -> None:
        try:
            with Training(self.plan) as training:
                self._training = training
                self._keep(training)
                self._look("running")
                self._train(training)
        except EngineError as error:
            self._look("failed", trouble=error)
        except MemoryError:
            self._look("failed", trouble=EngineError("no_memory", path=self.plan.name))

    def _train(self, training: Training) -> None:
        while not training.over:
            with self._bell:
                if self._wanted == "paused" and not self._single and self.seen.status != "paused":
                    self._look("paused")
                while self._wanted == "paused" and not self._single:
                    self._bell.wait()
                if self._wanted == "stopped":
                    self._look("stopped")
                    return
                single = self._single > 0
                self._single -= single
            began = monotonic()
            moment = training.advance(record=single)
            self._busy += monotonic() - began
            self._since_tokens = moment.n_tokens
            assert moment.loss is not None
            self._losses.append((moment.step, moment.loss))
            self._keep(training)
            if single:
                self._look("paused", training.record)
            elif monotonic() - self._looked > LOOKED_AT_EVERY:
                self._look("running")
        self._look("over")

    def _keep(self, training: Training) -> None:
        if training.step in self.plan.checkpoint_steps:
            self.checkpoints[training.step] = training.trainer.parameters.copy()

    def _look(
        self, status: str, record: StepRecord | None = None, trouble: EngineError | None = None
    ) -> None:
        """Puts what there is now where the interface finds it."""
        training = self._training
        if training is None:
            self.seen = Seen(status, trouble=trouble)
            return
        self._looked = monotonic()
        n_steps = len(self._losses)
        left = None
        if n_steps:
            left = (self.plan.recipe.steps - training.step) * self._busy / n_steps
        self.seen = Seen(
            status,
            training.moment,
            training.trainer.parameters.copy(),
            tuple(self._losses),
            tuple(training.history),
            self._since_tokens / self._busy if self._busy else 0.0,
            left,
            record,
            trouble,
            training.best,
        )

    # --- What comes of it ------------------------------------------------------------------------

    def model(self, seen: Seen | None = None) -> Model | None:
        """The model as it was when `seen`, for every screen to use; None before it is there."""
        seen = seen or self.seen
        if seen.parameters is None or seen.moment is None:
            return None
        parameters = {name: np.asarray(x, np.float64) for name, x in seen.parameters.items()}
        for x in parameters.values():
            x.setflags(write=False)
        plan = self.plan
        told = {**plan.told, "seed": plan.seed, "steps": seen.moment.step}
        return Model(plan.name, None, plan.config, parameters, plan.tokenizer, told)

    @property
    def kept(self) -> Seen:
        """The training as it is now, with the parameters that count.

        Where it has ended, or went wrong, these are the best ones if the plan says so; then the
        moment has their step.
        """
        seen = self.seen
        if seen.best is None or seen.moment is None or not self._keeps_best(seen):
            return seen
        moment = replace(seen.moment, step=seen.best.step)
        return replace(seen, parameters=seen.best.parameters, moment=moment)

    def _keeps_best(self, seen: Seen) -> bool:
        ended = seen.status in ("over", "stopped") and self.plan.patience is not None
        return ended or seen.status == "failed"

    def save(self, folder: Path) -> None:
        """Writes what is `kept` as a model folder, its checkpoints too; the training waits.

        Raises EngineError (`folder_not_empty`, `unwritable`).
        """
        from engine.run_folder import save_outcome

        assert self._training is not None
        assert self.seen.waits
        outcome = self._training.outcome(self._keeps_best(self.seen))
        # What came after the step that counts led away from it, perhaps beyond all numbers.
        kept = {step: x for step, x in self.checkpoints.items() if step <= outcome.step}
        save_outcome(outcome, kept, folder)
