"""Where the texts of a training come from: a small world, a person's own files, or both."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from random import Random
from typing import Any, Protocol

from engine.batches import Drawn, encode, tokenizer_of
from engine.corpus.world import World
from engine.errors import EngineError
from engine.exam import Exam
from engine.feed import fed_rows
from engine.texts import Texts, text_rows
from engine.tokenizer import Tokenizer

Place = Mapping[str, Any]

# The examination uses texts of its own, the same for every seed of the training.
_EXAM_SEED = "examination"


class Source(Protocol):
    """Texts to learn from, without end, and others to be examined on."""

    def drawn(
        self, seed: int, batch_size: int, n_ctx: int, place: Place | None
    ) -> Generator[Drawn, None, None]:
        """The rows of batches, from a place on if one is given. To be closed when done with."""
        ...

    def exams(self, n_texts: int, n_ctx: int) -> dict[str, Exam]:
        """Texts that are never drawn, always the same, at most `n_texts` for each exam.

        "own": a person's own texts; "world": those of the small world. The first decides whether
        a model gets better.
        """
        ...

    def told(self) -> dict[str, Any]:
        """What has to be written down to have the same source again, `Texts` aside."""
        ...


@dataclass(frozen=True)
class WorldTexts:
    """Texts sampled from the small world of a language.

    blank: whether its tokenizer has a token for a blank.
    """

    language: str
    blank: bool = False

    def drawn(
        self, seed: int, batch_size: int, n_ctx: int, place: Place | None
    ) -> Generator[Drawn, None, None]:
        tokenizer = world_tokenizer(self.language, self.blank)
        return fed_rows(self.language, tokenizer, seed, batch_size, n_ctx, place)

    def exams(self, n_texts: int, n_ctx: int) -> dict[str, Exam]:
        return {"world": _world_exam(self, n_texts, n_ctx)}

    def told(self) -> dict[str, Any]:
        return {"kind": "world", "language": self.language, "blank": self.blank}


@dataclass(frozen=True)
class OwnTexts:
    """A person's own texts: what is learned from, and what is held out, if anything is."""

    train: Texts
    held_out: Texts | None = None

    def drawn(
        self, seed: int, batch_size: int, n_ctx: int, place: Place | None
    ) -> Generator[Drawn, None, None]:
        yield from text_rows(self.train, seed, batch_size, place)

    def exams(self, n_texts: int, n_ctx: int) -> dict[str, Exam]:
        if self.held_out is None:
            return {}
        return {"own": Exam([self.held_out[i] for i in range(min(n_texts, len(self.held_out)))])}

    def told(self) -> dict[str, Any]:
        return {"kind": "own"}


@dataclass(frozen=True)
class MixedTexts:
    """A person's own texts among texts of the small world that a model was made from.

    So it can learn the new ones without forgetting the old: `share` of each batch are own texts.
    The world's examination shows what is forgotten, also where the share is 1.
    """

    own: OwnTexts
    world: WorldTexts
    share: float

    def drawn(
        self, seed: int, batch_size: int, n_ctx: int, place: Place | None
    ) -> Generator[Drawn, None, None]:
        n_own = min(max(round(self.share * batch_size), 1), batch_size)
        then = {"own": None, "world": None} if place is None else place
        if not then.keys() >= {"own", "world"}:
            raise EngineError("bad_place")
        own = self.own.drawn(seed, n_own, n_ctx, then["own"])
        if n_own == batch_size:
            for new in own:
                yield Drawn(new.rows, {"own": new.place, "world": None})
            return
        with closing(self.world.drawn(seed, batch_size - n_own, n_ctx, then["world"])) as world:
            for new, old in zip(own, world, strict=False):
                yield Drawn([*new.rows, *old.rows], {"own": new.place, "world": old.place})

    def exams(self, n_texts: int, n_ctx: int) -> dict[str, Exam]:
        return self.own.exams(n_texts, n_ctx) | self.world.exams(n_texts, n_ctx)

    def told(self) -> dict[str, Any]:
        return self.world.told() | {"kind": "mixed", "share": self.share}


@lru_cache(maxsize=4)
def world_of(language: str) -> World:
    """The small world of a language, read once. Raises EngineError if there is none."""
    return World.load(language)


@lru_cache(maxsize=4)
def world_tokenizer(language: str, blank: bool = False) -> Tokenizer:
    """The tokenizer of a small world, made once: each of its words is one token."""
    return tokenizer_of(world_of(language), blank)


@lru_cache(maxsize=8)
def _world_exam(texts: WorldTexts, n_texts: int, n_ctx: int) -> Exam:
    world, tokenizer = world_of(texts.language), world_tokenizer(texts.language, texts.blank)
    rng = Random(_EXAM_SEED)
    samples = [world.sample(rng) for _ in range(n_texts)]
    rows = [encode(tokenizer, sample.text, n_ctx) for sample in samples]
    return Exam(rows, sum(sample.log_prob for sample in samples))
