"""The experiments, in the order in which they are offered, and what each of them finds.

A finding follows from the run: which sentence is said hangs on the numbers, also where they come
out otherwise than one expects.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from engine.own_plan import Size
from lessons.trials.measures import gradient_by_depth, order_matters, saturation
from lessons.trials.trial import Arm, Finding, Result, Trial

CLEAR = 0.05
"""Losses that differ by less, in nats a token, are called alike: another seed might turn them."""
ALIKE = "alike"
"""Instead of an arm, where no one is clearly the best."""
_UNCHANGED = 1e-5
_SHARE_GOT = 0.25
"""Of the way from word frequencies to the better model, less than this is learning nothing."""

SMALL = Size()
WIDE = Size(d_model=32)
DEEP = Size(n_layers=6, norm="pre")
ONE_WIDE_HEAD = Size(d_model=64, n_heads=1)


def frequency_loss(result: Result) -> float:
    """The held-out loss of knowing only how frequent each token is in the texts, nats a token.

    Each token counts once more than it stands there, so that none is impossible.
    """
    source, d_vocab = result.training.plan.source, result.training.plan.config.d_vocab
    seen: Counter[int] = Counter()
    for row in (source.train[i] for i in range(len(source.train))):  # type: ignore[attr-defined]
        seen.update(row[1:].tolist())
    total = seen.total() + d_vocab
    asked = [i for row in source.exams(10**6, 0)["own"].rows for i in list(row)[1:]]
    return -sum(math.log((seen[int(i)] + 1) / total) for i in asked) / len(asked)


def lowest(results: Sequence[Result]) -> str | None:
    """The arm with the lowest held-out loss, by its id; ALIKE where the next one is as good.

    None where all of them went wrong.
    """
    losses = sorted((x.held_out_loss, x.arm.id) for x in results if x.trouble is None)
    if not losses:
        return None
    if len(losses) > 1 and losses[1][0] - losses[0][0] < CLEAR:
        return ALIKE
    return losses[0][1]


def _losses(results: Sequence[Result]) -> dict[str, Any]:
    """What every finding may name: of each arm both losses, and what was measured."""
    values: dict[str, Any] = {}
    for result in results:
        own: Mapping[str, float] = {
            "train": result.train_loss,
            "held_out": result.held_out_loss,
            **result.measured,
        }
        values |= {f"{result.arm.id}_{name}": value for name, value in own.items()}
    return values


def _compared(results: Sequence[Result], first: str = "better") -> str:
    """ "better", "alike" or "worse": the first arm's held-out loss beside the last one's.

    An arm that went wrong is worse than any other.
    """
    one, other = results[0], results[-1]
    if one.trouble or other.trouble:
        return "worse" if one.trouble else first
    difference = one.held_out_loss - other.held_out_loss
    if abs(difference) < CLEAR:
        return "alike"
    return first if difference < 0 else "worse"


def _positions(results: Sequence[Result]) -> Finding:
    lost = results[1].measured["order"] < _UNCHANGED
    return Finding(("lost" if lost else "kept", _compared(results)), _losses(results))


def _heads(results: Sequence[Result]) -> Finding:
    return Finding((_compared(results[::-1]),), _losses(results))


def _residual(results: Sequence[Result]) -> Finding:
    blind = frequency_loss(results[1])
    values = _losses(results) | {"frequency": blind}
    for result in results:
        values[f"{result.arm.id}_ratio"] = result.measured["first"] / result.measured["last"]
    got = blind - results[1].held_out_loss
    stuck = got < _SHARE_GOT * (blind - results[0].held_out_loss)
    return Finding(("stuck" if stuck else _compared(results), "gradients"), values)


def _scaling(results: Sequence[Result]) -> Finding:
    less = results[1].measured["give"] < results[0].measured["give"]
    return Finding(("saturated" if less else "not_saturated", _compared(results)), _losses(results))


def _dimensions(results: Sequence[Result]) -> Finding:
    losses = [result.held_out_loss for result in results]
    falling = all(a > b for a, b in pairwise(losses))
    return Finding(("falling" if falling else "mixed",), _losses(results))


def _data(results: Sequence[Result]) -> Finding:
    few = results[0]
    parted = few.held_out_loss - few.train_loss > CLEAR
    best = min(made["held_out"]["own"] for made in few.training.history)
    values = _losses(results) | {"n_few": few.arm.n_texts, "n_many": results[1].arm.n_texts}
    return Finding(("parted" if parted else "together",), values | {"few_best": best})


def _rate(results: Sequence[Result]) -> Finding:
    values = _losses(results)
    for result in results:
        values[f"{result.arm.id}_rate"] = result.training.plan.recipe.learning_rate
    best = min(
        (x for x in results if x.trouble is None), key=lambda x: x.held_out_loss, default=None
    )
    wild = results[-1].trouble is not None
    keys = ("none",) if best is None else (f"best_{best.arm.id}",)
    return Finding((*keys, "diverged" if wild else "finite"), values)


TRIALS: tuple[Trial, ...] = (
    Trial(
        "positions",
        (Arm("with", SMALL), Arm("without", replace(SMALL, positions="none"))),
        800,
        _positions,
        order_matters,
        blanks=True,
    ),
    Trial(
        "heads",
        (Arm("one", replace(WIDE, n_heads=1)), Arm("eight", replace(WIDE, n_heads=8))),
        500,
        _heads,
    ),
    Trial(
        "residual",
        (Arm("with", DEEP), Arm("without", replace(DEEP, residual=False))),
        300,
        _residual,
        gradient_by_depth,
    ),
    Trial(
        "scaling",
        (Arm("with", ONE_WIDE_HEAD), Arm("without", replace(ONE_WIDE_HEAD, scale_attn=False))),
        300,
        _scaling,
        saturation,
    ),
    Trial(
        "dimensions",
        (
            Arm("two", Size(d_model=2, n_heads=1)),
            Arm("eight", Size(d_model=8)),
            Arm("thirty_two", WIDE),
        ),
        400,
        _dimensions,
    ),
    Trial("data", (Arm("few", WIDE, n_texts=60), Arm("many", WIDE)), 400, _data),
    Trial(
        "rate",
        (
            Arm("small", SMALL, learning_rate=0.0005),
            Arm("middle", SMALL, learning_rate=0.02),
            Arm("large", SMALL, learning_rate=2.0),
        ),
        300,
        _rate,
    ),
)


def find(name: str) -> Trial | None:
    """The experiment of an id, or None."""
    return next((trial for trial in TRIALS if trial.id == name), None)
