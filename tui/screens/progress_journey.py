"""The journey through the lessons as the progress file keeps it, and where one is now. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from engine.errors import EngineError
from engine.experiment import Experiment
from engine.store import shipped
from engine.whatif import Copied, Force
from lessons.course import Course, Guess
from lessons.progress.record import Event, Guessed, Progress, Seen
from tui.screens.lesson_state import Answer, Journey, Key
from tui.screens.walk_state import Place


def journey_of(progress: Progress, course: Course) -> Journey:
    """What was seen and said. What the course no longer has, or asks otherwise, is passed over."""
    seen = {
        (lesson.id, card.id)
        for lesson in course.lessons
        for card in lesson.cards
        if card.id in progress.seen.get(lesson.id, {})
    }
    answers: dict[Key, Answer] = {}
    for lesson in course.lessons:
        said = progress.guesses.get(lesson.id, {})
        for card in lesson.cards:
            if card.guess is not None and card.id in said:
                answer = _answer(card.guess, said[card.id])
                if answer is not None:
                    answers[lesson.id, card.id] = answer
    left = progress.settings.get("left")
    cards = dict(left) if isinstance(left, Mapping) else {}
    return Journey("", MappingProxyType(cards), frozenset(seen), MappingProxyType(answers))


def _answer(guess: Guess, table: Any) -> Answer | None:
    """An answer as `_said` wrote it; None for what is none to this question."""
    if not isinstance(table, Mapping):
        return None
    said: Any = table.get("said")
    shown, ticked = table.get("shown"), table.get("ticked")
    kinds: dict[str, tuple[type, ...]] = {"point": (int,), "number": (int, float)}
    fits = isinstance(said, kinds.get(guess.kind, (str,))) and not isinstance(said, bool)
    if not fits or not isinstance(shown, str) or (guess.kind == "point" and int(said) < 0):
        return None
    points = ticked if isinstance(ticked, list) else []
    return Answer(said, shown, frozenset(n for n in points if type(n) is int))


def _said(answer: Answer) -> dict[str, Any]:
    return {"said": answer.said, "shown": answer.shown, "ticked": sorted(answer.ticked)}


def events_between(before: Journey, after: Journey) -> list[Event]:
    """What happened from one moment to the next."""
    events: list[Event] = [Seen(*key) for key in after.seen - before.seen]
    if after.answers is not before.answers:
        events += [
            Guessed(*key, _said(answer))
            for key, answer in after.answers.items()
            if before.answers.get(key) != answer
        ]
    return events


def run_settings(experiment: Experiment) -> dict[str, Any]:
    """The sentence, the model and what is changed by hand, as the settings name them.

    What is taken from a comparison is left out: there is none after a new start.
    """
    model = experiment.model
    alone = [x for x in experiment.forced if not isinstance(x.value, Copied) or x.value.source]
    kept: dict[str, Any] = {"text": experiment.text, "forced": [str(force) for force in alone]}
    if model.name in shipped():
        return {**kept, "model": model.name}
    return kept if model.folder is None else {**kept, "model": str(model.folder.resolve())}


def with_changes(run: Experiment, written: Sequence[str]) -> Experiment:
    """The run with changes as `run_settings` wrote them; those that do not fit are passed over."""
    for text in written:
        try:
            changed = run.force(Force.parse(text))
            changed.trace  # noqa: B018 (to see whether it can be)
        except EngineError:
            continue
        run = changed
    return run


def walk_place(place: Place) -> dict[str, Any]:
    """A place on the walk as the settings hold it."""
    kept = {"stage": place.stage, "head": place.head, "inside": place.inside}
    return kept if place.word is None else {**kept, "word": place.word}


def place_of(kept: Mapping[str, Any]) -> Place:
    """The place that `walk_place` wrote; the beginning for what is none."""
    stage, head, word = kept.get("stage"), kept.get("head"), kept.get("word")
    return Place(
        stage=stage if isinstance(stage, str) else Place().stage,
        head=head if type(head) is int and head >= 0 else 0,
        word=word if type(word) is int and word >= 0 else None,
        inside=kept.get("inside") is True,
    )
