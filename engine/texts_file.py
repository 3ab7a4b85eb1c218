"""The texts of a training, kept in its folder, so that it can go on without the files they are of.

`texts.safetensors` holds whole-number tensors: "train.ids" and "train.starts", and the same under
"held_out", where texts are held out. Like all files of a folder, it is read with every doubt.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open
from safetensors.numpy import save as to_safetensors

from engine.errors import EngineError
from engine.ops import Array
from engine.texts import Texts
from engine.whole_files import written_whole

TEXTS = "texts.safetensors"
_TRAIN, _HELD_OUT = "train", "held_out"
_TYPES = {"ids": "I32", "starts": "I64"}
# The most text that is read makes half of this, if each of its lines is one letter.
_LARGEST = 2**30


def save_texts(folder: Path, train: Texts, held_out: Texts | None) -> None:
    """Writes the file whole or not at all; one that is there is replaced.

    Takes as much memory again as the texts. Raises EngineError (`unwritable`).
    """
    tensors: dict[str, Array] = {}
    for part, texts in ((_TRAIN, train), (_HELD_OUT, held_out)):
        if texts is not None:
            tensors |= {f"{part}.ids": texts.ids, f"{part}.starts": texts.starts}
    with written_whole(folder) as beside:
        (beside / TEXTS).write_bytes(to_safetensors(tensors))


def load_texts(folder: Path, d_vocab: int, n_ctx: int) -> tuple[Texts, Texts | None]:
    """The texts to learn from and those held out, as they were saved.

    Raises EngineError: `missing_file`, `unreadable_file`, `huge_file`, or `bad_texts` for a file
    that is damaged, or whose texts are not for a model of these sizes.
    """
    path = folder / TEXTS
    try:
        if not path.is_file():
            raise EngineError("missing_file", path=path)
        if (size := path.stat().st_size) > _LARGEST:
            raise EngineError("huge_file", path=path, size=size, most=_LARGEST)
        with safe_open(path, framework="numpy") as file:
            train = _read(file, _TRAIN)
            with_held_out = any(name.startswith(_HELD_OUT) for name in file.keys())  # noqa: SIM118
            held_out = _read(file, _HELD_OUT) if with_held_out else None
    except OSError as error:
        raise EngineError("unreadable_file", path=path) from error
    except (SafetensorError, TypeError) as error:
        raise EngineError("bad_texts", path=path) from error
    for texts in (train, held_out):
        if texts is not None and not _are_sound(texts, d_vocab, n_ctx):
            raise EngineError("bad_texts", path=path)
    return train, held_out


def _read(file: Any, part: str) -> Texts:
    """One part of an open file. Raises SafetensorError or TypeError if it is not there."""
    for name, kind in _TYPES.items():
        found = file.get_slice(f"{part}.{name}")
        if found.get_dtype() != kind or len(found.get_shape()) != 1:
            raise TypeError(name)
    return Texts(file.get_tensor(f"{part}.ids"), file.get_tensor(f"{part}.starts"))


def _are_sound(texts: Texts, d_vocab: int, n_ctx: int) -> bool:
    """Whether these are texts as `encode_lines` makes them, at least one."""
    ids, starts = texts.ids, texts.starts
    if len(starts) < 2 or starts[0] != 0 or starts[-1] != len(ids):
        return False
    lengths = starts[1:] - starts[:-1]
    if lengths.min() < 2 or lengths.max() > n_ctx + 1:
        return False
    if ids.min() < 0 or ids.max() >= d_vocab:
        return False
    return bool((ids[starts[:-1]] == d_vocab - 1).all())  # each begins with START
