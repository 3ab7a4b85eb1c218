"""What the lesson says of order: where it gets lost, what leaks some of it, what restores it."""

import math

import numpy as np
import pytest

from engine.config import Config, init_parameters, parameter_axes
from engine.experiment import Experiment
from engine.model import run
from engine.store import load, shipped
from engine.whatif import Force
from lessons.figures.parts import Table
from lessons.figures.positional_encoding import apart, entering, leaving, partner, twins
from lessons.figures.positional_encoding_kinds import most_alike, position_table, rotated
from lessons.figures.registry import figures, said
from lessons.scene import Scene

TEXT = {"es": "el gato come el pez", "en": "the cat eats the fish"}


@pytest.fixture
def scene(lang):
    return Scene(Experiment(load(shipped()[f"mini-{lang}"]), TEXT[lang]), lang)


def random_run(ids, **settings):
    """The last vectors of a random model on some ids."""
    config = Config(12, 3, 4, 24, 3, 16, 30, **settings)
    parameters = {
        name: value.astype(float)
        for name, value in init_parameters(config, np.random.default_rng(5)).items()
    }
    trace = run(config, parameters, list(ids))
    return trace[trace["logits"].inputs[0]].value


IDS = np.array([29, 3, 17, 8, 3, 11])
ORDER = np.array([4, 2, 5, 0, 3, 1])


@pytest.mark.parametrize("norm", ["post", "pre"])
def test_without_positions_or_mask_a_permuted_sentence_gives_permuted_vectors(norm):
    settings = {"positions": "none", "causal": False, "norm": norm}
    vectors, permuted = (random_run(ids, **settings) for ids in (IDS, IDS[ORDER]))
    np.testing.assert_allclose(permuted, vectors[ORDER], rtol=0, atol=1e-9)


def test_the_causal_mask_alone_already_leaks_some_order():
    settings = {"positions": "none", "causal": True}
    vectors, permuted = (random_run(ids, **settings) for ids in (IDS, IDS[ORDER]))
    assert np.abs(permuted - vectors[ORDER]).max() > 0.1


@pytest.mark.parametrize("positions", ["sinusoidal", "learned"])
def test_positions_tell_the_sentences_apart_without_any_mask(positions):
    settings = {"positions": positions, "causal": False}
    vectors, permuted = (random_run(ids, **settings) for ids in (IDS, IDS[ORDER]))
    assert np.abs(permuted - vectors[ORDER]).max() > 0.1


def gaps(pair):
    return [apart(leaving(pair.one)[p], leaving(pair.two)[q]) for p, q in enumerate(pair.places)]


def test_the_twins_of_the_shipped_models(scene):
    both_ways = twins(scene.experiment, 2, 5, "unordered")
    assert gaps(both_ways) == [0.0] * 6
    only_back = twins(scene.experiment, 2, 5, "without")
    assert [gap > 0 for gap in gaps(only_back)] == [False, False, True, True, True, True]
    for p, q in enumerate(only_back.places):
        assert apart(entering(only_back.one)[p], entering(only_back.two)[q]) == 0
    usual = twins(scene.experiment, 2, 5, "with")
    enter = [
        apart(entering(usual.one)[p], entering(usual.two)[q]) for p, q in enumerate(usual.places)
    ]
    assert [gap > 0 for gap in enter] == [False, False, True, False, False, True]


def test_the_twin_has_the_same_tokens_in_another_order(scene):
    pair = twins(scene.experiment, 2, 5, "with")
    one, two = (list(run.trace["tokens"].value) for run in (pair.one, pair.two))
    assert one != two
    assert [one[p] for p in pair.places] == two


@pytest.mark.parametrize(
    ("positions", "verdict"),
    [("with", "told_apart"), ("without", "told_apart"), ("unordered", "all_same")],
)
def test_the_figure_says_whether_the_model_can_tell(scene, positions, verdict):
    knobs = {"positions": positions, "a": 2, "b": 5}
    figure = figures()["twin-sentences"].show(Scene(scene.experiment, scene.lang, knobs))
    n_same = {"with": 2, "without": 2, "unordered": 6}[positions]
    assert figure[-1].text == said(scene, "twin-sentences", verdict, same=n_same, n=6)


def test_a_token_set_by_hand_stays_and_other_changes_do_not(scene):
    forced = scene.experiment.force(
        Force.parse("tokens[1]=7"), Force.parse("blocks.0.attn.z[3,0,0]=9")
    )
    pair = twins(forced, 2, 5, "unordered")
    assert pair.one.trace["tokens"].value[1] == 7
    assert gaps(pair) == [0.0] * 6


def test_waves_are_computed_and_only_the_table_of_positions_is_learned():
    sizes = {
        "d_model": 8,
        "n_heads": 2,
        "d_head": 4,
        "d_mlp": 8,
        "n_layers": 1,
        "n_ctx": 9,
        "d_vocab": 20,
    }
    assert "W_pos" not in parameter_axes(Config(**sizes, positions="sinusoidal"))
    assert parameter_axes(Config(**sizes, positions="learned"))["W_pos"] == ("n_ctx", "d_model")


def test_the_waves_are_those_of_the_paper(scene):
    table = position_table(scene.experiment.model)
    d_model = table.shape[1]
    for pos, i in ((0, 0), (3, 4), (5, 9), (40, d_model - 1)):
        angle = pos / 10000 ** (2 * (i // 2) / d_model)
        assert table[pos, i] == pytest.approx(math.cos(angle) if i % 2 else math.sin(angle))


@pytest.mark.parametrize("name", shipped())
def test_no_two_positions_have_the_same_vector(name):
    _, _, gap = most_alike(load(shipped()[name]))
    assert gap > 0.1


def test_position_and_word_add_up(scene):
    figure = figures()["position-added"].show(Scene(scene.experiment, scene.lang, {"word": 2}))
    tables = [part for part in figure if isinstance(part, Table)]
    trace = scene.experiment.trace
    for table in tables:
        for word, place, total in zip(*(row[1:] for row in table.rows), strict=True):
            added = trace.value(word.ref) + trace.value(place.ref)
            assert added == pytest.approx(trace.value(total.ref))


def test_turned_vectors_compare_by_how_far_apart_they_are_only():
    a, b = (3.0, 1.0), (-0.5, 2.0)
    for apart_by in (0, 1, 5):
        products = [
            np.dot(rotated(*a, 30.0 * pos), rotated(*b, 30.0 * (pos + apart_by)))
            for pos in range(6)
        ]
        np.testing.assert_allclose(products, products[0])
    assert np.hypot(*rotated(*a, 77.0)) == pytest.approx(np.hypot(*a))


def test_where_both_choices_are_one_word_another_is_swapped():
    assert partner([0, 7, 8], 2, 2) == 1
    assert partner([0, 7, 8, 8], 3, 2) == 1
    assert partner([0, 7, 8], 1, 2) == 2
    assert partner([0, 7, 7], 2, 2) == 2
    assert partner([0, 7], 1, 1) == 1
