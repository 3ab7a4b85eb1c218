"""Questions with several answers at once: steps in order, pairs, and all that are right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random
from typing import cast

from engine.expr import Ref
from lessons.quiz.build import hints
from lessons.quiz.late import About, listed
from lessons.quiz.question import Cell, Mistake, Option, Question
from lessons.quiz.registry import said
from lessons.scene import Scene


def order_question(
    scene: Scene,
    rng: Random,
    id: str,
    lesson: str,
    steps: Mapping[str, str],
    values: Mapping[str, object],
    ref: Ref | None = None,
    about: About | None = None,
    mistakes: Mapping[str, Sequence[str]] | None = None,
) -> Question:
    """Steps to be put in order. steps: their texts by name, in the right order.

    values: what fills the sentences. mistakes: the names in the order of each known mistake.
    """
    names = list(steps)
    shuffled = rng.sample(names, len(names))
    if shuffled == names:
        shuffled = names[1:] + names[:1]

    def places(order: Sequence[str]) -> tuple[int, ...]:
        return tuple(shuffled.index(name) for name in order)

    return Question(
        id,
        lesson,
        "order",
        said(scene, id, "prompt", **values),
        places(names),
        hints(scene, id, **values),
        said(scene, id, "worked", answer=" → ".join(steps.values()), **values),
        choices=tuple(Option(steps[name]) for name in shuffled),
        mistakes=tuple(
            Mistake(name, cast(Cell, places(order)), said(scene, name, "feedback"))
            for name, order in (mistakes or {}).items()
        ),
        ref=ref,
        about={"choices": " ".join(shuffled), **(about or {})},
    )


def match_question(
    scene: Scene,
    rng: Random,
    id: str,
    lesson: str,
    pairs: Mapping[str, tuple[str, str]],
    ref: Ref | None = None,
    about: About | None = None,
    swaps: Mapping[str, tuple[str, str]] | None = None,
    **values: object,
) -> Question | None:
    """Pairs to be found, by name: what stands on the left and what belongs to it.

    swaps: the two pairs that each known mistake takes for one another; what is said of it is the
    generator's own sentence "as-...". It declines where two read the same.
    """
    left = rng.sample(list(pairs), len(pairs))
    right = rng.sample(left, len(left))
    if any(len({pair[side] for pair in pairs.values()}) < len(pairs) for side in (0, 1)):
        return None
    answer = tuple(right.index(name) for name in left)
    mistakes: list[Mistake] = []
    for name, (one, other) in (swaps or {}).items():
        if one in pairs and other in pairs:
            turned = {one: other, other: one}
            wrong = tuple(right.index(turned.get(place, place)) for place in left)
            told = said(scene, id, f"as-{name}", **values)
            mistakes.append(Mistake(name, cast(Cell, wrong), told))
    found = "; ".join(f"{pairs[name][0]}: {pairs[name][1]}" for name in left)
    return Question(
        id,
        lesson,
        "match",
        said(scene, id, "prompt", **values),
        answer,
        hints(scene, id, **values),
        said(scene, id, "worked", answer=found, **values),
        choices=tuple(Option(pairs[name][1]) for name in right),
        left=tuple(pairs[name][0] for name in left),
        mistakes=tuple(mistakes),
        ref=ref,
        about={"left": " ".join(left), "choices": " ".join(right), **(about or {})},
    )


def all_question(
    scene: Scene,
    rng: Random,
    id: str,
    lesson: str,
    options: Sequence[tuple[str, bool, str]],
    ref: Ref | None = None,
    about: About | None = None,
    **values: object,
) -> Question | None:
    """Choices of which some are right: text, whether it is, and whose mistake it is to take it.

    What is said of a mistake is the generator's own sentence "as-...". It declines where two read
    the same, and where none or all are right.
    """
    shuffled = rng.sample(options, len(options))
    texts, right = [text for text, _, _ in shuffled], [good for _, good, _ in shuffled]
    if len(set(texts)) < len(texts) or all(right) or not any(right):
        return None
    return Question(
        id,
        lesson,
        "all",
        said(scene, id, "prompt", **values),
        tuple(place for place, good in enumerate(right) if good),
        hints(scene, id, **values),
        said(
            scene,
            id,
            "worked",
            answer=listed(scene, [text for text, good, _ in options if good]),
            **values,
        ),
        choices=tuple(Option(text, name) for text, _, name in shuffled),
        mistakes=_wrongly_taken(scene, id, shuffled, values),
        ref=ref,
        about=about or {},
    )


def _wrongly_taken(
    scene: Scene, id: str, options: Sequence[tuple[str, bool, str]], values: Mapping[str, object]
) -> tuple[Mistake, ...]:
    return tuple(
        Mistake(name, float(place), said(scene, id, f"as-{name}", value=text, **values))
        for place, (text, _, name) in enumerate(options)
        if name
    )
