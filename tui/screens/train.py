"""Training live: what to learn from is chosen, a model learns it, and then it can be used.

The training belongs to the studio of the app: it goes on when this screen is left.
"""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Callable
from dataclasses import replace

from textual import work

from engine.errors import EngineError
from engine.experiment import Experiment
from engine.store import Model, load
from lessons.learnt import learnt, world_losses
from tui.live_training import Seen
from tui.messages import error_sentence
from tui.own_models import find_model, folder_for, free_name, own_models
from tui.screens.train_choices import trouble
from tui.screens.train_keys import KEYS, bindings, call_of
from tui.screens.train_live import LiveTrain
from tui.screens.train_plan import field_of, floor_of, plan_of
from tui.screens.train_rescue import calmer_rate, keeps_something
from tui.screens.walk_state import Place
from tui.studio import Studio
from tui.widgets.chips import Chips

EXPECTED = Place("probs")
"""Where a comparison begins: at what is expected next."""


class TrainScreen(LiveTrain):
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
        super().__init__(studio, lang, models)
        self._see_trials = see_trials
        self.preparing = False

    def on_screen_resume(self) -> None:
        self.draw()

    def on_resize(self) -> None:
        self.draw()

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

        self.app.push_screen(StepScreen(live.plan, seen.record, self.lang, self.studio.watched))

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

        self.app.push_screen(TrainHelp(self.words, KEYS))

    # The start, and the end

    @work(exclusive=True, group="begin")
    async def _begin(self, paused: bool = False) -> None:
        """Read the texts, in a thread for they may be large, and train."""
        studio = self.studio
        self.preparing = True
        self.count.update(self.words("train.preparing"), layout=False)
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

    def action_slower(self) -> None:
        """Try again with a calmer learning rate: the usual one, or less than that."""
        studio, seen = self.studio, self.studio.seen
        if self.choosing or studio.live is None or seen is None or seen.status != "failed":
            return
        usual = studio.choices.usual_rate
        rate = calmer_rate(studio.live.plan.recipe.learning_rate, usual)
        studio.choices = replace(studio.choices, rate=None if rate == usual else rate)
        self._begin()

    def action_best(self) -> None:
        """Use the best model that there was before it went wrong."""
        seen = self.studio.seen
        if seen is not None and seen.status == "failed" and keeps_something(seen):
            self.action_use()

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
            await to_thread(live.save, folder_for(name))
        except EngineError as error:
            self.tell(error_sentence(error, self.lang))
            return
        self.studio.saved = name
        self.tell(self.words("say.saved", name=name))

    async def on_chips_chosen(self, event: Chips.Chosen) -> None:
        if event.chip_id:
            await self.run_action(call_of(KEYS, event.chip_id) or "nothing")
