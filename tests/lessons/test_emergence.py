"""What emerges in a training: the probes as data, their numbers, and where the marks stand."""

import math
import shutil

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.experiment import Experiment
from engine.store import checkpoint_steps, load, load_checkpoint, shipped
from lessons import probes as probing
from lessons.content_error import ContentError
from lessons.emergence import emergence, first_that_stays, if_known, marks
from lessons.languages import languages
from lessons.moments import moments
from lessons.probes import KINDS, Probe, known_probes, measured, probes, worlds
from tests.tui.walk_helper import random_model


@pytest.fixture(scope="module", params=worlds())
def mini(request):
    return load(shipped()[f"mini-{request.param}"])


def test_both_languages_look_for_the_same_things():
    ids = [[probe.id for probe in probes(lang)] for lang in worlds()]
    assert ids[0] == ids[1]
    assert {probe.kind for lang in worlds() for probe in probes(lang)} == set(KINDS)
    for lang in worlds():
        for probe in probes(lang):
            assert 0 < probe.threshold < 1
            assert all(0 < len(probe.name[one]) <= 11 for one in languages())
            assert all(probe.told[one] and probe.told[one][-1] != "." for one in languages())


def test_a_model_is_asked_what_its_vocabulary_knows(mini):
    lang = mini.name[-2:]
    assert known_probes(mini) == probes(lang)
    some = random_model()  # of a few Spanish words, without a training
    assert [probe.id for probe in known_probes(some)] == ["look", "fears"]
    assert emergence(some) == ()
    both_ways = load(shipped()[f"mini-bidi-{lang}"])
    assert {probe.kind for probe in known_probes(both_ways)} <= {"groups"}


def test_everything_emerges_in_the_minis_and_the_marks_stand_where_it_stays(mini):
    found = emergence(mini)
    assert [one.probe for one in found] == list(probes(mini.name[-2:]))
    for one in found:
        assert len(one.values) == len(moments(mini).steps)
        assert all(0 <= x <= 1 for x in one.values)
        assert one.place is not None
        assert one.place > 0  # random numbers know nothing
        assert all(x >= one.probe.threshold for x in one.values[one.place :])
        assert one.values[one.place - 1] < one.probe.threshold
    places = [one.place for one in marks(found)]
    assert places == sorted(places)
    assert len(places) == len(found)


def test_it_is_found_once(mini, monkeypatch):
    found = emergence(mini)
    monkeypatch.setattr("lessons.emergence.measured", lambda *_: pytest.fail("measured again"))
    assert emergence(mini) is found
    assert emergence(moments(mini).model(2)) is found
    assert if_known(moments(mini).model(2)) is found


def test_the_cat_fears_the_dog_as_the_runs_say():
    model = load(shipped()["mini-es"])
    (fears,) = (one for one in emergence(model) if one.id == "fears")
    dog, cat = (model.tokenizer.encode(word)[0] for word in ("perro", "gato"))
    for place in (0, 11, 20):
        then = load_checkpoint(model, checkpoint_steps(model.folder)[place])
        shares = [
            Experiment(then, f"{who} se subió al árbol porque tenía miedo del")
            .trace["probs"]
            .value[-1, id]
            for who, id in (("El gato", dog), ("El ratón", cat))
        ]
        assert fears.values[place] == min(shares)


def test_gender_is_the_share_within_the_adjectives():
    model = load(shipped()["mini-es"])
    (probe,) = (one for one in probes("es") if one.kind == "rather")
    shares = []
    for case in probe.cases:
        row = Experiment(model, case.text).trace["probs"].value[-1]
        own, other = (
            math.fsum(row[model.tokenizer.encode(word)[0]] for word in words)
            for words in (case.words, case.over)
        )
        shares.append(own / (own + other))
    assert measured(probe, model) == pytest.approx(min(shares))


def test_a_look_is_that_of_one_head_for_all_sentences():
    model = load(shipped()["mini-es"])
    (probe,) = (one for one in probes("es") if one.kind == "look")
    best = 0.0
    for block in range(2):
        for head in range(2):
            weights = [
                Experiment(model, case.text)
                .trace[f"blocks.{block}.attn.pattern"]
                .value[head, -1, 2]
                for case in probe.cases
            ]
            best = max(best, min(weights))
    assert measured(probe, model) == best


def test_categories_are_those_of_the_nearest_by_the_cosine():
    model = load(shipped()["mini-es"])
    (probe,) = (one for one in probes("es") if one.kind == "groups")
    words = [(word, group) for group, line in probe.groups.items() for word in line]
    rows = {word: model.parameters["W_E"][model.tokenizer.encode(word)[0]] for word, _ in words}
    right = 0
    for word, group in words:
        nearest = max(
            (other for other in words if other[0] != word),
            key=lambda other: (
                rows[word] @ rows[other[0]]
                / np.linalg.norm(rows[word]) / np.linalg.norm(rows[other[0]])
            ),
        )  # fmt: skip
        right += nearest[1] == group
    assert measured(probe, model) == right / len(words)


def test_groups_need_a_few_known_words_in_two_of_them():
    model = load(shipped()["mini-es"])
    few = Probe("x", "groups", 0.5, (), {"a": ("gato", "perro", "qwr")}, {}, {})
    enough = Probe("x", "groups", 0.5, (), {"a": ("gato", "perro", "oso"), "b": ("pan", "sopa", "leche")}, {}, {})  # fmt: skip  # noqa: E501
    assert not probing._fits(few, model)
    assert probing._fits(enough, model)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30), st.floats(0.01, 0.99))
def test_the_mark_stands_where_the_number_passes_and_stays(values, threshold):
    place = first_that_stays(tuple(values), threshold)
    if place is None:
        assert values[-1] < threshold
    else:
        assert all(x >= threshold for x in values[place:])
        assert place == 0 or values[place - 1] < threshold


def test_nothing_emerges_where_a_number_is_none():
    assert first_that_stays((0.9, math.nan), 0.5) is None
    assert first_that_stays((math.nan, 0.9), 0.5) == 1


def test_a_folder_of_ones_own_has_marks_and_a_broken_one_has_none(tmp_path):
    folder = tmp_path / "own"
    shutil.copytree(shipped()["mini-en"], folder)
    own = load(folder)
    assert [one.place for one in emergence(own)] == [
        one.place for one in emergence(load(shipped()["mini-en"]))
    ]
    step = checkpoint_steps(folder)[2]
    (folder / "checkpoints" / f"step-{step:06d}.safetensors").write_bytes(b"")
    assert emergence(load(folder)) == ()


def test_a_probe_that_is_not_whole_is_refused():
    id, cases = probes("es")[0].id, [{"text": "a", "words": "b"}]
    whole = {"kind": "words", "threshold": 0.5, "cases": cases}
    assert probing._probe(id, whole, "es").cases[0].words == ("b",)
    for missing in whole:
        with pytest.raises(ContentError):
            probing._probe(id, {k: v for k, v in whole.items() if k != missing}, "es")
    for broken in (whole | {"kind": "guess"}, whole | {"threshold": 0.5, "cases": []}):
        with pytest.raises(ContentError):
            probing._probe(id, broken, "es")
    with pytest.raises(ContentError):
        probing._probe("nobody has named it", whole, "es")
