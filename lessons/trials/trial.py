"""What an experiment is: its arms, how they are run side by side, and what came of each."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import lru_cache
from random import Random
from typing import Any

from engine.adamw import Recipe
from engine.errors import EngineError
from engine.own_plan import Size
from engine.plan import Plan
from engine.sources import OwnTexts, world_of, world_tokenizer
from engine.texts import Texts, encode_lines
from engine.training import Training
from engine.training_state import Moment

N_TEXTS, N_HELD_OUT = 6000, 192
N_CTX = 64
_EXAMINATIONS = 20
_TEXTS_SEED = "experiments"


@dataclass(frozen=True, slots=True)
class Arm:
    """One of the models that are compared.

    id: names it in the texts, and in what is measured. n_texts: how many texts it learns from.
    learning_rate: one that suits its width if left out.
    """

    id: str
    size: Size
    n_texts: int = N_TEXTS
    learning_rate: float | None = None


@dataclass(frozen=True)
class Result:
    """What came of an arm.

    training: ended, or gone wrong. trouble: how it went wrong, if it did. measured: what the
    trial measures besides the losses, by name.
    """

    arm: Arm
    training: Training
    trouble: EngineError | None
    measured: Mapping[str, float]

    @property
    def train_loss(self) -> float:
        """Of the last steps, nats a token."""
        return self.training.recent_loss

    @property
    def held_out_loss(self) -> float:
        """Of the last examination, nats a token."""
        return float(self.training.history[-1]["held_out"]["own"])


Measure = Callable[[Training, Training], Mapping[str, float]]
"""From a training that has not begun and the same one ended to what is measured, by name."""


@dataclass(frozen=True)
class Trial:
    """An experiment.

    id: names it on the command line and in the texts. steps: how many each arm trains.
    finding: from the results, which sentence of its texts tells what was found, and the numbers in
    it. blanks: its models look both ways and fill in blanks.
    """

    id: str
    arms: tuple[Arm, ...]
    steps: int
    finding: Callable[[Sequence[Result]], Finding]
    measure: Measure = lambda before, after: {}
    batch_size: int = 32
    blanks: bool = False


@dataclass(frozen=True)
class Finding:
    """What an experiment showed: which of its sentences say so, and the numbers in them."""

    keys: tuple[str, ...]
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Step:
    """Where a trial is: the moments of its arms, None for one that went wrong."""

    moments: tuple[Moment | None, ...]


@lru_cache(maxsize=4)
def _texts(language: str, blanks: bool) -> tuple[Texts, Texts]:
    """Texts of the small world, the same for all arms: to learn from, and held out.

    What is held out is nowhere among the others.
    """
    world, tokenizer = world_of(language), world_tokenizer(language, blanks)
    rng = Random(_TEXTS_SEED)
    lines = [world.sample(rng).text for _ in range(N_TEXTS)]
    known, others = set(lines), list[str]()
    while len(others) < N_HELD_OUT:
        text = world.sample(rng).text
        if text not in known:
            others.append(text)
    return encode_lines(lines, tokenizer, N_CTX), encode_lines(others, tokenizer, N_CTX)


def plan_of(trial: Trial, arm: Arm, language: str, seed: int = 0, steps: int | None = None) -> Plan:
    """How one arm is trained. All arms of a trial read the same texts in the same order."""
    tokenizer = world_tokenizer(language, trial.blanks)
    n_steps = steps or trial.steps
    texts, held_out = _texts(language, trial.blanks)
    if arm.n_texts < len(texts):
        texts = Texts(texts.ids[: texts.starts[arm.n_texts]], texts.starts[: arm.n_texts + 1])
    return Plan(
        f"{trial.id}-{arm.id}",
        seed,
        replace(arm.size.config(len(tokenizer), N_CTX), causal=not trial.blanks),
        Recipe(
            steps=n_steps,
            learning_rate=arm.learning_rate or arm.size.learning_rate,
            batch_size=trial.batch_size,
            warmup=max(n_steps // 10, 1),
        ),
        tokenizer,
        OwnTexts(texts, held_out),
        examine_every=max(n_steps // _EXAMINATIONS, 1),
    )


class Running:
    """A trial under way: its arms take turns, one step each, so that their curves grow together."""

    def __init__(
        self, trial: Trial, language: str, seed: int = 0, steps: int | None = None
    ) -> None:
        self.trial = trial
        self._plans = [plan_of(trial, arm, language, seed, steps) for arm in trial.arms]
        self.trainings = [Training(plan) for plan in self._plans]
        self.troubles: list[EngineError | None] = [None] * len(trial.arms)

    def run(self) -> Generator[Step, None, None]:
        """Trains all arms to their end, one step of each at a time."""
        with ExitStack() as stack:
            for training in self.trainings:
                stack.enter_context(training)
            while any(self._goes_on(i) for i in range(len(self.trainings))):
                yield Step(tuple(self._advance(i) for i in range(len(self.trainings))))

    def _goes_on(self, i: int) -> bool:
        return self.troubles[i] is None and not self.trainings[i].over

    def _advance(self, i: int) -> Moment | None:
        if not self._goes_on(i):
            return None
        try:
            return self.trainings[i].advance()
        except EngineError as error:
            if error.code != "diverged":
                raise
            self.troubles[i] = error
            return None

    def results(self) -> tuple[Result, ...]:
        """What came of the arms, in their order."""
        return tuple(
            Result(arm, training, trouble, self.trial.measure(self._begun(plan), training))
            for arm, plan, training, trouble in zip(
                self.trial.arms, self._plans, self.trainings, self.troubles, strict=True
            )
        )

    @staticmethod
    def _begun(plan: Plan) -> Training:
        return Training(replace(plan, examine_every=0))

    def finding(self) -> Finding:
        """What was found."""
        return self.trial.finding(self.results())
