"""From a `ThroughView` to lines: the map, the neighbours, the looks. Pure."""

from __future__ import annotations

from rich.cells import cell_len

from lessons.figures.parts import Point, Scatter, Tone
from lessons.over_time import N_NEAREST
from lessons.words import number
from tui.renderables.figure_block import MARGIN, Drawn, Look, stacked, text_block
from tui.renderables.figure_draw import draw_figure
from tui.renderables.figure_line import Line
from tui.renderables.figure_scatter import SIGNS
from tui.renderables.matrix_labels import clip
from tui.renderables.through import (
    GAP,
    SHARE,
    Row,
    initials,
    look_cell,
    near_cell,
    plan_looks,
    table,
)
from tui.screens.through_loss import losses
from tui.screens.through_view import ThroughView

LEAST_NEAR, MOST_NEAR = 6, 12
"""Columns of a neighbour's name."""
WIDE, MORE_NEAR = 170, 8
"""Columns of a window with room for more neighbours, and how many these are."""
MOST_NAME = 12
TONES: dict[str, Tone] = {"animal": "first", "food": "second", "person": "third", "place": "quiet"}
TRAILED = ("animal", "food")
"""Kinds of which a noun shows its way, beside the chosen word's."""
OTHER_SIGN = "•"
LEAST_MAP = 4


def drawn(view: ThroughView, width: int, height: int) -> Drawn:
    """The present view in so many columns and lines."""
    if width < 2 or height < 2:
        return Drawn([])
    draw = {"map": _map, "near": _near, "heads": _heads, "loss": losses}[view.view]
    return draw(view, width, height)


# --- The map -------------------------------------------------------------------------------------


def _map(view: ThroughView, width: int, height: int) -> Drawn:
    """Where the words are now, and the way of some of them so far."""
    words = view.map
    low, high = words.places.min(axis=(0, 1)), words.places.max(axis=(0, 1))
    chosen = view.over.ids[view.word]
    order = sorted(range(len(words.ids)), key=lambda i: words.ids[i] != chosen)
    trailed = _trailed(view, chosen)
    points = []
    for i in order:
        id, kind = words.ids[i], words.kinds[i]
        way = words.places[: view.place, i] if i in trailed else ()
        x, y = words.places[view.place, i]
        label = clip(view.label(id), MOST_NAME)
        tone: Tone = "strong" if id == chosen else TONES.get(kind, "")
        trail = tuple((float(a), float(b)) for a, b in way)
        points.append(Point(float(x), float(y), label, tone, trail))
    bounds = (float(low[0]), float(low[1])), (float(high[0]), float(high[1]))
    legend = text_block(_legend(view), width, "quiet")
    most = max(height - len(legend.lines) - 2, LEAST_MAP)
    for lines in range(most, LEAST_MAP - 1, -1):
        # Names that find no room stand below the map, and push it up.
        picture = draw_figure(
            (Scatter(points, bounds=bounds),), width, Look(height=lines, wide=True)
        )
        if len(picture.lines) + len(legend.lines) <= height:
            break
    return stacked([(0, picture), (0, legend)])


def _trailed(view: ThroughView, chosen: int) -> set[int]:
    """The words whose way is drawn: the chosen one, and a noun of each of some kinds."""
    kinds = list(view.map.kinds)
    firsts = {kinds.index(kind) for kind in TRAILED if kind in kinds}
    return {i for i, id in enumerate(view.map.ids) if id == chosen} | firsts


def _legend(view: ThroughView) -> str:
    words = view.words
    there = [kind for kind in TONES if kind in view.map.kinds]
    kinds = "  ".join(f"{SIGNS[TONES[kind]]} {words(f'map.{kind}')}" for kind in there)
    own = f"{SIGNS['strong']} {words('map.chosen')}  {OTHER_SIGN} {words('map.own')}"
    share = view.prose.words.share(view.map.kept)
    return f"{own}  {kinds}  {words('map.kept', share=share)}"


# --- Neighbours ----------------------------------------------------------------------------------


def _near(view: ThroughView, width: int, height: int) -> Drawn:
    """The tokens closest to the chosen one, moment by moment."""
    id = view.over.ids[view.word]
    n_near = N_NEAREST if width < WIDE else MORE_NEAR
    found = [view.over.nearest(place, id, n_near) for place in range(len(view.steps))]
    columns = max(map(len, found))
    room = width - 2 * MARGIN - 2 - _step_width(view)
    columns = max(min(columns, room // (LEAST_NEAR + SHARE + GAP)), 1)
    name = max(min(room // columns - SHARE - GAP, MOST_NEAR), LEAST_NEAR)
    rows = []
    for place, (step, nearest) in enumerate(zip(view.steps, found, strict=True)):
        cells = [near_cell(view.label(i), near, name) for i, near in nearest[:columns]]
        rows.append(Row(view.written(step), cells, _marks(view, place)))
    heads: list[Line] = [[(str(i + 1), "quiet")] for i in range(columns)]
    widths = [name + SHARE] * columns
    return table(rows, heads, widths, view.words("table.step"), view.place, (width, height))


def _step_width(view: ThroughView) -> int:
    """Columns of the first column, that of the steps."""
    return max(cell_len(view.written(view.steps[-1])), cell_len(view.words("table.step")))


def _marks(view: ThroughView, place: int) -> str:
    return "  ".join(f"◆ {one.probe.name[view.lang]}" for one in view.emerged_at(place))


# --- Heads ---------------------------------------------------------------------------------------


def _heads(view: ThroughView, width: int, height: int) -> Drawn:
    """Whom the chosen word looks at, in every head, moment by moment."""
    n_keys = view.query + 1 if view.over.run.model.config.causal else len(view.labels)
    name = view.words("table.step")
    room = width - 2 * MARGIN - 2 - _step_width(view) - GAP
    plan = plan_looks(view.n_heads, n_keys, room)
    first = max(0, min(view.head - plan.heads // 2, view.n_heads - plan.heads))
    shown = range(first, first + plan.heads)
    labels = view.labels[:n_keys]
    rows = []
    for place, (step, then) in enumerate(zip(view.steps, view.over.then, strict=True)):
        cells = []
        for head in shown:
            weights = then.patterns.reshape(-1, *then.patterns.shape[2:])[head, view.query]
            cells.append(look_cell(weights[:n_keys].tolist(), labels, plan))
        rows.append(Row(view.written(step), cells, _marks(view, place)))
    titles = [_head_title(view, head, plan.width) for head in shown]
    letters = [initials(labels, -1) if plan.sparks else [] for _ in shown]
    widths = [plan.width] * plan.heads
    body = table(rows, letters, widths, name, view.place, (width, height - 1))
    above = table(rows, titles, widths, "", view.place, (width, 1))
    return stacked([(0, Drawn(above.lines[:1])), (0, body)])


def _head_title(view: ThroughView, head: int, width: int) -> Line:
    n_heads = view.over.run.model.config.n_heads
    block, inner = head // n_heads + 1, head % n_heads + 1
    title = view.words("heads.title", block=block, head=inner)
    return [(clip(title, width), "accent" if head == view.head else "quiet")]


# --- The line under it ---------------------------------------------------------------------------


def reading(view: ThroughView) -> str:
    """What the present moment makes of what is chosen, in words."""
    words, prose = view.words, view.prose.words
    quoted = prose.tokens(view.labels)
    then = view.over.then[view.place]
    if view.view == "map":
        chosen = view.over.ids[view.word]
        others = [view.map.ids[i] for i in sorted(_trailed(view, chosen))]
        named = [prose.token(view.label(id)) for id in others if id != chosen]
        if not named:
            return words("reading.map", word=quoted[view.word])
        return words("reading.ways", word=quoted[view.word], others=", ".join(named))
    if view.view == "near":
        nearest = view.over.nearest(view.place, view.over.ids[view.word])
        if not nearest:
            return ""
        id, near = nearest[0]
        label = prose.token(view.label(id))
        return words("reading.near", word=quoted[view.word], near=label, closeness=number(near))
    if view.view == "heads":
        weights = then.patterns[view.block, view.head_in_block, view.query]
        best = int(weights.argmax())
        return words(
            "reading.heads",
            block=view.block + 1,
            head=view.head_in_block + 1,
            word=quoted[view.query],
            looked=quoted[best],
            share=prose.share(float(weights[best])),
        )
    id, share = then.predicted[0]
    label = prose.token(view.label(id))
    return words("reading.loss", word=label, share=prose.share(share))


def told(view: ThroughView) -> str:
    """What emerges at the present moment, each as a sentence with its number; empty for nothing."""
    said = [
        view.words(
            "marks.here",
            told=one.probe.told[view.lang],
            share=view.prose.words.share(one.values[view.place]),
        )
        for one in view.emerged_at(view.place)
    ]
    return " ".join(said)
