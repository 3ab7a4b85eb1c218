"""The plan of a training on a person's own texts: a new model, or one that goes on learning."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from engine.adamw import Recipe
from engine.config import Config
from engine.errors import EngineError
from engine.ops import Array
from engine.plain_text import learn_tokenizer, read_lines
from engine.plan import Plan, checkpoint_steps, prepare
from engine.presets import NAMES, SIZES, find
from engine.sources import MixedTexts, OwnTexts, Source, WorldTexts
from engine.store import Model
from engine.texts import FEWEST_TEXTS, Texts, encode_lines, read_texts, split
from engine.tokenizer import Tokenizer
from engine.words import normalise

N_CTX = 64
N_CHECKPOINTS = 24
N_EXAMINATIONS = 40
PATIENCE = 8
SHARE = 0.5
MORE_STEPS = 200
D_VOCAB_MOST = 2000
_EPOCHS, _FEWEST_STEPS, _MOST_STEPS = 20, 300, 5000


@dataclass(frozen=True, slots=True)
class Size:
    """The shape of a new model; what is left out is that of the smallest shipped one."""

    d_model: int = SIZES["mini"].d_model
    n_heads: int = SIZES["mini"].n_heads
    n_layers: int = SIZES["mini"].n_layers
    positions: str = "sinusoidal"
    norm: str = "post"
    residual: bool = True
    scale_attn: bool = True

    def config(self, d_vocab: int, n_ctx: int = N_CTX) -> Config:
        """The paper's block in this shape: heads share d_model, the MLP is four times as wide.

        Raises EngineError (`heads_do_not_share`) if d_model cannot be shared out evenly.
        """
        if self.n_heads < 1 or self.d_model % self.n_heads:
            raise EngineError("heads_do_not_share", d_model=self.d_model, n_heads=self.n_heads)
        return Config(
            d_model=self.d_model,
            n_heads=self.n_heads,
            d_head=self.d_model // self.n_heads,
            d_mlp=4 * self.d_model,
            n_layers=self.n_layers,
            n_ctx=n_ctx,
            d_vocab=d_vocab,
            positions=self.positions,
            norm=self.norm,
            residual=self.residual,
            scale_attn=self.scale_attn,
        )

    @property
    def learning_rate(self) -> float:
        """One that suits the width: the smallest model's, and less in proportion."""
        small = SIZES["mini"]
        return small.recipe.learning_rate * small.d_model / self.d_model


def own_plan(
    paths: Sequence[Path],
    name: str,
    seed: int = 0,
    size: Size | None = None,
    steps: int | None = None,
    learning_rate: float | None = None,
    patience: int | None = PATIENCE,
    d_vocab_most: int | None = None,
) -> Plan:
    """A new model from some files, with a vocabulary of its own.

    Raises EngineError for files that cannot be used (see `plain_text`), for fewer than ten
    sentences, or if all of them are equal.
    """
    size = size or Size()
    tokenizer = learn_tokenizer(read_lines(paths), d_vocab_most or D_VOCAB_MOST)
    texts = read_texts(paths, tokenizer, N_CTX)
    told = {"files": [path.name for path in paths]}
    return _new_plan(name, seed, size, tokenizer, texts, steps, learning_rate, patience, told)


def typed_plan(
    lines: Sequence[str],
    name: str,
    seed: int = 0,
    size: Size | None = None,
    steps: int | None = None,
    learning_rate: float | None = None,
) -> Plan:
    """As `own_plan`, from sentences at hand: the numbers are those of a file with these lines.

    Raises EngineError for fewer than ten sentences, or if all of them are equal.
    """
    size = size or Size()
    written = [text for line in lines if (text := normalise(line).strip())]
    tokenizer = learn_tokenizer(written, D_VOCAB_MOST)
    texts = encode_lines(written, tokenizer, N_CTX, fewest=FEWEST_TEXTS)
    return _new_plan(name, seed, size, tokenizer, texts, steps, learning_rate, PATIENCE, {})


def world_plan(
    language: str,
    name: str,
    seed: int = 0,
    size: Size | None = None,
    steps: int | None = None,
    learning_rate: float | None = None,
) -> Plan:
    """A new model from the small world of a language; in the smallest size the shipped one.

    Raises EngineError as `Size.config` does, and for a language without a world.
    """
    size = size or Size()
    plan = prepare(f"mini-{language}", seed, steps, learning_rate or size.learning_rate)
    return replace(plan, name=name, config=size.config(len(plan.tokenizer), plan.config.n_ctx))


def _new_plan(
    name: str,
    seed: int,
    size: Size,
    tokenizer: Tokenizer,
    texts: Texts,
    steps: int | None,
    learning_rate: float | None,
    patience: int | None,
    told: Mapping[str, Any],
) -> Plan:
    """A new model with its tokenizer, from texts of which some are held out."""
    config = size.config(len(tokenizer), N_CTX)
    train, held_out = split(texts)
    recipe = Recipe(
        steps=steps or steps_for(len(train)),
        learning_rate=learning_rate or size.learning_rate,
        weight_decay=SIZES["mini"].recipe.weight_decay,
    )
    recipe = replace(recipe, warmup=min(recipe.warmup, recipe.steps // 10))
    told = {**told, "n_texts": len(train)}
    return _watched(
        Plan(name, seed, config, recipe, tokenizer, OwnTexts(train, held_out), told=told), patience
    )


def continued_plan(
    model: Model,
    lines: Sequence[str],
    name: str,
    seed: int = 0,
    share: float | None = None,
    steps: int | None = None,
    learning_rate: float | None = None,
) -> Plan:
    """A model that goes on learning, from sentences added to what it knows.

    share: how much of every batch is theirs; the rest comes from the small world that the model
    was made from, so that it does not forget it. For a model from anywhere else it is all.
    learning_rate: a quarter of the model's own if left out.
    Raises EngineError (`too_few_lines`) if there is not one sentence.
    """
    texts = encode_lines(lines, model.tokenizer, model.config.n_ctx)
    share, steps = share or SHARE, steps or MORE_STEPS
    old = _recipe_of(model.training)
    recipe = replace(
        old,
        steps=steps,
        learning_rate=learning_rate or old.learning_rate / 4,
        warmup=min(old.warmup, steps // 10),
    )
    own = OwnTexts(texts)
    preset = model.training.get("preset")
    source: Source = own
    if preset in NAMES:
        source = MixedTexts(own, WorldTexts(find(preset)[1], not model.config.causal), share)
    start: Mapping[str, Array] = {
        part: np.asarray(x, np.float32) for part, x in model.parameters.items()
    }
    told = {"from": model.name, "preset": preset, "n_texts": len(texts), "share": share}
    plan = Plan(name, seed, model.config, recipe, model.tokenizer, source, start=start, told=told)
    return _watched(plan, patience=None)


def steps_for(n_texts: int) -> int:
    """How many steps read so many texts a good many times, within what one likes to wait for."""
    return min(max(_EPOCHS * n_texts // 64, _FEWEST_STEPS), _MOST_STEPS)


def _watched(plan: Plan, patience: int | None) -> Plan:
    """The plan with its examinations and checkpoints."""
    steps = plan.recipe.steps
    return replace(
        plan,
        checkpoint_steps=checkpoint_steps(steps, N_CHECKPOINTS),
        examine_every=max(steps // N_EXAMINATIONS, 1),
        patience=patience,
    )


def _recipe_of(training: Mapping[str, Any]) -> Recipe:
    """What a model was trained with; the smallest shipped one's where it is not known."""
    told = training.get("recipe")
    try:
        return Recipe(**told) if isinstance(told, dict) else SIZES["mini"].recipe
    except TypeError:
        return SIZES["mini"].recipe
