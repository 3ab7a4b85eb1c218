"""Questions on reading one word after another."""

from __future__ import annotations

from random import Random

from lessons.figures.why_transformers import remaining
from lessons.quiz.early import match_question, truth_question, typed_question
from lessons.quiz.own_words import first_words, one_of, tokens
from lessons.quiz.question import Question
from lessons.quiz.registry import generator, said
from lessons.scene import Scene
from lessons.spelling import spelled_words
from lessons.words import number

LESSON = "why-transformers"
_KEPT = (0.6, 0.7, 0.8, 0.9)


@generator("recurrence-waits", LESSON)
def recurrence_waits(scene: Scene, rng: Random) -> Question | None:
    """How many words are read before one, in single file."""
    n = first_words(scene, 9)
    if n < 2:
        return None
    pos = rng.randint(min(n, 3), n)
    return typed_question(
        scene,
        "recurrence-waits",
        LESSON,
        pos - 1,
        [("off-by-one", pos), ("off-by-one", pos - 2)],
        None,
        {"word": pos},
        words=tokens(scene, range(1, n + 1)),
        word=scene.quoted[pos],
        before=tokens(scene, range(1, pos)),
    )


@generator("fading-left", LESSON)
def fading_left(scene: Scene, rng: Random) -> Question | None:
    """How much of the first word is left after some steps, each keeping the same part."""
    n = first_words(scene, 6)
    if n < 3:
        return None
    pos, keep = one_of(scene, rng, range(3, n + 1)), one_of(scene, rng, _KEPT)
    steps = pos - 1
    # Taking away the same each time, instead of a part of what is left.
    taken = ("sum-not-product", 1 - (1 - keep) * steps)
    return typed_question(
        scene,
        "fading-left",
        LESSON,
        remaining(keep, pos),
        [("off-by-one", keep**pos), ("off-by-one", keep ** (pos - 2)), taken],
        None,
        {"word": pos, "keep": keep},
        words=tokens(scene, range(1, pos + 1)),
        first=scene.quoted[1],
        word=scene.quoted[pos],
        percent=scene.words.share(keep),
        keep=number(keep),
        lost=number(1 - keep),
        steps=steps,
        product=" × ".join([number(keep)] * steps),
    )


@generator("lanes-steps", LESSON)
def lanes_steps(scene: Scene, rng: Random) -> Question | None:
    """How many steps each lane takes, for the sentence and for one twice as long."""
    n = scene.n - 1
    if n < 2 or spelled_words(scene.experiment):
        return None
    steps = {"own": n, "double": 2 * n, "attention": 1}
    lanes = rng.sample([*steps], len(steps))
    pairs = [
        (
            said(scene, "lanes-steps", lane),
            said(scene, "lanes-steps", "step" if steps[lane] == 1 else "steps", n=steps[lane]),
        )
        for lane in lanes
    ]
    return match_question(
        scene,
        rng,
        "lanes-steps",
        LESSON,
        pairs,
        {"lanes": ",".join(lanes)},
        n=n,
        double=2 * n,
    )


@generator("faded-more", LESSON)
def faded_more(scene: Scene, rng: Random) -> Question | None:
    """Which of two words a summary still holds more of."""
    n = first_words(scene, 8)
    if n < 3:
        return None
    first, second = rng.sample(range(1, n), 2)
    return truth_question(
        scene,
        "faded-more",
        LESSON,
        "more",
        first > second,
        "",
        {"first": first, "second": second, "last": n},
        words=tokens(scene, range(1, n + 1)),
        first=scene.quoted[first],
        second=scene.quoted[second],
        last=scene.quoted[n],
        steps_first=n - first,
        steps_second=n - second,
    )
