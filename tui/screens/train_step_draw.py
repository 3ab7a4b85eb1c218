"""The arithmetic of one weight in one training step, as lines. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from engine.adamw import Recipe
from engine.ops import Array
from engine.plan import Plan
from engine.train import StepRecord
from lessons.adamw_step import Pulls, Step, pulls, recorded_step, row_ids
from lessons.figures.parts import Beside, Cell, Part, Say, Table
from lessons.words import number
from tui.messages import Words
from tui.renderables.figure_block import Drawn
from tui.renderables.matrix_labels import clip
from tui.screens.train_draw import fitted
from tui.screens.train_step_place import Weight

DECIMALS = 6
LONGEST_SENTENCE = 46
BESIDE = 110
"""Columns from which on the pulls stand beside the rest of the arithmetic."""
BOTH = 22
"""Lines from which on they stand one above the other."""


def halved(width: int, height: int) -> bool:
    """Whether the two halves have no room below one another."""
    return width < BESIDE and height < BOTH


def _cell(x: float, strong: bool = False) -> Cell:
    return Cell(number(x, DECIMALS), tone="strong" if strong else "")


def _sentence(plan: Plan, record: StepRecord, row: int, width: int) -> str:
    text = plan.tokenizer.decode(list(row_ids(record.batch, row))).strip()
    return clip(text, width)


def pulls_table(plan: Plan, record: StepRecord, found: Pulls, words: Words, width: int) -> Table:
    """The gradient as a sum: the strongest pulls with their sentences, the others, the sum."""
    size = max((abs(pull.value) for pull in found.strongest), default=0.0) or 1.0
    rows = [
        [
            Cell(_sentence(plan, record, pull.row, width)),
            Cell(number(pull.value, DECIMALS), bar=pull.value / size),
        ]
        for pull in found.strongest
    ]
    if found.n_rest:
        rows.append([Cell(words("step.rest", n=found.n_rest), tone="quiet"), _cell(found.rest)])
    rows.append([Cell(words("step.g")), _cell(found.total, True)])
    return Table(rows, title=words("step.pulls"), align="lr", total=True)


def update_table(recipe: Recipe, step: Step, words: Words) -> Table:
    """From the gradient to the weight after the step, a line for each operation."""
    b1, b2 = recipe.beta1, recipe.beta2
    values = {
        "b1": f"{b1:g}",
        "b2": f"{b2:g}",
        "r1": f"{1 - b1:g}",
        "r2": f"{1 - b2:g}",
        "m": number(step.m_before, DECIMALS),
        "v": number(step.v_before, DECIMALS),
        "t": step.step,
        "decay": f"{recipe.weight_decay:g}",
        "rate": number(step.rate, DECIMALS),
    }
    rows = [
        [Cell(words("step.before")), Cell(""), _cell(step.weight)],
        [Cell(words("step.g")), Cell(""), _cell(step.gradient)],
    ]
    for key in ("m", "v", "m_hat", "v_hat", "direction", "decay", "move"):
        if key == "decay" and not step.decay:
            continue
        rule = words(f"step.rule.{key}", **values)
        rows.append([Cell(words(f"step.{key}")), Cell(rule), _cell(getattr(step, key))])
    rows.append(
        [Cell(words("step.after")), Cell(words("step.rule.after")), _cell(step.after, True)]
    )
    return Table(rows, align="llr", total=True)


def told_move(step: Step, words: Words) -> str:
    """In a sentence: where the gradient would have the weight go, and where it went.

    The two part where the steps before weigh more than this one, or the decay does.
    """
    values = {
        "before": number(step.weight, DECIMALS),
        "after": number(step.after, DECIMALS),
        "went": words("step.told.rises" if step.move < 0 else "step.told.falls"),
        "loss": words("step.told.grows" if step.gradient > 0 else "step.told.shrinks"),
    }
    if step.move == 0:
        return words("step.told.still", **values)
    if step.gradient == 0:
        return words("step.told.carried", **values)
    agree = (step.gradient > 0) == (step.move > 0)
    return words("step.told.with" if agree else "step.told.against", **values)


def sums(
    plan: Plan,
    record: StepRecord,
    rows: dict[str, Array] | None,
    weight: Weight,
    words: Words,
    width: int,
    height: int,
    second: bool = False,
) -> Drawn:
    """All the arithmetic of one weight; where it has no room for both, one half of it.

    rows: the gradients by sentence; None until known. second: the second half, from the gradient
    to the weight after the step.
    """
    wide, name, index = width >= BESIDE, weight.name, weight.index
    step = recorded_step(plan.recipe, record, name, index)
    left: Part
    if rows is None:
        left = Say(words("step.waiting"), "quiet")
    else:
        longest = min(LONGEST_SENTENCE, width // 2 - 20 if wide else width - 30)
        left = pulls_table(plan, record, pulls(rows, name, index), words, longest)
    right: Sequence[Part] = [update_table(plan.recipe, step, words)]
    said = Say(told_move(step, words))
    parts: list[Part] = [Beside([left, *right]), said] if wide else [left, *right, said]
    if halved(width, height):
        parts = [*right] if second else [left, said]
    if name.endswith(".attn.b_K"):
        parts.append(Say(words("step.noise"), "quiet"))
    return fitted(parts, width, max(height, 60))
