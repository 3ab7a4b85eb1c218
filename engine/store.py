"""A model folder on disk: config.json, model.safetensors, vocab.json, merges.txt.

`training.json` beside them tells how the model was made, and `checkpoints/` holds its weights
at earlier moments of the training.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.model import Config
from engine.ops import Array
from engine.tokenizer import Tokenizer


@dataclass(frozen=True, eq=False)
class Model:
    """A model in memory.

    parameters: by name, float64 and read-only, so that displayed sums close exactly.
    training: what training.json says (seed, steps, losses in nats a token), may be empty.
    """

    name: str
    folder: Path | None
    config: Config
    parameters: Mapping[str, Array]
    tokenizer: Tokenizer
    training: Mapping[str, Any] = field(default_factory=dict)
