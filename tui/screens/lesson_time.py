"""Which moment of the training a card shows: that of the run, or that of the card's own knob. Pure.

A card on the training itself has a knob for the moment, of the learner's model or, where that has
kept nothing, of another. There the keys turn that knob: one time on a card, not two.
"""

from __future__ import annotations

from dataclasses import replace

from lessons.figures.knobs import Knob, Number, Value
from lessons.moments import Moment, moment_of, moments, read_at
from tui.screens.lesson_knobs import knob_of
from tui.screens.lesson_view import LessonView

MOMENT = "moment"
"""What such a knob is called, in every figure."""


def moment_on(view: LessonView) -> Moment:
    """The moment that the card shows."""
    knob = _knob(view)
    if knob is None:
        return moment_of(view.experiment.model)
    return _of_knob(view, knob, view.settings[knob.id])


def at_moment(view: LessonView, moment: Moment) -> LessonView:
    """The card at another moment. Raises EngineError for weights that cannot be read."""
    knob = _knob(view)
    if knob is None:
        return replace(view, experiment=read_at(view.experiment, moment.model))
    value = _value_for(view, knob, moment.place)
    return replace(view, journey=view.journey.turned(view.key, knob.id, value))


def _knob(view: LessonView) -> Knob | None:
    """The knob of the card that is a moment of a training, if the card's exhibit is in view."""
    return None if view.hidden else knob_of(view, MOMENT)


def _of_knob(view: LessonView, knob: Knob, value: Value) -> Moment:
    """The moment that a value of the knob stands for."""
    if isinstance(knob, Number):
        from lessons.figures.training_moments import student  # most cards need nothing of it

        school = student(view.scene)
        return Moment(moments(school.model), school.place(float(value)))
    own = moments(view.experiment.model)
    place = int(value)
    return Moment(own, own.last if place < 0 else min(place, own.last))


def _value_for(view: LessonView, knob: Knob, place: int) -> Value:
    """The value of the knob for a moment, or the nearest to it on that side."""
    if not isinstance(knob, Number):
        return place
    here = _of_knob(view, knob, view.settings[knob.id]).place
    values = range(int(knob.low), int(knob.high) + 1)
    places = {value: _of_knob(view, knob, value).place for value in values}
    there = [value for value in values if (places[value] - here) * (place - here) > 0]
    return min(there, key=lambda value: abs(places[value] - place), default=view.settings[knob.id])
