"""The scrubber as text: whole in every width, its knob and its marks where they belong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.store import load, shipped
from lessons.moments import Moment, moments
from tui.messages import LANGUAGES
from tui.renderables.scrubber import (
    EMERGED,
    KNOB,
    KNOB_ON_MARK,
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
    for mark, x in zip(track.marks, columns, strict=True):
        if x == knob:
            assert text[head + x] == KNOB_ON_MARK
        elif columns.count(x) == 1:
            assert text[head + x] == (EMERGED if mark.place <= track.place else TO_COME)
        # A name is whole, or it is not there; beside its own mark, or not at all.
        at = text.find(f" {mark.name}")
        if columns.count(x) == 1 and [m.name for m in track.marks].count(mark.name) == 1:
            near = {head + x + 1, head + x - len(mark.name) - 2}
            assert at == -1 or at in near or at + 1 < head


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
    kept = moments(load(shipped()["mini-es"]))
    said = [said_of(Moment(kept, place), lang) for place in range(24)]
    for form in zip(*said, strict=True):
        assert len({len(text) for text in form}) == 1
        assert len(set(form)) == 24
