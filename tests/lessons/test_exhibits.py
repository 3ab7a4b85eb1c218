import numpy as np
import pytest

from engine.expr import Ref
from engine.parts import Part
from engine.whatif import Force
from lessons.exhibits import N_CANDIDATES, exhibit
from lessons.labels import Marks, visible
from lessons.stages import stages, with_parts


def shown(experiment, at=None):
    """Every exhibit of a run, each head in turn."""
    config = experiment.model.config
    for stage in with_parts(stages(config)):
        for head in range(config.n_heads if stage.by_head else 1):
            yield stage, head, exhibit(stage, experiment, head, at)


def by_id(experiment, id):
    return next(s for s in with_parts(stages(experiment.model.config)) if s.id == id)


def test_shapes_and_labels_agree(any_run):
    for _, _, table in shown(any_run):
        shape = (len(table.rows), len(table.cols))
        assert table.values.shape == table.places.shape == shape
        assert all(table.rows)
        assert all(table.cols)
        assert table.scale in {"diverging", "sequential", "plain"}
        assert table.span > 0


def test_every_number_shown_is_the_number_at_its_address(any_run):
    for stage, head, table in shown(any_run):
        for row, col in np.ndindex(table.values.shape):
            ref = table.ref(row, col)
            assert ref.name == stage.focus
            assert any_run.trace.value(ref) == table.values[row, col]
            if stage.by_head:
                axes = any_run.trace[ref.name].axes
                assert ref.index[axes.index("head")] == head


def test_every_number_shown_opens(make, any_kind):
    experiment = make(any_kind)
    for _, _, table in shown(experiment):
        for row, col in np.ndindex(table.values.shape):
            expr = experiment.trace.explain(table.ref(row, col))
            assert expr.value == pytest.approx(table.values[row, col], abs=1e-9)


def test_no_address_outside(make):
    for _, _, table in shown(make()):
        rows, cols = table.values.shape
        for cell in [(-1, 0), (0, -1), (rows, 0), (0, cols)]:
            assert table.ref(*cell) is None


def test_take_reads_the_same_cells_of_another_array(make):
    experiment = make()
    other = experiment.force(Force(Part("embed", (1, 0)), 3.0))
    for stage, _, table in shown(experiment):
        if table.step is not None and stage.view == "matrix":
            array = other.trace[table.step].value
            for cell in np.ndindex(table.values.shape):
                assert table.take(array)[cell] == array[table.ref(*cell).index]


def test_pieces_and_ids_show_the_sentence(make):
    experiment = make()
    table = exhibit(by_id(experiment, "ids"), experiment, marks=Marks("⟨s⟩", "⟨e⟩"))
    assert table.rows == ("⟨s⟩", "el", "gato", "come", "el", "pez")
    assert table.values[:, 0].tolist() == [piece.id for piece in experiment.pieces]
    assert table.scale == "plain"


def test_lookup_shows_the_rows_of_the_table(make):
    experiment = make()
    table = exhibit(by_id(experiment, "lookup"), experiment)
    assert np.array_equal(table.values, experiment.trace["embed"].value)
    assert table.ref(2, 1) == Ref("W_E", (experiment.pieces[2].id, 1))


def test_candidates_are_the_best_in_order(make):
    experiment = make()
    for at in range(6):
        table = exhibit(by_id(experiment, "probs"), experiment, at=at)
        row = experiment.trace["probs"].value[at]
        assert table.values[:, 0].tolist() == sorted(row, reverse=True)[:N_CANDIDATES]
        logits = exhibit(by_id(experiment, "logits"), experiment, at=at)
        assert logits.rows == table.rows
    last = exhibit(by_id(experiment, "probs"), experiment)
    assert last.rows == table.rows


def test_the_choice_is_always_after_the_last_token(make):
    experiment = make()
    choice = by_id(experiment, "choice")
    assert exhibit(choice, experiment, at=1).ref(0, 0) == exhibit(choice, experiment).ref(0, 0)


def test_a_predicted_start_token_means_the_end(make):
    experiment = make()
    start = experiment.model.tokenizer.start_id
    forced = experiment.force(Force(Part("logits", (5, start)), 99.0))
    table = exhibit(by_id(forced, "choice"), forced, marks=Marks("⟨s⟩", "⟨e⟩"))
    assert table.rows[0] == "⟨e⟩"


def test_masked_scores_do_not_disturb_the_colours(make):
    experiment = make()
    table = exhibit(by_id(experiment, "blocks.0.masked"), experiment)
    assert np.isinf(table.values).sum() == 15
    assert np.isfinite(table.span)


def test_a_head_or_position_that_does_not_exist(make):
    experiment = make()
    for head in (-1, 2):
        for id in ("blocks.0.q", "blocks.0.pattern"):
            with pytest.raises(IndexError):
                exhibit(by_id(experiment, id), experiment, head=head)
    with pytest.raises(IndexError):
        exhibit(by_id(experiment, "probs"), experiment, at=6)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        (" gato", "gato"),
        ("gato", "gato"),
        (" ", "␠"),
        ("   ", "␠␠␠"),
        ("\n", "⏎"),
        (" \n", "⏎"),
        ("\t", "⇥"),
        ("\x1b", "␛"),
        ("\x7f", "␡"),
        ("\u200d", "<U+200D>"),
        ("\u202e", "<U+202E>"),
        ("\u0301", "◌\u0301"),
        (" a b", "a␠b"),
        ("<0xC3>", "<0xC3>"),
    ],
)
def test_labels_are_visible(text, label):
    assert visible(text) == label
