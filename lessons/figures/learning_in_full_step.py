"""One step of AdamW: for one weight line by line, and for all of them at once."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from engine.experiment import Experiment
from engine.expr import Ref
from engine.store import checkpoint_steps
from lessons.figures.gradients import (
    all_moved,
    first_step,
    largest,
    recipe_of,
    slopes_of_sentence,
)
from lessons.figures.knobs import Choice, Number, Place
from lessons.figures.late import dial, last_layer_norm, numbered, size_bar
from lessons.figures.learning_in_full import nothing_told
from lessons.figures.parts import Cell, Figure, Say, Table
from lessons.figures.registry import figure, said
from lessons.figures.training_moments import read_by, surprises
from lessons.figures.training_moments import sentence_loss as mean_surprise
from lessons.figures.vector_parts import short, whole
from lessons.scene import Scene, at_checkpoint
from lessons.words import number, signed

RATE = Number("rate", 0.001, 0, 0.3, 0.001)
WEIGHT = Choice("weight", "gain", ("gain", "W_E", "W_Q", "W_out"))


@figure("adamw-step", WEIGHT, RATE, station="logits")
def adamw_step(scene: Scene) -> Figure:
    """The steepest weight of a matrix and the first step that AdamW makes with it."""
    if scene.n < 2:
        return nothing_told(scene)
    name, index = chosen_weight(scene.experiment, str(scene.knobs["weight"]))
    slopes = slopes_of_sentence(scene.experiment)[name]
    recipe, rate = recipe_of(scene.experiment.model), float(scene.knobs["rate"])
    ref = Ref(name, index)
    weight = scene.experiment.trace.value(ref)
    with np.errstate(all="ignore"):
        step = first_step(recipe, name, weight, float(slopes[index]), rate)
    one = {"b1": f"{recipe.beta1:g}", "b2": f"{recipe.beta2:g}", "rest1": f"{1 - recipe.beta1:g}"}
    one |= {"rest2": f"{1 - recipe.beta2:g}", "decay": f"{recipe.weight_decay:g}"}
    one |= {"rate": f"{rate:g}"}
    lines = (
        ("gradient", "", step.gradient),
        ("m", "({rest1} × g)", step.m),
        ("v", "({rest2} × g²)", step.v),
        ("direction", "(m / {rest1}) / √(v / {rest2})", step.direction),
        ("decay", "{decay} × w" if step.decay else "", step.decay),
        ("move", "{rate} × (…)", step.move),
    )
    rows = [[Cell(said(scene, "adamw-step", "weight")), Cell("w"), numbered(weight, ref, 5)]]
    for key, formula, value in lines:
        text = formula.format(**one).strip("()") if key in "mv" else formula.format(**one)
        rows.append([Cell(said(scene, "adamw-step", key)), Cell(text), numbered(value, None, 5)])
    after = Cell(number(step.after, 5), tone="strong")
    rows.append([Cell(said(scene, "adamw-step", "after")), Cell("w − …"), after])
    title = said(scene, "adamw-step", "of", place=f"{name}[{', '.join(str(i + 1) for i in index)}]")
    note = said(scene, "adamw-step", "note")
    return (Table(rows, (), title, align="llr", total=True), Say(note, "quiet"))


def chosen_weight(experiment: Experiment, where: str) -> tuple[str, tuple[int, ...]]:
    """The parameter with the steepest slope in a matrix, or among the last gains."""
    config = experiment.model.config
    name = {
        "gain": f"{last_layer_norm(config)[0]}.w",
        "W_E": "W_E",
        "W_Q": "blocks.0.attn.W_Q",
        "W_out": f"blocks.{config.n_layers - 1}.mlp.W_out",
    }[where]
    return name, largest(slopes_of_sentence(experiment)[name], 1)[0]


RATES = (0.0001, 0.001, 0.01, 0.1, 1.0)
_WORDS = 3


def _moved(scene: Scene) -> tuple[Experiment, ...]:
    if scene.n < 2:
        return ()
    return (all_moved(scene.experiment, float(dial(scene, RATE))),)


@figure("all-weights-step", RATE, station="probs", runs=_moved)
def all_weights_step(scene: Scene) -> Figure:
    """All weights moved one step against their gradients: the sentence before and after."""
    if scene.n < 2:
        return nothing_told(scene)
    before, (after,) = _as_it_is(scene.experiment), _moved(scene)
    old, new = surprises(before), surprises(after)
    ids = [piece.id for piece in before.pieces]
    own = before is scene.experiment
    words = scene.quoted if own else tuple(map(scene.words.token, _labels(scene, before)))
    changes = [abs(b - a) if b == b and a == a else 0.0 for a, b in zip(old, new, strict=True)]
    kept = sorted(sorted(range(len(old)), key=lambda i: -changes[i])[:_WORDS])
    rows = []
    for pos in kept:
        ref = Ref("probs", (pos, ids[pos + 1]))
        shares = [float(run.trace.value(ref)) for run in (before, after)]
        rows.append(
            [
                Cell(short(words[pos + 1], 22)),
                Cell(scene.words.share(shares[0]), ref if own else None),
                Cell(scene.words.share(shares[1]), ref, 1),
                numbered(old[pos], decimals=3),
                numbered(new[pos], decimals=3),
                Cell(signed(new[pos] - old[pos])),
            ]
        )
    means = [float(np.mean(x)) for x in (old, new)]
    difference = means[1] - means[0]
    rows.append(
        [
            Cell(said(scene, "all-weights-step", "mean", n=len(old)), tone="strong"),
            Cell(""),
            Cell(""),
            *(numbered(mean, decimals=3) for mean in means),
            Cell(signed(difference), tone="good" if difference < 0 else "bad"),
        ]
    )
    keys = ("before", "after", "loss_before", "loss_after", "change")
    header = ["", *(said(scene, "all-weights-step", f"head.{key}") for key in keys)]
    n = whole(n_moved(before, after))
    title = said(scene, "all-weights-step", "moved", n=n, rate=f"{float(scene.knobs['rate']):g}")
    notes = ["note"] if own else ["note", "forced"]
    return (
        Table(rows, header, title, total=True),
        _other_rates(scene, means[0]),
        *(Say(said(scene, "all-weights-step", key), "quiet") for key in notes),
    )


def n_moved(before: Experiment, after: Experiment) -> int:
    """How many parameters are not what they were; all are the model's, none set by hand."""
    new = after.model.parameters
    return sum(int(np.count_nonzero(new[k] != x)) for k, x in before.model.parameters.items())


def _as_it_is(experiment: Experiment) -> Experiment:
    """The run with nothing set by hand."""
    return read_by(experiment.model, experiment.text) if experiment.forced else experiment


def _labels(scene: Scene, run: Experiment) -> tuple[str, ...]:
    return Scene(run, scene.lang).labels


@lru_cache(maxsize=16)
def losses_after(experiment: Experiment) -> tuple[float, ...]:
    """The sentence's loss after one step with each of some learning rates."""
    return tuple(mean_surprise(all_moved(experiment, rate)) for rate in RATES)


def _other_rates(scene: Scene, before: float) -> Table:
    cells = [
        Cell(number(loss, 3), tone="good" if loss < before else "bad")
        for loss in losses_after(scene.experiment)
    ]
    label = Cell(said(scene, "all-weights-step", "loss"))
    header = [said(scene, "all-weights-step", "rates"), *(f"{rate:g}" for rate in RATES)]
    return Table([[label, *cells]], header)


@figure("loss-floor", Place("moment", "checkpoint", 0), station="probs")
def loss_floor(scene: Scene) -> Figure:
    """From guessing blindly to the least that is possible, and the learner's sentence."""
    model = scene.experiment.model
    told = model.training
    blind = math.log(model.config.d_vocab)
    lines = [("blind", blind)]
    lines += [
        (key, float(told[key]))
        for key in ("held_out_loss", "entropy_floor")
        if isinstance(told.get(key), int | float)
    ]
    rows = [
        [Cell(said(scene, "loss-floor", key, n=model.config.d_vocab)), _bar(x, blind)]
        for key, x in lines
    ]
    title = said(scene, "loss-floor", "average")
    parts: Figure = (Table(rows, (), title),)
    if len(lines) < 3:
        parts += (Say(said(scene, "loss-floor", "unknown"), "quiet"),)
    return (*parts, *_own_sentence(scene, blind))


def _bar(x: float, most: float) -> Cell:
    return Cell(number(x), bar=size_bar(x, most))


def _own_sentence(scene: Scene, blind: float) -> Figure:
    """The learner's sentence at the chosen moment of the training, and now."""
    model = scene.experiment.model
    now = mean_surprise(scene.experiment)
    if math.isnan(now) and scene.n < 2:
        return nothing_told(scene)
    rows = []
    steps = checkpoint_steps(model.folder) if model.folder else []
    if steps and model.step is None:
        place = scene.at("moment", len(steps))
        then = mean_surprise(read_by(at_checkpoint(model, place), scene.experiment.text))
        label = said(scene, "loss-floor", "then", step=whole(steps[place]))
        rows.append([Cell(label), _bar(then, blind)])
    rows.append([Cell(said(scene, "loss-floor", "now")), _bar(now, blind)])
    parts: Figure = (Table(rows, (), said(scene, "loss-floor", "own")),)
    if not steps:
        parts += (Say(said(scene, "loss-floor", "no_moments"), "quiet"),)
    return parts
