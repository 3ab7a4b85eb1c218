"""What a sentence says that two numbers give is what a reader finds with the numbers it says."""

from fractions import Fraction
from operator import add, mul, truediv
from string import Formatter

import numpy as np
import pytest

from engine.experiment import Experiment
from engine.ops import Add, Copy, Divide, Multiply
from engine.store import load, shipped
from lessons.exhibits import exhibit
from lessons.prose import prose
from lessons.readout import readout
from lessons.rounding import written
from lessons.stages import stages, with_parts

BY_HAND = {Add: add, Multiply: mul, Divide: truediv}
MINIS = {
    "mini-es": "El gato se subió al árbol porque",
    "mini-en": "The cat climbed the tree because",
}


def fraction(text):
    """The number that a text says, and half of its last digit."""
    mantissa, _, power = text.replace("−", "-").partition("×10")
    power = int(power.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")) or 0)
    decimals = len(mantissa.partition(".")[2]) or (2 if mantissa == "0" else 0)
    return Fraction(mantissa) * Fraction(10) ** power, Fraction(10) ** (power - decimals) / 2


class Listening:
    """A prose that keeps the numbers of the last sentence which says what two numbers give."""

    def __init__(self, lang):
        self.prose = prose(lang)
        self.words = self.prose.words
        self.said = None

    def read(self, case, values, known=None):
        template = self.prose.readouts[case]
        named = {name for _, name, _, _ in Formatter().parse(template)}
        self.said = values if named >= {"before", "added", "value"} else None
        return self.prose.read(case, values, known)


def checked(experiment, lang, cells_a_stage):
    """How many arithmetic sentences there are, and how many of them say that they are rounded."""
    found = rounded = 0
    spoken = Listening(lang)
    rng = np.random.default_rng(0)
    for stage in with_parts(stages(experiment.model.config)):
        table = exhibit(stage, experiment, marks=spoken.words.marks)
        if stage.focus is None:
            continue
        op = type(experiment.trace[stage.focus].op)
        places = list(np.ndindex(table.values.shape))
        for row, col in (places[i] for i in rng.permutation(len(places))[:cells_a_stage]):
            sentence = readout(stage, table, experiment, row, col, spoken)
            if spoken.said is None:
                continue
            found += 1
            if sentence.endswith(spoken.words.rounded.format(sentence="")):
                rounded += 1
                continue
            a, b = (fraction(spoken.said[name])[0] for name in ("before", "added"))
            result, half = fraction(spoken.said["value"])
            assert abs(BY_HAND[op](a, b) - result) <= half, sentence
            assert all(len(text.partition(".")[2]) <= 5 for text in spoken.said.values())
    return found, rounded


def test_every_cell_of_random_models_comes_out(make, any_kind, lang):
    found, rounded = checked(make(any_kind, "el gato come el pez el gato"), lang, 10**6)
    assert found > 50
    assert rounded <= 0.02 * found


@pytest.mark.parametrize("name", MINIS)
def test_the_shipped_minis_come_out(name):
    experiment = Experiment(load(shipped()[name]), MINIS[name])
    found, rounded = checked(experiment, name[-2:], 200)
    assert found > 1000
    assert rounded <= 0.02 * found


@pytest.mark.parametrize(
    ("op", "operands", "result", "texts", "exact"),
    [
        (Add(), (0.52, 0.25), 0.77, ("0.52", "0.25", "0.77"), True),
        (Multiply(), (-0.158, 4.0), -0.632, ("−0.158", "4.00", "−0.632"), True),
        (Divide(), (1.0, 8**0.5), 8**-0.5, ("1.00", "2.83", "0.35"), True),
        (Add(), (0.00004, 1.0), 1.00004, ("0.00004", "1.00", "1.00"), True),
        (Add(), (0.0, -0.25), -0.25, ("0", "−0.25", "−0.25"), True),
        (Add(), (2e9, 1.0), 2e9 + 1, ("2×10⁹", "1.00", "2×10⁹"), True),
        (Add(), (1.49e9, 1.49e9), 2.98e9, ("1×10⁹", "1×10⁹", "3×10⁹"), False),
        (Add(), (1.0, float("-inf")), float("-inf"), ("1.00", "−∞", "−∞"), True),
        (Copy(), (0.123,), 0.123, ("0.12", "0.12"), True),
    ],
)
def test_digits(op, operands, result, texts, exact):
    found = written(op, operands, result)
    assert (*found.operands, found.result) == texts
    assert found.exact is exact


def test_a_result_that_no_digits_give_is_called_rounded(make, monkeypatch, lang):
    monkeypatch.setattr("lessons.rounding._DECIMALS", ())
    experiment = make()
    stage = next(s for s in stages(experiment.model.config) if s.id == "blocks.0.resid_mid")
    said = readout(stage, exhibit(stage, experiment), experiment, 0, 0, prose(lang))
    assert said.endswith({"es": "(Cifras redondeadas.)", "en": "(Rounded figures.)"}[lang])
