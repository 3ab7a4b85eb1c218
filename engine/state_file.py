"""The state of a training as one file, so that it is whole or not there.

A safetensors file: the arrays under "parameters/", "m/", "v/" and "best/", and all else as JSON in
its metadata. Numbers are kept with all their bits.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save as to_safetensors

from engine.config import Config, parameter_shapes
from engine.errors import EngineError
from engine.ops import Array
from engine.training_state import Best, State
from engine.whole_files import written_whole

STATE = "state.safetensors"
_ARRAYS = ("parameters", "m", "v")


def save_state(folder: Path, state: State) -> None:
    """Writes `state` into a folder; the one that was there is replaced when this one is whole.

    Raises EngineError (`unwritable`).
    """
    told: dict[str, Any] = {
        "step": state.step,
        "n_tokens": state.n_tokens,
        "place": state.place,
        "recent": list(state.recent),
        "history": list(state.history),
    }
    arrays = {"parameters": state.parameters, "m": state.m, "v": state.v}
    if state.best is not None:
        told["best"] = {"step": state.best.step, "loss": state.best.loss}
        arrays["best"] = state.best.parameters
    tensors = {
        f"{kind}/{name}": x for kind, by_name in arrays.items() for name, x in by_name.items()
    }
    whole = to_safetensors(
        {name: np.array(x, np.float32, order="C") for name, x in tensors.items()},
        metadata={"state": json.dumps(told)},
    )
    with written_whole(folder) as beside:
        (beside / STATE).write_bytes(whole)


def load_state(folder: Path, config: Config) -> State:
    """Reads what `save_state` wrote.

    Raises EngineError: `missing_file`, or `bad_state` for a file that is not whole, or is of a
    model of other shapes.
    """
    path = folder / STATE
    if not path.is_file():
        raise EngineError("missing_file", path=path)
    shapes = parameter_shapes(config)
    try:
        with safe_open(path, framework="numpy") as file:
            told = json.loads((file.metadata() or {})["state"])
            kinds = [*_ARRAYS, *(["best"] if "best" in told else [])]
            arrays = {
                kind: {
                    name: _array(file.get_tensor(f"{kind}/{name}"), shape)
                    for name, shape in shapes.items()
                }
                for kind in kinds
            }
        best = None
        if "best" in told:
            best = Best(int(told["best"]["step"]), float(told["best"]["loss"]), arrays["best"])
        return State(
            step=int(told["step"]),
            parameters=arrays["parameters"],
            m=arrays["m"],
            v=arrays["v"],
            n_tokens=int(told["n_tokens"]),
            place=told["place"],
            recent=tuple((float(loss), int(n)) for loss, n in told["recent"]),
            history=tuple(_examination(made) for made in told["history"]),
            best=best,
        )
    except OSError as error:
        raise EngineError("unreadable_file", path=path) from error
    except (SafetensorError, ValueError, KeyError, TypeError) as error:
        raise EngineError("bad_state", path=path) from error


def _array(values: Array, shape: tuple[int, ...]) -> Array:
    """Raises ValueError for an array that is not of this shape, or not of finite float32."""
    if values.shape != shape or values.dtype != np.float32 or not np.isfinite(values).all():
        raise ValueError("not a parameter of this model")
    return values


def _examination(made: Mapping[str, Any]) -> Mapping[str, Any]:
    """Raises ValueError, KeyError or TypeError for what is no entry of a history."""
    train_loss = made["train_loss"]
    return {
        "step": int(made["step"]),
        "train_loss": None if train_loss is None else float(train_loss),
        "held_out": {str(name): float(loss) for name, loss in made["held_out"].items()},
    }
