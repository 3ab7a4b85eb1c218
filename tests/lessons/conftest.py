"""Small random models of every kind, and sentences as people and cats on keyboards type them."""

import numpy as np
import pytest

from engine.config import Config, init_parameters
from engine.experiment import Experiment
from engine.store import Model
from engine.tokenizer import Tokenizer

KINDS = {
    "paper": {},
    "one_block_one_head": {"n_layers": 1, "n_heads": 1, "d_head": 3},
    "gpt2": {"norm": "pre", "act_fn": "gelu_new", "positions": "learned", "scale_embed": False},
    "pre_untied": {"norm": "pre", "act_fn": "gelu", "tied": False, "n_layers": 3},
    "no_positions": {"positions": "none", "scale_embed": False},
    "bidirectional": {"causal": False},
    "bidirectional_bag": {"causal": False, "positions": "none", "tied": False, "norm": "pre"},
}
# A part is left out: the walk shows these too, while the course is told with a whole one.
ABLATED = {
    "no_residual": {"residual": False},
    "no_residual_pre": {"residual": False, "norm": "pre", "scale_attn": False},
    "no_norm": {"norm": "none"},
    "bare": {"norm": "none", "residual": False, "scale_attn": False, "causal": False},
}
ANY = KINDS | ABLATED
TEXTS = {
    "usual": "el gato come el pez",
    "repeated": "el el el gato",
    "empty": "",
    "unknown": "el pez zyx, 🐱‍👤",
    "blanks": " \n\t  el\n\ngato  come ",
    "odd": "e\u0301l \u0301 \u200bgato\x07 \u202eعربي 字 {last} <|endoftext|>",
    "long": "el gato come el pez " * 20,
}


@pytest.fixture(scope="session")
def tokenizer():
    words = {"el": 9, "gato": 5, "come": 4, "pez": 3, ",": 2}
    return Tokenizer.train(words, [word for word in words if word != ","])


@pytest.fixture(scope="session")
def make(tokenizer):
    def make(kind="paper", text="el gato come el pez"):
        sizes = {"d_model": 6, "n_heads": 2, "d_head": 3, "d_mlp": 8, "n_layers": 2, "n_ctx": 64}
        config = Config(**(sizes | {"d_vocab": len(tokenizer)} | ANY[kind]))
        random = init_parameters(config, np.random.default_rng(3))
        parameters = {name: value.astype(float) for name, value in random.items()}
        return Experiment(Model(kind, None, config, parameters, tokenizer), text)

    return make


# Every kind reads the usual sentence; the two that differ most read the rest.
RUNS = [(kind, "usual") for kind in KINDS]
RUNS += [(kind, text) for kind in ("paper", "pre_untied") for text in TEXTS if text != "usual"]
ANY_RUNS = [*RUNS, *((kind, "usual") for kind in ABLATED)]


@pytest.fixture(params=KINDS)
def kind(request):
    return request.param


@pytest.fixture(params=ANY)
def any_kind(request):
    """As `kind`, and those of which a part is left out."""
    return request.param


@pytest.fixture(params=RUNS, ids="-".join)
def run(request, make):
    """An experiment for every kind of model and of sentence."""
    kind, text = request.param
    return make(kind, TEXTS[text])


@pytest.fixture(params=ANY_RUNS, ids="-".join)
def any_run(request, make):
    """As `run`, and in models of which a part is left out."""
    kind, text = request.param
    return make(kind, TEXTS[text])


@pytest.fixture(params=["es", "en"])
def lang(request):
    return request.param
