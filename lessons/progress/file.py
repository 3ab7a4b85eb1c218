"""The one file in which progress is kept, and what may happen to it.

Nothing is written but events: to save is to lock, read what is there, apply what happened since,
and put the whole file in place at once. So a second program that is running loses nothing of the
first, and a program that is killed leaves the file as it was before, or as it is after.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile

from engine.errors import EngineError
from lessons.progress.record import SCHEMA, Event, Progress

BESIDE = ".progress-"
"""What the file is called before it is put in place."""
LONGEST_WAIT = 2.0
"""Seconds that another program may hold the file; it needs some thousandths."""


@dataclass
class ProgressFile:
    """Progress and its file.

    path: the file; its folder is made when it is needed. progress: what is known, events that
    could not be written yet included. waiting: those events. readable: whether the file can be
    used at all; one of a newer version is left alone, and nothing is written then.
    """

    path: Path
    progress: Progress = field(default_factory=Progress)
    waiting: list[Event] = field(default_factory=list)
    readable: bool = True

    def load(self) -> None:
        """Reads the file; where there is none, one begins.

        Raises EngineError where something has to be said: `progress_damaged` (the file was set
        aside, and a new one begins), `progress_newer` (it is left as it is), `progress_unreadable`.
        The object can be used in any case.
        """
        try:
            self.progress = self._read()
        except EngineError as error:
            self.progress = Progress()
            self.readable = error.code == "progress_damaged"
            raise
        for event in self.waiting:
            self.progress = event.apply(self.progress)

    def add(self, *events: Event) -> None:
        """Takes note of what happened, and writes it.

        Raises EngineError (`progress_unwritable`) where that fails; what happened is kept then,
        and written with what happens next. Raises as `load` does for what another program left.
        """
        for event in events:
            self.progress = event.apply(self.progress)
        if not self.readable:
            return
        self.waiting.extend(events)
        with self._locked():
            try:
                found = self._read()
            except EngineError as error:
                self.readable = error.code == "progress_damaged"
                if self.readable:
                    self._write(self.progress)
                    self.waiting.clear()
                raise
            for event in self.waiting:
                found = event.apply(found)
            self._write(found)
            self.progress = found
            self.waiting.clear()

    def replace(self, progress: Progress) -> None:
        """Writes other progress in its place, of a file that was brought along, or none at all.

        What was there is set aside under a dated name. Raises EngineError as `add` does.
        """
        with self._locked():
            if self.path.exists():
                self._set_aside("before")
            self._write(progress)
            self.progress, self.readable = progress, True
            self.waiting.clear()

    def _read(self) -> Progress:
        """What the file holds. One that is damaged is set aside. Raises EngineError."""
        try:
            return read(self.path)
        except FileNotFoundError:
            return Progress()
        except EngineError as error:
            if error.code == "not_progress":
                aside = self._set_aside("damaged")
                raise EngineError("progress_damaged", path=self.path, aside=aside) from error
            raise

    def _set_aside(self, why: str) -> Path:
        """Renames the file, to a name that is not taken. Raises EngineError."""
        moment = datetime.now().strftime("%Y-%m-%d-%H%M%S")
        for n in range(1000):
            aside = self.path.with_name(f"{self.path.stem}.{why}-{moment}-{n}{self.path.suffix}")
            if not aside.exists():
                break
        try:
            self.path.replace(aside)
        except OSError as error:
            raise _trouble("progress_unwritable", self.path, error) from error
        return aside

    @contextmanager
    def _locked(self) -> Iterator[None]:
        from filelock import FileLock, Timeout  # not needed to read, and slow to import

        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with FileLock(self.path.with_suffix(".lock"), timeout=LONGEST_WAIT):
                yield
        except Timeout as error:
            raise EngineError("progress_busy", path=self.path) from error
        except OSError as error:
            raise _trouble("progress_unwritable", self.path, error) from error

    def _write(self, progress: Progress) -> None:
        """Puts the whole file in place at once, and has it on the disk before."""
        text = json.dumps(progress.to_json(), indent=1, ensure_ascii=False) + "\n"
        folder, beside = self.path.parent, None
        try:
            for left in folder.glob(f"{BESIDE}*"):  # by a program that was killed: we have the lock
                left.unlink(missing_ok=True)
            with NamedTemporaryFile(
                "w", encoding="utf-8", errors="replace", dir=folder, prefix=BESIDE, delete=False
            ) as file:
                beside = Path(file.name)
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(self.path)
        except OSError as error:
            if beside is not None:
                beside.unlink(missing_ok=True)
            raise _trouble("progress_unwritable", self.path, error) from error
        _settle(folder)


def read(path: Path) -> Progress:
    """The progress in a file.

    Raises FileNotFoundError, or EngineError: `not_progress`, `progress_newer`,
    `progress_unreadable`.
    """
    try:
        text = path.read_bytes()
    except FileNotFoundError:
        raise
    except OSError as error:
        raise _trouble("progress_unreadable", path, error) from error
    try:
        table = json.loads(text)
        schema = table["schema"]
        if type(schema) is int and schema > SCHEMA:
            raise EngineError("progress_newer", path=path, schema=schema, known=SCHEMA)
        return Progress.from_json(table)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        if isinstance(error, EngineError):  # an EngineError is a ValueError too
            raise
        raise EngineError("not_progress", path=path) from error


def write(path: Path, progress: Progress) -> None:
    """Writes progress to a file that a person named. Raises EngineError."""
    try:
        text = json.dumps(progress.to_json(), indent=1, ensure_ascii=False) + "\n"
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise _trouble("progress_unwritable", path, error) from error


def _settle(folder: Path) -> None:
    """Has the new name of a file on the disk too, where folders can be written so."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _trouble(code: str, path: Path, error: OSError) -> EngineError:
    return EngineError(code, path=path, reason=error.strerror or type(error).__name__)
