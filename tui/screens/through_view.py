"""One moment of the screen on the whole training: which view, which word, which head. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from lessons.emergence import Emerged
from lessons.held_out import HeldOut
from lessons.labels import predicted_labels, read_labels
from lessons.moments import Moment
from lessons.over_time import OverTime, WordMap, nouns_of, word_map
from lessons.prose import Prose, prose
from tui.messages import Words, words
from tui.screens.walk_state import Place

VIEWS = ("map", "near", "heads", "loss")


def first_noun(over: OverTime) -> int | None:
    """The position of the first word of the sentence that is a noun of the map; None without."""
    nouns = {word.id for word in nouns_of(over.run.model)}
    return next((i for i, id in enumerate(over.ids) if id in nouns), None)


@dataclass(frozen=True)
class ThroughView:
    """All that determines what is on the screen, its size aside.

    place: the present moment. word: the position of the word whose vector is followed. query: that
    of the word whose looks are. head: counted over all blocks.
    found: what emerges; empty while it is not known. held_out: None while nothing is known of it;
    measuring: whether that may still come.
    """

    over: OverTime
    lang: str
    place: int
    view: str = VIEWS[0]
    word: int = 0
    query: int = 0
    head: int = 0
    found: Sequence[Emerged] = ()
    held_out: HeldOut | None = None
    measuring: bool = True

    @property
    def words(self) -> Words:
        """The strings of this screen."""
        return words("time", self.lang)

    @property
    def prose(self) -> Prose:
        """How this language writes numbers and tokens."""
        return prose(self.lang)

    @property
    def moment(self) -> Moment:
        """The present moment."""
        return Moment(self.over.moments, self.place)

    @property
    def steps(self) -> tuple[int, ...]:
        """The training steps of all moments."""
        return self.over.moments.steps

    def written(self, step: int) -> str:
        """The number of a step as the language writes it."""
        return self.prose.words.whole(step)

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """The tokens of the sentence as people read them."""
        tokenizer = self.over.run.model.tokenizer
        return read_labels(tokenizer, list(self.over.ids), self.prose.words.marks)

    @cached_property
    def map(self) -> WordMap:
        """The map of the words."""
        return word_map(self.over)

    @property
    def n_heads(self) -> int:
        """All heads of the model."""
        config = self.over.run.model.config
        return config.n_layers * config.n_heads

    @property
    def block(self) -> int:
        """The block of the present head."""
        return self.head // self.over.run.model.config.n_heads

    @property
    def head_in_block(self) -> int:
        """The present head, counted within its block."""
        return self.head % self.over.run.model.config.n_heads

    def label(self, id: int) -> str:
        """A token of the vocabulary as people read it."""
        tokenizer = self.over.run.model.tokenizer
        (label,) = predicted_labels(tokenizer, [id], self.prose.words.marks)
        return label

    def emerged_at(self, place: int) -> list[Emerged]:
        """What emerges at a moment."""
        return [one for one in self.found if one.place == place]

    # Where the keys lead

    def turned(self, by: int) -> ThroughView:
        """Another view; after the last comes the first."""
        return replace(self, view=VIEWS[(VIEWS.index(self.view) + by) % len(VIEWS)])

    @property
    def chosen(self) -> int:
        """The position of the word that is followed in the present view."""
        return self.query if self.view == "heads" else self.word

    def to_word(self, word: int) -> ThroughView:
        """Follow another word of the sentence; the ends hold."""
        word = max(0, min(word, len(self.labels) - 1))
        return replace(self, query=word) if self.view == "heads" else replace(self, word=word)

    def to_head(self, by: int) -> ThroughView:
        """Another head; after the last comes the first."""
        return replace(self, head=(self.head + by) % self.n_heads)

    def walk_place(self) -> Place:
        """Where the walk shows what is shown here."""
        if self.view == "heads":
            stage = f"blocks.{self.block}.pattern"
            return Place(stage, self.head_in_block, self.query)
        if self.view == "loss":
            return Place("probs")
        return Place("lookup", word=self.word)
