"""A model, a sentence and what was forced: all that determines a run.

The interface holds an `Experiment` and replaces it; undoing is going back to the one before.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from engine.errors import EngineError
from engine.model import run
from engine.store import Model
from engine.trace import Trace
from engine.whatif import Force, apply
from engine.words import normalise

# More than the longest token of any vocabulary here has.
LETTERS_PER_TOKEN = 64


@dataclass(frozen=True)
class Piece:
    """One token of the sentence: its id, and which characters of the text it covers.

    The start token covers none: start == end == 0.
    """

    id: int
    label: str
    start: int
    end: int


@dataclass(frozen=True, eq=False)
class Experiment:
    """What determines a `Trace`, and the trace, computed when first asked for.

    text: as typed; `pieces` refer to characters of its NFC form, `normal_text`.
    forced: what is changed by hand, as `whatif.apply` takes it.
    other: the experiment that this one is compared with, whose numbers can be put in here.
    """

    model: Model
    text: str
    forced: tuple[Force, ...] = ()
    other: Experiment | None = None

    @cached_property
    def _all_pieces(self) -> tuple[Piece, ...]:
        """The start token and the tokens of the text, at least n_ctx + 1 if it has so many.

        Spaces at the end are not read: a space belongs to the word after it, and while a
        sentence is typed that word has not come yet. Of a text that is far too long only the
        beginning is cut into tokens, which all have far fewer letters than this leaves them.
        """
        tokenizer = self.model.tokenizer
        enough = LETTERS_PER_TOKEN * self.model.config.n_ctx
        text = self.normal_text.rstrip(" ")[:enough]
        start = Piece(tokenizer.start_id, tokenizer.piece(tokenizer.start_id), 0, 0)
        typed = (Piece(i, tokenizer.piece(i), a, b) for i, a, b in tokenizer.pieces(text))
        return (start, *typed)

    @cached_property
    def normal_text(self) -> str:
        """The text in the form in which it is read (NFC)."""
        return normalise(self.text)

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """The tokens that the model reads, start token first; at most n_ctx of them."""
        return self._all_pieces[: self.model.config.n_ctx]

    @property
    def asked(self) -> int:
        """The position whose prediction is asked for.

        The last one, after which a model goes on. A model that looks both ways has nothing to go
        on with: there it is the first blank of the sentence, if there is one.
        """
        if not self.model.config.causal:
            blank = self.model.tokenizer.blank_id
            for pos, piece in enumerate(self.pieces):
                if piece.id == blank:
                    return pos
        return len(self.pieces) - 1

    @property
    def cut_at(self) -> int | None:
        """From which character of `normal_text` on the text is not read; None if all is."""
        n_ctx = self.model.config.n_ctx
        return self._all_pieces[n_ctx].start if len(self._all_pieces) > n_ctx else None

    @cached_property
    def baseline(self) -> Trace:
        """The run as the model does it, nothing forced."""
        ids = [piece.id for piece in self.pieces]
        model = self.model
        return run(model.config, model.parameters, ids, model.leaves)

    @cached_property
    def trace(self) -> Trace:
        """The run with what is forced. Raises EngineError as `whatif.apply` does."""
        if not self.forced:
            return self.baseline
        return apply(self.baseline, self.forced, None if self.other is None else self.other.trace)

    def force(self, *forces: Force) -> Experiment:
        """The same experiment with more numbers overwritten."""
        return self.with_forced((*self.forced, *forces))

    def with_forced(self, forced: tuple[Force, ...]) -> Experiment:
        """The same experiment with other numbers overwritten."""
        changed = replace(self, forced=forced)
        changed.__dict__["baseline"] = self.baseline  # the same run: computed once for both
        return changed

    def carrying(self, present: Experiment) -> tuple[Experiment, tuple[Force, ...]]:
        """This sentence and model with what is changed in `present`, as far as it fits here.

        Second, the changes that do not fit: they name a step or a place that this run lacks.
        """
        start = self
        if present.other is not self.other:
            start = replace(self, other=present.other)
            start.__dict__["baseline"] = self.baseline
        kept: list[Force] = []
        dropped: list[Force] = []
        for force in present.forced:
            try:
                start.with_forced((*kept, force)).trace  # noqa: B018 (to see whether it can be)
            except EngineError:
                dropped.append(force)
            else:
                kept.append(force)
        return (start.with_forced(tuple(kept)) if kept else start), tuple(dropped)
