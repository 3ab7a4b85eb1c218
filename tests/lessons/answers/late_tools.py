"""What the second computations of the last lessons share; nothing of the generators is used."""

import math
import tomllib
from functools import cache
from pathlib import Path

import numpy as np

import lessons

CONTENT = Path(lessons.__file__).parent / "content" / "quiz"


@cache
def table(lang, id):
    """The sentences of a generator, as they stand in its file."""
    for path in CONTENT.glob(f"*.{lang}.toml"):
        told = tomllib.loads(path.read_text("utf-8"))
        if id in told:
            return told[id]
    raise KeyError(id)


def place_of(question, text):
    """Where the only choice stands that reads so."""
    (place,) = (i for i, option in enumerate(question.choices) if option.text == text)
    return place


def places_where(question, good):
    return tuple(i for i, option in enumerate(question.choices) if good(option.text))


def ordered(question, key):
    """The choices in the order of what `key` gives for the name of each."""
    names = question.about["choices"].split()
    return tuple(sorted(range(len(names)), key=lambda i: key(names[i])))


def matched(question):
    """For each thing on the left, the choice of the same name."""
    names = question.about["choices"].split()
    return tuple(names.index(name) for name in question.about["left"].split())


def layer_norm(x, gain, bias, eps):
    """LayerNorm of a list of numbers."""
    mean = sum(x) / len(x)
    spread = math.sqrt(sum((a - mean) ** 2 for a in x) / len(x) + eps)
    return [(a - mean) / spread * g + b for a, g, b in zip(x, gain, bias, strict=True)]


@cache
def final_rows(scene):
    """The vectors that meet the table of the logits, computed from the last sum of all."""
    model, trace = scene.experiment.model, scene.experiment.trace
    config, n = model.config, model.config.n_layers - 1
    ln = f"blocks.{n}.ln2" if config.norm == "post" else "ln_final"
    gain, bias = (model.parameters[f"{ln}.{x}"].tolist() for x in "wb")
    rows = trace[f"blocks.{n}.resid_post"].value.tolist()
    return [layer_norm(row, gain, bias, config.eps) for row in rows]


@cache
def logits_at(scene, pos):
    """The logits of one place, from the last vector and the table."""
    parameters = scene.experiment.model.parameters
    table = parameters["W_E"] if scene.experiment.model.config.tied else parameters["W_U"].T
    return (table * np.array(final_rows(scene)[pos])).sum(axis=1).tolist()


@cache
def shares_at(scene, pos):
    """The probabilities of one place."""
    logits = logits_at(scene, pos)
    largest = max(logits)
    powers = [math.exp(x - largest) for x in logits]
    total = math.fsum(powers)
    return [x / total for x in powers]


def best_at(scene, pos, n):
    """The ids of the n likeliest, of equals the first."""
    logits = logits_at(scene, pos)
    return sorted(range(len(logits)), key=lambda i: (-logits[i], i))[:n]


def label(scene, id):
    """A predicted token as it is written in the questions."""
    text = scene.words.token(scene.predicted([id])[0])
    return text if len(text) <= 20 else text[:19] + "…"
