"""The footer's items, from the table of actions. Pure."""

from __future__ import annotations

from tui.actions import PAIRS, of_bar
from tui.messages import Words
from tui.renderables.chips import Chip


def bar_chips(words: Words, bar: str) -> list[Chip]:
    """The keys that apply while "walk", "edit" or "cells" has the focus, each with its name."""
    chips: list[Chip] = []
    joined = False
    for action in of_bar(bar):
        name = "" if action.id in PAIRS else words(f"action.{action.id}")
        gap = 0 if joined else 2
        chips.append(Chip(action.id, name, action.signs, rank=action.rank, gap=gap))
        joined = action.id in PAIRS
    return chips
