"""Writing one file whole or not at all, and never over another one unless asked to."""

from __future__ import annotations

import os
import re
import unicodedata
from pathlib import Path

from engine.errors import EngineError

_LONGEST_STEM = 40


def write_whole(path: Path, text: str, overwrite: bool = False) -> int:
    """Writes a text file (UTF-8, \\n) and says how many bytes it has.

    It is written beside, under another name, and then moved into place: what is at `path` is
    always a whole file, the old one or the new one.
    Raises EngineError: `file_exists` where there is one and `overwrite` is not set, `unwritable`.
    """
    data = text.encode("utf-8", "replace")  # a terminal may send halves of characters
    try:
        target = path.resolve()  # of a link, the file that it leads to is replaced
        check_free(target, overwrite)
        beside = target.with_name(f".{target.name}.{os.getpid()}")
        try:
            with beside.open("xb") as file:
                file.write(data)
            check_free(target, overwrite)
            beside.replace(target)
        except FileExistsError as error:  # what is in the way is beside it
            raise EngineError("unwritable", path=beside, reason=error.strerror) from error
        except BaseException:
            beside.unlink(missing_ok=True)
            raise
    except EngineError:
        raise
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise EngineError("unwritable", path=path, reason=reason) from error
    return len(data)


def check_free(path: Path, overwrite: bool = False) -> None:
    """Raises EngineError if nothing can be written there: `file_exists`, or `unwritable`.

    A folder or a device is never replaced.
    """
    try:
        taken, replaceable = path.exists(), path.is_file() or not path.exists()
        missing = not path.absolute().parent.is_dir()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise EngineError("unwritable", path=path, reason=reason) from error
    if missing:
        raise EngineError("unwritable", path=path, reason=os.strerror(2))
    if not replaceable:
        raise EngineError("unwritable", path=path, reason=os.strerror(21 if path.is_dir() else 1))
    if taken and not overwrite:
        raise EngineError("file_exists", path=path)


def free_path(folder: Path, text: str, suffix: str) -> Path:
    """A path in `folder` that is not taken, named after the sentence: "el-gato-come-2.svg"."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain)
    stem = "-".join(words)[:_LONGEST_STEM].strip("-") or "desdecero"
    path, n = folder / f"{stem}{suffix}", 1
    while os.path.exists(path):  # noqa: PTH110 (Path.exists may raise)
        n += 1
        path = folder / f"{stem}-{n}{suffix}"
    return path
