"""The sizes of published models: every figure that names one takes it from here."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from engine.config import Config
from engine.store import n_parameters

GPT2_CONTEXT: Final = 1024


@dataclass(frozen=True, slots=True)
class Published:
    """A published model; 0 where the course does not say a size.

    n_layers: blocks, of the encoder and of the decoder each where there are two stacks. d_vocab:
    of the paper of 2017 it is known only roughly. millions: of parameters; active: how many of
    them one word uses, where that is only a part.
    """

    name: str
    year: int
    d_model: int
    millions: float = 0.0
    active: float = 0.0
    stacks: int = 1
    n_layers: int = 0
    n_heads: int = 0
    d_head: int = 0
    d_mlp: int = 0
    d_vocab: int = 0


def _gpt2(name: str, n_layers: int, n_heads: int) -> Published:
    """A GPT-2: heads of 64, four times as many neurons, its parameters counted from its shape."""
    d_head, d_vocab = 64, 50_257
    d_model = n_heads * d_head
    d_mlp = 4 * d_model
    config = Config(
        d_model,
        n_heads,
        d_head,
        d_mlp,
        n_layers,
        GPT2_CONTEXT,
        d_vocab,
        positions="learned",
        norm="pre",
    )
    millions = n_parameters(config) / 1e6
    sizes = {"n_heads": n_heads, "d_head": d_head, "d_mlp": d_mlp, "d_vocab": d_vocab}
    return Published(name, 2019, d_model, millions, n_layers=n_layers, **sizes)


PAPER: Final = Published(  # Vaswani et al. 2017, sections 3.1, 3.2.2, 3.3 and 5.1, table 3
    "Transformer (paper)",
    2017,
    512,
    65,
    stacks=2,
    n_layers=6,
    n_heads=8,
    d_head=64,
    d_mlp=2_048,
    d_vocab=37_000,
)
GPT2: Final = _gpt2("GPT-2 small", 12, 12)  # Radford et al. 2019, table 2 and section 2.2
GPT2_XL: Final = _gpt2("GPT-2 XL", 48, 25)
GPT3: Final = Published(  # Brown et al. 2020, table 2.1; the pieces are those of GPT-2
    "GPT-3",
    2020,
    12_288,
    175_000,
    n_layers=96,
    n_heads=96,
    d_head=128,
    d_mlp=49_152,
    d_vocab=50_257,
)

# Touvron et al. 2023 (LLaMA 2); Almazrouei et al. 2023 (Falcon); Llama Team 2024, table 3;
# DeepSeek-AI 2024, section 4.2.
PUBLISHED: Final = (
    PAPER,
    GPT2,
    GPT2_XL,
    GPT3,
    Published("LLaMA 2 70B", 2023, 8_192, 70_000),
    Published("Falcon 180B", 2023, 14_848, 180_000),
    Published("LLaMA 3.1 405B", 2024, 16_384, 405_000),
    Published("DeepSeek V3", 2024, 7_168, 671_000, 37_000),
)
COMPARED: Final = MappingProxyType({"paper": PAPER, "gpt2": GPT2, "gpt3": GPT3})
"""Those whose shape is told in full, by the key under which strings name them."""
