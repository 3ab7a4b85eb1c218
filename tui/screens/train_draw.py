"""What the train screen shows, as lines: the choices, the curve, the map, the expected words. Pure.

The curve, the map and the bars are parts of figures, drawn as those of the lessons are.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from rich.cells import cell_len

from lessons.figures.parts import Cell, Curve, Part, Plot, Point, Scatter, Table, Tone
from lessons.live_map import LiveMap
from lessons.words import whole
from tui.live_training import Seen
from tui.messages import Words
from tui.renderables.figure_block import MARGIN, Drawn, Look
from tui.renderables.figure_draw import draw_figure
from tui.renderables.figure_line import Line
from tui.renderables.matrix_labels import ELLIPSIS, clip
from tui.screens.train_choices import Choices

CURSOR = "▸"
TONES: dict[str, Tone] = {"own": "strong", "animal": "first", "food": "second", "person": "third"}
MOST_NAME = 12
_LEAST_PICTURE = 4
_FEWEST_WORDS, _ROOM = 6, 45
"""Of a map, words at least, and the cells that each takes."""


def fitted(parts: Sequence[Part], width: int, height: int) -> Drawn:
    """Parts in so many lines: maps and curves give way."""
    if width < 8 or height < 2:
        return Drawn([])
    look = Look(height=max(height, _LEAST_PICTURE), wide=True)
    drawn = draw_figure(tuple(parts), width, look)
    for _ in range(2):
        over = len(drawn.lines) - height
        if over <= 0:
            break
        look = Look(height=max(look.height - over, _LEAST_PICTURE), wide=True)
        drawn = draw_figure(tuple(parts), width, look)
    return Drawn(drawn.lines[:height])


# --- The choices ---------------------------------------------------------------------------------


def shown_value(choices: Choices, field: str, words: Words) -> str:
    """What is chosen in a field, as a person reads it."""
    value = choices.value(field)
    if isinstance(value, bool):
        return words("train.yes" if value else "train.no")
    if field in ("source", "positions"):
        return words(f"value.{value}")
    if field == "lines":
        n = len([line for line in choices.lines.splitlines() if line.strip()])
        return words("train.lines_n", n=n) if n else words("train.nothing")
    if field == "share":
        return f"{value:g}"
    if field in ("rate", "steps"):
        text = f"{value:g}" if field == "rate" else whole(value)
        chosen = getattr(choices, field) is not None
        return text if chosen else words("train.usual", value=text)
    return str(value) or words("train.nothing")


def form(
    choices: Choices,
    field: str,
    words: Words,
    wrong: str,
    width: int,
    height: int,
) -> Drawn:
    """One line a choice: its name, its value, and a sign at the one under the cursor.

    wrong: the field that cannot be as it is, empty for none. In a low window the cursor is in view.
    """
    fields = choices.fields
    wide = max(cell_len(words(f"field.{name}")) for name in fields) + 2
    lines: list[Line] = []
    for name in fields:
        here = name == field
        ink = "bad" if name == wrong else "title" if here else "text"
        label = words(f"field.{name}")
        value = clip(shown_value(choices, name, words), max(width - wide - 8, 4))
        signs = ("‹ ", " ›") if here else ("  ", "")
        lines.append(
            [
                (f" {CURSOR if here else ' '} ", "accent"),
                (label + " " * (wide - cell_len(label)), "title" if here else "quiet"),
                (signs[0], "accent"),
                (value, ink),
                (signs[1], "accent"),
            ]
        )
    at = fields.index(field) if field in fields else 0
    first = max(0, min(at - height // 2, len(lines) - height))
    return Drawn(lines[first : first + height])


def time_text(seconds: float, words: Words) -> str:
    """So many seconds, in minutes where they are many."""
    n = math.ceil(seconds)
    if n < 100:
        return words("train.seconds", n=n)
    return words("train.minutes", m=n // 60, s=n % 60)


# --- The training --------------------------------------------------------------------------------


def curve(seen: Seen, floor: float | None, words: Words, width: int) -> Plot | None:
    """The losses so far: of the batches, averaged where they stand too close, and of the exams."""
    if len(seen.losses) < 2:
        return None
    made = np.array(seen.losses, np.float64)
    n = min(len(made), max(width, 20))
    bounds = np.linspace(0, len(made), n + 1).astype(int)
    xs = made[bounds[1:] - 1, 0]
    with np.errstate(all="ignore"):
        train = np.add.reduceat(made[:, 1], bounds[:-1]) / np.diff(bounds)
    curves = [Curve(words("curve.train"), [float(y) for y in train], "first")]
    names = list(seen.history[0]["held_out"]) if seen.history else []
    for name, tone in zip(names, ("second", "third"), strict=False):
        steps = [float(x["step"]) for x in seen.history]
        losses = [float(x["held_out"][name]) for x in seen.history]
        ys = np.interp(xs, steps, losses, right=math.nan) if len(steps) > 1 else xs * math.nan
        alone = len(names) == 1
        label = words("curve.held_out" if alone and name == "world" else f"curve.{name}")
        curves.append(Curve(label, [float(y) for y in ys], tone))  # type: ignore[arg-type]
    known = None if floor is None else (words("curve.floor"), floor)
    title = words("curve.title")
    return Plot(curves, title, [float(x) for x in xs], words("curve.x"), floor=known)


def map_part(
    found: LiveMap, labels: Mapping[int, str], words: Words, width: int, height: int
) -> Scatter:
    """The map, within bounds that do not jump, and with as many words as have room."""
    n = max(width * height // _ROOM, _FEWEST_WORDS)
    points = [
        Point(float(x), float(y), clip(labels[id], MOST_NAME), TONES.get(kind, ""))
        for id, kind, (x, y) in zip(found.words.ids, found.words.kinds, found.places, strict=True)
    ][:n]
    reach = found.reach
    return Scatter(points, words("map.title"), bounds=((-reach, -reach), (reach, reach)))


def guess_part(
    text: str, guesses: Sequence[tuple[str, str, float]], words: Words, width: int
) -> Table:
    """The words that the model expects after the learner's sentence, with bars.

    guesses: label, share as text, share.
    """
    rows = [[Cell(label), Cell(share, bar=value)] for label, share, value in guesses]
    room = width - cell_len(words("guess.title", text="")) - 2 * MARGIN
    if cell_len(text) > room:  # its end is what matters
        text = ELLIPSIS + text[-max(room - 1, 1) :]
    return Table(rows, title=words("guess.title", text=text), align="lr")


def status_lines(
    seen: Seen, steps: int, n_numbers: int, early: bool, words: Words, width: int
) -> Drawn:
    """How far it is, as a bar and in words."""
    step = seen.moment.step if seen.moment else 0
    status = words("status.early" if early and seen.status == "over" else f"status.{seen.status}")
    said = [words("status.step", step=whole(step), total=whole(steps)), status]
    if seen.seconds_left is not None and seen.status == "running":
        said.append(words("status.left", time=time_text(seen.seconds_left, words)))
    if seen.tokens_per_second:
        said.append(words("status.speed", n=whole(round(seen.tokens_per_second))))
    said.append(words("status.size", n=whole(n_numbers)))
    text = "  ·  ".join(said)
    while cell_len(text) > width - 2 * MARGIN and len(said) > 2:
        said.pop()
        text = "  ·  ".join(said)
    room = max(width - 2 * MARGIN, 1)
    full = round(room * min(step / steps, 1.0)) if steps else 0
    bar: Line = [(" ", "text"), ("━" * full, "accent"), ("─" * (room - full), "rule")]
    return Drawn([[(" " + clip(text, room), "text")], bar])
