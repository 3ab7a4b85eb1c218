"""What the questions of lessons 6 to 10 share: claims, steps, several answers, whole numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random

from engine.expr import Ref
from lessons.quiz.arranged import out_of_order, with_mistakes
from lessons.quiz.beliefs import believing
from lessons.quiz.build import bare_question, hints, plain
from lessons.quiz.question import About, Mistake, Option, Question
from lessons.quiz.registry import feedback_of, said
from lessons.scene import Scene
from lessons.words import number


def signed_term(x: float) -> str:
    """A number as it stands after a plus: "0.52", "(−0.11)"."""
    return f"({number(x)})" if x < 0 else number(x)


def vector(numbers: Sequence[float]) -> str:
    """A short vector of whole numbers: "(3, −1)"."""
    return f"({', '.join(map(plain, numbers))})"


def retold(scene: Scene, question: Question | None, *own: str, **values: object) -> Question | None:
    """A question for a number whose mistakes are told in whole numbers where they are whole.

    own: the mistakes for which the generator has a sentence of its own, under their ids.
    values: what fills those.
    """
    if question is None:
        return None
    told: list[Mistake] = []
    for mistake in question.mistakes:
        value = plain(mistake.number, scene.words)
        if mistake.name in own:
            feedback = said(scene, question.id, mistake.name, value=value, **values)
        else:
            feedback = said(scene, mistake.name, "feedback", value=value)
        told.append(replace(mistake, feedback=feedback))
    return replace(question, mistakes=tuple(told))


def rounded(scene: Scene, question: Question | None, *parts: float) -> Question | None:
    """The question; where the parts as they are written do not quite add up, it says so."""
    if question is None:
        return None
    *terms, total = (round(part, 2) for part in parts)
    if abs(sum(terms) - total) < 0.001:
        return question
    return replace(question, worked=scene.words.rounded.format(sentence=question.worked))


def two_words(scene: Scene, rng: Random) -> tuple[int, int] | None:
    """Two positions of the sentence that hold different tokens; the start mark's is not one."""
    places = range(1, scene.n)
    if len({scene.ids[pos] for pos in places}) < 2:
        return None
    a = rng.choice(places)
    return a, rng.choice([pos for pos in places if scene.ids[pos] != scene.ids[a]])


# --- True or false -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Claim:
    """Something that is true or false of a run. Its sentences stand under <generator>-<key>.

    mistake: whose mistake it is to judge it wrongly; empty for none that has a name.
    """

    key: str
    true: bool
    values: Mapping[str, object] = field(default_factory=dict)
    about: About = field(default_factory=dict)
    mistake: str = ""
    ref: Ref | None = None


def truth_question(
    scene: Scene, rng: Random, id: str, lesson: str, wanted: bool, claims: Sequence[Claim]
) -> Question | None:
    """True or false? wanted: which of the two it is to be, where there are claims of both sorts."""
    fitting = [claim for claim in claims if claim.true == wanted] or list(claims)
    if not fitting:
        return None
    claim = rng.choice(fitting)
    table = f"{id}-{claim.key}"
    told = said(scene, table, "claim", **claim.values)
    mistakes: tuple[Mistake, ...] = ()
    if claim.mistake:
        feedback = said(scene, table, "feedback", **claim.values)
        mistakes = (Mistake(claim.mistake, not claim.true, feedback),)
    question = Question(
        id,
        lesson,
        "truth",
        said(scene, id, "prompt", claim=told),
        claim.true,
        hints(scene, table, **claim.values),
        said(scene, table, "worked", **claim.values),
        mistakes=mistakes,
        ref=claim.ref,
        about={"claim": claim.key, **claim.about},
    )
    return believing(scene, question, claim.key)


# --- Several answers, and an order ---------------------------------------------------------------


def all_question(
    scene: Scene,
    rng: Random,
    id: str,
    lesson: str,
    right: Sequence[str],
    wrong: Mapping[str, str],
    ref: Ref | None,
    about: About,
    **values: object,
) -> Question | None:
    """A question of whose choices several are right. It declines where two would read the same.

    wrong: by the id of the mistake; an id that begins with "-" is no mistake that has a name. What
    is said of a mistake stands in the generator's own table, under its id.
    """
    options = [Option(text) for text in right]
    options += [Option(text, "" if name[0] == "-" else name) for name, text in wrong.items()]
    if len({option.text for option in options}) < len(options):
        return None
    shuffled = rng.sample(options, len(options))
    places = tuple(place for place, option in enumerate(shuffled) if option.text in right)
    known = tuple(
        Mistake(
            option.mistake,
            place,
            feedback_of(scene, id, option.mistake, option.mistake, value=option.text, **values),
        )
        for place, option in enumerate(shuffled)
        if option.mistake
    )
    question = bare_question(scene, id, lesson, "all", places, about, ref, **values)
    return replace(question, choices=tuple(shuffled), mistakes=known)


def order_question(
    scene: Scene,
    rng: Random,
    id: str,
    lesson: str,
    n_steps: int,
    ref: Ref | None,
    about: About,
    **values: object,
) -> Question:
    """Steps to be put in order: the generator's "step_1", "step_2" ... They never come in order."""
    shuffled = out_of_order(range(n_steps), rng)
    places = tuple(shuffled.index(step) for step in range(n_steps))
    question = bare_question(scene, id, lesson, "order", places, about, ref, **values)
    choices = tuple(Option(said(scene, id, f"step_{step + 1}", **values)) for step in shuffled)
    return with_mistakes(scene, replace(question, choices=choices))
