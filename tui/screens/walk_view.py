"""One moment of the walk: a run, a place in it, a language; and what each widget shows of it.

`View` is frozen and knows no widgets; the functions below hand it to the widgets.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

from engine.config import Config
from engine.experiment import Experiment
from lessons.exhibits import Exhibit, exhibit
from lessons.prose import Prose
from lessons.readout import readout
from lessons.stages import Stage, stages, with_parts
from tui.messages import Words
from tui.screens.walk_state import Place, head_of, stage_index, word_of


@lru_cache(maxsize=8)
def _line(config: Config, inside: bool) -> tuple[Stage, ...]:
    line = stages(config)
    return tuple(with_parts(line)) if inside else line


@dataclass(frozen=True)
class View:
    """All that determines what is on the screen, its size aside."""

    experiment: Experiment
    place: Place
    words: Words
    prose: Prose

    @cached_property
    def line(self) -> tuple[Stage, ...]:
        """The stations of the model, with the inner steps where they are open."""
        return _line(self.experiment.model.config, self.place.inside)

    @cached_property
    def index(self) -> int:
        """The number of the present station on the line."""
        return stage_index(self.place, self.line)

    @property
    def stage(self) -> Stage:
        """The present station."""
        return self.line[self.index]

    @cached_property
    def head(self) -> int:
        """The present head."""
        return head_of(self.place, self.experiment.model.config)

    @cached_property
    def word(self) -> int:
        """The present position of the sentence."""
        return word_of(self.place, self.experiment)

    @cached_property
    def exhibit(self) -> Exhibit:
        """What the station shows."""
        return exhibit(self.stage, self.experiment, self.head, self.word, self.prose.words.marks)

    @property
    def in_list(self) -> bool:
        """Whether the lines of the exhibit are candidates, not words of the sentence."""
        return self.stage.view in ("bars", "choice")

    @property
    def cell(self) -> tuple[int, int]:
        """Row and column of the exhibit under the cursor, the nearest that there is."""
        n_rows, n_cols = self.exhibit.values.shape
        row = self.place.pick if self.in_list else self.word
        return max(0, min(row, n_rows - 1)), max(0, min(self.place.col, n_cols - 1))

    def mode_in_words(self, mode: str) -> str:
        """What the cells of the exhibit show in one of the matrix's modes."""
        shares = mode == "swatch" and self.exhibit.scale == "sequential"
        return self.words(f"mode.{mode}_share" if shares else f"mode.{mode}")

    @property
    def reading(self) -> str:
        """The cell under the cursor in words; empty where there is none."""
        return readout(self.stage, self.exhibit, self.experiment, *self.cell, self.prose)
