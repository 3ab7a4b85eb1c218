"""The line of stations as chips: where we are, what has changed how far, what is set by hand."""

from __future__ import annotations

from lessons.stages import Stage
from lessons.whatifs import named
from tui.actions import by_id
from tui.renderables.chips import Chip, Look
from tui.renderables.signs import signs_of
from tui.screens.walk_view import View
from tui.screens.whatif import preset

CLOSED, OPEN = "▸", "▾"
INSIDE, WHATIF, BLAME = by_id("inside"), by_id("whatif"), by_id("blame")
MARKS = "▁▂▃▄▅▆▇█"


def group_chips(view: View) -> list[Chip]:
    """The groups of the line: input, the blocks, output."""
    chips: list[Chip] = []
    for group in dict.fromkeys(stage.group for stage in view.line):
        look: Look = "key" if group == view.stage.group else "quiet"
        _, dot, block = group.partition(".")
        if not dot:
            name, gap = view.words(f"line.{group}"), 3
        else:
            # Of many blocks only the first has its name in full.
            short = block != "0" and view.experiment.model.config.n_layers > 3
            key, gap = ("line.block_short", 2) if short else ("line.block", 3)
            name = view.words(key, n=int(block) + 1)
        most = max(view.change(stage) for stage in view.line if stage.group == group)
        chips.append(Chip(group, name, tail=mark(most), look=look, gap=gap))
    return chips


def mark(change: float) -> str:
    """A small block that is the higher, the further something has moved; none where it has not."""
    if change <= 0:
        return ""
    return MARKS[int(min(change, 0.999) * len(MARKS))]


def change_chips(view: View) -> list[Chip]:
    """What is forced, and what the exhibit is coloured by; empty where neither is."""
    words, chips = view.change_words, []
    changes = named(view.experiment.model.config, view.experiment.forced)
    if changes:
        # Where there is no room for all, the last stays; how many there are is told in any case.
        key = "whatif.line" if len(changes) == 1 else "whatif.line_some"
        chips.append(
            Chip("whatif", words(key, n=len(changes)), signs_of(WHATIF, words), look="key")
        )
        names = [preset(words, one) if one else str(force) for one, (force, *_) in changes]
        chips += [
            Chip("whatif", text, rank=len(names) - place) for place, text in enumerate(names, 1)
        ]
    if view.target is not None:
        said = words(f"blame.{view.blame}", token=view.target_word)
        chips.append(Chip("blame", said, signs_of(BLAME, words), look="key"))
    return chips


def station_chips(view: View) -> list[Chip]:
    """The stations of the present group, the present one lit."""
    return [
        Chip(
            stage.id,
            view.prose.stage(stage.key).name,
            sign=_inner_sign(view, stage),
            tail=mark(view.change(stage)),
            look="current" if stage.id == view.stage.id else "quiet",
            gap=0,
            pad=1,
        )
        for stage in view.line
        if stage.group == view.stage.group
    ]


def _inner_sign(view: View, stage: Stage) -> str:
    """Says that a station has steps inside, or that they stand before it."""
    return "" if not stage.parts else OPEN if view.place.inside else CLOSED


def status_chips(view: View) -> list[Chip]:
    """The heads, where the station shows one at a time, and how far along the line we are.

    Where there are inner steps, the key for them: no such station shows heads one at a time.
    """
    chips: list[Chip] = []
    if view.stage.parts or any(view.stage in stage.parts for stage in view.line):
        chips.append(
            Chip("inside", OPEN if view.place.inside else CLOSED, signs_of(INSIDE, view.words))
        )
    n_heads = view.experiment.model.config.n_heads
    if view.stage.by_head and n_heads > 1:
        chips.append(Chip("", view.words("line.head"), look="quiet"))
        chips += [
            Chip(f"head.{i}", str(i + 1), look="key" if i == view.head else "quiet", gap=1)
            for i in range(n_heads)
        ]
    count = view.words("line.count", n=view.index + 1, total=len(view.line))
    return [*chips, Chip("", count, look="quiet", gap=3)]


def status_width(view: View) -> int:
    """Columns that the status needs at most on this model, so that it never moves."""
    config = view.experiment.model.config
    heads = sum(1 + len(str(i + 1)) for i in range(config.n_heads))
    most = sum(1 + len(stage.parts) for stage in view.line)
    before = max(len(view.words("line.head")) + heads, len(signs_of(INSIDE, view.words)) + 2)
    return before + 3 + 2 * len(str(most)) + 1
