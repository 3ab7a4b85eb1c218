"""A card of a lesson as it is told: its words, its exhibit, its question."""

from __future__ import annotations

from engine.experiment import Experiment
from lessons.figures.parts import Figure
from lessons.figures.registry import said as said_of_figure
from lessons.findings.registry import filled_plain
from lessons.station_figure import station_figure
from tui.plain.blocks import ended, paragraphs
from tui.plain.lists import named
from tui.plain.reader import Reader
from tui.plain.rows import figure_rows
from tui.plain.session import Room, Texts
from tui.plain.trouble import PlainError
from tui.screens.lesson_card import blocks, links
from tui.screens.lesson_knobs import knob_lines
from tui.screens.lesson_view import LessonView

MOST_POINTED = 64


class CardRoom(Room):
    """The card where the journey is, and what is said of it; what is done there is in `lesson`."""

    name = "lesson"
    _view: LessonView | None = None

    @property
    def view(self) -> LessonView:
        """The present card."""
        session, known = self.session, self._view
        present = (session.taught, session.lang, session.journey)
        if known is None or (known.experiment, known.lang, known.journey) != present:
            self._view = known = LessonView(*present)
        return known

    @property
    def kept(self) -> dict[str, object]:
        lesson, card = self.view.key
        return {"lesson": lesson, "card": card}

    def run_of(self, number: int) -> Experiment:
        return self.view.run(number)

    # What is said

    def arrive(self) -> Texts:
        """The card: its words, its exhibit unless that waits, and its question."""
        view, words = self.view, self.words
        lesson = view.lesson
        n, total = lesson.card_index(view.card.id) + 1, len(lesson.cards)
        told = [words("lesson.card", lesson=named(lesson), n=n, total=total)]
        if n == 1:
            told.append(filled_plain(lesson.goal, view.scene))
        made = blocks(view)
        told += [ended(text) for text in paragraphs(made[:1], words)] + self._prose()
        asked = self.asked()
        return [*told, *self.exhibit(self.lines([*told, *asked])), *asked, *self._hints()]

    def _prose(self) -> Texts:
        text = "".join(span.text for span in self.view.prose)
        return [part for part in text.split("\n\n") if part.strip()]

    def asked(self, again: bool = True) -> Texts:
        """The question and how to answer it; once answered, what was said and what is so.

        again: with the question that was answered just now.
        """
        view, words = self.view, self.words
        guess = view.card.guess
        if guess is None:
            return []
        if guess.kind == "point" and view.is_open:
            question = filled_plain(guess.question, view.finished.scene)
            names = [f"{i} {x}" for i, x in enumerate(view.finished.scene.labels, 1)]
            return [question, ", ".join(names[:MOST_POINTED]), words("ask.point")]
        told = [x.replace(" · ", ", ") for x in paragraphs(blocks(view)[2:], words, again)]
        if view.is_open:
            later = words("ask.later") if view.hidden else ""
            return [*told, f"{words(f'ask.{guess.kind}')} {later}".strip()]
        if guess.kind == "open":
            points = len(guess.points)
            head = [text for text in told if text != view.words("guess.points")]
            marked = [f"{i}) {text}" for i, text in enumerate(head[-points:], 1)] if points else []
            head = head[:-points] if points else head
            return [*head, *([words("ask.points")] if points else []), *marked]
        return told

    def exhibit(self, taken: int) -> Texts:
        """The exhibit under its title, as far as it fits, and what of it can be changed."""
        view, words = self.view, self.words
        if view.hidden:
            self.reader = Reader()
            return []
        figure, title = self._figure()
        self.reader = Reader(figure_rows(figure, self.session.prose, words, view.run))
        if not figure:
            return [title] if title else []
        head = words("lesson.exhibit", title=title.rstrip("."))
        if self.reader.rows:
            head += " " + words("lesson.opens")
        knobs = self._knobs()
        return [head, *self.read(taken + len(knobs) + 1), *knobs]

    def _figure(self) -> tuple[Figure, str]:
        """What is shown, and its title; a title alone says why nothing is."""
        view = self.view
        if view.live is not None:
            title = said_of_figure(view.scene, view.card.figure, "title")
            return view.live.show(view.turned), title
        if view.walk is not None:
            stage, head = view.walk.stage, view.walk.head
            title = self.session.prose.stage(stage.key).title
            if view.tells_heads:
                total = view.experiment.model.config.n_heads
                title += ". " + self.words("walk.head", n=head + 1, total=total)
            return station_figure(stage, view.scene, head), title
        if view.card.stage:
            return (), view.words("hint.no_step", model=view.experiment.model.name)
        return (), ""

    def _knobs(self) -> Texts:
        """What can be turned, with its value."""
        view, words = self.view, self.words
        if not view.knobs:
            return []
        listed = ", ".join(
            f"{i}) {one.name}: {one.text}{one.hint}"
            for i, one in enumerate(knob_lines(view, ()), 1)
        )
        return [words("lesson.knobs", listed=listed)]

    def _hints(self) -> Texts:
        """What the card offers besides, in one line."""
        view, words = self.view, self.words
        found = []
        if view.card.doubts:
            found.append(words("lesson.doubts", n=len(view.card.doubts)))
        terms = [x.partition(":")[2] for x in links(view) if x.startswith("term:")]
        if terms:
            names = ", ".join(view.course.term(term).name for term in terms)
            found.append(words("lesson.terms", names=names))
        if view.is_last:
            found.append(words("lesson.last"))
        return [" ".join(found)] if found else []

    def table(self) -> Texts:
        if self.view.hidden:
            raise PlainError("trouble.answer_first")
        return self.session.columns(self._figure()[0])
