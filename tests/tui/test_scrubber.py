"""The scrubber as text: whole in every width, its knob and its marks where they belong."""

import re
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.store import load, shipped
from lessons.emergence import emergence, marks
from lessons.moments import Moment, moments
from tui.messages import LANGUAGES
from tui.renderables.scrubber import (
    AHEAD,
    EMERGED,
    KNOB,
    KNOB_ON_MARK,
    PAST,
    PLAYING,
    TO_COME,
    Marked,
    Track,
    column_of,
    draw,
    head_of,
    place_at,
)
from tui.screens.timed import said_of

SAID = ("step  340 of 5000 · moment  7 of 24", "step  340 of 5000", " 340/5000")
KNOBS = KNOB + KNOB_ON_MARK
NAMES = ("feared", "categories", "looks back", "number", "cat→dog", "漢字")

tracks = st.integers(2, 40).flatmap(
    lambda n: st.builds(
        Track,
        n=st.just(n),
        place=st.integers(0, n - 1),
        said=st.just(SAID),
        marks=st.lists(
            st.builds(Marked, st.integers(0, n - 1), st.sampled_from(NAMES)),
            max_size=6,
            unique_by=lambda mark: mark.place,
        ).map(lambda marks: sorted(marks, key=lambda mark: mark.place)),
        playing=st.booleans(),
    )
)


def text_of(track, width):
    return "".join(text for text, _ in draw(track, width))


@given(tracks, st.integers(20, 220))
def test_it_is_as_wide_as_the_window_with_one_knob_at_its_place(track, width):
    text = text_of(track, width)
    head = head_of(track, width)
    assert len(text) == width
    assert text.startswith(head)
    knobs = [x for x, sign in enumerate(text) if sign in (KNOB, KNOB_ON_MARK)]
    assert knobs == [len(head) + column_of(track.place, track.n, width - len(head))]
    assert (PLAYING.strip() in text) is track.playing


@given(tracks, st.integers(60, 220))
def test_every_mark_stands_at_its_place_filled_when_it_has_come(track, width):
    text, head = text_of(track, width), len(head_of(track, width))
    knob = column_of(track.place, track.n, width - head)
    columns = [column_of(mark.place, track.n, width - head) for mark in track.marks]
    hidden = under_the_present_name(track, text[head:], knob)
    for mark, x in zip(track.marks, columns, strict=True):
        if x == knob:
            assert text[head + x] == KNOB_ON_MARK
        elif columns.count(x) == 1 and x not in hidden:
            assert text[head + x] == (EMERGED if mark.place <= track.place else TO_COME)
        # A name is whole, or it is not there; beside its own mark, or not at all.
        at = text.find(f" {mark.name}")
        if columns.count(x) == 1 and [m.name for m in track.marks].count(mark.name) == 1:
            near = {head + x + 1, head + x - len(mark.name) - 2}
            assert at == -1 or at in near or at + 1 < head


def under_the_present_name(track, line, knob):
    """The columns that the name of what emerges at the present place takes."""
    for mark in track.marks:
        if mark.place == track.place:
            for start in (knob + 2, knob - 1 - len(mark.name)):
                if start >= 0 and line[start : start + len(mark.name)] == mark.name:
                    return range(start, start + len(mark.name))
    return range(0)


@cache
def kept(name):
    return moments(load(shipped()[name]))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("width", [58, 78, 118, 198])
def test_no_real_name_is_cut_and_the_present_one_is_always_there(lang, width):
    """The marks of the shipped models, as they stand in windows of the usual widths."""
    for model in ("mini-es", "mini-en"):
        known = kept(model)
        found = marks(emergence(known.finished))
        assert len(found) > 3
        named = [Marked(one.place, one.probe.name[lang]) for one in found]
        for place in range(len(known.steps)):
            track = Track(len(known.steps), place, said_of(Moment(known, place), lang), named)
            head = head_of(track, width)
            line = text_of(track, width)[len(head) :]
            pieces = re.split(f" *[{PAST}{AHEAD}{KNOBS}{EMERGED}{TO_COME}]+ *", line)
            names = {mark.name for mark in named}
            together = " · ".join(mark.name for mark in named if mark.place == place)
            assert {piece.strip() for piece in pieces} - {""} <= names | {together}
            if together:
                knob = column_of(place, track.n, width - len(head))
                beside = line[knob + 2 :], line[: knob - 1]
                assert beside[0].startswith(together) or beside[1].endswith(together)


def test_the_present_name_stands_over_as_few_marks_as_can_be():
    marks = [Marked(7, "first"), Marked(8, "second"), Marked(9, "third"), Marked(10, "fourth")]
    lines = {place: text_of(Track(24, place, (), marks), 57).rstrip() for place in (7, 8, 9, 11)}
    assert f"first {KNOB_ON_MARK}" in lines[7]
    assert f"second {KNOB_ON_MARK}" in lines[8]
    assert f"{KNOB_ON_MARK} third" in lines[9]
    assert lines[11].count(EMERGED) == 4  # they come back


@given(st.integers(2, 60), st.integers(30, 200), st.data())
def test_a_click_means_the_place_that_is_drawn_there(n, width, data):
    place = data.draw(st.integers(0, n - 1))
    if width >= 2 * n:
        assert place_at(column_of(place, n, width), n, width) == place
    assert 0 <= place_at(data.draw(st.integers(-9, 999)), n, width) < n
    assert place_at(-5, n, width) == 0
    assert place_at(9999, n, width) == n - 1


def test_what_is_said_gives_way_to_the_track():
    heads = [head_of(Track(24, 6, SAID), width).strip() for width in (200, 78, 40, 20)]
    assert heads == [SAID[0], SAID[1], SAID[2].strip(), ""]


def test_what_emerged_last_is_named_first():
    marks = [Marked(0, "the first thing"), Marked(23, "the second thing")]
    for place, there, not_there in ((0, "first", "second"), (23, "second", "first")):
        text = text_of(Track(24, place, (), marks), 30)
        assert there in text
        assert not_there not in text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_said_is_always_as_wide(lang):
    said = [said_of(Moment(kept("mini-es"), place), lang) for place in range(24)]
    for form in zip(*said, strict=True):
        assert len({len(text) for text in form}) == 1
        assert len(set(form)) == 24
