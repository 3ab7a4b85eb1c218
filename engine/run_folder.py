"""The folder of a training: begun, gone on with after any interruption, and finished as a model.

    state.safetensors                   the latest state
    config.json vocab.json merges.txt   the model to be, as `store` has them
    texts.safetensors                   a person's own texts, where it learns from such
    plan.json                           the rest of the plan; written when all the above are there
    checkpoints/                        weights at some steps

When it is finished, model.safetensors and training.json are written, and plan, texts and state are
taken away: what is left is a model folder. Whenever the program ends, even if it is killed, the
folder can be gone on with, or lacks its plan, and then nothing was learned yet. As long as one
process trains in a folder, no other does: `engine.folder_lock`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Generator, Mapping
from pathlib import Path
from time import monotonic

from engine.errors import EngineError
from engine.folder_lock import LOCK, FolderLock, hold
from engine.ops import Array
from engine.plan import Plan
from engine.plan_file import PLAN, read_plan, write_plan
from engine.state_file import STATE, load_state, save_state
from engine.store import WEIGHTS, Model, save, save_checkpoint
from engine.texts_file import TEXTS
from engine.training import Training
from engine.training_state import Moment, Outcome, State
from engine.whole_files import clear_unfinished

SAVED_EVERY = 10.0
"""Seconds from one writing of the state to the next: what a killed program loses at most."""


class HeldTraining(Training):
    """A training in whose folder no other can begin or go on until this one is closed."""

    def __init__(self, plan: Plan, state: State | None, held: FolderLock) -> None:
        super().__init__(plan, state)
        self._held = held

    def close(self) -> None:
        """Ends what draws the texts, and lets go of the folder."""
        super().close()
        self._held.close()


def begin(plan: Plan, folder: Path) -> Training:
    """Makes the folder of a training and writes down its plan and its start.

    Raises EngineError if the folder is not empty or cannot be written, or `folder_busy`.
    """
    held = _claim(folder)
    try:
        training = HeldTraining(plan, None, held)
        save_state(folder, training.state())
        write_plan(plan, folder)
    except BaseException:
        held.close()
        raise
    return training


def resume(folder: Path) -> Training:
    """Goes on where the training of a folder stopped.

    Raises EngineError: `folder_busy` while another process trains there, `already_finished`,
    `nothing_to_resume` (no plan), or what is wrong with the first file that cannot be used.
    """
    held = hold(folder)
    try:
        if not (folder / PLAN).is_file():
            finished = (folder / WEIGHTS).is_file()
            raise EngineError("already_finished" if finished else "nothing_to_resume", path=folder)
        plan = read_plan(folder)
        clear_unfinished(folder)
        return HeldTraining(plan, load_state(folder, plan.config), held)
    except BaseException:
        held.close()
        raise


def run(training: Training, folder: Path) -> Generator[Moment, None, None]:
    """Trains to the end, one moment a step, and keeps checkpoints and states in the folder.

    When it is closed between two steps, or the training diverges, the latest state is written. An
    exception out of the middle of a step leaves the one written before.
    """
    if training.step == 0:
        _keep(training, folder)
        yield training.moment
    saved = monotonic()
    try:
        while not training.over:
            moment = training.advance()
            _keep(training, folder)
            if monotonic() - saved > SAVED_EVERY:
                save_state(folder, training.state())
                saved = monotonic()
            yield moment
    except (EngineError, GeneratorExit):
        save_state(folder, training.state())
        raise
    save_state(folder, training.state())


def _keep(training: Training, folder: Path) -> None:
    """Raises EngineError (`diverged`) for weights larger than a checkpoint can hold."""
    if training.step not in training.plan.checkpoint_steps:
        return
    try:
        save_checkpoint(folder, training.plan.config, training.step, training.parameters)
    except EngineError as error:
        if error.code != "tensor_not_finite":
            raise
        raise EngineError("diverged", step=training.step, loss=training.recent_loss) from error


def finish(training: Training, folder: Path, best: bool | None = None) -> Outcome:
    """Examines what was learned and turns the folder into a model folder.

    best: as in `Training.outcome`. Raises EngineError (`unwritable`).
    """
    outcome = training.outcome(best)
    save(_model(outcome, folder), folder)
    for name in (PLAN, STATE, TEXTS):
        with contextlib.suppress(OSError):
            (folder / name).unlink(missing_ok=True)
    return outcome


def save_outcome(
    outcome: Outcome, checkpoints: Mapping[int, Mapping[str, Array]], folder: Path
) -> None:
    """Writes a training that was made in memory as a new model folder.

    checkpoints: parameters by step. Raises EngineError: `folder_busy`, `folder_not_empty`,
    `unwritable`.
    """
    held = _claim(folder)
    try:
        for step, parameters in checkpoints.items():
            save_checkpoint(folder, outcome.plan.config, step, parameters)
        save(_model(outcome, folder), folder)
    finally:
        held.close()


def _model(outcome: Outcome, folder: Path) -> Model:
    plan = outcome.plan
    told = dict(outcome.told)
    return Model(folder.name, folder, plan.config, outcome.parameters, plan.tokenizer, told)


def _claim(folder: Path) -> FolderLock:
    """Makes the folder and holds it; one with something in it is left alone.

    Raises EngineError: `folder_busy`, `folder_to_resume` where a training waits to be gone on
    with, `folder_not_empty`, `unwritable`.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        held = hold(folder)
        names = {path.name for path in folder.iterdir()} - {LOCK}
    except OSError as error:
        raise EngineError("unwritable", path=folder, reason=error.strerror) from error
    if names:
        held.close()
        raise EngineError("folder_to_resume" if PLAN in names else "folder_not_empty", path=folder)
    return held
