"""What one can choose before a training, and the plan that follows from it. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from engine.errors import EngineError
from engine.own_plan import (
    MORE_STEPS,
    SHARE,
    Size,
)
from engine.presets import LANGUAGES, SIZES
from tui.served import is_served

SOURCES = (*(f"world_{language}" for language in LANGUAGES), "file", "typed", "more")
POSITIONS = ("sinusoidal", "learned", "none")
SIZED = ("d_model", "heads", "blocks", "positions", "residual", "norm", "scaling")
"""What makes the shape of a model; one that goes on learning has its shape already."""
STEPS = {"d_model": (2, 4, 8, 16, 32, 64, 128), "heads": (1, 2, 4, 8), "blocks": tuple(range(1, 9))}
RATES = (0.0003, 0.001, 0.003, 0.005, 0.01, 0.02, 0.05, 0.1, 0.3, 1.0)
N_STEPS = (50, 100, 200, 500, 1000, 2000, 5000, 10000)
SHARES = (0.1, 0.25, 0.5, 0.75, 1.0)
MOST = {"d_model": 256, "heads": 64, "blocks": 12, "steps": 50_000, "seed": 10**9}
MOST_RATE = 100.0
NUMBERS = ("d_model", "heads", "blocks", "share", "rate", "steps", "seed")
TEXTS = ("file", "sentences", "watched")
USUAL = ("rate", "steps")
"""Choices that follow from the others until one makes them; written empty, they do so again."""
_FEWEST_STEPS = 300


@dataclass(frozen=True)
class Choices:
    """All that a training follows from.

    source: of SOURCES. file: the path of one's own text; lines: text typed here; model: the one
    that goes on learning, from `sentences` (parted by "/"), which are `share` of every batch.
    watched: the sentence whose prediction is shown. rate, steps: what suits, where None.
    """

    source: str = "world_es"
    file: str = ""
    lines: str = ""
    model: str = "mini-es"
    sentences: str = ""
    share: float = SHARE
    watched: str = ""
    d_model: int = SIZES["mini"].d_model
    heads: int = SIZES["mini"].n_heads
    blocks: int = SIZES["mini"].n_layers
    positions: str = "sinusoidal"
    residual: bool = True
    norm: bool = True
    scaling: bool = True
    rate: float | None = None
    steps: int | None = None
    seed: int = 0

    @property
    def fields(self) -> tuple[str, ...]:
        """What there is to choose with this source, in order."""
        given = {"file": ("file",), "typed": ("lines",), "more": ("model", "sentences", "share")}
        sized = () if self.source == "more" else SIZED
        watched = () if self.source == "more" else ("watched",)
        return ("source", *given.get(self.source, ()), *watched, *sized, "rate", "steps", "seed")

    @property
    def looked_at(self) -> str:
        """The sentence whose prediction is shown: of a taught one, all but its last word."""
        if self.source != "more" or not self.taught:
            return self.watched
        return self.taught[0].rstrip(" .").rpartition(" ")[0] or self.taught[0]

    @property
    def size(self) -> Size:
        """The shape of a new model."""
        return Size(
            self.d_model,
            self.heads,
            self.blocks,
            self.positions,
            "post" if self.norm else "none",
            self.residual,
            self.scaling,
        )

    @property
    def taught(self) -> tuple[str, ...]:
        """The sentences that are added to what a model knows."""
        return tuple(x for part in self.sentences.split("/") if (x := part.strip()))

    @property
    def usual_rate(self) -> float:
        """The learning rate where none is chosen."""
        if self.source == "more":
            return SIZES["mini"].recipe.learning_rate / 4
        return self.size.learning_rate

    @property
    def usual_steps(self) -> int:
        """The steps where none are chosen."""
        if self.source == "more":
            return MORE_STEPS
        return SIZES["mini"].recipe.steps if self.source.startswith("world") else _FEWEST_STEPS

    def value(self, field: str) -> Any:
        """What is chosen in a field, the usual where nothing is."""
        if field in USUAL and getattr(self, field) is None:
            return self.usual_rate if field == "rate" else self.usual_steps
        return getattr(self, field)


def turned(choices: Choices, field: str, by: int, models: tuple[str, ...]) -> Choices:
    """With the next value of a field (1), or the one before (-1); texts stay as they are."""
    ladders: dict[str, tuple[Any, ...]] = {
        "source": tuple(x for x in SOURCES if x != "file" or not is_served()),
        "positions": POSITIONS,
        "model": models,
        "rate": RATES,
        "steps": N_STEPS,
        "share": SHARES,
        **STEPS,
    }
    now = choices.value(field)
    if isinstance(now, bool):
        return _with(choices, field, not now)
    if field == "seed":
        return replace(choices, seed=max(0, min(choices.seed + by, MOST["seed"])))
    ladder = ladders.get(field, ())
    if not ladder:
        return choices
    if isinstance(now, str):
        at = ladder.index(now) if now in ladder else 0
        found = ladder[(at + by) % len(ladder)]
    else:
        if field in USUAL:  # the way back to it leads over the ladder
            ladder = (*ladder, _with(choices, field, None).value(field))
        beyond = [x for x in ladder if (x > now if by > 0 else x < now)]
        if not beyond:
            return choices
        found = min(beyond) if by > 0 else max(beyond)
    if field in USUAL and found == _with(choices, field, None).value(field):
        found = None
    return _with(choices, field, found)


def _with(choices: Choices, field: str, value: Any) -> Choices:
    changes: dict[str, Any] = {field: value}
    return replace(choices, **changes)


def written(choices: Choices, field: str, text: str) -> Choices:
    """With what was typed into a field.

    Nothing stands for the usual, where there is one.
    Raises EngineError (`no_number`, `bad_choice`) for what is no number, or none that can be used.
    """
    if field not in NUMBERS:
        return _with(choices, field, text)
    if field in USUAL and not text.strip():
        return _with(choices, field, None)
    try:
        if field in ("rate", "share"):
            most = MOST_RATE if field == "rate" else 1.0
            number: float = float(text.replace(",", "."))
            fits = 0 < number <= most
            least: float = 0
        else:
            number, least, most = int(text), int(field != "seed"), MOST[field]
            fits = least <= number <= most
    except ValueError as error:
        raise EngineError("no_number", text=text) from error
    if not fits:
        raise EngineError("bad_choice", value=text, least=least, most=most)
    return _with(choices, field, number)


def trouble(choices: Choices) -> tuple[str, EngineError] | None:
    """What cannot be, as far as it shows without reading anything: the field, and why."""
    if choices.source != "more":
        try:
            choices.size.config(300)
        except EngineError as error:
            return "heads", error
    if choices.source == "file" and not choices.file.strip():
        return "file", EngineError("no_file_yet")
    if choices.source == "typed" and not choices.lines.strip():
        return "lines", EngineError("no_lines_yet")
    if choices.source == "more" and not choices.taught:
        return "sentences", EngineError("no_sentence_yet")
    return None
