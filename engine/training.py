"""A training under way, in memory: step by step, examined on its way, and to be gone on with.

training = Training(prepare("mini-es", seed=0))
while not training.over:
    moment = training.advance()
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping
from dataclasses import asdict
from types import TracebackType
from typing import Any

import numpy as np

from engine.errors import EngineError
from engine.exam import examine
from engine.ops import Array
from engine.plan import Plan
from engine.sources import Place
from engine.train import StepRecord, Trainer
from engine.training_state import Best, Moment, Outcome, State

EXAMINED_ON = 256
"""So many held-out texts on the way; at the end there are more."""
_EXAMINED_AT_THE_END = 4096
_RECENT = 100
_HOPELESS = 1.5
"""A loss so many times that of blind guessing, over the recent steps, is a training gone wrong."""


class Training:
    """Trains as a plan says, from its start or from a state. To be closed when done with."""

    def __init__(self, plan: Plan, state: State | None = None) -> None:
        self.plan = plan
        self.history: list[Mapping[str, Any]] = []
        self.n_tokens = 0
        self.best: Best | None = None
        self.record: StepRecord | None = None
        self._recent: deque[tuple[float, int]] = deque(maxlen=_RECENT)
        self._place: Place | None = None
        self._exams = plan.source.exams(EXAMINED_ON, plan.config.n_ctx)
        start = plan.start_parameters() if state is None else state.parameters
        self.trainer = Trainer(plan.config, plan.recipe, start)
        if state is None:
            self._examine()
        else:
            self._go_on(state)
        self._batches = plan.batches(self._place)

    def _go_on(self, state: State) -> None:
        self.trainer.optimizer.restore(state.step, state.m, state.v)
        self.history = list(state.history)
        self.n_tokens, self.best, self._place = state.n_tokens, state.best, state.place
        self._recent.extend(state.recent)

    @property
    def step(self) -> int:
        """How many steps were made."""
        return self.trainer.step

    @property
    def parameters(self) -> Mapping[str, Array]:
        """The parameters as they are now, live: the next step changes them."""
        return self.trainer.parameters.by_name

    @property
    def recent_loss(self) -> float:
        """The loss of the last hundred steps, nats a token; nan before the first."""
        n_tokens = sum(n for _, n in self._recent)
        return sum(loss * n for loss, n in self._recent) / n_tokens if n_tokens else math.nan

    @property
    def moment(self) -> Moment:
        """Where the training is."""
        step, recipe = self.step, self.plan.recipe
        made = self.history[-1] if self.history and self.history[-1]["step"] == step else None
        return Moment(
            step,
            self._recent[-1][0] if self._recent else None,
            self.recent_loss,
            recipe.learning_rate_at(step) if step else 0.0,
            self.n_tokens,
            None if made is None else made["held_out"],
        )

    @property
    def over(self) -> bool:
        """Whether it has come to its end: the last step, or long enough nothing better."""
        return self.step >= self.plan.recipe.steps or self.stopped_early

    @property
    def stopped_early(self) -> bool:
        """Whether so many examinations, as the plan has patience for, brought nothing better."""
        if self.plan.patience is None or self.best is None:
            return False
        since: int = sum(made["step"] > self.best.step for made in self.history)
        return since >= self.plan.patience

    def advance(self, record: bool = False) -> Moment:
        """One step, and an examination where one is due.

        record: keep the whole step as `self.record`.
        Raises EngineError (`diverged`) where the loss is no number any more, or for long far worse
        than that of blind guessing; `feed_ended` where the texts end.
        """
        batch, place = next(self._batches)
        n_tokens = int(np.count_nonzero(batch.weights))
        if record:
            self.record = self.trainer.learn_recorded(batch)
            loss = self.record.loss
        else:
            loss = self.trainer.learn(batch)
        self._place = place
        self.n_tokens += n_tokens
        self._recent.append((loss, n_tokens))
        every = self.plan.examine_every
        if every and (self.step % every == 0 or self.step == self.plan.recipe.steps):
            self._examine()
        blind = math.log(self.plan.config.d_vocab)
        if len(self._recent) == _RECENT and self.recent_loss > _HOPELESS * blind:
            raise EngineError("diverged", step=self.step, loss=self.recent_loss)
        return self.moment

    def _examine(self) -> None:
        plan = self.plan
        held_out = {
            name: examine(plan.config, self.parameters, plan.tokenizer, exam).held_out_loss
            for name, exam in self._exams.items()
        }
        train_loss = self.recent_loss if self._recent else None
        self.history.append({"step": self.step, "train_loss": train_loss, "held_out": held_out})
        first = next(iter(held_out.values()), math.nan)
        if math.isfinite(first) and (self.best is None or first < self.best.loss):
            self.best = Best(self.step, first, self.trainer.parameters.copy())

    def state(self) -> State:
        """What is to be kept now, in arrays of its own."""
        parameters, optimizer = self.trainer.parameters, self.trainer.optimizer
        return State(
            self.step,
            parameters.copy(),
            parameters.like(optimizer.m),
            parameters.like(optimizer.v),
            self.n_tokens,
            self._place,
            tuple(self._recent),
            tuple(self.history),
            self.best,
        )

    def outcome(self, best: bool | None = None) -> Outcome:
        """What the training has come to: the parameters that count, and their examination.

        best: whether the best ones count, and not the last; if left out they do where the plan's
        patience has an end.
        """
        plan = self.plan
        chosen: Mapping[str, Array] = self.trainer.parameters.copy()
        step, train_loss = self.step, self.recent_loss if self._recent else None
        if best is None:
            best = plan.patience is not None
        if best and self.best is not None:
            chosen, step = self.best.parameters, self.best.step
            train_loss = next(x["train_loss"] for x in self.history if x["step"] == step)
        exams = plan.source.exams(_EXAMINED_AT_THE_END, plan.config.n_ctx)
        results = {
            name: examine(plan.config, chosen, plan.tokenizer, exam) for name, exam in exams.items()
        }
        first = next(iter(results.values()), None)
        told = {
            **plan.told,
            "seed": plan.seed,
            "steps": step,
            "n_tokens": self.n_tokens,
            "train_loss": train_loss,
            "held_out_loss": None if first is None else first.held_out_loss,
            "entropy_floor": None if first is None else first.entropy_floor,
            "exams": {name: asdict(result) for name, result in results.items()},
            "recipe": asdict(plan.recipe),
            "history": self.history,
        }
        return Outcome(plan, step, chosen, results, told)

    def close(self) -> None:
        """Ends what draws the texts."""
        self._batches.close()

    def __enter__(self) -> Training:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
