"""What recurrence costs: steps counted, the first word fading, the way back to it."""

import pytest

from lessons.figures.parts import Beside, Drawing, Sentence, Table
from lessons.figures.registry import figures
from lessons.figures.why_transformers import remaining
from lessons.scene import Scene


def show(name, experiment, **knobs):
    return figures()[name].show(Scene(experiment, "es", knobs))


def of(kind, figure):
    return [part for part in figure if isinstance(part, kind)]


def test_word_50_has_less_than_a_hundredth_of_word_1(make):
    assert remaining(0.9, 50) == pytest.approx(0.9**49)
    assert remaining(0.9, 50) < 0.01
    (beside,) = of(Beside, show("fading", make(), keep=0.9))
    table, plot = beside.parts
    (row,) = (row for row in table.rows if "palabra 50" in row[0].text)
    assert (row[1].text, row[2].text) == ("49", "0.57 %")
    assert 100 * row[2].bar == pytest.approx(plot.curves[0].ys[49])
    assert row[2].text == plot.curves[0].texts[49]


def test_one_lane_needs_a_step_a_word_and_the_other_one_step(make):
    experiment = make(text="el gato come el pez")
    _, table = (of(kind, show("two-lanes", experiment, step=2))[0] for kind in (Drawing, Table))
    counts = [[cell.text for cell in row[1:]] for row in table.rows]
    assert counts == [["2", "5"], ["3", "0"], ["5", "1"], ["10", "1"], ["1000", "1"]]


def test_a_word_that_waits_is_not_readable(make):
    experiment = make(text="el gato come el pez")
    (drawing,) = of(Drawing, show("two-lanes", experiment, step=2))
    one_by_one, at_once = ("".join(cell.text for cell in line) for line in drawing.lines)
    assert "gato" in one_by_one
    assert "come" not in one_by_one
    assert all(word in at_once for word in ("el", "gato", "come", "pez"))


@pytest.mark.parametrize(("lane", "hops"), [("recurrent", 4), ("attention", 1)])
def test_hops_back_to_word_1(make, lane, hops):
    experiment = make(text="el gato come el pez")
    (sentence,) = of(Sentence, show("path", experiment, lane=lane))
    assert len(sentence.arcs) == hops
    assert sentence.arcs[-1].end == 0
    assert sentence.arcs[0].start == len(sentence.words) - 1
