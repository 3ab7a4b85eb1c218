"""The app's link to the progress file: what happened goes in, and is written behind the keys.

What happens is known at once and written by a thread, for a write waits for the disk. What comes
often, such as the place or the sentence while one types, is written at most once a second; an
answer at once. A trouble with the file is told once, and the app goes on: what could not be written
waits, and goes with what happens next.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from threading import Lock, Thread
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from engine.errors import EngineError

if TYPE_CHECKING:
    from lessons.progress.file import ProgressFile
    from lessons.progress.record import Event, Progress

PAUSE = 1.0
"""Seconds within which what comes often is written only once."""
LONGEST_LEAVING = 3.0
"""Seconds that the end of the program waits for the disk."""

Told = Callable[[EngineError], None]
Later = Callable[[float, Callable[[], None]], object]
FromThread = Callable[[Callable[[], None]], object]


def kept_settings(path: Path) -> Mapping[str, Any]:
    """The settings in a progress file, read before anything else is known; none where it has none.

    Language and theme are needed for the first frame, in a millisecond. What is wrong with the
    file is told later, by `Learner.load`.
    """
    with suppress(OSError, ValueError, KeyError, TypeError, RecursionError):
        return MappingProxyType(dict(json.loads(path.read_bytes())["settings"]))
    return MappingProxyType({})


class Learner:
    """Progress as the app knows it.

    path: the file. tell: says an error to the person. later: calls something after so many seconds.
    back: calls something in the app's own thread. All but `load` and `close` are for that thread.
    """

    def __init__(self, path: Path, tell: Told, later: Later, back: FromThread) -> None:
        self.path = path
        self._tell, self._later, self._back = tell, later, back
        self._file: ProgressFile | None = None
        self._progress: Progress | None = None
        self._queue: list[Event] = []
        self._then: list[Callable[[bool], None]] = []
        self._asked = False
        self._told: set[str] = set()
        self._writer: Thread | None = None
        self._lock = Lock()

    @property
    def progress(self) -> Progress:
        """All that is known, what is not written yet included."""
        self.load()
        assert self._progress is not None
        return self._progress

    def load(self) -> None:
        """Read the file; the first time only."""
        if self._file is not None:
            return
        from lessons.progress.file import ProgressFile

        self._file = ProgressFile(self.path)
        try:
            self._file.load()
        except EngineError as error:
            self._say(error)
        self._progress = self._file.progress

    def take(self, *events: Event, then: Callable[[bool], None] | None = None) -> None:
        """Take note of what happened.

        then: called when it was tried to write it, with whether it is on the disk now; where that
        is asked, it is written at once.
        """
        from lessons.progress.record import Set

        self.load()
        for event in events:
            self._progress = event.apply(self.progress)
            if isinstance(event, Set):  # only the last of a name is of any use
                queue = self._queue
                queue[:] = [x for x in queue if not (isinstance(x, Set) and x.name == event.name)]
            self._queue.append(event)
        if then is not None:
            self._then.append(then)
            self._write()
        elif not self._asked:
            self._asked = True
            self._later(PAUSE, self._write)

    def set(self, settings: Mapping[str, Any]) -> None:
        """Keep those settings that are others than before."""
        from lessons.progress.record import Set

        known = self.progress.settings
        changed = [Set(name, x) for name, x in settings.items() if known.get(name) != x]
        if changed:
            self.take(*changed)

    def _write(self) -> None:
        """Begin to write, unless that is being done; what comes meanwhile is written after it."""
        self._asked = False
        if self._writer is None and (self._queue or self._then):
            events, self._queue = self._queue, []
            thens, self._then = self._then, []
            self._writer = Thread(target=self._work, args=(events, thens), daemon=True)
            self._writer.start()

    def _work(self, events: list[Event], thens: list[Callable[[bool], None]]) -> None:
        trouble = self._save(events)
        with suppress(RuntimeError):  # the app has ended meanwhile
            self._back(lambda: self._written(trouble, thens))

    def _save(self, events: list[Event]) -> EngineError | None:
        """Write; the error where that failed. For any thread."""
        assert self._file is not None
        with self._lock:
            try:
                self._file.add(*events)
            except EngineError as error:
                return error
            return None

    def _written(self, trouble: EngineError | None, thens: list[Callable[[bool], None]]) -> None:
        assert self._file is not None
        self._writer = None
        if trouble is not None:
            self._say(trouble)
        is_kept = self._file.readable and not self._file.waiting
        if is_kept:
            # With what another program may have written; and a trouble that comes anew is news.
            found = self._file.progress
            for event in self._queue:
                found = event.apply(found)
            self._progress = found
            if trouble is None:
                self._told.clear()
        for then in thens:
            then(is_kept)
        if self._then:
            self._write()

    def _say(self, trouble: EngineError) -> None:
        if trouble.code not in self._told:
            self._told.add(trouble.code)
            self._tell(trouble)

    def close(self) -> None:
        """Write what is left, and wait for it. It can be called more than once."""
        if self._file is None:
            return
        if self._writer is not None:
            self._writer.join(LONGEST_LEAVING)
        events, self._queue = self._queue, []
        if events or self._file.waiting:
            writer = Thread(target=self._save, args=(events,), daemon=True)
            writer.start()
            writer.join(LONGEST_LEAVING)
