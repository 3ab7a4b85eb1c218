"""The footer's items, from the table of actions. Pure."""

from __future__ import annotations

from tui.actions import APART, PAIRS, of_bar
from tui.messages import Words
from tui.renderables.chips import Chip
from tui.renderables.signs import signs_of


def bar_chips(words: Words, bar: str, hidden: frozenset[str] = frozenset()) -> list[Chip]:
    """The keys of a footer, as `Action.bars` calls it, each with its name.

    hidden: the actions that mean nothing just now.
    """
    chips: list[Chip] = []
    joined = False
    shown = [action for action in of_bar(bar) if action.id not in hidden]
    ids = {action.id for action in shown}
    for action in shown:
        pairs = PAIRS.get(action.id) in ids and action.id not in APART
        name = "" if pairs else words(f"action.{action.id}")
        signs = signs_of(action, words)
        # Of a pair, two single signs stand side by side; two words need a space between.
        gap = 2 if not joined else min(len(signs) - 1, 1)
        chips.append(Chip(action.id, name, signs, rank=action.rank, gap=gap))
        joined = pairs
    return chips
