"""The train screen's widgets and what each of them is told to show, without what keys do."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Static, TextArea

from engine.errors import EngineError
from engine.experiment import Experiment
from engine.sampling import likeliest
from engine.store import Model
from engine.training import Best
from lessons.labels import predicted_labels
from lessons.learnt import told_learnt
from lessons.live_map import live_map, map_words
from lessons.prose import prose
from lessons.words import number
from tui.live_training import Seen
from tui.messages import Words, error_sentence, words
from tui.renderables.chips import Chip
from tui.renderables.figure_block import Drawn, text_block
from tui.screens.fitted import fit
from tui.screens.leaving import LeavingScreen
from tui.screens.train_choices import count, n_numbers, trouble
from tui.screens.train_draw import (
    BESIDE,
    curve,
    fitted,
    form,
    guess_part,
    map_part,
    status_lines,
    time_text,
    whole,
)
from tui.screens.train_keys import DONE, FAILED, KEYS, RUN, START, WAIT, bar_chips
from tui.studio import Studio, paced_by
from tui.widgets.chips import Chips
from tui.widgets.drawn import DrawnView
from tui.widgets.line_input import LineInput
from tui.widgets.readout import Readout

N_GUESSES, MORE_GUESSES = 5, 10
TALL, HUGE = 30, 50
FORM_MARGINS, AROUND_FORM = 4, 12
"""Of a tall window: the columns beside the form, and the lines above and below it."""
STILL_PARTS = 10
"""How often the pictures of a training change for whoever wants nothing to move by itself."""


class TrainFrame(LeavingScreen[Model | None]):
    """Lays the train screen out and shows the choices, or the training as it is now."""

    CSS_PATH = "train.tcss"
    AUTO_FOCUS = ""
    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (60, "-narrow"), (110, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (20, "-low"), (TALL, "-tall")]  # noqa: RUF012

    def __init__(self, studio: Studio, lang: str) -> None:
        super().__init__()
        self.studio, self.lang = studio, lang
        self.choosing = studio.live is None
        self.field = "source"
        self.wrong: tuple[str, EngineError] | None = None
        self.writing = ""
        self.aside = ""
        self._too_small = Static(id="too-small", markup=False)
        self._head = Chips("drop", id="head")
        self._intro = Static(id="intro", markup=False)
        self._form, self._about = DrawnView(id="form"), Readout(id="about")
        self._count = Static(id="count", markup=False)
        self.box = LineInput(id="box", compact=True, select_on_focus=False)
        self.lines = TextArea(id="lines", compact=True)
        self._status = DrawnView(id="status")
        self.curve, self.map = DrawnView(id="curve"), DrawnView(id="map")
        self.guess, self.report = DrawnView(id="guess"), DrawnView(id="report")
        self.said = Readout(id="said")
        self.footer = Chips("drop", id="footer")
        self._drawn: Seen | None = None
        self._turn, self._part = 0, -1

    def compose(self) -> ComposeResult:
        fit(self)
        yield self._too_small
        yield self._head
        yield self._intro
        yield self._form
        yield self.lines
        yield self._about
        yield self.box
        yield self._count
        yield self._status
        yield Horizontal(self.curve, self.map, id="pictures")
        yield self.report
        yield self.guess
        yield self.said
        yield self.footer

    @property
    def words(self) -> Words:
        """What is said here."""
        return words("train", self.lang)

    # What is shown

    def draw(self) -> None:
        """Show everything anew."""
        said, studio = self.words, self.studio
        self.set_class(self.choosing, "-choosing")
        self.set_class(not self.choosing, "-training")
        self.set_class(not self.choosing and studio.learnt is not None, "-told")
        self._too_small.update(words("app", self.lang)("app.too_small"))
        self._head.show(
            [
                Chip("", said("train.title"), look="current", gap=0, pad=1),
                Chip("page", said("train.trials"), look="quiet", gap=1, pad=1),
            ]
        )
        if self.choosing:
            self._draw_choices()
        else:
            self.draw_training(everything=True)
        self.draw_footer()

    def _draw_choices(self) -> None:
        said, choices = self.words, self.studio.choices
        if self.field not in choices.fields:
            self.field = "source"
        wrong = self.wrong or trouble(choices)
        # What is merely missing yet is no mistake until one wants to start.
        marked = wrong[0] if wrong is not None and (self.wrong or wrong[0] == "heads") else ""
        self._intro.update(said("train.intro"))
        self._form.show(lambda w, h: form(choices, self.field, said, marked, w, h))
        # Where there is room, what is said of a choice stands near it, or of all beside them.
        width, room = self.size.width - FORM_MARGINS, self.size.height - AROUND_FORM
        lines = form(choices, self.field, said, marked, width, room).lines
        self._form.styles.height = len(lines) if self.size.height >= TALL else "1fr"
        sentence = error_sentence(wrong[1], self.lang) if wrong is not None and marked else ""
        # What is wrong, and what helps, takes all the lines: it may name a long path.
        about = "" if sentence or width >= BESIDE else said(f"about.{self.field}")
        self._about.show(about, sentence)
        self._count.update(f"{self._n_told()} {self._pace_told()}", layout=False)

    def _n_told(self) -> str:
        said, choices = self.words, self.studio.choices
        if choices.source == "more":
            return said("train.n_of_model")
        if (found := trouble(choices)) is not None and found[0] == "heads":
            return ""
        n = n_numbers(choices)
        if n is None:
            return said("train.n_unknown")
        return said("train.n_numbers", n=whole(n, said))

    def _pace_told(self) -> str:
        choices = self.studio.choices
        pace = self.studio.paces.get(paced_by(choices))
        if pace is None:
            return self.words("train.no_pace")
        return self.words("train.pace", time=time_text(pace * choices.value("steps"), self.words))

    # The training

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
        self._status.show(lambda w, h: status_lines(seen, plan.recipe.steps, n, early, said, w))
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
        self.said.show(self._telling(), self.aside)
        if self.studio.learnt is not None:
            lines = told_learnt(self.studio.learnt, self.lang)

            def drawn(width: int, height: int) -> Drawn:
                return Drawn([line for x in lines for line in text_block(x, width).lines])

            tall = self.size.height >= TALL
            self.report.styles.height = len(drawn(self.size.width - 2, 0).lines) if tall else "1fr"
            self.report.show(drawn)

    def _telling(self) -> str:
        said, studio, seen = self.words, self.studio, self.studio.seen
        if studio.live is None or seen is None:
            return ""
        if seen.status == "failed":
            return self._told_failure(seen)
        if seen.record is not None:
            return said("say.record", step=whole(seen.record.step, said))
        if seen.status == "paused":
            begun = seen.moment is not None and seen.moment.step > 0
            return said("say.paused" if begun else "say.start")
        if seen.status in ("over", "stopped"):
            return f"{self._told_end(seen)} {said('say.next')}"
        return said("say.running")

    def _told_end(self, seen: Seen) -> str:
        said, floor = self.words, self.studio.floor
        losses = seen.history[-1]["held_out"] if seen.history else {}
        assert self.studio.live is not None
        assert seen.moment is not None
        kept = self.studio.live.kept.moment
        assert kept is not None
        best = seen.best if kept.step != seen.moment.step else None
        if seen.status == "stopped":
            told = said("say.stopped", step=whole(seen.moment.step, said))
            if best is not None:
                told += " " + self._told_kept(best)
            elif losses and seen.history[-1]["step"]:
                loss, step = next(iter(losses.values())), whole(seen.history[-1]["step"], said)
                told += " " + said("say.examined", step=step, loss=number(float(loss)))
            return told
        if not losses:
            return said("say.over_blind")
        told = said("say.over_no_floor")
        if floor is not None:
            told = said("say.over_floor", floor=number(floor))
        if best is not None:
            return f"{said('say.finished')} {self._told_kept(best)}"
        return said("say.over", loss=number(float(next(iter(losses.values())))), floor=told)

    def _told_kept(self, best: Best) -> str:
        step = whole(best.step, self.words)
        return self.words("say.kept", step=step, loss=number(best.loss))

    def _told_failure(self, seen: Seen) -> str:
        assert seen.trouble is not None
        assert self.studio.live is not None
        if seen.trouble.code != "diverged":
            return error_sentence(seen.trouble, self.lang)
        plan = self.studio.live.plan
        values = {
            "step": whole(int(str(seen.trouble.params["step"])), self.words),
            "loss": number(float(seen.trouble.params["loss"])),  # type: ignore[arg-type]
            "rate": f"{plan.recipe.learning_rate:g}",
        }
        if seen.best is None:
            return self.words("say.diverged_none", **values)
        blind = number(float(np.log(plan.config.d_vocab)))
        best = whole(seen.best.step, self.words)
        return self.words("say.diverged", blind=blind, best=best, **values)

    def bars(self) -> tuple[str, ...]:
        """The footers that hold now."""
        if self.writing:
            return ("write",)
        if self.choosing:
            return ("choose",)
        seen = self.studio.seen
        if seen is None or seen.status in ("starting", "running"):
            return (RUN,)
        if seen.status == "failed":
            return (FAILED,)
        if seen.status in ("over", "stopped"):
            return (DONE,)
        begun = seen.moment is not None and seen.moment.step > 0
        bar = WAIT if begun else START
        return (bar, "record") if seen.record is not None else (bar,)

    def draw_footer(self) -> None:
        """Show the keys that do something now."""
        self.footer.show(bar_chips(self.words, KEYS, *self.bars()))
