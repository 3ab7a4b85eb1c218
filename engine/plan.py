"""What a training is before its first step: everything that its numbers follow from."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from engine.adamw import Recipe
from engine.config import Config, init_parameters
from engine.errors import EngineError
from engine.exam import task
from engine.ops import Array
from engine.presets import find
from engine.sources import Place, Source, WorldTexts, world_tokenizer
from engine.tokenizer import Tokenizer
from engine.train import Batch


@dataclass(frozen=True)
class Plan:
    """A training about to begin. Equal plans give equal bits, on the same machine.

    source: the texts. checkpoint_steps: after which steps the weights are kept.
    examine_every: the steps from one examination to the next; 0 for none.
    patience: after so many examinations without a better one the training ends, and the best
    parameters count; None: it goes on to the last step, whose parameters count.
    start: the parameters to go on from; random numbers from `seed` if left out.
    told: what else is to be written into training.json.
    """

    name: str
    seed: int
    config: Config
    recipe: Recipe
    tokenizer: Tokenizer
    source: Source
    checkpoint_steps: tuple[int, ...] = ()
    examine_every: int = 0
    patience: int | None = None
    start: Mapping[str, Array] | None = None
    told: Mapping[str, Any] = field(default_factory=dict)

    def start_parameters(self) -> Mapping[str, Array]:
        """What the parameters are before the first step."""
        if self.start is not None:
            return self.start
        return init_parameters(self.config, np.random.default_rng(self.seed))

    def batches(self, place: Place | None = None) -> Generator[tuple[Batch, Place], None, None]:
        """The batches to learn from, each with the place to go on from after it.

        Raises EngineError (`bad_place`) for a place that no batch has.
        """
        blanks = np.random.default_rng(self.seed)
        from_there = None
        if place is not None:
            try:
                blanks.bit_generator.state = place["blanks"]
                from_there = place["texts"]
            except (KeyError, TypeError, ValueError) as error:
                raise EngineError("bad_place") from error
        drawn = self.source.drawn(self.seed, self.recipe.batch_size, self.config.n_ctx, from_there)
        with closing(drawn):
            for some in drawn:
                batch = task(self.config, self.tokenizer, some.rows, blanks)
                yield batch, {"texts": some.place, "blanks": blanks.bit_generator.state}


N_EXAMINATIONS = 40
"""How many times a training of a preset is examined on its way."""


def prepare(
    preset: str, seed: int, steps: int | None = None, learning_rate: float | None = None
) -> Plan:
    """The plan of a shipped model; steps and learning rate are its own if left out.

    Raises EngineError for an unknown preset.
    """
    size, language = find(preset)
    blank = not size.causal
    tokenizer = world_tokenizer(language, blank)
    n_steps = size.recipe.steps if steps is None else steps
    recipe = replace(
        size.recipe,
        steps=n_steps,
        learning_rate=learning_rate or size.recipe.learning_rate,
        warmup=min(size.recipe.warmup, n_steps // 10),
    )
    return Plan(
        preset,
        seed,
        size.config(len(tokenizer)),
        recipe,
        tokenizer,
        WorldTexts(language, blank),
        checkpoint_steps(recipe.steps, size.n_checkpoints),
        examine_every=max(recipe.steps // N_EXAMINATIONS, 1),
        told={"preset": preset},
    )


def checkpoint_steps(steps: int, n: int) -> tuple[int, ...]:
    """At which steps to keep a checkpoint: n of them, from 0 to `steps`, dense at the start.

    Most of what can be watched happens early, so the gaps grow with the square of the place.
    """
    places = (round(steps * (i / (n - 1)) ** 2) for i in range(n)) if n > 1 else ()
    return tuple(sorted(set(places)))
