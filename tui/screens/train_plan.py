"""From the choices to the plan of a training, and what is known of it before it starts."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from pathlib import Path

from engine.config import Config, parameter_shapes
from engine.errors import EngineError
from engine.exam import Exam
from engine.own_plan import continued_plan, own_plan, typed_plan, world_plan
from engine.plain_text import learn_tokenizer
from engine.plan import Plan
from engine.sources import world_tokenizer
from engine.store import Model, read_config, shipped
from engine.training import EXAMINED_ON
from tui.screens.train_choices import Choices, trouble
from tui.served import check_opens

_COUNTED = 200_000
"""Characters of typed text whose vocabulary is counted before the start."""


def field_of(error: EngineError, choices: Choices) -> str:
    """The choice that an error is about."""
    about = {"heads_do_not_share": "heads", "unknown_model": "model"}
    text = {"file": "file", "typed": "lines", "more": "model"}.get(choices.source, "source")
    return about.get(error.code, text)


def plan_of(choices: Choices, name: str, load: Callable[[str], Model]) -> tuple[Plan, Model | None]:
    """The plan, and the model that goes on learning if one does.

    Reads files, perhaps large ones. Raises EngineError for whatever cannot be used.
    """
    rate, steps = choices.rate, choices.steps
    found = trouble(choices)
    if found is not None:
        raise found[1]
    match choices.source:
        case "file":
            check_opens()
            path = Path(choices.file.strip()).expanduser()
            return own_plan([path], name, choices.seed, choices.size, steps, rate), None
        case "typed":
            lines = choices.lines.splitlines()
            return typed_plan(lines, name, choices.seed, choices.size, steps, rate), None
        case "more":
            model, taught = load(choices.model), choices.taught
            share = choices.share
            return continued_plan(model, taught, name, choices.seed, share, steps, rate), model
        case _:
            language = choices.source.removeprefix("world_")
            return world_plan(language, name, choices.seed, choices.size, steps, rate), None


def n_numbers(choices: Choices) -> int | None:
    """How many numbers the model is to learn; None before its vocabulary is known."""
    match choices.source:
        case "file" | "more":
            return None
        case "typed":
            if not choices.lines.strip() or len(choices.lines) > _COUNTED:
                return None
            d_vocab = len(learn_tokenizer(choices.lines.splitlines()))
        case _:
            d_vocab = _words_of(choices.source.removeprefix("world_"))
    try:
        return count(choices.size.config(d_vocab))
    except EngineError:
        return None


def _words_of(language: str) -> int:
    """The tokens of a small world: as many as its model has; counting takes half a second."""
    folder = shipped().get(f"mini-{language}")
    return len(world_tokenizer(language)) if folder is None else read_config(folder).d_vocab


def count(config: Config) -> int:
    """The numbers of a model of this shape."""
    return sum(prod(shape) for shape in parameter_shapes(config).values())


def floor_of(plan: Plan) -> float | None:
    """The least loss that can be had on the texts of the examinations; None where nobody knows."""
    exams = plan.source.exams(EXAMINED_ON, plan.config.n_ctx)
    exam: Exam | None = next(iter(exams.values()), None)
    if exam is None or exam.log_prob is None or not plan.config.causal:
        return None
    return -exam.log_prob / sum(len(row) - 1 for row in exam.rows)
