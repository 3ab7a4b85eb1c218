"""One moment of the walk: a run, a place in it, a language; and what each widget shows of it.

`View` is frozen and knows no widgets; the functions below hand it to the widgets.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from engine.blame import Target, predicted, true_next
from engine.config import Config
from engine.experiment import Experiment
from engine.ops import Array
from lessons.changes import change_of
from lessons.exhibits import Exhibit, exhibit
from lessons.labels import predicted_labels
from lessons.prose import Prose
from lessons.readout import readout
from lessons.stages import Stage, stages, with_parts
from lessons.words import number, signed
from tui.messages import Words, words
from tui.screens.walk_state import Place, head_of, stage_index, word_of

BLAMES = ("", "logit", "loss")
"""What the exhibit is coloured by: its values, or what hangs on them."""


@lru_cache(maxsize=8)
def _line(config: Config, inside: bool) -> tuple[Stage, ...]:
    line = stages(config)
    return tuple(with_parts(line)) if inside else line


@lru_cache(maxsize=2)
def _changes(experiment: Experiment) -> Mapping[str, float]:
    """How far each stage has moved by what is forced, by the stage's id."""
    line = _line(experiment.model.config, True)
    return {stage.id: change_of(stage, experiment) for stage in line}


@lru_cache(maxsize=2)
def _blame(experiment: Experiment, target: Target) -> Mapping[str, Array]:
    return target.blame(experiment.trace)


@dataclass(frozen=True)
class View:
    """All that determines what is on the screen, its size aside.

    blame: one of BLAMES. known: the ids of the terms that the reader has met, all of them if None.
    """

    experiment: Experiment
    place: Place
    words: Words
    prose: Prose
    blame: str = ""
    known: frozenset[str] | None = None

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
        said = readout(
            self.stage, self.exhibit, self.experiment, *self.cell, self.prose, self.known
        )
        return " ".join(part for part in (said, self._was, self._hangs) if part)

    # What was changed, and what hangs on what

    @property
    def change_words(self) -> Words:
        """The strings for what-ifs, blame, copying and saving."""
        return words("whatif", self.words.lang)

    def change(self, stage: Stage) -> float:
        """How far what a stage shows has moved by what is forced; see `change_of`."""
        return _changes(self.experiment)[stage.id] if self.experiment.forced else 0.0

    @property
    def before(self) -> Array | None:
        """What the exhibit showed before anything was forced; None where that is the same."""
        step = self.exhibit.step
        if step is None or self.experiment.trace[step] is self.experiment.baseline[step]:
            return None
        return self.exhibit.take(self.experiment.baseline[step].value)

    @property
    def target(self) -> Target | None:
        """The number whose blame is shown."""
        trace = self.experiment.trace
        if self.blame == "logit":
            return predicted(trace, self.experiment.asked)
        return true_next(trace, self.word) if self.blame == "loss" else None

    @property
    def gradients(self) -> Mapping[str, Array]:
        """How much the target hangs on every number, by step; empty where none is shown."""
        target = self.target
        return {} if target is None else _blame(self.experiment, target)

    @property
    def gradient(self) -> Array | None:
        """The same for the cells of the exhibit; None for ids, and where none is shown."""
        by_step = self.gradients.get(self.exhibit.step or "")
        return None if by_step is None else self.exhibit.take(by_step)

    @property
    def _is_blocked(self) -> bool:
        """Whether the target would hang on the cell if nothing were set by hand."""
        target, step = self.target, self.exhibit.step
        if target is None or step is None or not self.experiment.forced:
            return False
        free = _blame(self.experiment.with_forced(()), target).get(step)
        return free is not None and self.exhibit.take(free)[self.cell] != 0

    @property
    def target_word(self) -> str:
        """The token of the target, as it is named in a sentence."""
        target, marks = self.target, self.prose.words.marks
        if target is None:
            return ""
        (label,) = predicted_labels(self.experiment.model.tokenizer, [target.token], marks)
        return self.prose.words.token(label)

    @property
    def _was(self) -> str:
        before = self.before
        if before is None or before[self.cell] == self.exhibit.values[self.cell]:
            return ""
        was = float(before[self.cell])
        if self.exhibit.scale == "plain":
            return self.change_words("whatif.before", value=str(int(was)))
        share = self.in_list and self.exhibit.scale == "sequential"
        value = self.prose.words.share(was) if share else number(was)
        return self.change_words("whatif.before", value=value)

    @property
    def _hangs(self) -> str:
        if self.target is None or self.exhibit.step is None:
            return ""
        gradient = self.gradient
        if gradient is None:
            return self.change_words("blame.reading_none")
        if gradient[self.cell] == 0 and self._is_blocked:
            return self.change_words("blame.reading_blocked")
        change = signed(0.01 * float(gradient[self.cell]))
        return self.change_words(
            f"blame.reading_{self.blame}", token=self.target_word, change=change
        )
