"""A sheet of questions from a sentence to be printed, as Markdown or as plain text; its key apart.

Its questions are numbered, their choices too; what is to be matched has letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lessons.exhibits import exhibit
from lessons.quiz.arranged import letter
from lessons.quiz.build import plain
from lessons.quiz.question import Pointed, Question
from lessons.scene import Scene
from lessons.station_figure import station, station_figure
from tui.export.lesson_text import WIDTH, sentence_lines, wrap
from tui.export.sheet_data import lettered
from tui.messages import Words
from tui.renderables.figure_text import figure_text

BLANK = "____"
TO_WRITE = 4
"""Lines to write an open answer on."""


def sheet_text(
    questions: Sequence[Question], scene: Scene, words: Words, answers: bool, markdown: bool
) -> list[str]:
    """The sheet in lines; with `answers` the key follows, on its own."""
    paper = _Markdown() if markdown else _Plain()
    lines = [*paper.title(words("quiz.title"), 1), ""]
    # Four spaces: to Markdown it is code, in which nothing that was typed marks anything.
    lines += [*sentence_lines(scene, "    "), "", words("quiz.name"), ""]
    for n, question in enumerate(questions, 1):
        lines += [*_numbered(n, _asked(question, scene, words, paper)), ""]
    if answers:
        lines += ["---", "", *paper.title(words("quiz.key"), 2), ""]
        for n, question in enumerate(questions, 1):
            lines += [*_numbered(n, _told(question, scene, words, paper)), ""]
        lines.pop()
    return lines


def _numbered(n: int, lines: Iterator[str]) -> Iterator[str]:
    """The lines under a number, all but the first one moved in below it."""
    head = f"{n}. "
    for i, line in enumerate(lines):
        yield f"{' ' * len(head) if i else head}{line}".rstrip()


class _Plain:
    """How a sheet is set in plain text."""

    def title(self, text: str, level: int) -> list[str]:
        """A heading."""
        return [text]

    def strong(self, text: str) -> list[str]:
        """A question, or the right answer."""
        return self.words(text)

    def words(self, text: str) -> list[str]:
        """A paragraph."""
        return wrap(text, WIDTH - 4)

    def items(self, texts: Sequence[str]) -> list[str]:
        """Short lines one below the other."""
        return [line for text in texts for line in wrap(text, WIDTH - 4, subsequent_indent="   ")]

    def code(self, lines: Sequence[str]) -> list[str]:
        """Lines whose columns have to stay in line."""
        return list(lines)


class _Markdown(_Plain):
    """How a sheet is set in Markdown: nothing that was typed marks anything there."""

    def title(self, text: str, level: int) -> list[str]:
        """A heading."""
        return [f"{'#' * level} {text}"]

    def strong(self, text: str) -> list[str]:
        """A question, or the right answer."""
        return [f"**{_escaped(text)}**"]

    def words(self, text: str) -> list[str]:
        """A paragraph, which is not broken into lines."""
        return [_escaped(text)]

    def items(self, texts: Sequence[str]) -> list[str]:
        """Short lines one below the other."""
        # What begins with a number is an item of a list by itself.
        return [f"{'' if text[0].isdigit() else '- '}{_escaped(text)}" for text in texts]

    def code(self, lines: Sequence[str]) -> list[str]:
        """Lines whose columns have to stay in line."""
        return ["```", *lines, "```"]


def _escaped(text: str) -> str:
    """A text whose signs mean nothing to Markdown; inside words and as blanks they never do."""
    return re.sub(r"[\\`*]|(?<!_)_{1,3}(?!_)", lambda sign: _as_itself(sign, text), text)


def _as_itself(sign: re.Match[str], text: str) -> str:
    around = text[sign.start() - 1 : sign.start()] + text[sign.end() : sign.end() + 1]
    inside = sign[0][0] == "_" and len(around) == 2 and around.isalnum()
    return sign[0] if inside else "".join(f"\\{c}" for c in sign[0])


def _asked(question: Question, scene: Scene, words: Words, paper: _Plain) -> Iterator[str]:
    """A question, what can be chosen, and where to answer."""
    first, *table = question.prompt.split("\n")
    yield from paper.strong(first)
    if table:
        *rows, last = table
        yield from ("", *paper.code(rows), "", *paper.strong(last))
    if question.left:
        yield ""
        yield from paper.items([f"{text} → {BLANK}" for text in lettered(question)])
    if question.choices:
        yield ""
        texts = [option.text for option in question.choices]
        yield from paper.items([f"{n}) {text}" for n, text in enumerate(texts, 1)])
    if question.pointed is not None:
        yield from ("", *paper.code(list(_table(question.pointed, scene))))
    if question.kind == "truth":
        yield ""
        yield f"{words('quiz.true')} / {words('quiz.false')}"
    elif question.kind == "open":
        yield from ("", f"{words('quiz.answer')}:", *["", BLANK * 15] * TO_WRITE)
    elif question.kind != "match":
        yield ""
        yield f"{words('quiz.answer')}: {BLANK}"


def _told(question: Question, scene: Scene, words: Words, paper: _Plain) -> Iterator[str]:
    """The right answer, and how one gets there."""
    yield from paper.strong(answer_text(question, scene, words))
    if question.worked:
        yield ""
        yield from paper.words(question.worked)
    if question.points:
        yield ""
        yield from paper.items([f"[ ] {point}" for point in question.points])


def answer_text(question: Question, scene: Scene, words: Words) -> str:
    """The right answer, as a person reads it."""
    answer = question.answer
    if question.kind == "number":
        return plain(question.value, scene.words)
    if question.kind == "truth":
        return words("quiz.true" if answer else "quiz.false")
    if question.kind == "pick":
        return _choice(question, question.place)
    if question.kind == "all":
        return "; ".join(_choice(question, place) for place in question.places)
    if question.kind == "order":
        return ", ".join(str(place + 1) for place in question.places)
    if question.kind == "match":
        return ", ".join(f"{letter(i)}{place + 1}" for i, place in enumerate(question.places))
    if question.kind == "point" and question.pointed is not None:
        return _cell_text(question, question.pointed, scene, words)
    return str(answer)


def _cell_text(question: Question, pointed: Pointed, scene: Scene, words: Words) -> str:
    """The row, the column and the number of the cell that is the answer."""
    stage = station(scene.experiment.model.config, pointed.station, pointed.block)
    assert stage is not None  # else the question would not be asked
    head = pointed.head % scene.experiment.model.config.n_heads
    shown = exhibit(stage, scene.experiment, head, marks=scene.words.marks)
    row, col = question.places
    value = float(shown.values[row, col])
    said = plain(value) if shown.scale == "plain" else f"{value:.2f}".replace("-", "−")
    of_tokens = shown.row_axis in ("pos", "query")
    name = scene.quoted[row] if of_tokens else scene.words.token(shown.rows[row])
    if len(shown.cols) == 1:
        return words("quiz.row", row=name, value=said)
    other = scene.quoted[col] if shown.col_axis == "key" else shown.cols[col]
    return words("quiz.cell", row=name, col=other, value=said)


def _table(pointed: Pointed, scene: Scene) -> Iterator[str]:
    """The numbers that a "point" question points into."""
    stage = station(scene.experiment.model.config, pointed.station, pointed.block)
    if stage is not None:
        figure = station_figure(stage, scene, pointed.head)
        yield from figure_text(figure, WIDTH - 4, lang=scene.lang, pictures=False)


def _choice(question: Question, place: int) -> str:
    return f"{place + 1}) {question.choices[place].text}"
