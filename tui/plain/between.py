"""What happens while a line is waited for: the link to the progress file writes behind the keys."""

from __future__ import annotations

from collections.abc import Callable
from threading import RLock, Timer


class Between:
    """Lets other threads do something only while the dialogue waits for a line.

    `lock` is held by the dialogue while it answers.
    """

    def __init__(self) -> None:
        self.lock = RLock()
        self._timer: Timer | None = None
        self._over = False

    def later(self, seconds: float, call: Callable[[], None]) -> None:
        """Do something after so many seconds, or as soon as a line is waited for then."""
        self._timer = Timer(seconds, self.back, (call,))
        self._timer.daemon = True
        self._timer.start()

    def back(self, call: Callable[[], None]) -> None:
        """Do something as soon as a line is waited for; for another thread."""
        with self.lock:
            if not self._over:
                call()

    def close(self) -> None:
        """Do nothing any more: who waits for what is being written now begins nothing new."""
        with self.lock:
            self._over = True
        if self._timer is not None:
            self._timer.cancel()
