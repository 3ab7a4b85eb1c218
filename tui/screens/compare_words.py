"""What is said of two runs together: where they part, how far apart they are, one cell of both."""

from __future__ import annotations

from engine.ops import Add
from lessons.compare import FIRST, SECOND
from lessons.rounding import written
from lessons.stages import Stage
from lessons.words import number
from tui.renderables.matrix_labels import clip
from tui.screens.compare_view import CompareView
from tui.screens.walk_line import mark

EQUAL, UNKNOWN = "=", "?"
LONGEST_TOKEN = 14
"""Columns of a token within the one line that tells of both runs."""
MOST_ALONE = 4


def size_mark(size: float | None, stage: Stage) -> str:
    """A sign for how far two runs are apart: the higher, the further. None for the text."""
    if stage.focus is None:
        return ""
    return UNKNOWN if size is None else mark(size) or EQUAL


def percent(view: CompareView, size: float) -> str:
    """A size as a percentage, which may be more than 100."""
    words = view.prose.words
    if size <= 1:
        return words.share(size)
    return words.percent.format(number=f"{100 * size:.0f}" if size < 1e4 else number(100 * size))


def where(view: CompareView) -> str:
    """At which station the two runs part."""
    comparison, line = view.comparison, view.line
    some = any(comparison.size(stage) is None for stage in line if stage.focus is not None)
    found = comparison.first_difference
    if found is None:
        alone = comparison.alone(FIRST) or comparison.alone(SECOND)
        return view.words(f"where.same{'_some' if some else '_paired' if alone else ''}")
    before = line[: next(i for i, stage in enumerate(line) if stage.id == found.id)]
    some = any(comparison.size(stage) is None for stage in before if stage.focus is not None)
    name = view.prose.stage(found.key).name
    if found.block is not None:
        name = view.words("where.block", name=name, n=found.block + 1)
    return view.words("where.part_some" if some else "where.part", stage=name)


def here(view: CompareView) -> str:
    """How far the two runs are apart at this station, with the sign that the line shows."""
    stage, size = view.stage, view.size
    if stage.focus is None:
        return ""
    sign = size_mark(size, stage)
    if size is None:
        return f"{view.words(f'here.{why_none(view)}')} {sign}"
    if size == 0:
        return f"{view.words('here.equal')} {sign}"
    if stage.view in ("pieces", "ids"):
        n = view.comparison.n_other(stage)
        key = {"pieces": "label", "ids": "id"}[stage.view] + ("s" if n > 1 else "")
        return f"{view.words(f'here.{key}', n=n, total=len(view.comparison.pairs))} {sign}"
    return f"{view.words('here.size', share=percent(view, size))} {sign}"


def why_none(view: CompareView) -> str:
    """Why there is no difference to show at this station."""
    if not view.has(SECOND):
        return "no_stage"
    if view.size is not None:
        return "no_partner"
    vocabulary = view.stage.group == "output" and not view.comparison.same_vocabulary
    return "vocabularies" if vocabulary else "sizes"


def alone(view: CompareView) -> str:
    """The pieces that have no partner."""
    found = []
    for side in (FIRST, SECOND):
        labels = view.labels(side)
        found += [labels[pos] for pos in view.comparison.alone(side)]
    if not found:
        return ""
    named = [view.prose.words.token(clip(x, LONGEST_TOKEN)) for x in found[:MOST_ALONE]]
    more = [f"+{len(found) - MOST_ALONE}"] if len(found) > MOST_ALONE else []
    return view.words("here.alone", tokens=", ".join(named + more))


def reading(view: CompareView) -> str:
    """The cell under the cursor in both runs, and the difference."""
    kind = view.stage.view
    if kind == "text" or not view.has(view.side):
        return ""
    if kind in ("pieces", "ids"):
        return _token(view)
    if view.refs == (None, None):
        return ""
    place = _place(view)
    a, b = (
        None if ref is None else side.trace.value(ref)
        for ref, side in zip(view.refs, view.comparison.sides, strict=True)
    )
    share = view.prose.words.share if view.views[FIRST].stage.focus == "probs" else None
    write = share or number
    if b is None and a is not None:
        return view.words("cell.value_first", where=place, a=write(a))
    if a is None or b is None:
        return "" if b is None else view.words("cell.value_second", where=place, b=write(b))
    if share is not None:
        apart = view.words("cell.points", n=points(b - a))
        return view.words("cell.values", where=place, a=share(a), b=share(b), d=apart)
    difference = 0.0 if a == b else b - a
    # Whoever adds the difference to the first must find the second as it is written.
    made = written(Add(), (a, difference), b)
    before, added = made.operands
    apart = signed(added, difference)
    return view.words("cell.values", where=place, a=before, b=made.result, d=apart)


def signed(text: str, x: float) -> str:
    """A number's text with its sign, as a difference has it."""
    return f"+{text}" if x > 0 else text


def points(x: float) -> str:
    """The difference of two shares in percentage points, with its sign."""
    n = 100 * x
    text = number(n) if 0 < abs(n) < 0.05 else f"{n:.1f}".replace("-", "−")
    return signed(text, n)


def _token(view: CompareView) -> str:
    """The piece under the cursor, and its partner."""
    words, word, side = view.words, view.active.word, view.side
    partner = view.comparison.partner(word, side)
    if partner is None:
        token = view.prose.words.tokens(view.labels(side))[word]
        return words("cell.token_first" if side == FIRST else "cell.token_second", token=token)
    places = (word, partner) if side == FIRST else (partner, word)
    if view.stage.view == "ids":
        ids = [
            int(one.trace["tokens"].value[place])
            for one, place in zip(view.comparison.sides, places, strict=True)
        ]
        return words("cell.id", token=_both(view, places), first=ids[FIRST], second=ids[SECOND])
    first, second = (
        view.prose.words.token(view.labels(s)[place]) for s, place in enumerate(places)
    )
    if first != second:
        return words("cell.tokens", first=first, second=second)
    if places[FIRST] == places[SECOND]:
        return words("cell.token", token=first)
    return words("cell.token_moved", token=first, first=places[FIRST], second=places[SECOND])


def _place(view: CompareView) -> str:
    """Which cell it is, by the tokens of both sides."""
    table = view.difference if view.subtracted else None
    shown, (row, col) = (
        (view.active.exhibit, view.active.cell) if table is None else (table, view.cell)
    )
    if view.active.in_list:
        candidate = view.prose.words.token(shown.rows[row])
        return view.words("cell.candidate", candidate=candidate, at=_after(view))
    pairs = view.comparison.pairs
    token = _of_both(view, view.active.word) if table is None else _both(view, pairs[row])
    if shown.col_axis == "key":
        looked = _of_both(view, col) if table is None else _both(view, pairs[col])
        return view.words("cell.pair", query=token, looked=looked)
    return view.words("cell.vector", token=token, col=shown.cols[col])


def _after(view: CompareView) -> str:
    """The token after which candidates are listed."""
    if view.stage.view == "choice":
        first, second = (len(view.labels(side)) - 1 for side in (FIRST, SECOND))
        return _both(view, (first, second))
    return _of_both(view, view.active.word)


def _of_both(view: CompareView, pos: int) -> str:
    """The token at a position of the active side, with its partner's where that is another."""
    partner = view.comparison.partner(pos, view.side)
    if partner is None:
        return view.prose.words.tokens(view.labels(view.side))[pos]
    return _both(view, (pos, partner) if view.side == FIRST else (partner, pos))


def _both(view: CompareView, places: tuple[int, int]) -> str:
    one, two = (view.labels(side)[place] for side, place in enumerate(places))
    token = view.prose.words.token
    if one == two:
        return token(one)
    return view.words("cell.both", first=token(one), second=token(two))
