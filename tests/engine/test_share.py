"""A shared line comes back as it was sent, whatever carries it, or is refused in one way."""

import json
import re
import shlex
import unicodedata
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engine.errors import EngineError
from engine.experiment import Experiment
from engine.fingerprint import fingerprint
from engine.parts import Part
from engine.share import Shared, from_line, open_shared, share, to_line
from engine.store import checkpoint_steps, load, load_checkpoint, read_config, save, shipped
from engine.whatif import Copied, Force
from tests.engine.forcing import (
    FORCES,
    SHIPPED_MINIS,
    SOME_CONFIGS,
    TEXT,
    assert_equal_runs,
    model_of,
)

MODEL, OTHER_MODEL = (model_of(config) for config in SOME_CONFIGS[:2])
TEXTS = st.text() | st.text("|;%{}'\"\\*_~: .\u0301\u200da1@", max_size=12)
NAMES = st.text(min_size=1) | st.sampled_from(["mini-es", "a.b", "x@3", "a: b", " ", "{|}"])


@st.composite
def experiments(draw, depth=1):
    """Any sentence and changes, in a model of any name, at a checkpoint or not, compared or not."""
    model = replace(draw(st.sampled_from([MODEL, OTHER_MODEL])), step=draw(st.none() | STEPS))
    if draw(st.booleans()):
        model = replace(model, name=draw(NAMES))
    other = draw(st.none() | experiments(depth - 1)) if depth else None
    if other is not None and draw(st.booleans()):
        other = Experiment(model, other.text, other.forced)
    return Experiment(model, draw(TEXTS), tuple(draw(st.lists(FORCES, max_size=3))), other)


STEPS = st.integers(0, 10**6)
LINES = experiments().map(to_line)


def looks_shared(text):
    return f"{MODEL.name}.{fingerprint(MODEL)}: {text}"


# There and back


@given(experiments())
@example(Experiment(MODEL, looks_shared("el"), (), Experiment(MODEL, looks_shared("la"))))
@example(Experiment(MODEL, "", (), Experiment(MODEL, "")))
@example(Experiment(MODEL, "*\u030a A\u030a %41 100% "))
def test_a_line_is_read_as_it_was_written(experiment):
    shared = from_line(to_line(experiment))
    assert shared == share(experiment)
    assert shared.text == experiment.normal_text
    assert shared.forces == experiment.forced
    if experiment.other is not None:
        assert shared.other.text == experiment.other.normal_text
        assert shared.other.forces == experiment.other.forced


@given(LINES)
def test_a_line_is_one_line_of_plain_text(line):
    assert line.isprintable()
    assert not re.search(r"[\s]{2}|[^\S ]|['\"`\\]|\*\w", line)
    assert shlex.split(f"desdecero --share '{line}'")[2] == line
    assert unicodedata.normalize("NFC", line) == line


@given(LINES, st.data())
def test_what_happens_to_a_line_on_the_way_is_undone(line, data):
    expected = from_line(line)
    assert from_line(unicodedata.normalize("NFD", line)) == expected
    assert from_line(line.replace(" ", "\n  ")) == expected
    assert from_line(line.replace(" ", "\u00a0")) == expected
    assert from_line(line.replace("*", "")) == expected  # a chat made bold of it
    assert from_line(f"mira esto:\n> desdecero --share '{line}' {{jaja}} :)") == expected
    place = data.draw(st.integers(0, len(line)))
    unseen = data.draw(st.sampled_from("\u200b\ufeff\u2060\u200e\x00\x1b"))
    assert from_line(line[:place] + unseen + line[place:]) == expected


def test_a_usual_line_can_be_read_by_a_person():
    forces = [Force.parse(x) for x in ("blocks.0.attn.z[*,1,*]=0", "logits=logits*0.5")]
    experiment = Experiment(replace(MODEL, name="tiny"), "¿El gato come?", tuple(forces))
    head = f"tiny.{fingerprint(MODEL)}"
    changes = "blocks.0.attn.z[*,1,*]=0; logits=logits×0.5"
    assert to_line(experiment) == f"desdecero1{{{head}: ¿El gato come? | {changes}}}"
    compared = replace(experiment, other=replace(experiment, text="el pez: come", forced=()))
    assert to_line(compared) == (f"desdecero1{{{head}: ¿El gato come? | {changes} | el pez: come}}")
    assert to_line(replace(experiment, forced=())) == f"desdecero1{{{head}: ¿El gato come?}}"


def test_a_comparison_of_the_comparison_is_kept_where_numbers_come_from_it():
    third = Experiment(MODEL, "tres")
    taken = (Force(Part("mask"), Copied(None)),)
    for forced, kept in [((), None), (taken, share(third))]:
        second = Experiment(MODEL, "dos", forced, third)
        experiment = Experiment(MODEL, "uno", (), second)
        assert from_line(to_line(experiment)).other.other == kept


# Whose numbers


def test_a_fingerprint_is_of_settings_and_weights(tmp_path):
    same = replace(MODEL, name="another", parameters=dict(MODEL.parameters))
    assert fingerprint(same) == fingerprint(MODEL)
    for name, values in MODEL.parameters.items():
        other = np.array(values)
        other.flat[-1] += 1e-3
        changed = replace(MODEL, parameters={**MODEL.parameters, name: other})
        assert fingerprint(changed) != fingerprint(MODEL), name
    settings = replace(MODEL, config=replace(MODEL.config, eps=1e-6))
    assert fingerprint(settings) != fingerprint(MODEL)
    undivided = replace(MODEL, config=replace(MODEL.config, scale_attn=False))  # the same weights
    assert fingerprint(undivided) != fingerprint(MODEL)
    save(MODEL, tmp_path / "saved")
    assert fingerprint(load(tmp_path / "saved")) == fingerprint(MODEL)


def test_a_setting_that_came_later_changes_no_fingerprint_of_a_model_that_was_there():
    """What of the settings goes into it is what the folder has held since it was made."""
    for folder in shipped().values():
        written = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        assert read_config(folder).to_dict() == written


@pytest.mark.parametrize("name", [name for name in SHIPPED_MINIS if "bidi" not in name])
def test_a_shipped_model_and_its_checkpoints_are_found_by_name(name):
    model = load(shipped()[name])
    early = load_checkpoint(model, checkpoint_steps(shipped()[name])[3])
    forces = (Force.parse("blocks.0.attn.z[*,1,*]=0"), Force.parse("probs[1,*]=other*0.5"))
    experiment = Experiment(model, TEXT, forces, Experiment(early, TEXT))
    opened = open_shared(from_line(to_line(experiment)))
    assert share(opened) == share(experiment)
    assert opened.other.model.step == early.step
    assert_equal_runs(opened.trace, {step.name: step.value for step in experiment.trace}, 0)


def test_models_that_are_at_hand_are_not_read_again():
    line = to_line(Experiment(MODEL, TEXT, (), Experiment(OTHER_MODEL, TEXT)))
    opened = open_shared(from_line(line), [OTHER_MODEL, MODEL])
    assert opened.model is MODEL
    assert opened.other.model is OTHER_MODEL
    renamed = replace(MODEL, name="moved")  # a folder may be called otherwise elsewhere
    assert open_shared(from_line(to_line(Experiment(MODEL, TEXT))), [renamed]).model is renamed


# What is refused


def refusal(shared, at_hand=()):
    with pytest.raises(EngineError) as caught:
        open_shared(shared, at_hand)
    return caught.value.code


def test_another_model_or_other_weights_are_refused():
    line = Shared(MODEL.name, fingerprint(MODEL), TEXT)
    assert refusal(line) == "share_model"
    assert refusal(line, [OTHER_MODEL]) == "share_model"
    assert refusal(replace(line, fingerprint="000000"), [MODEL]) == "share_weights"
    for name in SHIPPED_MINIS:
        assert refusal(replace(line, model=name)) == "share_weights"
        assert refusal(replace(line, model=name, step=7)) == "missing_checkpoint"
    good = Shared(MODEL.name, fingerprint(MODEL), TEXT, other=line)
    assert refusal(replace(good, other=replace(line, model="x", fingerprint="000000")), [MODEL])


@pytest.mark.parametrize(
    ("force", "code"),
    [
        ("mask[99,0]=1", "index_outside"),
        ("nothing=1", "unknown_step"),
        ("mask=nothing", "unknown_step"),
        ("mask[0,0]=logits", "shape_differs"),
        ("mask=other", "no_other_run"),
        ("tokens[0]=99999", "id_outside"),
    ],
)
def test_changes_that_do_not_fit_the_run_are_refused(force, code):
    shared = Shared(MODEL.name, fingerprint(MODEL), TEXT, (Force.parse(force),))
    assert refusal(shared, [MODEL]) == code


@given(LINES, st.data())
def test_a_line_that_was_cut_off_is_refused(line, data):
    start = data.draw(st.integers(0, len(line) - 1))
    with pytest.raises(EngineError) as caught:
        from_line(line[:start])
    assert caught.value.code == ("share_cut" if "{" in line[:start] else "not_shared")


HEAD = f"desdecero1{{{MODEL.name}.{fingerprint(MODEL)}:"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("", "not_shared"),
        ("el gato come", "not_shared"),
        ("desdecero", "not_shared"),
        ("desdecero{el gato}", "not_shared"),
        ("desdecero1{el gato}", "not_shared"),
        ("desdecero1{mini-es: el gato}", "not_shared"),
        ("desdecero1{mini-es.3f2a9: el gato}", "not_shared"),
        ("desdecero1{mini-es.3f2a9g: el gato}", "not_shared"),
        ("desdecero1{}", "not_shared"),
        (f"{HEAD} el {'| ' * 99}}}", "not_shared"),
        ("desdecero2{whatever: it may say | one day}", "share_version"),
        ("desdecero0{}", "share_version"),
        (f"{HEAD} el gato", "share_cut"),
        (f"{HEAD} el {{gato}}", "share_cut"),
        (f"{HEAD} 100%}}", "share_escape"),
        (f"{HEAD} %4}}", "share_escape"),
        (f"{HEAD} %FF}}", "share_escape"),
        (f"{HEAD} %C3}}", "share_escape"),
        (f"{HEAD} el | mask}}", "bad_force"),
        (f"{HEAD} el | mask[=1}}", "bad_part"),
        (f"{HEAD} el | mask=inf}}", "bad_value"),
        (f"{HEAD} el | mask=}}", "bad_value"),
        (f"{HEAD} el | mask=0; x | la}}", "bad_force"),
        (f"{HEAD} el | | la | x}}", "bad_force"),
    ],
)
def test_what_is_no_line(line, code):
    with pytest.raises(EngineError) as caught:
        from_line(line)
    assert caught.value.code == code


@st.composite
def spoilt(draw):
    """A line with a stretch of it replaced."""
    line = draw(LINES)
    start, end = sorted(draw(st.tuples(*[st.integers(0, len(line))] * 2)))
    return line[:start] + draw(st.text(max_size=9) | st.text("|{}:%;=1", max_size=5)) + line[end:]


@given(spoilt() | st.text() | st.text().map(lambda x: f"{HEAD}{x}}}"))
def test_whatever_is_pasted_is_read_or_refused_in_one_way(line):
    try:
        shared = from_line(line)
        open_shared(shared, [MODEL, OTHER_MODEL])
    except EngineError:
        return
    assert from_line(to_line(open_shared(shared, [MODEL, OTHER_MODEL]))).text == shared.text


@pytest.mark.parametrize(
    "line",
    [
        f"{HEAD} {'gato ' * 10**5}}}",
        f"{HEAD} {'|' * 10**6}}}",
        f"{HEAD} el | {';' * 10**6}}}",
        f"{HEAD} el | mask[{',' * 10**5}]=0}}",
        "desdecero1{" * 10**5,
        "desdecero1{" + "a." * 10**5 + "}",
        "desdecero1{" + "a@1" * 10**5 + "}",
        " " * 10**6,
        "[ " * 10**5,
        f"{HEAD} {'%41' * 10**5}}}",
    ],
    ids=range(10),
)
def test_giants_are_read_or_refused_without_waiting(line):
    try:
        shared = from_line(line)
    except EngineError:
        return
    assert shared.text
