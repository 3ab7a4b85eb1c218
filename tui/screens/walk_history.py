"""What was set by hand, and what was before and after it. Pure."""

from __future__ import annotations

from engine.whatif import Force

Forced = tuple[Force, ...]


class History:
    """The changes that are wished for, with the way back and forth.

    They are kept whether or not they fit the present sentence: while one types it is shorter for
    a moment, and what has no place in it then has one again in the end.
    """

    def __init__(self, present: Forced = ()) -> None:
        self.present = present
        self._past: list[Forced] = []
        self._future: list[Forced] = []

    def go(self, forced: Forced) -> None:
        """Wish for other changes; the way forth ends here."""
        if forced != self.present:
            self._past.append(self.present)
            self._future.clear()
            self.present = forced

    def back(self) -> bool:
        """Wish for what was wished for before; False where nothing was."""
        return self._step(self._past, self._future)

    def forth(self) -> bool:
        """Wish again for what was taken back; False where nothing was."""
        return self._step(self._future, self._past)

    def _step(self, source: list[Forced], target: list[Forced]) -> bool:
        if not source:
            return False
        target.append(self.present)
        self.present = source.pop()
        return True
