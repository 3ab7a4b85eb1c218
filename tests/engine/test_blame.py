"""Blame is the slope that forcing shows: how the target moves when a number is moved."""

import math
from dataclasses import replace

import numpy as np
import pytest

from engine.blame import Target, predicted, true_next
from engine.parts import Part
from engine.whatif import Copied, Force
from tests.engine.forcing import (
    SHIPPED_MINIS,
    SOME_CONFIGS,
    experiment_of,
    name_of,
    random_cell,
    random_number,
)

KINDS = [*SOME_CONFIGS, *SHIPPED_MINIS]
WIDTHS = 1e-4, 2e-5, 1e-5


@pytest.fixture(params=KINDS, ids=lambda kind: kind if isinstance(kind, str) else name_of(kind))
def experiment(request):
    return experiment_of(request.param)


@pytest.fixture
def rng():
    return np.random.default_rng(23)


def targets(trace):
    """Both kinds, at the end of the sentence and within it."""
    return [predicted(trace), Target("logit", 1, 2), true_next(trace), true_next(trace, 0)]


def slopes(experiment, cell, targets):
    """d target / d cell for each target, by central differences, where these mean something; and
    how much of each may be rounding.

    They mean nothing around a kink, where a ReLU opens or closes within the width, nor where the
    target bends so much that two widths differ. A narrower pair is tried there, and not
    everywhere, because the rounding of the target is divided by the width.
    """
    found, ways = {}, _open(experiment.trace)
    for width in WIDTHS:
        h = width * max(1.0, abs(float(experiment.trace[cell.name].value[cell.where])))
        runs = {side: _moved(experiment, cell, side * h) for side in (-1, -0.5, 0.5, 1)}
        if any(_open(run) != ways for run in runs.values()):
            continue
        for target in (target for target in targets if target not in found):
            at = {side: target.value(run) for side, run in runs.items()}
            wide, narrow = (at[1] - at[-1]) / (2 * h), (at[0.5] - at[-0.5]) / h
            if math.isclose(wide, narrow, rel_tol=3e-4, abs_tol=1e-10):
                # The error of both is of the second order, a fourth of it in the narrower one:
                # taken away (Richardson), it leaves the fourth, far above the rounding.
                rounding = 1e-14 * max(1.0, abs(target.value(experiment.trace))) / h
                found[target] = (4 * narrow - wide) / 3, rounding
        if len(found) == len(targets):
            break
    return found


def _moved(experiment, cell, by):
    value = experiment.trace[cell.name].value[cell.where]
    return experiment.force(Force(cell, float(value + by))).trace


def _open(trace):
    """Which of the ReLUs let their number through."""
    relus = [step for step in trace if step.kind == "Relu"]
    return [(trace[relu.inputs[0]].value > 0).tobytes() for relu in relus]


def assert_blame_is_the_slope(experiment, targets, rng, n_cells):
    """For `n_cells` of every step; returns the names of the steps of which any was compared."""
    trace = experiment.trace
    floats = [step for step in trace if step.value.dtype.kind == "f"]
    blames = {target: target.blame(trace) for target in targets}
    for blame in blames.values():
        assert {name: x.shape for name, x in blame.items()} == {
            step.name: step.value.shape for step in floats
        }
    compared = set()
    for step in floats:
        for cell in (random_cell(step, rng) for _ in range(n_cells)):
            if not math.isfinite(step.value[cell.where]):
                continue  # the mask's -∞: there is nothing beside it
            for target, (measured, rounding) in slopes(experiment, cell, targets).items():
                found = blames[target][step.name][cell.where]
                assert found == pytest.approx(measured, rel=1e-6, abs=rounding), str(cell)
                compared.add(step.name)
    return compared


def test_blame_equals_finite_differences_through_force(experiment, rng):
    compared = assert_blame_is_the_slope(experiment, targets(experiment.trace), rng, 5)
    assert compared == {s.name for s in experiment.trace if s.value.dtype.kind == "f"}


def test_it_does_so_with_numbers_forced(experiment, rng):
    steps = [step for step in experiment.trace if step.inputs and step.value.ndim]
    for chosen in rng.choice(len(steps), (3, 4), replace=False):
        cells = [random_cell(steps[i], rng) for i in chosen]
        forces = [Force(cell, random_number(experiment.trace[cell.name], rng)) for cell in cells]
        forced = experiment.force(*forces)
        assert_blame_is_the_slope(forced, targets(forced.trace), rng, 2)


def test_nothing_is_to_blame_before_a_step_that_is_forced_whole(experiment):
    resid = "blocks.1.resid_pre"
    forced = experiment.force(Force(Part(resid), Copied(Part(resid))))
    order = list(forced.trace.steps)
    for target in targets(forced.trace):
        blame = target.blame(forced.trace)
        assert blame[resid].any()
        before = [name for name in order[: order.index(resid)] if forced.trace[name].inputs]
        assert before
        for name in before:
            # What all blocks share, like √d_head, still reaches the target by the later ones.
            assert name.startswith("sqrt") or not blame.get(name, np.zeros(1)).any(), name


def test_a_loss_is_the_surprise_at_a_token(experiment):
    trace = experiment.trace
    for pos, token in enumerate(trace["tokens"].value[1:].tolist()):
        target = true_next(trace, pos)
        assert target == Target("loss", pos, token)
        assert target.value(trace) == pytest.approx(-math.log(trace["probs"].value[pos, token]))
    end = len(trace["tokens"].value) - 1
    assert true_next(trace) == true_next(trace, end) == true_next(trace, end - 1)


def test_a_sentence_of_one_token_has_no_true_next_word(experiment):
    alone = replace(experiment, text="", other=None)
    assert len(alone.pieces) == 1
    assert true_next(alone.trace) is None
    assert predicted(alone.trace).pos == 0


def test_the_loss_hangs_on_a_forced_probability_and_then_on_nothing_else(experiment):
    target = true_next(experiment.trace)
    cell = Part("probs", (target.pos, target.token))
    for probability, loss, by_hand in [(0.25, math.log(4), -4.0), (0.0, math.inf, -math.inf)]:
        trace = experiment.force(Force(cell, probability)).trace
        assert target.value(trace) == pytest.approx(loss)
        blame = target.blame(trace)
        assert blame["probs"][cell.where] == by_hand
        assert not any(values.any() for name, values in blame.items() if name != "probs")
    assert math.isnan(target.value(experiment.force(Force(cell, -1.0)).trace))


def test_a_probability_that_vanished_leaves_loss_and_blame_finite(experiment):
    """e^-1000 is 0, and the loss is 1000 all the same."""
    target = true_next(experiment.trace)
    low = experiment.force(Force(Part("logits", (target.pos, target.token)), -1000.0))
    assert low.trace["probs"].value[target.pos, target.token] == 0
    rest = np.delete(low.trace["logits"].value[target.pos], target.token)
    assert target.value(low.trace) == pytest.approx(1000 + np.log(np.exp(rest).sum()))
    blame = target.blame(low.trace)
    assert blame["logits"][target.pos, target.token] == pytest.approx(-1)
    assert all(np.isfinite(values).all() for values in blame.values())
    rng = np.random.default_rng(1)
    for _ in range(5):
        cell = random_cell(low.trace["logits"], rng)
        measured, rounding = slopes(low, cell, [target])[target]
        assert blame["logits"][cell.where] == pytest.approx(measured, rel=1e-6, abs=rounding)
