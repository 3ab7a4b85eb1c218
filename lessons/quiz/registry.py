"""The generators of questions: each makes one from a run, or declines.

    @generator("softmax-weight", lesson="softmax")
    def softmax_weight(scene: Scene, rng: Random) -> Question | None: ...

A generator chooses with `rng` what to ask, computes the answer and what each known mistake would
answer, and declines (None) where the sentence makes the question pointless. What it says stands in
content/quiz/<lesson>.{es,en}.toml under its id; what is said of mistakes in mistakes.*.toml.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from random import Random
from types import MappingProxyType

from lessons.content_error import ContentError
from lessons.own_files import read_files
from lessons.quiz.question import Question
from lessons.scene import Scene
from lessons.sentences import has_sentence, sentence

TRIES = 3
"""How often each generator is asked for a sheet, at the most."""

Ask = Callable[[Scene, Random], Question | None]


@dataclass(frozen=True, slots=True)
class Generator:
    """A generator under its id, with the lesson that it belongs to."""

    id: str
    lesson: str
    ask: Ask


_GENERATORS: dict[str, Generator] = {}


def generator(id: str, lesson: str) -> Callable[[Ask], Ask]:
    """Registers the decorated function under an id, which must be new."""

    def register(ask: Ask) -> Ask:
        if id in _GENERATORS:
            raise ContentError(f"two generators are called {id}")
        _GENERATORS[id] = Generator(id, lesson, ask)
        return ask

    return register


@cache
def generators() -> Mapping[str, Generator]:
    """Every generator of this package by its id."""
    read_files("lessons.quiz")
    return MappingProxyType(dict(sorted(_GENERATORS.items())))


def ask(id: str, scene: Scene, rng: Random) -> Question | None:
    """A question of one generator; None where it declines, or is not known any more."""
    known = generators().get(id)
    return None if known is None else known.ask(scene, rng)


def draw(lessons: Sequence[str], scene: Scene, rng: Random, n: int) -> list[Question]:
    """Up to n questions from some lessons, each generator once before any comes again.

    Fewer where the sentence makes too many of them pointless.
    """
    ids = [id for id, one in generators().items() if one.lesson in lessons]
    found: list[Question] = []
    asked: set[object] = set()
    for attempt in range(TRIES):  # a generator may decline one time and not the next
        rng.shuffle(ids)
        for id in ids:
            if len(found) == n:
                return found
            question = ask(id, scene, rng)
            if question is None or question.prompt in asked:
                continue
            # Two questions for one number give each other away: only where nothing else is left.
            if question.ref in asked and attempt < TRIES - 1:
                continue
            found.append(question)
            asked |= {question.prompt, question.ref} - {None}
    return found


def feedback_of(scene: Scene, id: str, key: str, mistake: str, /, **values: object) -> str:
    """What a generator says of a mistake, under a key of its own; else what is said in general."""
    if has_sentence("quiz", scene.lang, id, key):
        return said(scene, id, key, **values)
    return said(scene, mistake, "feedback", **values)


def said(scene: Scene, id: str, key: str, /, **values: object) -> str:
    """A sentence of a generator, or of a mistake, its {places} filled. Raises ContentError."""
    return sentence("quiz", scene.lang, id, key, values)
