"""The plan of a training on disk: plan.json, and the files beside it that it follows from."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from engine.adamw import Recipe
from engine.config import Config
from engine.errors import EngineError
from engine.plan import Plan
from engine.sources import MixedTexts, OwnTexts, Source, WorldTexts
from engine.store import CONFIG, read_config, read_json, write_json
from engine.texts_file import load_texts, save_texts
from engine.tokenizer import Tokenizer
from engine.whole_files import written_whole

PLAN = "plan.json"
_FORMAT = 1


def write_plan(plan: Plan, folder: Path) -> None:
    """Writes a plan, and before it all that it follows from. Raises EngineError (`unwritable`)."""
    with written_whole(folder, last=PLAN) as beside:
        plan.tokenizer.save(beside)
        write_json(beside / CONFIG, plan.config.to_dict())
        own = plan.source.own if isinstance(plan.source, MixedTexts) else plan.source
        if isinstance(own, OwnTexts):
            save_texts(beside, own.train, own.held_out)
        write_json(beside / PLAN, _plan_to_dict(plan))


def _plan_to_dict(plan: Plan) -> dict[str, Any]:
    return {
        "format": _FORMAT,
        "name": plan.name,
        "seed": plan.seed,
        "n_merges": len(plan.tokenizer.merges),
        "recipe": asdict(plan.recipe),
        "source": plan.source.told(),
        "checkpoint_steps": list(plan.checkpoint_steps),
        "examine_every": plan.examine_every,
        "patience": plan.patience,
        "told": dict(plan.told),
    }


def read_plan(folder: Path) -> Plan:
    """The plan of a folder; its start is in the state. Raises EngineError (`bad_plan` ...)."""
    path = folder / PLAN
    told = read_json(path)
    if told.get("format") != _FORMAT:
        raise EngineError("newer_plan", path=path, format=told.get("format"))
    config = read_config(folder)
    tokenizer = Tokenizer.load(folder)
    if len(tokenizer) != config.d_vocab:
        raise EngineError(
            "vocab_differs", path=folder, d_vocab=config.d_vocab, n_tokens=len(tokenizer)
        )
    if told.get("n_merges") != len(tokenizer.merges):
        raise EngineError("merges_differ", path=folder / "merges.txt")
    try:
        return Plan(
            name=str(told["name"]),
            seed=int(told["seed"]),
            config=config,
            recipe=Recipe(**told["recipe"]),
            tokenizer=tokenizer,
            source=_source(told["source"], folder, config),
            checkpoint_steps=tuple(int(step) for step in told["checkpoint_steps"]),
            examine_every=int(told["examine_every"]),
            patience=None if told["patience"] is None else int(told["patience"]),
            told=dict(told["told"]),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise EngineError("bad_plan", path=path) from error
    except ValueError as error:
        if isinstance(error, EngineError):
            raise
        raise EngineError("bad_plan", path=path) from error


def _source(told: dict[str, Any], folder: Path, config: Config) -> Source:
    """The texts of a training. Raises KeyError or ValueError for what is none."""
    kind = told["kind"]
    if kind == "world":
        return WorldTexts(str(told["language"]), bool(told["blank"]))
    own = OwnTexts(*load_texts(folder, config.d_vocab, config.n_ctx))
    if kind == "own":
        return own
    if kind != "mixed":
        raise ValueError(kind)
    world = WorldTexts(str(told["language"]), bool(told["blank"]))
    return MixedTexts(own, world, float(told["share"]))
