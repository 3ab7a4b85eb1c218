"""An experiment that runs beside the interface, in a thread of its own.

As `tui.live_training` it is looked at through `seen`; its steps are those of the command line.
"""

from __future__ import annotations

from dataclasses import dataclass
from threading import Thread

from engine.errors import EngineError
from lessons.trials.all import lowest
from lessons.trials.told import told
from lessons.trials.trial import Running, Trial


@dataclass(frozen=True)
class SeenTrial:
    """An experiment as the interface sees it: frozen.

    status: "starting", "running", "measuring", "over", "stopped", "failed". losses: of each arm
    the losses of its batches so far. table, finding: what came of it, once it is over; lowest: the
    arm with the lowest held-out loss, as `lessons.trials.all.lowest` says it.
    """

    status: str
    step: int = 0
    losses: tuple[tuple[float, ...], ...] = ()
    table: tuple[tuple[str, ...], ...] = ()
    finding: tuple[str, ...] = ()
    lowest: str | None = None
    trouble: EngineError | None = None

    @property
    def waits(self) -> bool:
        """Whether nothing will change any more."""
        return self.status in ("over", "stopped", "failed")


class LiveTrial:
    """Runs an experiment. `seen` is always the latest; nothing here waits but `close`.

    steps: of each model, those of the experiment if left out.
    """

    def __init__(self, trial: Trial, lang: str, seed: int = 0, steps: int | None = None) -> None:
        self.trial, self.lang = trial, lang
        self.steps = steps or trial.steps
        self.seen = SeenTrial("starting")
        self._seed = seed
        self._stopped = False
        self._losses: list[list[float]] = [[] for _ in trial.arms]
        self._thread = Thread(target=self._work, name="experiment", daemon=True)
        self._thread.start()

    def close(self, patience: float = 5.0) -> None:
        """Ends, and waits for the thread."""
        self._stopped = True
        self._thread.join(patience)

    def _work(self) -> None:
        try:
            self._run()
        except EngineError as error:
            self.seen = SeenTrial("failed", self.seen.step, self.seen.losses, trouble=error)

    def _run(self) -> None:
        running = Running(self.trial, self.lang, self._seed, self.steps)
        n = 0
        steps = running.run()
        for n, step in enumerate(steps, 1):
            for losses, moment in zip(self._losses, step.moments, strict=True):
                if moment is not None and moment.loss is not None:
                    losses.append(moment.loss)
            self._look("running", n)
            if self._stopped:
                steps.close()
                self._look("stopped", n)
                return
        self._look("measuring", n)
        results, said = running.results(), told(self.lang)
        found = said.finding(self.trial, self.trial.finding(results))
        table = tuple(tuple(row) for row in said.table(self.trial, results))
        self.seen = SeenTrial("over", n, self.seen.losses, table, found, lowest(results))

    def _look(self, status: str, step: int) -> None:
        self.seen = SeenTrial(status, step, tuple(map(tuple, self._losses)))
