"""A model's parameters as a safetensors file, checked in every way before they are trusted."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save as to_safetensors

from engine.config import Config, parameter_shapes
from engine.errors import EngineError
from engine.ops import Array

_LARGEST_HEADER = 2**24
_FLOATS = ("F16", "F32")


def read_weights(path: Path, config: Config) -> dict[str, Array]:
    """The parameters in a safetensors file, float64 and read-only. Raises EngineError."""
    try:
        _check_header(path)
        with safe_open(path, framework="numpy") as file:
            # Names, types and shapes stand in the header: all are checked before a weight is read.
            slices = {name: file.get_slice(name) for name in file.keys()}  # noqa: SIM118
            for name, part in slices.items():
                if part.get_dtype() not in _FLOATS:
                    raise EngineError("tensor_type", path=path, name=name, type=part.get_dtype())
            _check_shapes(path, config, {n: tuple(x.get_shape()) for n, x in slices.items()})
            return {name: _checked(path, name, file.get_tensor(name)) for name in slices}
    except OSError as error:
        raise EngineError("unreadable_file", path=path) from error
    except SafetensorError as error:
        raise EngineError("bad_weights", path=path) from error
    except MemoryError as error:
        raise EngineError("no_memory", path=path) from error


def _check_header(path: Path) -> None:
    """Raises EngineError for a header that would take more memory than any real one."""
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
    if _LARGEST_HEADER < length <= path.stat().st_size:
        raise EngineError("huge_header", path=path, size=length, most=_LARGEST_HEADER)


def _check_shapes(path: Path, config: Config, shapes: Mapping[str, tuple[int, ...]]) -> None:
    """Raises EngineError for the first tensor that is missing, too many or of another shape."""
    if config.n_layers > len(shapes):  # before millions of expected names are written out
        raise EngineError(
            "missing_tensor", path=path, name=f"blocks.{config.n_layers - 1}.attn.W_Q"
        )
    expected = parameter_shapes(config)
    for name in expected:
        if name not in shapes:
            raise EngineError("missing_tensor", path=path, name=name)
    for name, shape in shapes.items():
        if name not in expected:
            raise EngineError("extra_tensor", path=path, name=name)
        if shape != expected[name]:
            raise EngineError(
                "tensor_shape", path=path, name=name, shape=shape, expected=expected[name]
            )


def _checked(path: Path, name: str, values: Array) -> Array:
    weights = np.array(values, np.float64)
    if not np.isfinite(weights).all():
        raise EngineError("tensor_not_finite", path=path, name=name)
    if name.endswith(("W_Q", "W_K", "W_V")):
        # Laid out as the one matrix product over all heads takes them, under the same indices:
        # otherwise every run would copy them first.
        weights = weights.transpose(1, 0, 2).copy().transpose(1, 0, 2).copy(order="K")
    weights.setflags(write=False)
    return weights


def weight_bytes(
    config: Config, parameters: Mapping[str, Array], dtype: type[np.floating[Any]], path: Path
) -> bytes:
    """The parameters as a safetensors file, which will stand at `path`.

    Raises EngineError if `read_weights` would refuse them.
    """
    _check_shapes(path, config, {name: values.shape for name, values in parameters.items()})
    with np.errstate(over="ignore"):  # what is too large for `dtype` becomes inf, and is refused
        # safetensors writes the memory as it lies, so it must lie in order.
        narrow = {name: np.array(x, dtype, order="C") for name, x in parameters.items()}
    for name, values in narrow.items():
        _checked(path, name, values)
    return to_safetensors(narrow)
