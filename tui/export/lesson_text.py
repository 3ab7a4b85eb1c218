"""A lesson as plain text, in reading order: for the ear, for paper, for a pipe.

Questions stand where the lesson asks them; the answers come at the end, each under its number and
with the exhibit that the app shows only then, so that the sheet can be worked through before they
are read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import wrap as plain_wrap
from typing import Any

from rich.cells import cell_len

from engine.experiment import Experiment
from lessons.course import Card, Course, Doubt, Guess, Lesson, Term
from lessons.figures.parts import Figure
from lessons.figures.registry import figures, said
from lessons.findings.registry import Found, filled_plain, found, written
from lessons.scene import Scene
from lessons.station_figure import station, station_figure
from tui.commands.plain import escape
from tui.messages import Words
from tui.renderables.figure_line import wrapped
from tui.renderables.figure_text import figure_text

WIDTH = 76


def lesson_text(lesson: Lesson, course: Course, experiment: Experiment, words: Words) -> list[str]:
    """The lines of a lesson on a sentence: cards, exhibits, doubts, terms, then the answers.

    An exhibit that would give the answer of its card's question away stands with the answers.
    """
    scene = Scene(experiment, course.lang)
    lines = [*_title(_named(lesson, words), "="), *_wrapped(lesson.goal, scene)]
    lines += ["", *wrap(words("lesson.sentence", model=experiment.model.name), WIDTH)]
    lines += [*sentence_lines(scene, "  "), ""]
    if lesson.needs:
        names = ", ".join(_named(course.lesson(id), words) for id in lesson.needs)
        lines += wrap(f"{words('lesson.needs')} {names}.", WIDTH)
    asked: list[tuple[Card, Guess]] = []
    for card in lesson.cards:
        lines += ["", *_title(card.title, "-")]
        if card.prose:
            lines += _wrapped(card.prose, scene)
        if card.guess is not None:
            asked.append((card, card.guess))
            lines += ["", *_question(len(asked), card.guess, scene, words)]
        if not card.hides:
            lines += _exhibit(card, scene, words)
        for doubt in card.doubts:
            lines += ["", *_doubt(doubt, scene, words)]
    if lesson.terms:
        lines += ["", *_title(words("lesson.terms"), "-")]
        for term in lesson.terms:
            lines += term_text(term, scene)
    lines += ["", *_title(words("lesson.answers"), "-")]
    for n, (card, guess) in enumerate(asked, 1):
        lines += _answer(n, guess, scene)
        if card.hides:
            lines += [*_exhibit(card, scene, words), ""]
    lines += ["", *_title(words("lesson.sources"), "-")]
    for source in lesson.sources:
        lines += wrap(source, WIDTH, subsequent_indent="  ")
    return _spaced(lines)


def sentence_lines(scene: Scene, indent: str) -> list[str]:
    """The whole sentence in quotation marks, what cannot be printed spelled out."""
    quoted = scene.words.quoted.format(label=escape(scene.experiment.text))
    return [f"{indent}{line}" for line in wrapped(quoted, WIDTH - len(indent))]


def term_text(term: Term, scene: Scene) -> list[str]:
    """A term of the glossary: its name, what it is, an example."""
    head = f"{term.name}: {filled_plain(term.definition, scene)}"
    example = filled_plain(term.example, scene)
    return [*wrap(head, WIDTH, subsequent_indent="  "), *_indented(example, "  ")]


def _named(lesson: Lesson, words: Words) -> str:
    return f"{lesson.number}. {lesson.title}" if lesson.number else lesson.title


def _title(text: str, line: str) -> list[str]:
    lines = wrap(text, WIDTH)
    return [*lines, line * max(map(cell_len, lines), default=0), ""]


def _spaced(lines: Sequence[str]) -> list[str]:
    """The lines with one empty line where there are several."""
    return [line for i, line in enumerate(lines) if line or (i and lines[i - 1])]


def _wrapped(text: str, scene: Scene) -> list[str]:
    lines: list[str] = []
    for paragraph in filled_plain(text, scene).split("\n\n"):
        lines += ["", *wrap(paragraph, WIDTH)] if lines else wrap(paragraph, WIDTH)
    return lines


def _indented(text: str, indent: str) -> list[str]:
    return wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent)


def _question(n: int, guess: Guess, scene: Scene, words: Words) -> list[str]:
    question = filled_plain(guess.question, scene)
    lines = wrap(f"{words('lesson.question', n=n)} {question}", WIDTH)
    for place, (_, text) in enumerate(guess.choices, 1):
        lines += _indented(f"{place}) {filled_plain(text, scene)}", "   ")
    if guess.kind == "point":
        lines += _indented(" · ".join(scene.labels), "   ")
    return lines


def _exhibit(card: Card, scene: Scene, words: Words) -> list[str]:
    """The exhibit of a card under its title; nothing where there is none."""
    figure: Figure = ()
    if card.figure:
        live = figures()[card.figure]
        figure = live.show(Scene(scene.experiment, scene.lang, card.set))
        title = said(scene, card.figure, "title")
    elif card.stage:
        stage = station(scene.experiment.model.config, card.stage, card.block)
        if stage is None:
            return ["", *wrap(words("lesson.no_station"), WIDTH)]
        figure = station_figure(stage, scene, card.head)
        title = scene.prose.stage(stage.key).title
    if not figure:
        return []
    head = wrap(f"{words('lesson.exhibit')} {title}", WIDTH)
    return ["", *head, "", *figure_text(figure, WIDTH, lang=scene.lang)]


def _doubt(doubt: Doubt, scene: Scene, words: Words) -> list[str]:
    question = f"{words('lesson.doubt')} {filled_plain(doubt.question, scene)}"
    return [*wrap(question, WIDTH), *_indented(filled_plain(doubt.answer, scene), "  ")]


def _answer(n: int, guess: Guess, scene: Scene) -> list[str]:
    reveal = filled_plain(guess.reveal, scene)
    if guess.kind == "open":
        lines = wrap(f"{n}. {reveal}", WIDTH)
        return [*lines, *_points(guess.points, scene)]
    lines = wrap(f"{n}. {truth_text(guess, scene)}", WIDTH)
    return [*lines, *_indented(reveal, "   ")]


def _points(points: Sequence[str], scene: Scene) -> Iterator[str]:
    for point in points:
        yield from _indented(f"[ ] {filled_plain(point, scene)}", "   ")


def truth_text(guess: Guess, scene: Scene) -> str:
    """The right answer in words."""
    fixed = guess.kind == "pick" and not guess.computed
    so: Found = guess.answer if fixed else found(guess.answer, scene)
    if guess.kind == "pick":
        place = [id for id, _ in guess.choices].index(str(so))
        return f"{place + 1}) {filled_plain(guess.choices[place][1], scene)}"
    if guess.kind == "point":
        return scene.quoted[int(so)]
    return written(so, scene.words)


def wrap(text: str, width: int, **options: Any) -> list[str]:
    """Lines of at most so many columns; a percent sign stays with its number."""
    kept = text.replace(" %", "\u00a0%")
    return [line.replace("\u00a0%", " %") for line in plain_wrap(kept, width, **options)]
