"""The walk in the dialogue: station by station through the model, in words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from lessons.station_figure import station_figure
from tui.messages import words
from tui.plain.changes import sentence_told
from tui.plain.reader import Reader
from tui.plain.rows import exhibit_rows, row_text
from tui.plain.session import Room, Texts
from tui.plain.trouble import PlainError
from tui.plain.verbs import folded, integers
from tui.screens import walk_state as state
from tui.screens.progress_journey import walk_place
from tui.screens.walk_view import View


class WalkRoom(Room):
    """The line of stations, at the session's place."""

    name = "walk"

    @property
    def view(self) -> View:
        """The present station."""
        session = self.session
        return View(session.run, session.place, words("app", session.lang), session.prose)

    @property
    def kept(self) -> dict[str, object]:
        return walk_place(self.session.place)

    def arrive(self) -> Texts:
        """The station: what happens there, its formula, a number in words, and its table."""
        return self._told(whole=True)

    def _told(self, whole: bool) -> Texts:
        """The station; without what was said of it just before, unless `whole`."""
        view, said = self.view, self.words
        stage = view.stage
        now = view.prose.told(stage, view.experiment, view.head, view.word)
        block = "" if stage.block is None else words("app", self.session.lang)(
            "line.block", n=stage.block + 1
        )  # fmt: skip
        where = said("walk.at", n=view.index + 1, total=len(view.line), title=now.title)
        told = [f"{where} {block}.".strip() if block else where]
        if whole:
            told += [text for text in (now.what, now.mind) if text]
        if whole and now.formula:
            told.append(said("walk.formula", text=" ".join(now.formula.split())))
        if stage.focus is None:
            self.reader = Reader()
            return [*told, *sentence_told(self.session)]
        if stage.by_head:
            total = view.experiment.model.config.n_heads
            told.append(said("walk.head", n=view.head + 1, total=total))
        told.append(self._reading(view))
        self.reader = Reader(exhibit_rows(view.exhibit, view.prose, said, view.before))
        if whole and stage.parts and not view.place.inside:
            told.append(said("walk.inside"))
        if stage.view == "choice":
            told.append(said("walk.choice"))
        return [*told, *self.read(self.lines(told))]

    def _reading(self, view: View) -> str:
        """One number of the table in words: of the present word, where it looks most."""
        shown = view.exhibit
        row = 0 if view.in_list else min(view.word, len(shown.rows) - 1)
        sizes = np.nan_to_num(shown.values[row].astype(float), nan=-np.inf)
        col = int(np.argmax(sizes)) if shown.col_axis == "key" else 0
        return replace(view, place=replace(view.place, col=col)).reading

    def do(self, verb: str, rest: str) -> Texts | None:
        session, view = self.session, self.view
        n = integers(rest)
        if verb in ("enter", "next", "back"):
            return self._move(-1 if verb == "back" else 1)
        if verb == "" and 0 < len(n) < 3:
            return session.open(*self.cell(n))
        if verb == "stage":
            return self._stage(rest)
        if verb == "block":
            return self._block(n)
        if verb == "head":
            return self._head(n)
        if verb == "word":
            return self._word(rest)
        if verb == "inside":
            place = state.look_inside(view.place, view.line)
            if place == view.place:
                return [view.words("notice.no_inside")]
            return self._at(place)
        return None

    def _at(self, place: state.Place) -> Texts:
        before, self.session.place = self.view.stage, place
        return self._told(whole=self.view.stage != before)

    def _move(self, by: int) -> Texts:
        view = self.view
        if not 0 <= view.index + by < len(view.line):
            return [self.words("walk.last" if by > 0 else "walk.first")]
        return self._at(state.step(view.place, view.line, by))

    def _stage(self, wish: str) -> Texts:
        """A station by its number or by (part of) its name; without one, all of them."""
        view, n = self.view, integers(wish)
        names = [view.prose.stage(stage.key) for stage in view.line]
        if not wish:
            listed = ", ".join(f"{i} {told.name}" for i, told in enumerate(names, 1))
            return [self.words("walk.stages", listed=listed)]
        if len(n) == 1 and 1 <= n[0] <= len(view.line):
            return self._at(replace(view.place, stage=view.line[n[0] - 1].id, pick=0))
        own = [stage.id.rsplit(".", 1)[-1] for stage in view.line]
        asked = folded(wish)
        named = list(zip(view.line, own, names, strict=True))
        found = [s for s, id, told in named if asked in (s.id.casefold(), id, folded(told.name))]
        if not found and not n:
            texts = [(s, folded(f"{s.id} {told.name} {told.title}")) for s, _, told in named]
            found = [s for s, text in texts if asked in text]
        if not found:
            raise PlainError("trouble.no_stage", text=wish, last=len(view.line))
        here = [stage for stage in found if stage.block == view.stage.block]
        return self._at(replace(view.place, stage=(here or found)[0].id, pick=0))

    def _block(self, n: list[int]) -> Texts:
        view, layers = self.view, self.session.run.model.config.n_layers
        if len(n) != 1 or not 1 <= n[0] <= layers:
            raise PlainError("trouble.block", last=layers)
        return self._at(state.to_group(view.place, view.line, f"blocks.{n[0] - 1}"))

    def _head(self, n: list[int]) -> Texts:
        view, heads = self.view, self.session.run.model.config.n_heads
        if not n:
            return self._at(state.turn(view.place, self.session.run.model.config, 1))
        if len(n) != 1 or not 1 <= n[0] <= heads:
            raise PlainError("trouble.head", last=heads)
        return self._at(replace(view.place, head=n[0] - 1))

    def _word(self, wish: str) -> Texts:
        """Another word of the sentence, by its number or as it is written."""
        from tui.screens.lesson_view import scene_of

        run, n = self.session.run, integers(wish)
        labels = scene_of(run, self.session.lang).labels
        alike = [i for i, label in enumerate(labels) if folded(label) == folded(wish)]
        if len(n) == 1 and 1 <= n[0] <= len(labels):
            alike = [n[0] - 1]
        if len(alike) != 1:
            listed = ", ".join(f"{i} {label}" for i, label in enumerate(labels, 1))
            raise PlainError("trouble.word", listed=listed)
        told = self._at(state.to_word(self.session.place, run, alike[0]))
        view = self.view
        if view.in_list or view.stage.focus is None:
            return told
        return [self._reading(view), row_text(self.reader.row(alike[0] + 1), self.words)]

    def table(self) -> Texts:
        view = self.view
        if view.stage.focus is None:
            raise PlainError("trouble.no_rows")
        from tui.screens.lesson_view import scene_of

        scene = scene_of(self.session.run, self.session.lang)
        return self.session.columns(station_figure(view.stage, scene, view.head))
