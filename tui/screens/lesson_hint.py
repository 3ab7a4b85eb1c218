"""The line under a card: what is under the cursor, or what can be done here. Pure."""

from __future__ import annotations

from engine.expr import Ref
from lessons.figures.knobs import Choice
from lessons.findings.registry import filled_plain
from lessons.why_names import Names
from lessons.words import within_quotes
from tui.renderables.figure_block import Spot
from tui.screens.lesson_card import is_pointing, links
from tui.screens.lesson_knobs import knob_name, knob_of
from tui.screens.lesson_view import HEAD, LessonView


def hint(view: LessonView, inside: bool, typing: bool, spot: Spot | None) -> str:
    """What is said.

    inside: the exhibit has the focus. typing: the line to answer in has it. spot: what is under
    the cursor of the figure.
    """
    if typing:
        return view.words("ask.typing")
    if inside and view.live is not None:
        return "" if spot is None else _at_spot(view, spot)
    if inside:
        return "" if view.walk is None else view.walk.reading
    if view.lit:
        return _lit(view)
    guess = view.card.guess
    if view.is_open and guess is not None:
        asked = view.words(f"ask.{guess.kind}")
        return f"{asked} {view.words('ask.later')}" if view.hidden else asked
    return _free(view)


def _lit(view: LessonView) -> str:
    """What is chosen in the words of the card."""
    kind, _, id = view.lit.partition(":")
    if kind == "term":
        term = view.course.term(id)
        return view.words("hint.term", name=term.name) + filled_plain(term.definition, view.scene)
    if kind == "lesson":
        return view.words("hint.lesson", title=view.course.lesson(id).title)
    if is_pointing(view):
        return view.words("ask.chosen_word")
    return view.words("ask.chosen" if view.is_open else "ask.tick")


def _free(view: LessonView) -> str:
    """What can be done where nothing is asked."""
    words = view.words
    if view.is_last:
        return words("hint.quiz")
    if view.card.stage and view.walk is None:
        return words("hint.no_step", model=view.experiment.model.name)
    knob = knob_of(view)
    if knob is not None:
        return words("hint.turn", knob=within_quotes(knob_name(view, knob)))
    if view.live is not None or view.walk is not None:
        return words("hint.enter")
    named = links(view)
    if named and named[0].startswith("term:"):
        return words("hint.links", name=view.course.term(named[0].partition(":")[2]).name)
    return words("hint.go_on")


def _number(view: LessonView, spot: Spot, ref: Ref) -> str:
    """A number by its short name; where that counts heads before they are told of, in words."""
    run, value = view.run(spot.run), spot.text.strip()
    names = Names(run, view.scene.words)
    if not spot.name or HEAD in view.known or HEAD not in run.trace[ref.name].axes:
        return view.words("hint.number", name=names.name(ref), value=value)
    pair = " → ".join(place.token for place in names.spots(ref) if place.token)
    name = pair if spot.place is not None else spot.name.strip()
    return view.words("hint.told", name=name, value=value)


def _at_spot(view: LessonView, spot: Spot) -> str:
    """The number or the knob under the cursor of a figure."""
    if spot.knob:
        knob = knob_of(view, spot.knob)
        name = "" if knob is None else within_quotes(knob_name(view, knob))
        key = "hint.choice" if isinstance(knob, Choice) else "hint.knob"
        return view.words(key, name=name, value=spot.text)
    if spot.ref is not None:
        return _number(view, spot, spot.ref)
    return f"{spot.name}: {spot.text}" if spot.name else spot.text
