"""Making a shipped model from nothing: world, tokenizer, training, examination.

Everything follows from the preset's name and the seed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from random import Random

import numpy as np

from engine.batches import blank_out, encode, pack, tokenizer_of
from engine.config import Config, init_parameters
from engine.corpus.world import World
from engine.errors import EngineError
from engine.feed import fed_rows
from engine.ops import Array
from engine.presets import find
from engine.store import Model, save, save_checkpoint
from engine.tokenizer import Tokenizer
from engine.train import Batch, Progress, Recipe, loss, train

Rows = Sequence[Sequence[int] | Array]

# The examination uses texts of its own, the same for every seed of the training.
_EXAM_SEED = "examination"


@dataclass(frozen=True)
class Plan:
    """A training about to begin: what is fixed before the first step."""

    preset: str
    seed: int
    config: Config
    recipe: Recipe
    tokenizer: Tokenizer
    world: World
    checkpoint_steps: tuple[int, ...]

    def progress(self) -> Generator[Progress, None, None]:
        """Trains, one `Progress` a step."""
        start = init_parameters(self.config, np.random.default_rng(self.seed))
        _, language = find(self.preset)
        blank = not self.config.causal
        rows = fed_rows(language, blank, self.seed, self.recipe.batch_size, self.config.n_ctx)
        rng = np.random.default_rng(self.seed)
        with closing(rows):
            batches = (task(self.config, self.tokenizer, some, rng) for some in rows)
            yield from train(self.config, self.recipe, start, batches)


def task(config: Config, tokenizer: Tokenizer, rows: Rows, rng: np.random.Generator) -> Batch:
    """What a model is asked about some texts: each next token, or the blanked ones."""
    if config.causal:
        return pack(rows)
    assert tokenizer.blank_id is not None
    return blank_out(rows, tokenizer.blank_id, rng)


def prepare(preset: str, seed: int, steps: int | None = None) -> Plan:
    """Loads the world and makes its tokenizer. Raises EngineError for an unknown preset."""
    size, language = find(preset)
    world = World.load(language)
    tokenizer = tokenizer_of(world, blank=not size.causal)
    recipe = size.recipe if steps is None else replace(size.recipe, steps=steps)
    return Plan(
        preset,
        seed,
        size.config(len(tokenizer)),
        recipe,
        tokenizer,
        world,
        checkpoint_steps(recipe.steps, size.n_checkpoints),
    )


def checkpoint_steps(steps: int, n: int) -> tuple[int, ...]:
    """At which steps to keep a checkpoint: n of them, from 0 to `steps`, dense at the start.

    Most of what can be watched happens early, so the gaps grow with the square of the place.
    """
    places = (round(steps * (i / (n - 1)) ** 2) for i in range(n)) if n > 1 else ()
    return tuple(sorted(set(places)))


@dataclass(frozen=True, slots=True)
class Examination:
    """How well a model knows its world, in nats a token, on texts drawn afresh from it.

    held_out_loss: its surprise. entropy_floor: the surprise of one who knows the grammar by
    heart, from the probability with which each text was derived. A few texts can be derived in
    two ways, so a perfect model could be lower by some ten-thousandths. None for a model that
    fills in blanks: what the grammar leaves open there is not known.
    """

    held_out_loss: float
    entropy_floor: float | None


def examine(
    config: Config,
    parameters: Mapping[str, Array],
    tokenizer: Tokenizer,
    world: World,
    n_texts: int = 4096,
) -> Examination:
    """Measures loss and floor over the same `n_texts` texts, so that their luck cancels."""
    rng = Random(_EXAM_SEED)
    samples = [world.sample(rng) for _ in range(n_texts)]
    rows = sorted((encode(tokenizer, s.text, config.n_ctx) for s in samples), key=len)
    blanks = np.random.default_rng(len(rows))
    surprise, n_asked = 0.0, 0
    for i in range(0, len(rows), 64):
        batch = task(config, tokenizer, rows[i : i + 64], blanks)
        n = int(np.count_nonzero(batch.weights))
        surprise += loss(config, parameters, batch) * n
        n_asked += n
    floor = -sum(s.log_prob for s in samples) / n_asked if config.causal else None
    return Examination(surprise / n_asked, floor)


class Training:
    """A training under way: keeps its checkpoints, and the model at the end."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.n_tokens = 0
        self.parameters: Mapping[str, Array] = {}
        self._recent: deque[tuple[float, int]] = deque(maxlen=100)

    @property
    def recent_loss(self) -> float:
        """The loss of the last hundred steps, nats a token; nan before the first."""
        n_tokens = sum(n for _, n in self._recent)
        return sum(loss * n for loss, n in self._recent) / n_tokens if n_tokens else float("nan")

    def run(self, folder: Path) -> Iterator[int]:
        """Trains, yielding the number of each step, and writes the checkpoints into `folder`."""
        for progress in self.plan.progress():
            if progress.loss is not None:
                self._recent.append((progress.loss, progress.n_tokens))
            self.n_tokens += progress.n_tokens
            self.parameters = progress.parameters.by_name
            if progress.step in self.plan.checkpoint_steps:
                save_checkpoint(folder, self.plan.config, progress.step, self.parameters)
            yield progress.step

    def finish(self, folder: Path) -> Examination:
        """Examines the trained model and writes it into `folder`."""
        plan = self.plan
        result = examine(plan.config, self.parameters, plan.tokenizer, plan.world)
        told = {
            "preset": plan.preset,
            "seed": plan.seed,
            "steps": plan.recipe.steps,
            "n_tokens": self.n_tokens,
            "train_loss": self.recent_loss,
            **asdict(result),
            "recipe": asdict(plan.recipe),
        }
        model = Model(plan.preset, folder, plan.config, self.parameters, plan.tokenizer, told)
        save(model, folder)
        return result


def claim(folder: Path) -> None:
    """Makes the folder of a training; one with something in it is left alone.

    Raises EngineError if it is not empty or cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        taken = any(folder.iterdir())
    except OSError as error:
        raise EngineError("unwritable", path=folder, reason=error.strerror) from error
    if taken:
        raise EngineError("folder_not_empty", path=folder)
