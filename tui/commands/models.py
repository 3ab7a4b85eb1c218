"""`desdecero models`: the models that come with the program, and those made in the app."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any

from tui.commands.base import Command, add_json
from tui.messages import Words

_LOSSES = ("train_loss", "held_out_loss", "entropy_floor")


def _add_arguments(parser: ArgumentParser, words: Words) -> None:
    add_json(parser, words)


def _run(args: Namespace, words: Words) -> None:
    models = described()
    if args.json:
        from tui.commands.output import print_json

        print_json(models)
    elif models:
        from tui.commands.plain import columns

        head = [
            words(f"models.{key}") for key in ("name", "parameters", "width", "heads", "blocks")
        ]
        head += [words(f"models.{key}") for key in (*_LOSSES, "over")]
        print("\n".join(columns([head, *(_row(model, words.lang) for model in models)])))
        print("\n" + words("models.units"))
    else:
        print(words("models.none"))


COMMAND = Command("models", _add_arguments, _run)


def described() -> list[dict[str, Any]]:
    """What is known about each model, shipped or made in the app, without reading its weights.

    Raises EngineError if a folder cannot be used.
    """
    from engine.store import n_parameters, read_config, read_training, shipped
    from tui.own_models import own_models

    models = []
    for name, folder in {**shipped(), **_apart(own_models())}.items():
        config, training = read_config(folder), read_training(folder)
        models.append(
            {
                "name": name,
                "path": str(folder),
                "n_params": n_parameters(config),
                "config": config.to_dict(),
                **{key: training.get(key) for key in _LOSSES},
            }
        )
    return models


def _apart(own: dict[str, Path]) -> dict[str, Path]:
    """Of the own models, those that no shipped one of the same name hides."""
    from engine.store import shipped

    return {name: folder for name, folder in own.items() if name not in shipped()}


def _row(model: dict[str, Any], lang: str) -> list[str]:
    from lessons.prose import prose

    config = model["config"]
    sizes = [f"{config[key]}" for key in ("d_model", "n_heads", "n_layers")]
    losses = [_loss(model[key]) for key in _LOSSES]
    held_out, floor = model["held_out_loss"], model["entropy_floor"]
    known = isinstance(held_out, float) and isinstance(floor, float) and floor > 0
    over = f"{held_out / floor - 1:+.1%}" if known else "-"
    n_params = prose(lang).words.whole(model["n_params"])
    return [model["name"], n_params, *sizes, *losses, over]


def _loss(value: object) -> str:
    return f"{value:.4f}" if isinstance(value, int | float) else "-"
