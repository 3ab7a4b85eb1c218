"""What a card is shown about: a run, a language, and what the learner has turned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from types import MappingProxyType

from engine.experiment import Experiment
from engine.store import Model, load, shipped
from lessons.figures.knobs import Value
from lessons.labels import predicted_labels, read_labels
from lessons.moments import moments
from lessons.prose import Prose, prose
from lessons.words import Words


@dataclass(frozen=True, eq=False)
class Scene:
    """The learner's run, and the knobs of the exhibit.

    lang: the language of all that is said. knobs: the values that are not the exhibit's own.
    """

    experiment: Experiment
    lang: str
    knobs: Mapping[str, Value] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def prose(self) -> Prose:
        """What the stations say, and the names of axes, in this language."""
        return prose(self.lang)

    @property
    def words(self) -> Words:
        """How this language writes tokens and shares."""
        return self.prose.words

    @cached_property
    def ids(self) -> list[int]:
        """The token ids of the sentence, start token first; what was set by hand included."""
        return [int(i) for i in self.experiment.trace["tokens"].value]

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """The tokens of the sentence as people read them, start token first."""
        return read_labels(self.experiment.model.tokenizer, self.ids, self.words.marks)

    @cached_property
    def quoted(self) -> tuple[str, ...]:
        """The same in quotation marks; equal ones with their positions."""
        return self.words.tokens(self.labels)

    def predicted(self, ids: list[int]) -> tuple[str, ...]:
        """The labels of tokens that the model predicts."""
        return predicted_labels(self.experiment.model.tokenizer, ids, self.words.marks)

    @property
    def n(self) -> int:
        """How many tokens the sentence has, the start token included; at least 1."""
        return len(self.ids)

    def at(self, knob: str, n: int) -> int:
        """The value of a Place knob as an index into n things: -1 is the last."""
        place = int(self.knobs[knob])
        return n - 1 if place < 0 else min(place, n - 1)

    def about(self, experiment: Experiment) -> Scene:
        """The same about another run."""
        return replace(self, experiment=experiment)


@lru_cache(maxsize=8)
def shipped_model(name: str) -> Model:
    """A model that comes with the program, such as "mini-bidi-es"; read once.

    Raises KeyError if there is no such model.
    """
    return load(shipped()[name])


def at_checkpoint(model: Model, place: int) -> Model:
    """The model at one of the kept moments of its training, the last being the finished one.

    A model that keeps none is only itself.
    """
    kept = moments(model)
    return kept.model(kept.last if place < 0 else place)
