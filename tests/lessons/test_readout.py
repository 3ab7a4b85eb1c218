import re
from dataclasses import replace

import numpy as np
import pytest

from engine.experiment import Experiment
from engine.parts import Part
from engine.whatif import Force
from lessons.exhibits import exhibit
from lessons.prose import prose
from lessons.readout import readout
from lessons.stages import stages, with_parts
from lessons.words import number, root, weight

USUAL = "el gato come el pez"
UNFILLED = re.compile(r"\{\w+\}")  # a lone brace may be a token


def line(experiment, id, row, col, lang="es", head=0, at=None):
    stage = next(s for s in with_parts(stages(experiment.model.config)) if s.id == id)
    spoken = prose(lang)
    table = exhibit(stage, experiment, head, at, spoken.words.marks)
    return readout(stage, table, experiment, row, col, spoken)


def test_every_cell_of_every_exhibit_has_one_line(any_run, lang):
    spoken = prose(lang)
    config = any_run.model.config
    rng = np.random.default_rng(0)
    for stage in with_parts(stages(config)):
        for head in range(config.n_heads if stage.by_head else 1):
            table = exhibit(stage, any_run, head, marks=spoken.words.marks)
            cells = list(np.ndindex(table.values.shape))
            if any_run.text != USUAL:  # a sample is enough: the cases are the same
                cells = [cells[i] for i in rng.permutation(len(cells))[:20]]
            for row, col in cells:
                said = readout(stage, table, any_run, row, col, spoken)
                assert said
                assert "\n" not in said
                assert said == said.strip()
                assert not UNFILLED.search(said)
                assert len(said) <= 130, said


def test_every_sentence_is_used(make, lang):
    """Each case of the content is reached by some cell of some model."""
    spoken, used = prose(lang), set()

    class Listening:
        words = spoken.words

        def read(self, case, values, known=None):
            used.add(case)
            return spoken.read(case, values, known)

    kinds = ["paper", "gpt2", "no_positions", "bidirectional"]
    runs = [make(kind, "el gato\n é  come") for kind in kinds]
    runs.append(Experiment(replace(runs[0].model, step=0), "el gato"))
    runs.append(
        runs[0].force(Force(Part("tokens"), 3.0), Force(Part("blocks.0.attn_out", (0, 0)), 1.0))
    )
    for run in runs:
        for stage in with_parts(stages(run.model.config)):
            table = exhibit(stage, run, marks=spoken.words.marks)
            for row, col in np.ndindex(table.values.shape):
                readout(stage, table, run, row, col, Listening())
    assert used == set(spoken.readouts)


def test_attention_in_words(make):
    experiment = make()
    shown = weight(experiment.trace["blocks.0.attn.pattern"].value[1, 3, 2])
    assert line(experiment, "blocks.0.pattern", 3, 2, head=1).startswith(
        f"«come» mira a «gato» con peso {shown}: el "
    )
    assert line(experiment, "blocks.0.pattern", 3, 2, "en", head=1).startswith(
        f"“come” looks at “gato” with weight {shown}: "
    )
    assert line(experiment, "blocks.0.masked", 2, 3) == (
        "«gato» no puede mirar a «come»: viene después."
    )
    assert line(experiment, "blocks.0.pattern", 2, 3).endswith("peso 0.")


def test_a_query_in_words(make):
    experiment = make()
    value = experiment.trace["blocks.1.attn.q"].value[2, 1, 0]
    assert line(experiment, "blocks.1.q", 2, 0, head=1) == (
        f"Número 1 de la consulta (Query) de «gato» en la cabeza 2: {number(value)}."
    )


def test_equal_tokens_are_told_apart(make):
    said = line(make(), "blocks.0.masked", 1, 4)
    assert "«el» (posición 1)" in said
    assert "«el» (posición 4)" in said


def test_a_sum_tells_its_parts(make):
    trace = make().trace
    parts = [trace[x].value[2, 1] for x in trace["blocks.0.resid_mid"].inputs]
    said = line(make(), "blocks.0.resid_mid", 2, 1)
    total = trace["blocks.0.resid_mid"].value[2, 1]
    assert all(number(x) in said for x in [*parts, total])


def test_a_number_before_any_training_is_called_random(make, lang):
    learned = make()
    random = Experiment(replace(learned.model, step=0), learned.text)
    said, first = (line(one, "lookup", 1, 2, lang) for one in (learned, random))
    same = said[: said.index(": ")]
    assert first.startswith(same)
    assert first != said
    assert {"es": "azar", "en": "random"}[lang] in first


def test_a_forced_number_claims_no_arithmetic(make):
    forced = make().force(Force(Part("blocks.0.resid_mid", (2, 1)), 7.5))
    assert line(forced, "blocks.0.resid_mid", 2, 1) == (
        "Este número se cambió a mano: ahora vale 7.50."
    )
    assert "7.50" not in line(forced, "blocks.0.resid_mid", 2, 0)


def test_nothing_is_said_where_there_is_no_cell(make):
    assert line(make(), "text", 0, 0) == ""
    assert line(make(), "ids", 99, 0) == ""


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (0.523, "0.52"),
        (-3.1, "−3.10"),
        (0.00041, "0.0004"),
        (-0.00456, "−0.005"),
        (12345.678, "12345.68"),
        (1e-9, "1×10⁻⁹"),
        (-2.5e8, "−2×10⁸"),
        (float("-inf"), "−∞"),
        (float("nan"), "NaN"),
    ],
)
def test_numbers(value, written):
    assert number(value) == written


@pytest.mark.parametrize(
    ("share", "written"),
    [
        (0.0, "0 %"),
        (1.0, "100 %"),
        (0.426, "43 %"),
        (0.0432, "4.3 %"),
        (0.00432, "0.43 %"),
        (1e-7, "<0.01 %"),
        (0.9996, "99.96 %"),
        (0.9999999, ">99.99 %"),
        (0.995, "99.5 %"),
    ],
)
def test_shares(share, written):
    assert prose("es").words.share(share) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0.426, "0.43"),
        (0.057, "0.057"),
        (0.0043, "0.0043"),
        (0.995, "0.995"),
        (1.0, "1.00"),
        (0.0, "0"),
        (0.00003, "0.00003"),
        (2.0, "2.00"),
    ],
)
def test_weights_agree_with_their_percentage(value, written):
    assert weight(value) == written


def test_roots():
    assert root(16, 4.0) == "√16 = 4"
    assert root(8, 8**0.5) == "√8 ≈ 2.83"
    assert root(8, 1.0) == "1.00"  # somebody forced it
