"""Questions on which words a word looks at, and what its weights say."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

import numpy as np

from engine.experiment import Experiment
from engine.expr import Ref
from engine.ops import Array
from lessons.figures.attention_intuition import clearest
from lessons.figures.attention_intuition_changes import covering
from lessons.figures.candidates import candidates
from lessons.quiz.build import pick_question
from lessons.quiz.early import all_question, point_question, typed_question
from lessons.quiz.own_words import is_word
from lessons.quiz.question import Pointed, Question
from lessons.quiz.registry import generator, said
from lessons.scene import Scene
from lessons.words import number, weight

LESSON = "attention-intuition"
_FURTHEST = 14  # the last word whose look is asked for: a longer row is hard to read
_MOST_RUNS = 3
_APART = 0.02  # weights closer than this read nearly the same


@dataclass(frozen=True, slots=True)
class _Look:
    """One look of a word. row: its weights. others: the words it looks at, hardest first; the
    start token and the word itself left out.
    """

    block: int
    head: int
    word: int
    row: Array
    others: tuple[int, ...]

    @property
    def about(self) -> dict[str, int | str | float]:
        return {"block": self.block, "head": self.head, "word": self.word}

    def weight(self, rank: int) -> float:
        """What one of the others gets."""
        return float(self.row[self.others[rank]])

    def ref(self, at: int) -> Ref:
        return Ref(f"blocks.{self.block}.attn.pattern", (self.head, self.word, at))


def _looks(scene: Scene) -> list[_Look]:
    """The looks of whole words whose first two others are whole words, told apart by weight."""
    config, found = scene.experiment.model.config, []
    words = [pos for pos in range(1, min(scene.n, _FURTHEST + 1)) if is_word(scene, pos)]
    for block in range(config.n_layers):
        pattern = scene.experiment.trace[f"blocks.{block}.attn.pattern"].value
        if not np.isfinite(pattern).all():
            continue
        for head in range(config.n_heads):
            for word in words:
                row = pattern[head, word]
                if abs(float(row.sum()) - 1) > 1e-6:
                    continue  # set by hand
                seen = [i for i in range(1, scene.n) if i != word and row[i] > 0]
                seen.sort(key=lambda i: -row[i])
                two = seen[:2]
                if len(two) < 2 or not all(is_word(scene, i) for i in two):
                    continue
                if row[two[0]] - row[two[1]] > _APART:
                    found.append(_Look(block, head, word, row, tuple(seen)))
    return found


@generator("look-most", LESSON)
def look_most(scene: Scene, rng: Random) -> Question | None:
    """The cell of the word that a word looks at most."""
    if not (found := _looks(scene)):
        return None
    look = rng.choice(found)
    word, at = look.word, look.others[0]
    mistakes = [("off-by-one", (word - 1, at)), ("wrong-cell", (at, word))]
    mistakes += [("wrong-cell", (word, i)) for i in (0, word) if look.row[i] > look.row[at]]
    return point_question(
        scene,
        "look-most",
        LESSON,
        Pointed("pattern", look.block, look.head),
        (word, at),
        mistakes,
        look.ref(at),
        look.about,
        word=scene.quoted[word],
        at=scene.quoted[at],
        start=scene.words.start,
        weight=number(look.weight(0)),
    )


@generator("look-rest", LESSON)
def look_rest(scene: Scene, rng: Random) -> Question | None:
    """What is left for all the others, from two weights of a look."""
    found = [look for look in _looks(scene) if look.weight(1) > 0.05 and _adds_up(look)]
    if not found:
        return None
    look = rng.choice(found)
    given = look.others[:2]
    most, second = (float(look.row[i]) for i in given)
    first, other = sorted(given)
    return typed_question(
        scene,
        "look-rest",
        LESSON,
        float(np.delete(look.row, given).sum()),
        [("largest-is-all", 1 - most)],
        look.ref(given[0]),
        {**look.about, "first": first, "other": other},
        word=scene.quoted[look.word],
        a=scene.quoted[first],
        b=scene.quoted[other],
        weight_a=number(float(look.row[first])),
        weight_b=number(float(look.row[other])),
        both=number(most + second),
        start=scene.words.start,
    )


def _adds_up(look: _Look) -> bool:
    """Whether the two weights and the rest, as they are written, make 1 as well."""
    written = [round(look.weight(rank), 2) for rank in (0, 1)]
    rest = 1 - look.weight(0) - look.weight(1)
    return rest > 0.05 and round(1 - sum(written), 2) == round(rest, 2)


@generator("look-says", LESSON)
def look_says(scene: Scene, rng: Random) -> Question | None:
    """What may be said of a look whose weights are given."""
    found = [
        look
        for look in _looks(scene)
        if _adds_up(look)
        and abs(look.weight(0) - 0.5) > _APART
        and abs(look.weight(0) - 2 * look.weight(1)) > 2 * _APART
        and look.weight(1) > 0.05
    ]
    if not found:
        return None
    look = rng.choice(found)
    at, other = look.others[:2]
    back = scene.experiment.trace[f"blocks.{look.block}.attn.pattern"].value[look.head, at]
    most, second = look.weight(0), look.weight(1)
    claims = {
        "sum": (True, ""),
        "half": (most > 0.5, ""),
        "twice": (most > 2 * second, ""),
        "decides": (False, "largest-is-all"),
    }
    if abs(float(back[look.word]) - most) > _APART:
        claims["back"] = (False, "wrong-cell")
    values = {
        "word": scene.quoted[look.word],
        "at": scene.quoted[at],
        "other": scene.quoted[other],
        "weight": number(most),
        "weight_other": number(second),
        "rest": number(float(np.delete(look.row, [at, other]).sum())),
        "share": scene.words.share(most),
    }
    told = {claim: said(scene, "look-says", claim, **values) for claim in claims}
    return all_question(
        scene,
        rng,
        "look-says",
        LESSON,
        [(told[claim], *claims[claim]) for claim in claims],
        look.ref(at),
        {**look.about, "at": at, "other": other},
        right=" ".join(told[claim] for claim, (right, _) in claims.items() if right),
        **values,
    )


@generator("cover-shows", LESSON)
def cover_shows(scene: Scene, rng: Random) -> Question | None:
    """What it shows that the bet changes, or does not, once a word is covered."""
    last = scene.n - 1
    hardest = clearest(scene.experiment, last)
    seen = [i for i in range(1, last) if is_word(scene, i) and hardest.row[i] > _APART]
    if not scene.experiment.model.config.causal or not seen:
        return None
    tried = rng.sample(seen, min(_MOST_RUNS, len(seen)))
    first = _bet(scene, scene.experiment)
    covered = [_bet(scene, covering(scene.experiment, at)) for at in tried]
    bets = {at: bet for at, bet in zip(tried, covered, strict=True) if bet is not None}
    if first is None or len(bets) < len(tried):
        return None
    # Most words may be covered without harm; one that may not is as good a question.
    changing = [at for at in tried if bets[at] != first]
    at = changing[0] if changing and rng.random() < 0.7 else tried[0]
    changes = bets[at] != first
    before, after = (scene.words.token(label) for _, label in (first, bets[at]))
    if changes and before == after:  # two pieces that read the same
        return None
    share = float(hardest.row[at])
    values = {
        "last": scene.quoted[last],
        "at": scene.quoted[at],
        "weight": weight(share),
        "share": scene.words.share(share),
        "before": before,
        "after": after,
    }

    def told(key: str) -> str:
        return said(scene, "cover-shows", key, **values)

    return pick_question(
        scene,
        rng,
        "cover-shows",
        LESSON,
        told("depends" if changes else "not_needed"),
        {
            "largest-is-all": told("decides"),
            "-other": told("not_needed" if changes else "depends"),
            "-alike": told("alike"),
        },
        hardest.ref(at),
        {"at": at},
        {"largest-is-all": told("largest-is-all")},
        outcome=told("changes" if changes else "stays"),
        **values,
    )


def _bet(scene: Scene, run: Experiment | None) -> tuple[int, str] | None:
    """What a run bets on after the last word; None where there is no such run, or no number."""
    if run is None or not np.isfinite(run.trace["probs"].value[-1]).all():
        return None
    (bet,) = candidates(scene, run, scene.n - 1, 1)
    return bet
