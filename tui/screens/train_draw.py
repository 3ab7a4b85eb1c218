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
from lessons.prose import prose
from tui.live_training import Seen
from tui.messages import Words
from tui.renderables.figure_block import MARGIN, MOST_TEXT, Drawn, Look
from tui.renderables.figure_draw import draw_figure
from tui.renderables.figure_line import Line, line_width, wrapped
from tui.renderables.matrix_labels import ELLIPSIS, clip
from tui.screens.train_choices import Choices

CURSOR = "▸"
TONES: dict[str, Tone] = {"own": "strong", "animal": "first", "food": "second", "person": "third"}
MOST_NAME = 12
BESIDE = 150
"""Columns from which on what is said of every choice stands beside it."""
MOST_VALUE = 52
GROUPS = ("d_model", "positions", "rate")
"""Choices that begin a group: of the shape, of its parts, of the training."""
MOST_POINTS = 80
"""Of a curve: single batches jump up and down, and hide where it goes."""
_LEAST_PICTURE = 4
_FEWEST_WORDS, _ROOM = 6, 45
"""Of a map, words at least, and the cells that each takes."""


def whole(n: float, words: Words) -> str:
    """A whole number as the language of the words writes it."""
    return prose(words.lang).words.whole(n)


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
        return words("train.lines_n", n=whole(n, words)) if n else words("train.nothing")
    if field == "share":
        return f"{value:g}"
    if field in ("rate", "steps"):
        text = f"{value:g}" if field == "rate" else whole(value, words)
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
    """The choices: of each its name, its value, and a sign at the one under the cursor.

    Where there are columns for it, what is said of each stands beside it; where there are lines,
    the choices stand in groups, or apart. In a low window the cursor is in view.
    wrong: the field that cannot be as it is, empty for none.
    """
    fields = choices.fields
    wide = max(cell_len(words(f"field.{name}")) for name in fields) + 2
    values = {name: shown_value(choices, name, words) for name in fields}
    beside = width >= BESIDE
    most = MOST_VALUE if beside else max(width - wide - 7, 4)
    blocks: list[list[Line]] = []
    for name in fields:
        here = name == field
        ink = "bad" if name == wrong else "title" if here else "text"
        label, value = words(f"field.{name}"), clip(values[name], most)
        signs = ("‹ ", " ›") if here else ("  ", "")
        line: Line = [
            (f"{CURSOR if here else ' '} ", "accent"),
            (label + " " * (wide - cell_len(label)), "title" if here else "quiet"),
            (signs[0], "accent"),
            (value, ink),
            (signs[1], "accent"),
        ]
        blocks.append([line])
        if beside:
            column = 4 + wide + min(max(map(cell_len, values.values())), most) + 6
            said = wrapped(words(f"about.{name}"), min(width - column - MARGIN, MOST_TEXT))
            of_said = "text" if here else "quiet"
            rest = " " * max(column - line_width(line), 0)
            blocks[-1] = [[*line, (rest, "text"), (said[0], of_said)]]
            blocks[-1] += [[(" " * column, "text"), (more, of_said)] for more in said[1:]]
    return _spaced(blocks, fields, fields.index(field) if field in fields else 0, height)


def _spaced(blocks: Sequence[Sequence[Line]], fields: Sequence[str], at: int, height: int) -> Drawn:
    """Blocks with as many blank lines between them as there is room for."""
    n_lines = sum(map(len, blocks))
    gaps = [[True] * len(fields), [name in GROUPS for name in fields], [False] * len(fields)]
    for gap in gaps:
        if n_lines + sum(gap[1:]) <= height:
            break
    lines: list[Line] = []
    first = 0
    for i, block in enumerate(blocks):
        if i and gap[i]:
            lines.append([])
        if i == at:
            first = len(lines)
        lines += block
    start = max(0, min(first - height // 2, len(lines) - height))
    return Drawn(lines[start : start + height])


def time_text(seconds: float, words: Words) -> str:
    """So many seconds, in minutes where they are many."""
    n = math.ceil(seconds)
    if n < 100:
        return words("train.seconds", n=n)
    return words("train.minutes", m=n // 60, s=n % 60)


# --- The training --------------------------------------------------------------------------------


def curve_title(steps: float, words: Words) -> str:
    """The heading of losses; steps: of how many steps each point is the mean."""
    if steps < 1.5:
        return words("curve.title")
    return f"{words('curve.title')}, {words('curve.mean', n=round(steps))}"


def curve(seen: Seen, floor: float | None, words: Words, width: int) -> Plot | None:
    """The losses so far: of the batches, each point the mean of some of them, and of the exams.

    The exams come first: where curves meet the first is the one that is seen.
    """
    if len(seen.losses) < 2:
        return None
    made = np.array(seen.losses, np.float64)
    n = min(len(made), max(width, 20), MOST_POINTS)
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
    title = curve_title(len(made) / n, words)
    return Plot(
        [*curves[1:], curves[0]], title, [float(x) for x in xs], words("curve.x"), floor=known
    )


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
    said = [words("status.step", step=whole(step, words), total=whole(steps, words)), status]
    if seen.seconds_left is not None and seen.status == "running":
        said.append(words("status.left", time=time_text(seen.seconds_left, words)))
    if seen.tokens_per_second:
        said.append(words("status.speed", n=whole(round(seen.tokens_per_second), words)))
    said.append(words("status.size", n=whole(n_numbers, words)))
    text = "  ·  ".join(said)
    while cell_len(text) > width - 2 * MARGIN and len(said) > 2:
        said.pop()
        text = "  ·  ".join(said)
    room = max(width - 2 * MARGIN, 1)
    full = round(room * min(step / steps, 1.0)) if steps else 0
    bar: Line = [(" ", "text"), ("━" * full, "accent"), ("─" * (room - full), "rule")]
    return Drawn([[(" " + clip(text, room), "text")], bar])
