"""What can be saved of a training that went wrong, and how to try again. Pure."""

from __future__ import annotations

from tui.live_training import Seen

SLOWER = 3.0


def keeps_something(seen: Seen) -> bool:
    """Whether there is a model to keep: one that had learned, and not the random numbers."""
    return seen.best is not None and seen.best.step > 0


def calmer_rate(rate: float, usual: float) -> float:
    """The learning rate to try next: the usual one where this was larger, else a third of it."""
    return usual if rate > usual else float(f"{rate / SLOWER:.2g}")
