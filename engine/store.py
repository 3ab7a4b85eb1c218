"""A model folder on disk: config.json, model.safetensors, vocab.json, merges.txt.

`training.json` beside them tells how the model was made, and `checkpoints/` holds its weights
at earlier moments of the training. Weights are float32 on disk, checkpoints float16; in memory
all are float64, so that displayed sums close exactly.

A folder may come from anywhere, so nothing in it is trusted: whatever is wrong is one
EngineError that says what, and nothing is read whose size was not checked before.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError, safe_open

from engine.config import Config, parameter_shapes
from engine.errors import EngineError
from engine.model import weight_leaves
from engine.ops import Array
from engine.tokenizer import Tokenizer
from engine.trace import Step
from engine.weights import read_weights, weight_bytes
from engine.whole_files import written_whole

CONFIG, WEIGHTS, TRAINING = "config.json", "model.safetensors", "training.json"
TOKENIZER = ("vocab.json", "merges.txt")
CHECKPOINTS = "checkpoints"

# GPT-2 reads 1,024 tokens. A run keeps several arrays of n_ctx by n_ctx for every head, so a
# folder that asks for millions of positions would fill the memory at the first long sentence.
LARGEST_N_CTX = 4096
_LARGEST_TEXT = 2**24  # bytes of a text file; GPT-2's longest has one million


@dataclass(frozen=True, eq=False)
class Model:
    """A model in memory.

    parameters: by name, float64 and read-only, so that displayed sums close exactly.
    training: what training.json says: preset, seed, steps, train_loss, held_out_loss and
    entropy_floor (nats a token), n_tokens; any of them may be missing.
    step: the training step that the parameters are from, None for the finished model.
    finished: of a model at an earlier step, the finished one; None where it is that itself.
    """

    name: str
    folder: Path | None
    config: Config
    parameters: Mapping[str, Array]
    tokenizer: Tokenizer
    training: Mapping[str, Any] = field(default_factory=dict)
    step: int | None = None
    finished: Model | None = None

    @cached_property
    def leaves(self) -> Mapping[str, Step]:
        """The parameters as the first steps of every trace of this model."""
        return weight_leaves(self.config, self.parameters)


# --- Which models there are ----------------------------------------------------------------------


def shipped() -> dict[str, Path]:
    """The models that come with the program: folders by name, in alphabetical order."""
    folder = Path(__file__).parent / "models"
    found = folder.iterdir() if folder.is_dir() else ()
    return {path.name: path for path in sorted(found) if (path / CONFIG).is_file()}


def find(name_or_path: str | Path) -> Path:
    """The folder of a shipped model's name, or of a path. A name wins; "./name" is a path.

    Raises EngineError (`unknown_model`) if it is neither.
    """
    models = shipped()
    if str(name_or_path) in models:
        return models[str(name_or_path)]
    path = Path(name_or_path)
    if not _exists(path, folder=True):
        raise EngineError("unknown_model", name=str(name_or_path), known=tuple(models))
    return path


# --- Reading -------------------------------------------------------------------------------------


def load(folder: Path) -> Model:
    """Reads a model folder. Raises EngineError for whatever is wrong with it."""
    if not _exists(folder, folder=True):
        raise EngineError("missing_folder", path=folder)
    for name in (CONFIG, *TOKENIZER, WEIGHTS):
        if not _exists(folder / name):
            raise EngineError("missing_file", path=folder / name)
    for name in TOKENIZER:
        _check_size(folder / name)
    config = read_config(folder)
    with _about(folder / "vocab.json"):
        tokenizer = Tokenizer.load(folder)
    if len(tokenizer) != config.d_vocab:
        raise EngineError(
            "vocab_differs", path=folder, d_vocab=config.d_vocab, n_tokens=len(tokenizer)
        )
    parameters = read_weights(folder / WEIGHTS, config)
    name = folder.resolve().name
    return Model(name, folder, config, parameters, tokenizer, read_training(folder))


def read_config(folder: Path) -> Config:
    """The settings of a model folder. Raises EngineError if they cannot be used."""
    path = folder / CONFIG
    with _about(path):
        config = Config.from_dict(read_json(path))
        if config.n_ctx > LARGEST_N_CTX:
            raise EngineError("bad_setting", name="n_ctx", value=config.n_ctx)
    return config


def read_training(folder: Path) -> dict[str, Any]:
    """What is known about a model's training; empty if nothing is, or it cannot be read.

    No run depends on it, so a broken file is no reason to refuse a sound model.
    """
    try:
        return read_json(folder / TRAINING)
    except EngineError:
        return {}


def n_parameters(config: Config) -> int:
    """How many numbers training chose."""
    return sum(math.prod(shape) for shape in parameter_shapes(config).values())


def checkpoint_steps(folder: Path) -> list[int]:
    """The training steps whose weights are kept, in order; empty if there are none."""
    try:
        names = [path.name for path in (folder / CHECKPOINTS).iterdir()]
    except OSError:
        return []
    matches = (re.fullmatch(r"step-([0-9]{6,12})\.safetensors", name) for name in names)
    return sorted(int(match[1]) for match in matches if match)


def load_checkpoint(model: Model, step: int) -> Model:
    """The same model with the weights it had after `step` training steps.

    Raises EngineError (`missing_checkpoint`, or as `load` does).
    """
    path = _checkpoint_path(model.folder, step) if model.folder else None
    if path is None or not _exists(path):
        raise EngineError("missing_checkpoint", name=model.name, step=step)
    finished = model.finished or (model if model.step is None else None)
    parameters = read_weights(path, model.config)
    return replace(model, parameters=parameters, step=step, finished=finished)


def weight_history(model: Model, name: str, index: tuple[int, ...]) -> list[tuple[int, float]]:
    """One weight through the training: (step, value) for every checkpoint, in order.

    Empty where the model keeps no checkpoints. Only that one number is read from each of them.
    Raises EngineError (`bad_weights`, `unreadable_file` ...) for a file that cannot be used.
    """
    if model.folder is None:
        return []
    steps = checkpoint_steps(model.folder)
    # The weights at two bytes each, and their header: anything larger is no checkpoint.
    most = 4 * n_parameters(model.config) + _LARGEST_TEXT
    shape = parameter_shapes(model.config)[name]
    paths = (_checkpoint_path(model.folder, step) for step in steps)
    return [
        (step, _number(path, name, index, shape, most))
        for step, path in zip(steps, paths, strict=True)
    ]


def _number(
    path: Path, name: str, index: tuple[int, ...], shape: tuple[int, ...], most: int
) -> float:
    """The number at `index` of a tensor of a safetensors file."""
    try:
        if (size := path.stat().st_size) > most:
            raise EngineError("huge_file", path=path, size=size, most=most)
        with safe_open(path, framework="numpy") as file:
            part = file.get_slice(name)
            if part.get_dtype() not in ("F16", "F32"):
                raise EngineError("tensor_type", path=path, name=name, type=part.get_dtype())
            if tuple(part.get_shape()) != shape:
                raise EngineError(
                    "tensor_shape", path=path, name=name, shape=part.get_shape(), expected=shape
                )
            return float(part[tuple(slice(i, i + 1) for i in index)].item())
    except OSError as error:
        raise EngineError("unreadable_file", path=path) from error
    except SafetensorError as error:
        raise EngineError("bad_weights", path=path) from error


# --- Writing -------------------------------------------------------------------------------------


def save(model: Model, folder: Path) -> None:
    """Writes a model folder that `load` reads; files that are there already are replaced.

    All files are written beside and then moved into place, the settings last, so that a folder
    never holds half a file, and a new one cannot be loaded before it is whole.
    Raises EngineError if a weight does not fit the settings or is not finite, or if the folder
    cannot be written.
    """
    weights = weight_bytes(model.config, model.parameters, np.float32, folder / WEIGHTS)
    with written_whole(folder, last=CONFIG) as beside:
        model.tokenizer.save(beside)
        (beside / WEIGHTS).write_bytes(weights)
        if model.training:
            write_json(beside / TRAINING, model.training)
        write_json(beside / CONFIG, model.config.to_dict())


def save_checkpoint(
    folder: Path, config: Config, step: int, parameters: Mapping[str, Array]
) -> None:
    """Keeps the weights after `step` training steps in a model folder, as float16.

    Raises EngineError as `save` does.
    """
    path = _checkpoint_path(folder, step)
    weights = weight_bytes(config, parameters, np.float16, path)
    with written_whole(path.parent) as beside:
        (beside / path.name).write_bytes(weights)


# --- Files ---------------------------------------------------------------------------------------


def _checkpoint_path(folder: Path, step: int) -> Path:
    return folder / CHECKPOINTS / f"step-{step:06d}.safetensors"


def _exists(path: Path, folder: bool = False) -> bool:
    """Whether there is such a file (or folder); a path that cannot even be asked about is none."""
    try:
        return path.is_dir() if folder else path.is_file()
    except (OSError, ValueError):  # no permission, a name too long, a NUL in the name
        return False


@contextmanager
def _about(path: Path) -> Iterator[None]:
    """Adds the file to an EngineError that does not say which one it is about."""
    try:
        yield
    except EngineError as error:
        raise EngineError(error.code, **({"path": path} | error.params)) from error


def _check_size(path: Path) -> None:
    size = path.stat().st_size
    if size > _LARGEST_TEXT:
        raise EngineError("huge_file", path=path, size=size, most=_LARGEST_TEXT)


def read_json(path: Path) -> dict[str, Any]:
    """A JSON object. Raises EngineError for anything else."""
    if not _exists(path):
        raise EngineError("missing_file", path=path)
    _check_size(path)
    try:
        settings = json.loads(path.read_bytes())
    except OSError as error:
        raise EngineError("unreadable_file", path=path) from error
    except (ValueError, RecursionError) as error:
        raise EngineError("not_json", path=path) from error
    if not isinstance(settings, dict):
        raise EngineError("not_json", path=path)
    return settings


def write_json(path: Path, settings: Mapping[str, Any]) -> None:
    path.write_text(
        json.dumps(settings, indent=2, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n"
    )
