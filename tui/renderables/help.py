"""The help as text, made from the table of actions: two columns that fit 80 by 24. Pure."""

from __future__ import annotations

from rich.cells import cell_len
from textual.content import Content

from tui.actions import ACTIONS, GROUPS, PAIRS, Action
from tui.messages import Words

SIGNS, COLUMN = 9, 36
"""Columns for the keys, and for a whole column of the help."""


def help_content(words: Words) -> Content:
    """Every key and what it does, group by group."""
    columns: list[list[Content]] = [[], []]
    for place, group in enumerate(GROUPS):
        lines = columns[place % 2]
        if lines:
            lines.append(Content(""))
        lines.append(Content.styled(words(f"help.group.{group}"), "bold"))
        lines += [_line(action, words) for action in _shown(group)]
    height = max(map(len, columns))
    rows = []
    for i in range(height):
        left, right = (c[i] if i < len(c) else Content("") for c in columns)
        gap = " " * max(COLUMN + 2 - left.cell_length, 2)
        rows.append(Content.assemble(left, gap, right))
    return Content("\n").join(rows)


def _shown(group: str) -> list[Action]:
    seconds = set(PAIRS.values())
    return [a for a in ACTIONS if a.group == group and a.id not in seconds]


def _line(action: Action, words: Words) -> Content:
    partner = next((a for a in ACTIONS if a.id == PAIRS.get(action.id)), None)
    signs = f"{action.signs} {partner.signs}" if partner else action.signs
    name = words(f"pair.{action.id}" if partner else f"command.{action.id}")
    pad = " " * max(SIGNS - cell_len(signs), 1)
    return Content.assemble((signs, "$accent"), pad, name)
