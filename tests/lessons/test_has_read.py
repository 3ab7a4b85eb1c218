"""What the first station says that a model has read: what its training.json says, and no more."""

from dataclasses import replace

import pytest

from engine.experiment import Experiment
from engine.own_plan import continued_plan, own_plan, typed_plan, world_plan
from engine.store import load, load_checkpoint, shipped
from lessons.has_read import kind_read
from lessons.prose import prose
from lessons.stages import stages

LINES = [f"{who} come {what}" for who in ("el gato", "mi tía", "un pez") for what in "abcd"]


@pytest.fixture(scope="module")
def mini():
    return load(shipped()["mini-es"])


def said(model, lang):
    run = Experiment(model, "el gato")
    return prose(lang).told(stages(model.config)[0], run).mind


@pytest.mark.parametrize("lang", ["es", "en"])
def test_what_a_training_wrote_down_is_what_is_said(lang, mini, tmp_path):
    file = tmp_path / "cuentos.txt"
    file.write_text("\n".join(LINES))
    own, typed = own_plan([file], "own"), typed_plan(LINES, "typed")
    more = continued_plan(mini, LINES[:3], "more")
    world = said(mini, lang)
    for plan, kind, parts in (
        (own, "files", ("cuentos.txt", str(own.told["n_texts"]))),
        (typed, "typed", (str(typed.told["n_texts"]),)),
        (more, "more", ("mini-es", "3")),
        (world_plan("es", "again"), "world", ()),
    ):
        model = replace(mini, training={**plan.told, "steps": 300})
        assert kind_read(model) == kind
        assert (said(model, lang) == world) is (kind == "world")
        assert all(part in said(model, lang) for part in parts)


def test_random_numbers_have_read_nothing(mini):
    assert kind_read(load_checkpoint(mini, 0)) == "nothing"
    assert kind_read(load_checkpoint(mini, 9)) == "world"
    more = replace(load_checkpoint(mini, 0), training={"from": "mini-es", "n_texts": 1})
    assert kind_read(more) == "more"


@pytest.mark.parametrize(
    "training",
    [
        {},
        {"files": ["a.txt"]},
        {"files": "a.txt", "n_texts": "many"},
        {"n_texts": True},
        {"from": None},
        {"preset": ["mini-es"]},
    ],
)
def test_nothing_is_made_up_where_nothing_is_written_down(training, mini):
    model = replace(mini, training=training)
    assert kind_read(model) == "unknown"
    assert said(model, "en") != said(mini, "en")


def test_names_cannot_break_the_line(mini):
    files = ["one\ntwo.txt", "x" * 200, "three.txt"]
    told = said(replace(mini, training={"files": files, "n_texts": 20_000}), "es")
    assert "\n" not in told
    assert len(told) < 160
    assert "20\u00a0000" in told
