"""What holds for every figure of the course, whatever the sentence, the model and the knobs."""

import math
import re
import tomllib
from functools import cache
from pathlib import Path

import numpy as np
import pytest

import lessons
from engine.experiment import Experiment
from engine.store import load, shipped
from engine.whatif import Force
from lessons.figures.knobs import Choice, Number
from lessons.figures.parts import (
    Beside,
    Cell,
    Drawing,
    Heat,
    Plot,
    Say,
    Scatter,
    Sentence,
    Table,
)
from lessons.figures.registry import figures, said
from lessons.scene import Scene
from lessons.stages import stages, with_parts
from tests.lessons.conftest import KINDS, TEXTS

NAMES = tuple(figures())
TONES = {"", "quiet", "strong", "good", "bad", "first", "second", "third"}
SENTENCES = {
    "es": (
        "El gato se subió al árbol porque tenía miedo del perro",
        "el gato come el pez",
        "El gato negro se subió al árbol alto",
        "democracia",
        "",
        "el ornitorrinco zampa 👨‍👩‍👧 hola",
        "la niña tiene un perro y el perro tiene un gato. " * 4,
        "el gato come ___",
    ),
    "en": (
        "The cat climbed the tree because it was afraid of the dog",
        "the cat eats the fish",
        "democracy",
        "",
        "the platypus gobbles 👨‍👩‍👧 hi",
        "the girl has a dog and the dog has a cat. " * 4,
        "the cat ___ a fish",
    ),
}
MOST_COLUMNS = 76
NUMBER = re.compile(
    r"([<>]?)([−-]?)(\d{1,3}(?:[,\u00a0]\d{3})+|\d+)(?:\.(\d+))?(?:×10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+))?"
)
LOWERED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")


@cache
def model(name):
    return load(shipped()[name])


@cache
def scenes(lang, make):
    """Sentences as people type them, in the models that come with the program and in any other."""
    runs = [
        Experiment(model(name), text)
        for name in shipped()
        if name.endswith(lang)
        for text in (SENTENCES[lang] if name == f"mini-{lang}" else SENTENCES[lang][:2])
    ]
    runs += [make(kind, TEXTS["usual"]) for kind in KINDS]
    runs += [make("paper", TEXTS["odd"]), make("paper", TEXTS["empty"])]
    return [Scene(run, lang) for run in runs]


@cache
def usual(lang):
    return Scene(Experiment(model(f"mini-{lang}"), SENTENCES[lang][1]), lang)


def parts_of(figure):
    """Every part, those beside one another included."""
    for part in figure:
        if isinstance(part, Beside):
            yield from parts_of(part.parts)
        else:
            yield part


def cells_of(part):
    if isinstance(part, Table):
        return [cell for row in part.rows for cell in row]
    if isinstance(part, Sentence):
        return [*part.words, *part.below]
    if isinstance(part, Drawing):
        return [cell for line in part.lines for cell in line]
    return []


def shows(text, value):
    """Whether a text gives a number with its sign, to the decimals that it has, or as a share."""
    if not math.isfinite(value):
        return ("NaN" if math.isnan(value) else "−∞" if value < 0 else "∞") in text
    for bound, sign, whole, decimals, power in NUMBER.findall(text):
        exponent = int(power.translate(LOWERED)) if power else 0
        digits = re.sub(r"\D", "", whole)
        shown = float(f"{'-' if sign else ''}{digits}.{decimals or 0}") * 10.0**exponent
        close = 0.51 * 10.0 ** (exponent - len(decimals))
        for x in (value, 100 * value):
            if bound and (x < shown if bound == "<" else x > shown):
                return True
            if not bound and abs(shown - x) <= close:
                return True
    return False


@pytest.mark.parametrize(
    ("text", "value", "does"),
    [
        ("0.52", 0.5239, True),
        ("0.52", -0.52, False),
        ("−0.52", -0.52, True),
        ("−0.52", 0.52, False),
        ("43 %", 0.434, True),
        ("43 %", 0.45, False),
        ("<0.01 %", 0.00003, True),
        ("<0.01 %", 0.3, False),
        (">99.99 %", 0.99999, True),
        (">99.99 %", 0.5, False),
        ("−1×10³⁰⁸", -1e308, True),
        ("1×10³⁰⁸", -1e308, False),
        ("3×10⁻⁷", 3.4e-7, True),
        ("3×10⁻⁷", 3.4e-5, False),
        ("50,257", 50257, True),
        ("gato", 1.0, False),
        ("NaN − 1", math.nan, True),
        ("1.00", math.nan, False),
        ("∞", -math.inf, False),
    ],
)
def test_a_text_shows_a_number_or_does_not(text, value, does):
    assert shows(text, value) is does


def check(name, scene):
    live = figures()[name]
    figure = live.show(scene)
    assert isinstance(figure, tuple)
    assert figure
    runs = (scene.experiment, *live.runs(scene))
    knobs = {knob.id for knob in live.knobs}
    for part in parts_of(figure):
        for cell in cells_of(part):
            assert isinstance(cell, Cell)
            assert "\n" not in cell.text
            assert cell.tone in TONES
            assert not cell.knob or cell.knob in knobs, cell
            for size in (cell.shade, cell.bar):
                assert size is None or -1.0 <= size <= 1.0, cell
            if cell.ref is not None:
                value = runs[cell.run].trace.value(cell.ref)
                assert not re.search(r"\d", cell.text) or shows(cell.text, value), (cell, value)
        if isinstance(part, Table):
            widths = {len(row) for row in part.rows}
            assert len(widths) == 1, name
            for sizes in (part.header, part.align):
                assert len(sizes) in (0, *widths), name
        elif isinstance(part, Sentence):
            n = len(part.words)
            assert len(part.below) in (0, n)
            for arc in part.arcs:
                assert 0 <= arc.start < n
                assert 0 <= arc.end < n
                assert 0.0 <= arc.weight <= 1.0
        elif isinstance(part, Scatter):
            assert all(math.isfinite(x) for point in part.points for x in (point.x, point.y))
        elif isinstance(part, Plot):
            for curve in part.curves:
                assert len(curve.ys) == (len(part.xs) or len(part.curves[0].ys))
            n = len(part.curves[0].ys)
            assert part.mark is None or 0 <= part.mark < n
            assert np.all(np.diff(part.xs) > 0) or not part.xs
        elif isinstance(part, Heat):
            rows, cols = part.exhibit.values.shape
            assert part.mark is None or (-1 <= part.mark[0] < rows and -1 <= part.mark[1] < cols)
            step = runs[part.run].trace[part.exhibit.step]
            np.testing.assert_array_equal(part.exhibit.take(step.value), part.exhibit.values)
        elif isinstance(part, Drawing):
            for line in part.lines:
                assert sum(len(cell.text) for cell in line) <= MOST_COLUMNS
        else:
            assert isinstance(part, Say)
            assert part.text.strip()
            assert part.tone in TONES
    return figure


@pytest.mark.parametrize("name", NAMES)
def test_a_figure_is_sound_for_every_sentence_and_model(name, lang, make):
    for scene in scenes(lang, make):
        check(name, scene)


@cache
def changed(lang):
    changes = ("blocks.0.resid_pre[1,0]=1e308", "blocks.0.attn.attn_scores=-1e308", "logits=0")
    run = usual(lang).experiment
    return [Scene(run.force(Force.parse(change)), lang) for change in changes]


@pytest.mark.parametrize("name", NAMES)
def test_a_figure_stands_numbers_set_by_hand(name, lang):
    for scene in changed(lang):
        check(name, scene)


@pytest.mark.parametrize("name", NAMES)
def test_every_knob_changes_something_and_all_its_values_are_sound(name, lang):
    live, scene = figures()[name], usual(lang)
    settings = live.settings(scene)
    for knob in live.knobs:
        seen = set()
        value = settings[knob.id]
        for _ in range(len(knob.options) if isinstance(knob, Choice) else 4):
            value = knob.turned(value, 1, scene.experiment)
            turned = Scene(scene.experiment, lang, {**settings, knob.id: value})
            assert live.settings(turned)[knob.id] == value
            seen.add(repr(check(name, turned)))
        ends = (knob.low, knob.high) if isinstance(knob, Number) else ()
        for end in ends:
            turned = Scene(scene.experiment, lang, {**settings, knob.id: end})
            seen.add(repr(check(name, turned)))
        assert len(seen) > 1, f"turning {knob.id} changes nothing"


@pytest.mark.parametrize("name", NAMES)
def test_a_figure_and_its_knobs_have_names_in_both_languages(name, lang):
    scene, live = usual(lang), figures()[name]
    assert said(scene, name, "title")
    for knob in live.knobs:
        assert said(scene, name, f"knob.{knob.id}")
        if isinstance(knob, Choice):
            assert all(said(scene, name, f"option.{option}") for option in knob.options)


def test_figures_lead_to_stations_of_the_walk(make):
    lines = (stages(make(kind).model.config) for kind in KINDS)
    known = {stage.id.rsplit(".", 1)[-1] for line in lines for stage in with_parts(line)}
    assert {name: figures()[name].station for name in NAMES} == {
        name: station for name in NAMES if (station := figures()[name].station) in known
    }


def test_what_figures_say_has_the_same_keys_in_both_languages():
    folder = Path(lessons.__file__).parent / "content" / "figures"
    spanish = sorted(folder.glob("*.es.toml"))
    assert spanish
    for path in spanish:
        twin = path.with_name(path.name.replace(".es.", ".en."))
        ours, theirs = (tomllib.loads(p.read_text(encoding="utf-8")) for p in (path, twin))
        assert keys(ours) == keys(theirs), path.name
    assert len(spanish) == len([*folder.glob("*.en.toml")])


def keys(table, before=""):
    found = set()
    for key, value in table.items():
        found |= keys(value, f"{before}{key}.") if isinstance(value, dict) else {before + key}
    return found
