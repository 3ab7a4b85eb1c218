"""What changed in a model that went on learning from some sentences, and what it forgot."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from engine.experiment import Experiment
from engine.sampling import likeliest
from engine.store import Model
from lessons.figures.closeness import direction
from lessons.figures.common_words import word_ids
from lessons.labels import predicted_labels
from lessons.prose import prose
from lessons.words import number

MOST_TOLD = 3
"""Sentences of which it is told what changed."""
N_GUESSES = 3
N_NEIGHBOURS = 4
SHORTEST_NOUN = 4
"""Letters of a word that is taken for the noun of its sentence: an article has fewer."""
FORGOTTEN = 0.01
"""Nats a token: a smaller rise of the loss is no forgetting worth the name."""

Guess = tuple[str, float]


@dataclass(frozen=True, slots=True)
class Taught:
    """One sentence before and after, its last word hidden.

    start, word: the sentence without its last word, and that word. shares: its probability before
    and after; of a word in several tokens, that of all of them one after the other. guesses: what
    was expected most. noun, neighbours: the words whose vectors are closest to its noun's.
    pieces: those that the noun is read in.
    """

    start: str
    word: str
    shares: tuple[float, float]
    guesses: tuple[tuple[Guess, ...], tuple[Guess, ...]]
    noun: str
    neighbours: tuple[tuple[str, ...], tuple[str, ...]]
    pieces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Learnt:
    """What came of teaching: of the first sentences, how many more, and what was forgotten.

    forgot: the held-out loss on the world that the model was made from, before and after.
    """

    taught: tuple[Taught, ...]
    n_more: int = 0
    forgot: tuple[float, float] | None = None


def learnt(
    before: Model,
    after: Model,
    lines: Sequence[str],
    lang: str,
    world: tuple[float, float] | None = None,
) -> Learnt:
    """What changed between two models with the same tokenizer. world: as `Learnt.forgot`.

    lang: in which the end of a text is named.
    """
    fit = [line for line in dict.fromkeys(lines) if len(line.split()) > 1]
    taught = tuple(_taught(before, after, line, lang) for line in fit[:MOST_TOLD])
    return Learnt(taught, len(fit) - len(taught), world)


def world_losses(history: Sequence[Mapping[str, object]]) -> tuple[float, float] | None:
    """The first and the last loss in the exam of the small world; None where there was none."""
    made = [x["held_out"]["world"] for x in history if "world" in x["held_out"]]  # type: ignore[index,operator]
    return (float(made[0]), float(made[-1])) if made else None


def _taught(before: Model, after: Model, line: str, lang: str) -> Taught:
    start, word = line.rstrip(" .").rsplit(" ", 1)
    noun = next((w for w in start.split() if len(w) >= SHORTEST_NOUN), start.split()[0])
    one, two = (_read(model, start, word, lang) for model in (before, after))
    near = tuple(_near(model, noun) for model in (before, after))
    read = (before.tokenizer.piece(id).strip() for id in before.tokenizer.encode(noun))
    pieces = tuple(piece for piece in read if piece)
    shares, guesses = (one[0], two[0]), (one[1], two[1])
    return Taught(start, word, shares, guesses, noun, (near[0], near[1]), pieces)


def _read(model: Model, start: str, word: str, lang: str) -> tuple[float, tuple[Guess, ...]]:
    """The probability of a word after the start of a sentence, and what is expected most."""
    with np.errstate(all="ignore"):
        run = Experiment(model, start)
        n, ids = len(run.pieces), model.tokenizer.encode(f"{start} {word}")
        whole = Experiment(model, f"{start} {word}")
        probs = whole.trace["probs"].value
        share = 1.0
        for pos, id in enumerate(ids[n - 1 :], start=n - 1):
            if pos < len(whole.pieces) - 1:
                share *= float(probs[pos, id])
        best = likeliest(run.trace["probs"].value[-1], N_GUESSES)
    marks = prose(lang).words.marks
    labels = predicted_labels(model.tokenizer, [int(i) for i in best], marks)
    shares = run.trace["probs"].value[-1][best]
    return share, tuple((x.strip(), float(p)) for x, p in zip(labels, shares, strict=True))


def _near(model: Model, noun: str) -> tuple[str, ...]:
    """The words closest to a word; of one in several tokens, to the average of them."""
    ids = model.tokenizer.encode(noun)
    among = np.array([i for i in word_ids(model) if i not in ids], np.int64)
    if not len(among) or not ids:
        return ()
    table = model.parameters["W_E"]
    with np.errstate(all="ignore"):
        way = direction(Experiment(model, noun), ids)
        close = np.nan_to_num(table[among] @ way / np.linalg.norm(table[among], axis=1))
    best = np.argsort(-close, kind="stable")[:N_NEIGHBOURS]
    return tuple(model.tokenizer.piece(int(among[i])).strip() for i in best)


# --- As text -------------------------------------------------------------------------------------


@cache
def _texts(lang: str) -> Mapping[str, str]:
    path = files("lessons") / "content" / "learnt" / f"{lang}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def told_learnt(found: Learnt, lang: str) -> list[str]:
    """The same in sentences."""
    said, words = _texts(lang), prose(lang).words
    lines = []
    for one in found.taught:
        before, after = (words.share(x) for x in one.shares)
        values = {"start": one.start, "word": words.token(one.word)}
        lines.append(said["prediction"].format(**values, before=before, after=after))
        for key, guesses in zip(("was_first", "is_first"), one.guesses, strict=True):
            listed = ", ".join(
                said["guess"].format(word=words.token(label), share=words.share(share))
                for label, share in guesses
            )
            lines.append(said[key].format(guesses=listed))
        if len(one.pieces) > 1:
            pieces = " · ".join(one.pieces)
            lines.append(said["pieces"].format(noun=one.noun, n=len(one.pieces), pieces=pieces))
        if all(one.neighbours):
            near = [", ".join(names) for names in one.neighbours]
            lines.append(said["neighbours"].format(noun=one.noun, before=near[0], after=near[1]))
    if found.n_more:
        lines.append(said["more"].format(n=found.n_more))
    if not found.taught:
        lines.append(said["none"])
    if found.forgot is not None:
        before, after = map(number, found.forgot)
        key = "forgot" if found.forgot[1] - found.forgot[0] > FORGOTTEN else "kept"
        lines.append(said[key].format(before=before, after=after))
    return lines
