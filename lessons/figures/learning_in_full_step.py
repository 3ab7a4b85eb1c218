"""One step of AdamW: for one weight line by line, and for all of them at once."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from engine.experiment import Experiment
from engine.expr import Ref
from lessons.adamw_step import adamw_step as one_step
from lessons.figures.cells import blank, number_cell
from lessons.figures.gradients import (
    all_moved,
    recipe_of,
    slopes_of_sentence,
    steepest,
)
from lessons.figures.knobs import Choice, Number, Place
from lessons.figures.learning_in_full import nothing_told, place_name
from lessons.figures.parts import Cell, Figure, Say, Table
from lessons.figures.registry import figure, headings, said
from lessons.figures.runs import read_by
from lessons.figures.stream import last_layer_norm
from lessons.figures.tokens import short
from lessons.figures.training_moments import mean_surprise, surprises
from lessons.moments import finished_run, moments
from lessons.scene import Scene
from lessons.words import signed

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
        step = one_step(recipe, name, weight, float(slopes[index]), rate)
    rest1, rest2 = f"{1 - recipe.beta1:g}", f"{1 - recipe.beta2:g}"
    lines = (
        ("gradient", "", step.gradient),
        ("m", f"{rest1} × g", step.m),
        ("v", f"{rest2} × g²", step.v),
        ("direction", f"(m / {rest1}) / √(v / {rest2})", step.direction),
        ("decay", f"{recipe.weight_decay:g} × w" if step.decay else "", step.decay),
        ("move", f"{rate:g} × (…)", step.move),
    )
    rows = [[Cell(said(scene, "adamw-step", "weight")), Cell("w"), number_cell(weight, ref, 5)]]
    for key, text, value in lines:
        rows.append([Cell(said(scene, "adamw-step", key)), Cell(text), number_cell(value, None, 5)])
    after = number_cell(step.after, decimals=5, tone="strong")
    rows.append([Cell(said(scene, "adamw-step", "after")), Cell("w − …"), after])
    title = said(scene, "adamw-step", "of", place=place_name(name, index))
    note = said(scene, "adamw-step", "note", first=rest1, second=rest2)
    return (Table(rows, (), title, align="llr", total=True), Say(note, "quiet"))


def chosen_weight(experiment: Experiment, where: str) -> tuple[str, tuple[int, ...]]:
    """The parameter with the steepest slope in a matrix, or among the last gains."""
    config = experiment.model.config
    name = {
        "gain": f"{last_layer_norm(config)}.w",
        "W_E": "W_E",
        "W_Q": "blocks.0.attn.W_Q",
        "W_out": f"blocks.{config.n_layers - 1}.mlp.W_out",
    }[where]
    return name, steepest(slopes_of_sentence(experiment)[name], 1)[0]


RATES = (0.0001, 0.001, 0.01, 0.1, 1.0)
_WORDS = 3


def _moved(scene: Scene) -> tuple[Experiment, ...]:
    if scene.n < 2:
        return ()
    return (all_moved(scene.experiment, float(scene.knobs["rate"])),)


@figure("all-weights-step", RATE, station="probs", runs=_moved)
def all_weights_step(scene: Scene) -> Figure:
    """All weights moved one step against their gradients: the sentence before and after."""
    if scene.n < 2:
        return nothing_told(scene)
    before, (after,) = _as_it_is(scene.experiment), _moved(scene)
    old, new = surprises(before), surprises(after)
    ids = [piece.id for piece in before.pieces]
    own = before is scene.experiment
    words = scene.quoted if own else tuple(map(scene.words.token, scene.about(before).labels))
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
                number_cell(old[pos], decimals=3),
                number_cell(new[pos], decimals=3),
                Cell(signed(new[pos] - old[pos])),
            ]
        )
    means = [float(np.mean(x)) for x in (old, new)]
    difference = means[1] - means[0]
    rows.append(
        [
            Cell(said(scene, "all-weights-step", "mean", n=len(old)), tone="strong"),
            *blank(2),
            *(number_cell(mean, decimals=3) for mean in means),
            Cell(signed(difference), tone="good" if difference < 0 else "bad"),
        ]
    )
    keys = ("before", "after", "loss_before", "loss_after", "change")
    header = ["", *headings(scene, "all-weights-step", keys)]
    n = n_moved(before, after)
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


@lru_cache(maxsize=16)
def losses_after(experiment: Experiment) -> tuple[float, ...]:
    """The sentence's loss after one step with each of some learning rates."""
    return tuple(mean_surprise(all_moved(experiment, rate)) for rate in RATES)


def _other_rates(scene: Scene, before: float) -> Table:
    cells = [
        number_cell(loss, decimals=3, tone="good" if loss < before else "bad")
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
        [Cell(said(scene, "loss-floor", key, n=model.config.d_vocab)), number_cell(x, span=blind)]
        for key, x in lines
    ]
    title = said(scene, "loss-floor", "average")
    parts: Figure = (Table(rows, (), title),)
    if len(lines) < 3:
        parts += (Say(said(scene, "loss-floor", "unknown"), "quiet"),)
    return (*parts, *_own_sentence(scene, blind))


def _own_sentence(scene: Scene, blind: float) -> Figure:
    """The learner's sentence at the chosen moment of the training, and now that it is over."""
    run = finished_run(scene.experiment)
    now = mean_surprise(run)
    if math.isnan(now) and scene.n < 2:
        return nothing_told(scene)
    rows = []
    kept = moments(run.model)
    if kept.kept:
        place = scene.at("moment", len(kept.steps))
        then = mean_surprise(read_by(kept.model(place), run.text))
        label = said(scene, "loss-floor", "then", step=kept.steps[place])
        rows.append([Cell(label), number_cell(then, span=blind)])
    rows.append([Cell(said(scene, "loss-floor", "now")), number_cell(now, span=blind)])
    parts: Figure = (Table(rows, (), said(scene, "loss-floor", "own")),)
    if not kept.kept:
        parts += (Say(said(scene, "loss-floor", "no_moments"), "quiet"),)
    return parts
