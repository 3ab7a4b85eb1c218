"""The footer's items, from the table of actions. Pure."""

from __future__ import annotations

from tui.actions import PAIRS, Action, of_bar
from tui.messages import Words
from tui.renderables.chips import Chip


def signs_of(action: Action, words: Words) -> str:
    """The key of an action as the keyboards of the language name it."""
    return words.sentences.get(f"key.{action.signs}", action.signs)


def bar_chips(words: Words, bar: str) -> list[Chip]:
    """The keys that apply while "walk", "edit" or "cells" has the focus, each with its name."""
    chips: list[Chip] = []
    joined = False
    shown = list(of_bar(bar))
    ids = {action.id for action in shown}
    for action in shown:
        pairs = PAIRS.get(action.id) in ids
        name = "" if pairs else words(f"action.{action.id}")
        signs = signs_of(action, words)
        # Of a pair, two single signs stand side by side; two words need a space between.
        gap = 2 if not joined else min(len(signs) - 1, 1)
        chips.append(Chip(action.id, name, signs, rank=action.rank, gap=gap))
        joined = pairs
    return chips
