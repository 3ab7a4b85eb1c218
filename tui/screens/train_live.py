"""The pictures of a training while it runs, and the keys that halt it and let it go on."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from engine.experiment import Experiment
from engine.sampling import likeliest
from engine.store import Model
from lessons.labels import predicted_labels
from lessons.learnt import told_learnt
from lessons.live_map import live_map, map_words
from lessons.prose import prose
from tui.live_training import Seen
from tui.renderables.figure_block import Drawn, text_block
from tui.screens.train_draw import curve, fitted, guess_part, map_part, status_lines
from tui.screens.train_form import TrainForm
from tui.screens.train_frame import TALL
from tui.screens.train_plan import count
from tui.screens.train_told import telling
from tui.studio import Studio

LOOKS = 5.0
"""Times a second that the training is looked at."""
HUGE = 50
"""Lines of a window with room for more of the expected words."""
N_GUESSES, MORE_GUESSES = 5, 10
STILL_PARTS = 10
"""How often the pictures of a training change for whoever wants nothing to move by itself."""


class LiveTrain(TrainForm):
    """Shows the training of the studio as it is now."""

    def __init__(self, studio: Studio, lang: str, models: tuple[str, ...]) -> None:
        super().__init__(studio, lang, models)
        self.aside = ""
        self._drawn: Seen | None = None
        self._turn, self._part = 0, -1

    def on_mount(self) -> None:
        self.draw()
        self.set_interval(1 / LOOKS, self._look)

    def _look(self) -> None:
        if not self.choosing and self.app.screen is self:
            self.draw_training()

    def draw_training(self, everything: bool = False) -> None:
        """Show the training as it is now; one picture at a time while it runs.

        For whoever wants nothing to move by itself the pictures change only now and then.
        """
        studio, seen = self.studio, self.studio.seen
        if studio.live is None or seen is None:
            return
        changed = everything or seen is not self._drawn
        if not changed:
            return
        ended = seen.waits and (self._drawn is None or not self._drawn.waits)
        everything = everything or seen.waits
        new_status = self._drawn is None or self._drawn.status != seen.status
        self._drawn = seen
        plan, said = studio.live.plan, self.words
        still = self.app.animation_level == "none"
        early = seen.moment is not None and seen.moment.step < plan.recipe.steps
        n = count(plan.config)
        self.status.show(lambda w, h: status_lines(seen, plan.recipe.steps, n, early, said, w))
        pictures: list[Callable[[Seen], None]] = [
            self._draw_curve,
            self._draw_map,
            self._draw_guess,
        ]
        part = STILL_PARTS * (seen.moment.step if seen.moment else 0) // plan.recipe.steps
        if everything or (still and part != self._part):
            self._part = part
            for draw in pictures:  # at the end those of the model that is kept
                draw(studio.live.kept)
        elif not still:
            self._turn = (self._turn + 1) % len(pictures)
            pictures[self._turn](seen)
        if everything or new_status:
            self.draw_said()
            self.draw_footer()
        if ended:
            studio.note_pace()
            self.ended(seen)

    def ended(self, seen: Seen) -> None:
        """The training has come to a halt."""

    def _draw_curve(self, seen: Seen) -> None:
        said, floor = self.words, self.studio.floor

        def drawn(width: int, height: int) -> Drawn:
            found = curve(seen, floor, said, 2 * width)
            if found is None:
                return text_block(said("curve.empty"), width, "quiet")
            return fitted([found], width, height)

        self.curve.show(drawn)

    def _draw_map(self, seen: Seen) -> None:
        studio, said = self.studio, self.words
        if studio.live is None or seen.parameters is None:
            self.map.show(lambda w, h: text_block(said("map.empty"), w, "quiet"))
            return
        tokenizer = studio.live.plan.tokenizer
        if studio.map_words is None:
            model = studio.live.model(seen)
            assert model is not None
            own = [piece.id for piece in Experiment(model, studio.watched).pieces[1:]]
            studio.map_words = map_words(model, own)
        found = studio.map = live_map(studio.map_words, seen.parameters["W_E"], studio.map)
        labels = {id: tokenizer.piece(id).strip() for id in found.words.ids}
        self.map.show(lambda w, h: fitted([map_part(found, labels, said, w, h)], w, h))

    def _draw_guess(self, seen: Seen) -> None:
        studio, said = self.studio, self.words
        model = studio.live.model(seen) if studio.live is not None else None
        if model is None:
            self.guess.show(lambda w, h: text_block(said("guess.empty"), w, "quiet"))
            return
        n = MORE_GUESSES if self.size.height >= HUGE else N_GUESSES
        text, rows = studio.watched, self._guesses(model, studio.watched, n)
        self.guess.styles.height = n + 1
        self.guess.show(lambda w, h: fitted([guess_part(text, rows, said, w)], w, h))

    def _guesses(self, model: Model, text: str, n: int) -> list[tuple[str, str, float]]:
        """The likeliest words: label, share as text, share."""
        marks, told = prose(self.lang).words.marks, prose(self.lang).words
        run = Experiment(model, text)
        with np.errstate(all="ignore"):
            probs = run.trace["probs"].value[run.asked]
        ids = [int(i) for i in likeliest(probs, n)]
        labels = predicted_labels(model.tokenizer, ids, marks)
        return [
            (told.token(label), told.share(p), p)
            for label, p in zip(labels, (float(probs[i]) for i in ids), strict=True)
        ]

    def draw_said(self) -> None:
        """Say what the training is at, and what can be done."""
        self.said.show(self._told(), self.aside)
        if self.studio.learnt is not None:
            lines = told_learnt(self.studio.learnt, self.lang)

            def drawn(width: int, height: int) -> Drawn:
                return Drawn([line for x in lines for line in text_block(x, width).lines])

            tall = self.size.height >= TALL
            self.report.styles.height = len(drawn(self.size.width - 2, 0).lines) if tall else "1fr"
            self.report.show(drawn)

    def tell(self, sentence: str) -> None:
        """Say something aside, until something else is said."""
        self.aside = sentence
        self.draw_said()
        self.aside = ""

    def _told(self) -> str:
        studio, seen = self.studio, self.studio.seen
        if studio.live is None or seen is None:
            return ""
        return telling(studio.live, seen, studio.floor, studio.choices.usual_rate, self.words)

    # Keys

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
