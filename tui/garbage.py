"""When garbage is looked for, so that no key waits for it.

Python looks through all that is alive now and then, which after an hour of use is a tenth of a
second in the middle of a key. What has outlived a search is therefore not looked through again
until nobody has pressed anything for a while; then all of it is.
"""

from __future__ import annotations

import gc
from collections.abc import Mapping
from time import monotonic

_OLDEST = 2
"""The generation that is searched last, and with it everything."""
QUIET = 20.0
"""Seconds without a key after which everything is searched."""


class Garbage:
    """Looks for garbage on behalf of one run of the app, from `begin` to `end`."""

    def __init__(self) -> None:
        self._searched = monotonic()

    def begin(self) -> None:
        """From now on, what outlives a search is taken as there to stay."""
        if _settle_down not in gc.callbacks:
            gc.callbacks.append(_settle_down)

    def end(self) -> None:
        """Leave all as Python has it."""
        if _settle_down in gc.callbacks:
            gc.callbacks.remove(_settle_down)
        gc.unfreeze()

    def quiet(self, last_input: float) -> None:
        """Search everything, once in each pause of QUIET seconds; last_input: by `monotonic`."""
        if monotonic() - last_input < QUIET or self._searched > last_input:
            return
        self._searched = monotonic()
        gc.unfreeze()
        gc.collect()


def _settle_down(phase: str, info: Mapping[str, int]) -> None:
    """Called by Python around each search."""
    if phase == "stop" and info["generation"] == _OLDEST:
        gc.freeze()
