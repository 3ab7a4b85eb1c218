"""Training live: what to learn from is chosen, a model learns it, and then it can be used.

The training belongs to the studio of the app: it goes on when this screen is left.
"""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from textual import work
from textual.widget import Widget

from engine.errors import EngineError
from engine.experiment import Experiment
from engine.store import Model, load
from lessons.learnt import learnt, world_losses
from tui.live_training import Seen
from tui.messages import error_sentence
from tui.own_models import find_model, folder_for, free_name, own_models
from tui.screens.train_choices import (
    NUMBERS,
    TEXTS,
    field_of,
    floor_of,
    plan_of,
    trouble,
    turned,
    written,
)
from tui.screens.train_frame import TrainFrame
from tui.screens.train_keys import KEYS, bindings, call_of
from tui.screens.walk_state import Place
from tui.studio import Studio
from tui.widgets.chips import Chips

LOOKS = 5.0
"""Times a second that the training is looked at."""
SLOWER = 3.0
EXPECTED = Place("probs")
"""Where a comparison begins: at what is expected next."""


class TrainScreen(TrainFrame):
    """Answers with a model to use in the walk, or with None.

    models: the names of those that can go on learning. see_trials: shows the experiments.
    """

    BINDINGS = bindings(KEYS)

    def __init__(
        self,
        studio: Studio,
        lang: str,
        models: tuple[str, ...],
        see_trials: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__(studio, lang)
        self._models, self._see_trials = models, see_trials
        self.preparing = False

    def on_mount(self) -> None:
        self.draw()
        self.set_interval(1 / LOOKS, self._look)

    def on_screen_resume(self) -> None:
        self.draw()

    def on_resize(self) -> None:
        self.draw()

    def _look(self) -> None:
        if not self.choosing and self.app.screen is self:
            self.draw_training()

    def speak(self, lang: str) -> None:
        """Say everything in another language."""
        self.lang = lang
        self.draw()

    # Choosing

    def action_field(self, by: int) -> None:
        """Go to another choice."""
        if self.choosing and not self.writing:
            fields = self.studio.choices.fields
            self.field = fields[(fields.index(self.field) + by) % len(fields)]
            self.draw()

    def action_value(self, by: int) -> None:
        """Choose another value."""
        if not self.choosing or self.writing:
            return
        if self.field in (*TEXTS, "lines"):
            self.action_write()
            return
        studio = self.studio
        studio.choices = turned(studio.choices, self.field, by, self._models)
        self.wrong = None
        self.draw()

    def action_write(self, begin: str = "") -> None:
        """Let the person type what a choice is."""
        if not self.choosing or self.writing:
            return
        if self.field == "lines":
            self.writing = "lines"
            self.lines.text = self.studio.choices.lines
            self.lines.border_title = self.words("box.lines")
            self._show_box(self.lines, True)
            return
        if self.field not in (*NUMBERS, *TEXTS):
            return
        self.writing = self.field
        numeric = self.field in NUMBERS
        value = self.studio.choices.value(self.field)
        self.box.value = begin or (f"{value:g}" if isinstance(value, float) else str(value))
        self.box.placeholder = self.words("box.number" if numeric else f"box.{self.field}")
        self._show_box(self.box, True)
        self.box.cursor_position = len(self.box.value)

    def _show_box(self, box: Widget | None, shown: bool) -> None:
        for one in (self.box, self.lines):
            one.display = shown and one is box
        # By a class: what is displayed by hand would stay so while a model is trained.
        self.set_class(shown and box is self.lines, "-lines")
        # At once: the next key may be on its way.
        self.set_focus(box if shown else None)
        self.draw_footer()

    def _close_box(self) -> bool:
        """Take what was typed; where it cannot be, say so and let it stand."""
        field, studio = self.writing, self.studio
        text = self.lines.text if field == "lines" else self.box.value
        try:
            studio.choices = written(studio.choices, field, text)
        except EngineError as error:
            self.wrong = field, error
            self.draw()
            return False
        self.writing, self.wrong = "", None
        self._show_box(None, False)
        self.draw()
        return True

    def on_input_submitted(self) -> None:
        if self.writing:
            self._close_box()

    def key_digit(self, character: str) -> None:
        """A digit begins to type a number."""
        if self.choosing and not self.writing and self.field in NUMBERS:
            self.action_write(character)

    def on_key(self, event: object) -> None:
        character = getattr(event, "character", None) or ""
        if character.isdigit() and not self.writing:
            self.key_digit(character)

    # Enter, and the way out

    def action_enter(self) -> None:
        """Start; later, open the single step that was made."""
        if self.writing or self.preparing:
            return
        if self.choosing:
            self.wrong = trouble(self.studio.choices)
            if self.wrong is not None:
                self.field = self.wrong[0]
                self.draw()
            else:
                self._begin()
            return
        live, seen = self.studio.live, self.studio.seen
        if live is None or seen is None:
            return
        if seen.record is None:
            if seen.status in ("over", "stopped"):
                self.action_use()
            else:
                self.tell(self.words("say.no_record"))
            return
        from tui.screens.train_step import StepScreen

        self.app.push_screen(StepScreen(live.plan, seen.record, self.lang))

    def action_close(self) -> None:
        """Leave the box one types in; from elsewhere the screen. The training goes on."""
        if self.writing:
            if not self._close_box():  # what cannot be used is given up
                self.writing, self.wrong = "", None
                self._show_box(None, False)
                self.draw()
        elif self.choosing and self.studio.live is not None:
            self.choosing = False
            self.draw()
        else:
            self.dismiss(None)

    def action_page(self) -> None:
        """Show the experiments."""
        if not self.writing:
            self._see_trials()

    def action_help(self) -> None:
        """Show what every key does."""
        from tui.screens.train_help import TrainHelp

        self.app.push_screen(TrainHelp(self.words))

    def tell(self, sentence: str) -> None:
        """Say something aside, until something else is said."""
        self.aside = sentence
        self.draw_said()
        self.aside = ""

    # Training

    @work(exclusive=True, group="begin")
    async def _begin(self, paused: bool = False) -> None:
        """Read the texts, in a thread for they may be large, and train."""
        studio = self.studio
        self.preparing = True
        self._count.update(self.words("train.preparing"), layout=False)
        name = self.words("train.unnamed")
        choices = studio.choices
        try:
            plan, before = await to_thread(plan_of, choices, name, lambda x: load(find_model(x)))
            floor = await to_thread(floor_of, plan)
        except EngineError as error:
            self.wrong = field_of(error, choices), error
            self.field = self.wrong[0]
            self.draw()
            return
        finally:
            self.preparing = False
        studio.begin(plan, before, floor, paused)
        self.choosing = False
        self.draw()

    def action_pause(self) -> None:
        """Stand still, or go on."""
        live = self.studio.live
        if live is None or self.choosing:
            return
        if live.seen.status == "paused":
            live.go_on()
        else:
            live.pause()

    def action_single(self) -> None:
        """Make one step and stand still."""
        if self.studio.live is not None and not self.choosing:
            self.studio.live.one_step()

    def action_stop(self) -> None:
        """End here."""
        if self.studio.live is not None and not self.choosing:
            self.studio.live.stop()

    def action_rewind(self) -> None:
        """Stand at the start again."""
        if self.studio.live is not None and not self.choosing:
            self.studio.rewind()
            self.draw()

    def action_choices(self) -> None:
        """Go back to the choices, to change one of them."""
        if self.choosing or self.studio.live is None:
            return
        if self.studio.live.seen.waits:
            self.choosing = True
            self.draw()
        else:
            self.tell(self.words("say.other"))

    def action_slower(self) -> None:
        """Try again with a third of the learning rate."""
        studio = self.studio
        if self._failed and studio.live is not None:
            rate = float(f"{studio.live.plan.recipe.learning_rate / SLOWER:.2g}")
            studio.choices = replace(studio.choices, rate=rate)
            self._begin()

    def action_best(self) -> None:
        """Use the best model that there was before it went wrong."""
        if self._failed:
            self.action_use()

    @property
    def _failed(self) -> bool:
        return (
            not self.choosing
            and self.studio.seen is not None
            and (self.studio.seen.status == "failed")
        )

    def ended(self, seen: Seen) -> None:
        """Find what changed in a model that went on learning."""
        if seen.status in ("over", "stopped") and self.studio.before is not None:
            self._find_learnt(seen)

    @work(exclusive=True, group="learnt")
    async def _find_learnt(self, seen: Seen) -> None:
        studio = self.studio
        before, after = studio.before, studio.model()
        if before is None or after is None:
            return
        world = world_losses(seen.history)
        taught = studio.choices.taught
        found = await to_thread(learnt, before, after, taught, self.lang, world)
        if studio.seen is seen:
            studio.learnt = found
            self.draw()

    # Using and saving

    def action_use(self) -> None:
        """Let the walk read its sentence with this model."""
        if self.choosing:
            return
        try:
            model = self._usable()
        except EngineError as error:
            self.tell(error_sentence(error, self.lang))
            return
        if model is None:
            self.tell(self.words("say.no_model"))
        else:
            self.dismiss(model)

    def _usable(self) -> Model | None:
        if self.studio.saved in own_models():
            return load(find_model(self.studio.saved))
        return self.studio.model()

    def action_compare(self) -> None:
        """Put what it was before and what it has become side by side, on the sentence watched."""
        seen = self.studio.seen
        if self.choosing or seen is None or not seen.waits:
            return
        try:
            after = self._usable()
        except EngineError as error:
            self.tell(error_sentence(error, self.lang))
            return
        before = self.studio.earlier(self.words("train.random"))
        if before is None or after is None or seen.moment is None or not seen.moment.step:
            self.tell(self.words("say.no_compare"))
            return
        from tui.screens.compare import CompareScreen

        first, second = (Experiment(model, self.studio.watched) for model in (before, after))
        self.app.push_screen(CompareScreen(first, EXPECTED, self.lang, second))

    def action_save(self) -> None:
        """Save the model under a name."""
        seen = self.studio.seen
        if self.choosing or seen is None:
            return
        if not seen.waits or seen.parameters is None:
            self.tell(self.words("say.waits" if seen.parameters is not None else "say.no_model"))
            return
        from tui.screens.train_name import NameScreen

        proposed = free_name(self.words("train.stem"))
        self.app.push_screen(NameScreen(self.words, proposed), self._named)

    def _named(self, name: str | None) -> None:
        if name:
            self._save(name)

    @work(exclusive=True, group="save")
    async def _save(self, name: str) -> None:
        live = self.studio.live
        if live is None or not live.seen.waits:
            return
        self.tell(self.words("say.saving"))
        try:
            folder: Path = folder_for(name)
            await to_thread(live.save, folder)
        except EngineError as error:
            self.tell(error_sentence(error, self.lang))
            return
        self.studio.saved = name
        self.tell(self.words("say.saved", name=name))

    async def on_chips_chosen(self, event: Chips.Chosen) -> None:
        if event.chip_id:
            await self.run_action(call_of(KEYS, event.chip_id) or "nothing")
