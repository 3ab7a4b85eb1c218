"""Two runs side by side: the pairing, the sizes stage by stage, and the table of differences."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.experiment import Experiment
from engine.expr import Ref
from engine.parts import Part
from engine.store import checkpoint_steps, load, load_checkpoint, shipped
from engine.whatif import Force
from lessons.compare import FIRST, SECOND, Comparison
from lessons.exhibits import exhibit
from lessons.pairs import line_up
from lessons.stages import stages, with_parts

SWAPPED = {
    "es": ("El gato come el pez", "El pez come el gato"),
    "en": ("The cat eats the fish", "The fish eats the cat"),
}
TOKENS = st.lists(st.sampled_from("abcd"), max_size=8)


@pytest.fixture(scope="module")
def models():
    return {name: load(folder) for name, folder in shipped().items()}


def line(comparison):
    return stages(comparison.first.model.config)


# The pairing


@given(TOKENS, TOKENS)
def test_each_position_is_in_one_pair_at_most_and_the_pairing_runs_both_ways(first, second):
    pairs = line_up(first, second)
    for side in zip(*pairs, strict=True):
        assert len(set(side)) == len(side)
    assert {(j, i) for i, j in line_up(second, first)} == set(pairs)
    assert all(0 <= i < len(first) and 0 <= j < len(second) for i, j in pairs)


@given(TOKENS, TOKENS)
def test_equal_tokens_meet_as_often_as_they_can(first, second):
    same = sum(first[i] == second[j] for i, j in line_up(first, second))
    assert same == sum(min(first.count(x), second.count(x)) for x in set(first))


@pytest.mark.parametrize(
    ("first", "second", "pairs"),
    [
        ("S el gato come el pez", "S el pez come el gato", "00 11 25 33 44 52"),
        ("S el gato come", "S el perro come", "00 11 22 33"),
        ("S ayer el gato come queso", "S el gato come pan", "00 21 32 43 54"),
        ("S el gato come", "S el gato", "00 11 22"),
        ("S el gato ve al gato", "S el perro ve al gato", "00 11 22 33 44 55"),
        ("S el gato ve el perro", "S gato ve el perro", "00 21 32 43 54"),
        ("S a b c", "S", "00"),
    ],
)
def test_pairs_of_sentences(first, second, pairs):
    expected = [(int(i), int(j)) for i, j in pairs.split()]
    assert list(line_up(first.split(), second.split())) == expected


def test_partners_and_those_who_stand_alone(make):
    comparison = Comparison(make(text="el gato come el pez"), make(text="el pez come"))
    assert [comparison.partner(i) for i in range(6)] == [0, 1, None, 3, None, 2]
    assert [comparison.partner(j, SECOND) for j in range(4)] == [0, 1, 5, 3]
    assert (comparison.alone(FIRST), comparison.alone(SECOND)) == ((2, 4), ())


def test_a_token_put_in_by_a_what_if_counts(make):
    plain = make()
    changed = plain.force(Force(Part("tokens", (2,)), float(plain.pieces[5].id)))
    comparison = Comparison(plain, changed)
    assert comparison.first_difference.id == "pieces"
    assert comparison.size(line(comparison)[1]) == 1 / 6


# How far apart


def test_identical_runs_differ_nowhere(any_kind, make):
    comparison = Comparison(make(any_kind), make(any_kind))
    assert comparison.first_difference is None
    for stage in with_parts(line(comparison)):
        assert comparison.size(stage) == (None if stage.id == "text" else 0)
        table = comparison.difference(stage)
        assert table is None or not table.values.any()


@pytest.mark.parametrize("lang", SWAPPED)
@pytest.mark.parametrize("name", ["mini", "paper"])
def test_of_swapped_words_the_position_makes_the_first_difference(models, name, lang):
    model = models[f"{name}-{lang}"]
    comparison = Comparison(*(Experiment(model, text) for text in SWAPPED[lang]))
    assert comparison.first_difference.id == "position"
    assert all(comparison.size(stage) == 0 for stage in line(comparison)[1:5])


def test_without_positions_and_mask_the_order_is_nothing(make):
    texts = "el gato come el pez ,", "el pez come el gato ,"
    one, two = (make("bidirectional_bag", text) for text in texts)
    assert one.pieces != two.pieces
    comparison = Comparison(one, two)
    assert comparison.first_difference is None
    # With other words at the end only the choice differs: it is made there.
    ends = Comparison(make("bidirectional_bag"), make("bidirectional_bag", "el pez come el gato"))
    assert ends.first_difference.id == "choice"
    for stage in with_parts(line(ends)[:-1]):
        table = ends.difference(stage)
        assert table is None or not table.values.any()


def test_the_mask_alone_tells_the_order_too(make):
    comparison = Comparison(make("no_positions"), make("no_positions", "el pez come el gato"))
    assert comparison.first_difference.id == "blocks.0.masked"


def test_a_later_word_changes_nothing_before_it(make):
    comparison = Comparison(make(text="el gato"), make(text="el gato come"))
    assert comparison.first_difference.id == "choice"
    assert comparison.alone(SECOND) == (3,)


def test_what_if_and_without(make):
    plain = make()
    changed = plain.force(Force(Part("blocks.1.attn.z", (None, 0, None)), 0.0))
    comparison = Comparison(changed, changed.with_forced(()))
    assert comparison.first_difference.id == "blocks.1.z"
    open_ = plain.force(Force(Part("mask"), 0.0))
    assert Comparison(plain, open_).first_difference.id == "blocks.0.masked"


def test_a_giant_is_a_difference_whichever_side_it_is_on(make):
    plain = make()
    giant = plain.force(Force(Part("blocks.0.resid_mid", (2, 0)), 1e200))
    stage = next(
        stage for stage in line(Comparison(plain, giant)) if stage.id.endswith("resid_mid")
    )
    assert Comparison(plain, giant).size(stage) > 1e100
    assert Comparison(giant, plain).size(stage) == pytest.approx(1)


def test_two_languages_and_two_sizes(models):
    text = "El gato come el pez"
    mini = Experiment(models["mini-es"], text)
    other = Comparison(mini, Experiment(models["mini-en"], text))
    by_id = {stage.id: other.size(stage) for stage in line(other)}
    assert by_id["logits"] is by_id["probs"] is by_id["choice"] is None
    assert by_id["pieces"] > 0
    assert by_id["blocks.1.pattern"] > 0
    larger = Comparison(Experiment(models["paper-es"], text), mini)
    sizes = {stage.id: larger.size(stage) for stage in line(larger)}
    assert sizes["pieces"] == sizes["ids"] == 0
    assert sizes["probs"] > 0
    assert sizes["embed"] is sizes["blocks.0.pattern"] is sizes["blocks.5.q"] is None
    assert larger.first_difference.id == "logits"
    assert all(
        larger.difference(stage) is None for stage in line(larger) if sizes[stage.id] is None
    )


def test_a_model_and_its_checkpoint(models):
    model = models["mini-es"]
    early = load_checkpoint(model, checkpoint_steps(model.folder)[3])
    comparison = Comparison(Experiment(model, "El gato"), Experiment(early, "El gato"))
    assert comparison.first_difference.id == "lookup"
    assert all(comparison.size(stage) is not None for stage in line(comparison)[1:])


# One cell, and all of them


def test_the_table_of_differences_is_the_second_minus_the_first(any_run):
    comparison = Comparison(any_run, replace(any_run, text="el pez come el gato"))
    for stage in with_parts(line(comparison)):
        table = comparison.difference(stage)
        if table is None:
            last = len(any_run.pieces) - 1
            lonely = comparison.partner(last) is None
            assert stage.view in ("text", "pieces", "ids") or (lonely and stage.view == "bars")
            continue
        assert table.values.shape == (len(table.rows), len(table.cols))
        if stage.view == "lookup":
            continue  # the table holds a row for every token: its address says no position
        for row, col in np.ndindex(table.values.shape):
            ref = table.ref(row, col)
            there = comparison.counterpart(stage, ref, 0)
            assert there is not None
            a, b = comparison.first.trace.value(ref), comparison.second.trace.value(there)
            expected = 0.0 if a == b else b - a
            assert table.values[row, col] == pytest.approx(expected, rel=1e-7, abs=1e-8)


def test_labels_name_both_tokens_where_they_differ(make):
    comparison = Comparison(make(text="el gato come"), make(text="el pez come"))
    by_id = {stage.id: stage for stage in line(comparison)}
    table = comparison.difference(by_id["blocks.0.pattern"])
    assert table.rows == table.cols == ("⟨start⟩", "el", "gato/pez", "come")
    assert comparison.difference(by_id["embed"]).rows == table.rows


def test_candidates_come_with_the_largest_difference_first(make):
    comparison = Comparison(make(text="el gato come"), make(text="el pez come"))
    for stage in line(comparison)[-3:]:
        sizes = np.abs(comparison.difference(stage).values[:, 0])
        assert (np.diff(sizes) <= 0).all()
        assert sizes[0] > 0


def test_counterparts_lead_back(any_run):
    comparison = Comparison(any_run, replace(any_run, text="el pez pez come el gato"))
    for stage in with_parts(line(comparison)):
        shown = exhibit(stage, comparison.first)
        for pos in range(len(shown.rows)):
            ref = shown.ref(pos, 0)
            there = comparison.counterpart(stage, ref, pos)
            if there is None:
                assert pos not in dict(comparison.pairs) or stage.view == "bars"
                continue
            partner = comparison.partner(pos)
            back = 0 if partner is None else partner
            if stage.view == "choice":
                assert there.index[0] == len(comparison.second.pieces) - 1
            else:
                assert comparison.counterpart(stage, there, back, SECOND) == ref


def test_a_cell_that_the_other_model_lacks(models):
    one, two = (Experiment(models[name], "El gato") for name in ("paper-es", "mini-es"))
    comparison = Comparison(one, two)
    embed = line(comparison)[4]
    assert comparison.counterpart(embed, Ref("embed_scaled", (1, 15)), 1) == Ref(
        "embed_scaled", (1, 15)
    )
    assert comparison.counterpart(embed, Ref("embed_scaled", (1, 16)), 1) is None
    q = next(stage for stage in line(comparison) if stage.id == "blocks.5.q")
    assert comparison.counterpart(q, Ref("blocks.5.attn.q", (1, 0, 0)), 1) is None
