"""A model that fills in blanks is asked about the blank, wherever in the sentence it is."""

import pytest

from engine.experiment import Experiment
from engine.store import load, shipped
from lessons.exhibits import exhibit
from lessons.prose import prose
from lessons.stages import stages
from tui.commands.predict import likeliest
from tui.screens.walk_state import Place, to_word, word_of
from tui.screens.walk_words import appended, best_next, with_choice


@pytest.fixture(scope="module")
def filling():
    return load(shipped()["mini-bidi-es"])


@pytest.fixture(scope="module")
def going_on():
    return load(shipped()["mini-es"])


def test_the_first_blank_is_asked_for_and_else_the_last_token(filling, going_on):
    assert Experiment(filling, "El gato ___ pescado.").asked == 3
    assert Experiment(filling, "___ come ___").asked == 1
    assert Experiment(filling, "el gato").asked == 2
    # A model that goes on has no use for a blank.
    assert (
        Experiment(going_on, "El gato ___ come").asked
        == len(Experiment(going_on, "El gato ___ come").pieces) - 1
    )


def test_the_chosen_word_takes_the_place_of_the_blank(filling):
    experiment = Experiment(filling, "¿El gato ___ pescado?  ")
    marks = prose("es").words.marks
    (token, label, _) = best_next(experiment, 1, marks)[0]
    assert appended(experiment, token) == f"¿El gato {label} pescado?  "
    shown = [
        cell.text for cell in with_choice(experiment, [p.label for p in experiment.pieces], label)
    ]
    assert shown[3] == label
    assert len(shown) == len(experiment.pieces) - 1
    assert likeliest(experiment, 1)[0]["id"] == token


def test_candidates_are_those_of_the_blank_until_another_word_is_looked_at(filling):
    experiment = Experiment(filling, "El gato ___ pescado.")
    assert word_of(Place(), experiment) == experiment.asked
    assert to_word(Place(), experiment, experiment.asked).word is None
    assert to_word(Place(), experiment, 4).word == 4
    for stage in stages(filling.config)[-3:]:
        shown = exhibit(stage, experiment)
        assert {shown.ref(row, 0).index[0] for row in range(len(shown.rows))} == {experiment.asked}
