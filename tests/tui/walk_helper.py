"""What the tests of the app share: a small model to walk through, and a way to wait."""

from __future__ import annotations

import re
from asyncio import sleep
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest
from textual.pilot import Pilot

from engine.config import Config, init_parameters
from engine.store import Model, load, shipped
from engine.tokenizer import Tokenizer
from tui.app import DesdeCero
from tui.messages import LANGUAGES
from tui.screens.walk import WalkScreen

TEXT = "El gato se subió al árbol porque tenía miedo del"
WORDS = re.findall(
    r"\S+",
    "el la un una gato perro ratón come pescado queso árbol se subió al porque tenía miedo del "
    "de niña niño está cansada cansado casa en con muy . ,",
)

# Between them every station that is told differently because a part is left out.
ABLATED: dict[str, dict[str, Any]] = {
    "no-residual": {"residual": False, "scale_attn": False},
    "no-residual-pre": {"residual": False, "norm": "pre"},
    "no-norm": {"norm": "none"},
}


@cache
def random_model(name: str = "random", **settings: Any) -> Model:
    """A model that has learned nothing, of the shape of the smallest one unless told otherwise."""
    counts = dict.fromkeys(WORDS, 10) | {word.capitalize(): 5 for word in WORDS}
    tokenizer = Tokenizer.train(counts, [word for word in counts if word.isalpha()])
    sizes = {"d_model": 16, "n_heads": 2, "d_head": 8, "d_mlp": 64, "n_layers": 2, "n_ctx": 64}
    config = Config(**(sizes | {"d_vocab": len(tokenizer)} | settings))
    parameters = {
        key: value.astype(np.float64)
        for key, value in init_parameters(config, np.random.default_rng(0)).items()
    }
    return Model(name, None, config, parameters, tokenizer)


@cache
def all_models() -> dict[str, Model]:
    """Every model of the program, and random ones for the settings that those do not have."""
    shapes = {
        "like-mini": random_model(),
        "like-paper": random_model("like-paper", d_model=64, n_heads=8, n_layers=6, d_mlp=256),
        "like-gpt2": random_model(
            "like-gpt2", norm="pre", act_fn="gelu_new", positions="learned", tied=False
        ),
        "bidirectional": random_model("bidirectional", causal=False, positions="none"),
    }
    shapes |= {name: random_model(name, **settings) for name, settings in ABLATED.items()}
    return shapes | {name: load(folder) for name, folder in shipped().items()}


def models_and_languages() -> list[tuple[str, str]]:
    """Names of all models with the languages that they are shown in.

    Shipped ones are in their own; what is only larger than another is in one.
    """
    own = {name: name[-2:] for name in shipped()} | {"like-paper": "es"}
    return [
        (name, lang) for name in all_models() for lang in LANGUAGES if own.get(name, lang) == lang
    ]


def walk_app(
    text: str = TEXT, lang: str = "es", model: Model | None = None, theme: str | None = None
) -> DesdeCero:
    """The app on a model, the random one if none is given."""
    return DesdeCero(model or random_model(), text, lang, theme)


async def walk_of(pilot: Pilot[None]) -> WalkScreen:
    """The walk screen of a running app, once it is drawn."""
    app = pilot.app
    await until(pilot, lambda: isinstance(app.screen, WalkScreen) and app.screen.is_mounted)
    await pilot.pause()
    assert isinstance(app.screen, WalkScreen)
    return app.screen


async def until(pilot: Pilot[None], condition: Callable[[], bool]) -> None:
    """Let the app work until a condition holds; fail after a good while."""
    for _ in range(300):
        if condition():
            return
        await pilot.pause(0.01)
    pytest.fail("the condition never held")


def shown(pilot: Pilot[None]) -> str:
    """The text on the screen, line by line."""
    lines = pilot.app.screen._compositor.render_strips()
    return "\n".join(line.text for line in lines)


async def tap(app: DesdeCero, key: str, done: Callable[[], bool]) -> None:
    """Press a key and wait for what it does, without the waiting for frames of `pilot.press`."""
    app.simulate_key(key)
    for _ in range(1000):
        if done():
            return
        await sleep(0)
    pytest.fail(f"{key} did nothing")
