"""The beginning and the end of the dialogue: what is found again, and what is kept."""

from __future__ import annotations

import io
import os
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, TextIO

import lessons.course
from engine.errors import EngineError
from engine.experiment import Experiment
from engine.store import Model, load
from lessons.languages import models_of
from tui.data import progress_path
from tui.examples import example
from tui.learner import Learner, kept_settings
from tui.messages import LANGUAGES, error_sentence, language
from tui.own_models import find_model
from tui.plain.between import Between
from tui.plain.dialogue import Dialogue
from tui.plain.lesson import LessonRoom, enter_lesson
from tui.plain.session import Session, Texts
from tui.plain.speech import Speaker
from tui.plain.walk import WalkRoom
from tui.resume import Resume, resume
from tui.screens.progress_journey import journey_of, place_of, with_changes


def run_plain(
    text: str | None = None,
    model: str | None = None,
    lang: str | None = None,
    share: str | None = None,
    lesson: str = "",
    source: TextIO | None = None,
    out: TextIO | None = None,
    environ: Mapping[str, str] = os.environ,
) -> None:
    """Talk until the input ends or the person quits; the progress is kept in any case.

    text, model, lang, share, lesson: as of `tui.app.run_app`. source, out: standard input and
    output if left out. Raises EngineError where the model cannot be loaded, or the shared line
    cannot be read; and KeyboardInterrupt, when all is kept.
    """
    # Without a standard input there is nothing more to hear than the beginning.
    source, out = source or sys.stdin or io.StringIO(), out or sys.stdout
    with suppress(AttributeError, ValueError):  # what is no text becomes U+FFFD
        source.reconfigure(errors="replace")  # type: ignore[union-attr]
    left = resume(kept_settings(progress_path()))
    spoken = (lang if lang in LANGUAGES else left.lang) or language(environ)
    told: Texts = []
    between = Between()

    def tell(trouble: EngineError) -> None:
        told.append(error_sentence(trouble, spoken))

    learner = Learner(progress_path(), tell, between.later, between.back)
    try:
        with _ended_from_outside():
            session = _session(learner, Speaker(out), spoken, left, text, model, share, lesson)
            greeting = _greeting(session, left, not (text or share or lesson))
            echo = not source.isatty()
            try:
                Dialogue(session, between, told, echo).run(source, greeting)
            except KeyboardInterrupt:
                out.write("\n")
                raise
            finally:
                with between.lock:
                    session.note()
    finally:
        between.close()
        learner.close()


def _session(
    learner: Learner,
    speaker: Speaker,
    lang: str,
    left: Resume,
    text: str | None,
    model: str | None,
    share: str | None,
    lesson: str,
) -> Session:
    """Where the dialogue begins: what is asked for, else where one was."""
    journey = journey_of(learner.progress, lessons.course.course(lang))
    run = _run(left, lang, text, model, share)
    session = Session(run, lang, journey, learner, speaker)
    begins = text is None and share is None
    if lesson or (begins and left.lesson in [x.id for x in session.course.lessons]):
        enter_lesson(session, lesson or left.lesson, "" if lesson else left.card)
        session.note()
    else:
        session.place = place_of(left.walk if begins else {})
        session.rooms.append(WalkRoom(session))
    return session


def _run(
    left: Resume, lang: str, text: str | None, model: str | None, share: str | None
) -> Experiment:
    """The run to begin with. Raises EngineError."""
    given = load(find_model(model)) if model else None
    if share is not None:
        from engine.share import from_line, open_shared

        return open_shared(from_line(share), [given] if given else [])
    found = given or _last(left) or load(find_model(f"mini-{models_of(lang)}"))
    known = left.text if text is None else text
    run = Experiment(found, example(found.name, lang) if known is None else known)
    return with_changes(run, left.forced) if text is None and given is None else run


def _last(left: Resume) -> Model | None:
    """The model that was used last; None where it is gone."""
    with suppress(EngineError):
        return load(find_model(left.model)) if left.model else None
    return None


def _greeting(session: Session, left: Resume, resumed: bool) -> Texts:
    said = session.words
    if left.text is None and not isinstance(session.room, LessonRoom):
        return [said("hello.first"), said("hello.how")]
    return [said("hello.again" if resumed else "hello.asked")]


@contextmanager
def _ended_from_outside() -> Iterator[None]:
    """Whoever ends the program from outside loses nothing either."""

    def end(number: int, frame: Any) -> None:
        raise SystemExit(128 + number)

    before = {}
    for name in ("SIGTERM", "SIGHUP"):
        with suppress(AttributeError, ValueError):  # none such here; not the main thread
            before[name] = signal.signal(getattr(signal, name), end)
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(getattr(signal, name), handler)
