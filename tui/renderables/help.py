"""The help as text, made from the table of actions: two columns that fit 80 by 24, or one. Pure.

Every line can be clicked: `choose` of the screen then does what the line says.
"""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from textual.content import Content
from textual.style import Style

from tui.actions import PAIRS, Action, help_table
from tui.messages import Words
from tui.renderables.signs import signs_of

SIGNS, COLUMN = (12, 8), 40
"""Columns for the keys at the left and at the right; those of the left with what they do."""


WIDTH = 2 * COLUMN - 4
"""Columns below which there is but one column of keys."""


def help_content(words: Words, screen: str = "walk", width: int = WIDTH) -> Content:
    """Every key of "walk" or "lesson" and what it does, group by group, in so many columns."""
    columns: list[list[Content]] = [[], []]
    groups, actions = help_table(screen)
    for place, group in enumerate(groups):
        side = place % 2 if width >= WIDTH else 0
        lines = columns[side]
        if lines:
            lines.append(Content(""))
        lines.append(Content.styled(words(f"help.group.{group}"), "bold"))
        shown = [action for action in actions if action.group == group]
        seconds = {PAIRS.get(action.id) for action in shown}
        lines += [
            _line(action, actions, words, SIGNS[side])
            for action in shown
            if action.id not in seconds
        ]
    if not columns[1]:
        return Content("\n").join(columns[0])
    height = max(map(len, columns))
    rows = []
    for i in range(height):
        left, right = (c[i] if i < len(c) else Content("") for c in columns)
        gap = " " * max(COLUMN - left.cell_length, 2)
        rows.append(Content.assemble(left, gap, right))
    return Content("\n").join(rows)


def _line(action: Action, actions: Sequence[Action], words: Words, width: int) -> Content:
    partner = next((a for a in actions if a.id == PAIRS.get(action.id)), None)
    signs = " ".join(signs_of(a, words) for a in (action, partner) if a)
    name = words(f"pair.{action.id}" if partner else f"command.{action.id}")
    pad = " " * max(width - cell_len(signs), 1)
    does = Content(name)
    if action.call:
        chosen = (partner or action).id
        does = does.stylize(Style.from_meta({"@click": f"screen.choose('{chosen}')"}))
    return Content.assemble((signs, "$accent"), pad, does)
