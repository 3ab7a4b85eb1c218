"""The shipped models: their sizes, and the recipe that makes each from nothing.

"mini" is small enough that a whole vector fits on a line of a terminal. "paper" is the model
of Vaswani et al. 2017 at one eighth of its width: 6 blocks of 8 heads.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.adamw import Recipe
from engine.config import Config
from engine.errors import EngineError


@dataclass(frozen=True, slots=True)
class Preset:
    """A size of model, how it is trained, and how many of its checkpoints are kept.

    causal: it learns to tell the next word from those before; else to fill in blanks, from the
    words on both sides.
    """

    d_model: int
    n_heads: int
    d_mlp: int
    n_layers: int
    recipe: Recipe
    n_checkpoints: int
    causal: bool = True

    def config(self, d_vocab: int) -> Config:
        """The paper's block in this size: post-LN, ReLU, sinusoidal positions, tied."""
        return Config(
            d_model=self.d_model,
            n_heads=self.n_heads,
            d_head=self.d_model // self.n_heads,
            d_mlp=self.d_mlp,
            n_layers=self.n_layers,
            n_ctx=64,
            d_vocab=d_vocab,
            causal=self.causal,
        )


SIZES = {
    # The decay is what keeps the small model's scores small: without it the first block's
    # softmax gives nearly all to one word, and shows little.
    "mini": Preset(
        16, 2, 64, 2, Recipe(steps=5000, learning_rate=0.02, weight_decay=0.05), n_checkpoints=24
    ),
    "mini-bidi": Preset(
        16,
        2,
        64,
        2,
        Recipe(steps=5000, learning_rate=0.02, weight_decay=0.05),
        n_checkpoints=0,
        causal=False,
    ),
    "paper": Preset(64, 8, 256, 6, Recipe(steps=60000, learning_rate=0.002), n_checkpoints=0),
}
LANGUAGES = ("es", "en")
NAMES = tuple(f"{size}-{language}" for size in SIZES for language in LANGUAGES)


def find(name: str) -> tuple[Preset, str]:
    """The preset and the language of a shipped model's name. Raises EngineError."""
    if name not in NAMES:
        raise EngineError("unknown_preset", name=name, known=", ".join(NAMES))
    size, _, language = name.rpartition("-")
    return SIZES[size], language
