"""The training that the app makes, whatever screen is shown: one at a time.

It belongs to the app and not to a screen, so that it goes on when the screen is left.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from engine.errors import EngineError
from engine.plan import Plan
from engine.store import Model
from lessons.learnt import Learnt
from lessons.live_map import LiveMap, MapWords
from tui.live_training import LiveTraining, Seen
from tui.screens.train_choices import Choices


@dataclass
class Studio:
    """What is being trained, from which choices, and what is known of it.

    before: the model that goes on learning, if one does. floor: the least loss there can be.
    saved: under which name it was saved. learnt: what came of teaching it more.
    paces: seconds a step, by the choices that decide them.
    """

    choices: Choices
    live: LiveTraining | None = None
    before: Model | None = None
    floor: float | None = None
    saved: str = ""
    learnt: Learnt | None = None
    map_words: MapWords | None = None
    map: LiveMap | None = None
    watched: str = ""

    def __post_init__(self) -> None:
        self.paces: dict[tuple[object, ...], float] = {}

    @property
    def seen(self) -> Seen | None:
        """The training as it is now."""
        return None if self.live is None else self.live.seen

    @property
    def underway(self) -> tuple[int, int] | None:
        """The step that was made last and how many there will be, while a training runs."""
        seen = self.seen
        if self.live is None or seen is None or seen.status not in ("starting", "running"):
            return None
        return (seen.moment.step if seen.moment else 0), self.live.plan.recipe.steps

    @property
    def unsaved(self) -> bool:
        """Whether something would be lost that is still being learned."""
        seen = self.seen
        return seen is not None and not self.saved and seen.status in ("running", "paused")

    def begin(self, plan: Plan, before: Model | None, floor: float | None, paused: bool) -> None:
        """Train this, and no other."""
        self.close()
        self.before, self.floor, self.saved, self.learnt = before, floor, "", None
        self.map_words = self.map = None
        self.watched = self.choices.looked_at
        self.live = LiveTraining(plan, paused)

    def rewind(self) -> None:
        """Stand at the start again, with the same seed: the same numbers will come."""
        if self.live is not None:
            self.begin(self.live.plan, self.before, self.floor, paused=True)

    def note_pace(self) -> None:
        """Remember how long a step takes with these choices."""
        seen = self.seen
        if self.live is not None and seen and seen.moment and seen.seconds_left:
            left = self.live.plan.recipe.steps - seen.moment.step
            if left > 0:
                self.paces[paced_by(self.choices)] = seen.seconds_left / left

    def model(self) -> Model | None:
        """The model as it is now, or at the end the one that is kept."""
        return None if self.live is None else self.live.model(self.live.kept)

    def earlier(self, name: str) -> Model | None:
        """What the model was before: the one that went on learning, else its random numbers.

        name: of a model of random numbers. None before there is anything.
        """
        live, seen = self.live, self.seen
        if live is None or seen is None or seen.moment is None:
            return None
        if self.before is not None:
            return self.before
        start = live.checkpoints.get(0) or live.plan.start_parameters()
        begun = replace(seen, parameters=start, moment=replace(seen.moment, step=0))
        model = live.model(begun)
        return None if model is None else replace(model, name=name)

    def trouble(self) -> EngineError | None:
        """Why it failed, if it did."""
        return None if self.seen is None else self.seen.trouble

    def close(self) -> None:
        """End what runs."""
        if self.live is not None:
            self.live.close()
            self.live = None


def paced_by(choices: Choices) -> tuple[object, ...]:
    """What decides how long a step takes."""
    return (choices.source, choices.model, choices.d_model, choices.heads, choices.blocks)
