"""The sentence of a lesson, and the model that reads it: the whole lesson follows them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from textual import on
from textual.widgets import Input

from engine.experiment import Experiment
from engine.store import Model
from tui.examples import carried_over
from tui.screens.lesson_exhibit import LiveLesson
from tui.screens.lesson_view import LessonView

if TYPE_CHECKING:
    from tui.course_app import CourseApp


class WritingLesson(LiveLesson):
    """A lesson whose sentence can be written anew at any time."""

    def __init__(self, view: LessonView) -> None:
        super().__init__(view)
        self._wished = view.experiment.forced

    def wish(self, experiment: Experiment) -> None:
        """Go on from this run: its sentence stands in the box, its changes are wished for.

        While one types, the sentence is shorter for a moment; what has no place in it then has
        one again in the end.
        """
        self._wished = experiment.forced
        self._write(experiment.text)

    def action_edit(self) -> None:
        """Let the person type: a new sentence at once, or from a cursor key on the present one."""
        self.set_focus(self.head.box, scroll_visible=False)
        self.head.box.select_all()

    def on_input_changed(self, event: Input.Changed) -> None:
        if event.input is self.body.answer:
            event.prevent_default()  # only the sentence is run as it is typed

    @on(Input.Submitted, "#answer")
    def _answered(self, event: Input.Submitted) -> None:
        event.prevent_default()
        self.answer_typed()

    def read_boxes(self) -> None:
        """Run what stands in the sentence's box."""
        text = self.head.box.value
        present = self.view.experiment
        if text != present.text:
            wished = replace(present, forced=self._wished)
            experiment, _ = Experiment(present.model, text).carrying(wished)
            self.become(replace(self.view, experiment=experiment))

    def _write(self, text: str) -> None:
        if text != self.head.box.value:
            with self.prevent(Input.Changed):
                self.head.box.value = text
            self.head.place()

    def action_model(self) -> None:
        """Let the person choose a model."""
        from tui.screens.models import ModelsScreen  # its widgets are not needed before

        model = self.view.experiment.model
        chooser = ModelsScreen(self.view.words, model.name, model.folder)
        self.app.push_screen(chooser, self._chosen)

    def _chosen(self, model: Model | None) -> None:
        if model is not None:
            self.use(model)

    def use(self, model: Model) -> None:
        """Run the sentence on another model; the example sentence, in the model's language."""
        self.flush()
        present = self.view.experiment
        text, notice = carried_over(present.text, present.model.name, model.name, self.lang)
        experiment, _ = Experiment(model, text).carrying(present)
        experiment = cast("CourseApp", self.app).taught(experiment)
        if self.become(replace(self.view, experiment=experiment)):
            self._write(text)
            if notice:
                self.say(notice)
