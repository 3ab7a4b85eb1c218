"""Questions with several answers at once: steps in order, pairs, and all that are right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from random import Random

from engine.expr import Ref
from lessons.quiz.arranged import out_of_order, with_mistakes
from lessons.quiz.build import bare_question
from lessons.quiz.late import listed
from lessons.quiz.question import About, Mistake, Option, Question
from lessons.quiz.registry import feedback_of, said
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
    shuffled = out_of_order(names, rng)

    def places(order: Sequence[str]) -> tuple[int, ...]:
        return tuple(shuffled.index(name) for name in order)

    about = {"choices": " ".join(shuffled), **(about or {})}
    question = bare_question(scene, id, lesson, "order", places(names), about, ref, **values)
    known = tuple(
        Mistake(name, places(order), said(scene, name, "feedback"))
        for name, order in (mistakes or {}).items()
    )
    choices = tuple(Option(steps[name]) for name in shuffled)
    return with_mistakes(scene, replace(question, choices=choices, mistakes=known))


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
            mistakes.append(Mistake(name, wrong, told))
    about = {"left": " ".join(left), "choices": " ".join(right), **(about or {})}
    question = replace(
        bare_question(scene, id, lesson, "match", answer, about, ref, **values),
        choices=tuple(Option(pairs[name][1]) for name in right),
        left=tuple(pairs[name][0] for name in left),
        mistakes=tuple(mistakes),
    )
    return with_mistakes(scene, question)


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
    known = tuple(
        Mistake(name, place, feedback_of(scene, id, f"as-{name}", name, value=text, **values))
        for place, (text, _, name) in enumerate(shuffled)
        if name
    )
    values["answer"] = listed(scene, [text for text, good, _ in options if good])
    places = tuple(place for place, good in enumerate(right) if good)
    question = bare_question(scene, id, lesson, "all", places, about or {}, ref, **values)
    choices = tuple(Option(text, name) for text, _, name in shuffled)
    return replace(question, choices=choices, mistakes=known)
