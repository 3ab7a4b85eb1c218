"""One moment of a lesson: a run, a language, and what the learner has seen, said and chosen.

`LessonView` is frozen and knows no widgets; `lesson_card` says what stands on its card.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from types import MappingProxyType

import lessons.course
from engine.config import Config
from engine.experiment import Experiment
from lessons.course import Card, Course, Lesson
from lessons.figures.knobs import Knob, Value
from lessons.figures.registry import LiveFigure, figure_of
from lessons.findings.registry import filled_spans, read_findings_of
from lessons.markup import Span
from lessons.moments import finished_run
from lessons.prose import prose
from lessons.scene import Scene
from lessons.stages import Stage, stages
from lessons.station_figure import station
from tui.messages import Words, words
from tui.screens.lesson_state import NOTHING, Answer, Journey, Key
from tui.screens.lesson_words import lesson_words
from tui.screens.walk_state import Place
from tui.screens.walk_view import View

START = Place()
HEAD = "head"
"""The term, and what a turned head of a station is called among the knobs; no figure has one of
that name."""


@lru_cache(maxsize=8)
def scene_of(experiment: Experiment, lang: str) -> Scene:
    """The scene of a run; one for all cards, so that what it finds is found once."""
    return Scene(experiment, lang)


@dataclass(frozen=True)
class LessonView:
    """All that determines what is on the screen, its size aside.

    lit: what is chosen in the words of the card, such as "term:softmax" or "choice:a"; or nothing.
    place: the cursor within a station's exhibit; its stage and head are the card's.
    """

    experiment: Experiment
    lang: str
    journey: Journey
    lit: str = ""
    place: Place = START

    @property
    def words(self) -> Words:
        """The interface's strings."""
        return lesson_words(self.lang)

    @property
    def course(self) -> Course:
        """The course in the present language."""
        return lessons.course.course(self.lang)

    @cached_property
    def lesson(self) -> Lesson:
        """The present lesson."""
        return self.journey.lesson_in(self.course)

    @cached_property
    def card(self) -> Card:
        """The present card."""
        return self.journey.card_in(self.lesson)

    @property
    def is_last(self) -> bool:
        """Whether the card is the last one of its lesson."""
        return self.card is self.lesson.cards[-1]

    @property
    def key(self) -> Key:
        """Under what the present card is kept."""
        return self.lesson.id, self.card.id

    @cached_property
    def known(self) -> frozenset[str]:
        """The ids of the terms that the learner has met."""
        return self.journey.known(self.course)

    @cached_property
    def scene(self) -> Scene:
        """What the card is shown about."""
        return scene_of(self.experiment, self.lang)

    @cached_property
    def prose(self) -> tuple[Span, ...]:
        """The prose of the card, filled."""
        return self.filled(self.card.prose)

    def filled(self, text: str) -> tuple[Span, ...]:
        """A text of the card in its stretches, with what was found put in."""
        read_findings_of(self.lesson.id)
        return filled_spans(text, self.scene)

    @cached_property
    def finished(self) -> LessonView:
        """The same as the finished model has it, whatever moment of its training is shown."""
        run = finished_run(self.experiment)
        return self if run is self.experiment else replace(self, experiment=run)

    # The guess: always about the finished model

    @property
    def answer(self) -> Answer | None:
        """What was said to the guess."""
        return self.journey.answers.get(self.key)

    @property
    def is_open(self) -> bool:
        """Whether a question waits for its answer."""
        return self.card.guess is not None and self.answer is None

    # The exhibit

    @property
    def hidden(self) -> bool:
        """Whether there is an exhibit that is shown only when the question is answered."""
        return self.card.hides and self.is_open

    @property
    def live(self) -> LiveFigure | None:
        """The figure of the card."""
        return figure_of(self.card.figure, self.lesson.id)

    @cached_property
    def knobs(self) -> tuple[Knob, ...]:
        """The knobs that the card offers, the one that it is about first."""
        card = self.card
        offered = () if self.live is None else self.live.knobs
        offered = tuple(knob for knob in offered if knob.id not in card.later)
        return tuple(sorted(offered, key=lambda knob: knob.id != card.first))

    @cached_property
    def settings(self) -> Mapping[str, Value]:
        """What the knobs of the figure hold."""
        return MappingProxyType({} if self.live is None else self.live.settings(self.turned))

    @cached_property
    def turned(self) -> Scene:
        """The scene with the knobs as the card has them, or as the learner has turned them."""
        knobs = {**self.card.set, **self.journey.knobs.get(self.key, NOTHING)}
        return Scene(self.experiment, self.lang, MappingProxyType(knobs))

    def run(self, number: int) -> Experiment:
        """The run of that number: 0 the learner's, further ones the figure's own."""
        others = () if self.live is None or number == 0 else self.live.runs(self.turned)
        return (self.experiment, *others)[number]

    @property
    def stage(self) -> Stage | None:
        """The station of the walk that the card shows; None where the model has none such."""
        card = self.card
        if not card.stage:
            return None
        return station(self.experiment.model.config, card.stage, card.block)

    @cached_property
    def walk(self) -> View | None:
        """The station as the walk has it, for cards that show one."""
        stage = self.stage
        return None if stage is None else self._view_of(stage)

    def _view_of(self, stage: Stage) -> View:
        n_heads = self.experiment.model.config.n_heads
        turned = self.journey.knobs.get(self.key, NOTHING)
        place = Place(
            stage=stage.id,
            head=int(turned.get(HEAD, self.card.head)) % n_heads,
            word=self.place.word,
            col=self.place.col,
            pick=self.place.pick,
            inside=_is_part(self.experiment.model.config, stage),
        )
        said = words("app", self.lang), prose(self.lang)
        return View(self.experiment, place, *said, known=self.known)

    @property
    def tells_heads(self) -> bool:
        """Whether the station is shown head by head, to a learner who knows what a head is."""
        return self.walk is not None and self.walk.stage.by_head and HEAD in self.known

    @property
    def free_place(self) -> Place:
        """Where the walk shows the present exhibit in full; its beginning for a card without."""
        if self.walk is not None:
            return self.walk.place
        key = self.card.stage if self.live is None else self.live.station
        stage = station(self.experiment.model.config, key, self.card.block) if key else None
        return Place() if stage is None else self._view_of(stage).place


@lru_cache(maxsize=256)
def _is_part(config: Config, stage: Stage) -> bool:
    """Whether a station is an inner step of another."""
    return stage not in stages(config)
