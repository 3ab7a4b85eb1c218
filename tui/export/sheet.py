"""A sheet of questions from a sentence, as data, as Markdown, or as plain text; its key apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from lessons.quiz.question import Pointed, Question
from lessons.scene import Scene
from lessons.station_figure import station, station_figure
from lessons.words import number
from tui.export.lesson_text import WIDTH, sentence_lines
from tui.messages import Words
from tui.renderables.figure_text import figure_text


def sheet_json(questions: Sequence[Question], scene: Scene) -> list[dict[str, Any]]:
    """The questions as JSON holds them; indices count from 0."""
    return [
        {
            "id": question.id,
            "lesson": question.lesson,
            "kind": question.kind,
            "text": scene.experiment.text,
            "model": scene.experiment.model.name,
            "prompt": question.prompt,
            "left": list(question.left),
            "choices": [option.text for option in question.choices],
            "answer": question.answer,
            "tolerance": question.tolerance,
            "mistakes": [
                {"value": mistake.value, "name": mistake.name, "feedback": mistake.feedback}
                for mistake in question.mistakes
            ],
            "hints": list(question.hints),
            "worked": question.worked,
            "points": list(question.points),
            "ref": None if question.ref is None else str(question.ref),
        }
        for question in questions
    ]


def sheet_text(
    questions: Sequence[Question], scene: Scene, words: Words, answers: bool, markdown: bool
) -> list[str]:
    """The sheet in lines; with `answers` the key follows, on its own."""
    title = words("quiz.title")
    lines = [f"# {title}" if markdown else title, ""]
    # Four spaces: to Markdown it is code, in which nothing that was typed marks anything.
    lines += [*sentence_lines(scene, "    "), ""]
    for n, question in enumerate(questions, 1):
        lines += [*_asked(n, question, scene, words, markdown), ""]
    if answers:
        key = words("quiz.key")
        lines += ["---", "", f"## {key}" if markdown else key, ""]
        for n, question in enumerate(questions, 1):
            lines.append(f"{n}. {answer_text(question, words)}")
            lines += [f"   {question.worked}", *(f"   - [ ] {point}" for point in question.points)]
    return lines


def _asked(n: int, question: Question, scene: Scene, words: Words, markdown: bool) -> Iterator[str]:
    head = f"{n}. "
    yield f"{head}**{question.prompt}**" if markdown else f"{head}{question.prompt}"
    indent = " " * len(head)
    if question.left:
        yield from (f"{indent}{letter(i)}) {text} → ____" for i, text in enumerate(question.left))
    for place, option in enumerate(question.choices):
        yield f"{indent}{place + 1}) {option.text}"
    if question.pointed is not None:
        yield from _table(question.pointed, scene, markdown)
    if question.kind == "truth":
        yield f"{indent}{words('quiz.true')} / {words('quiz.false')}"
    if question.kind in ("number", "open", "point", "order"):
        yield f"{indent}{words('quiz.answer')}: ____"


def answer_text(question: Question, words: Words) -> str:
    """The right answer, as a person reads it."""
    answer = question.answer
    if question.kind == "number":
        whole = float(question.value).is_integer()
        return str(int(question.value)) if whole else number(question.value)
    if question.kind == "truth":
        return words("quiz.true" if answer else "quiz.false")
    if question.kind == "pick":
        return _choice(question, question.place)
    if question.kind in ("all", "order"):
        return ", ".join(_choice(question, place) for place in question.places)
    if question.kind == "match":
        return ", ".join(f"{letter(i)}{place + 1}" for i, place in enumerate(question.places))
    if question.kind == "point":
        return str(question.ref)
    return str(answer)


def _table(pointed: Pointed, scene: Scene, markdown: bool) -> Iterator[str]:
    """The numbers that a "point" question points into."""
    stage = station(scene.experiment.model.config, pointed.station, pointed.block)
    if stage is not None:
        fence = ["```"] if markdown else []
        figure = station_figure(stage, scene, pointed.head)
        yield from (*fence, *figure_text(figure, WIDTH, lang=scene.lang, pictures=False), *fence)


def _choice(question: Question, place: int) -> str:
    return f"{place + 1}) {question.choices[place].text}"


def letter(place: int) -> str:
    """a, b, c ... for what is matched."""
    return chr(ord("a") + place)
