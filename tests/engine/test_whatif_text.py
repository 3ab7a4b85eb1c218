"""Changes as lines of text: read as they are written, and refused in one way where they are not."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engine.errors import EngineError
from engine.experiment import Experiment
from engine.parts import Part
from engine.whatif import Copied, Force, parse_value
from tests.engine.forcing import FORCES, PARTS, SOME_CONFIGS, experiment_of

KIND = SOME_CONFIGS[0]


@given(PARTS)
def test_a_part_is_read_as_it_is_written(part):
    assert Part.parse(str(part)) == part
    assert Part.parse(f"  {part} ") == part


@given(FORCES)
def test_a_change_is_read_as_it_is_written(force):
    assert Force.parse(str(force)) == force
    assert str(Force.parse(str(force))) == str(force)
    assert Force.parse(str(force).replace("=", " = ").replace(",", " , ")) == force


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0.0),
        (" -1.5 ", -1.5),
        ("0,5", 0.5),
        ("-,5", -0.5),
        ("1e-3", 0.001),
        ("1e300", 1e300),
        ("other", Copied(None)),
        ("other*0,5", Copied(None, 0.5)),
        ("logits*-2", Copied(Part("logits"), -2.0)),
        ("logits × 2", Copied(Part("logits"), 2.0)),
        ("a.b[*,1]", Copied(Part("a.b", (None, 1)))),
        ("a.b[*,1]*3", Copied(Part("a.b", (None, 1)), 3.0)),
        ("a.b [ * , 1 ] * 3", Copied(Part("a.b", (None, 1)), 3.0)),
    ],
)
def test_values_as_people_write_them(text, value):
    assert parse_value(text) == value


BAD_FORCES = [
    ("", "bad_force"),
    ("mask", "bad_force"),
    ("mask[0,0]", "bad_force"),
    ("=1", "bad_part"),
    ("mask[=1", "bad_part"),
    ("mask[]=1", "bad_part"),
    ("mask[1,]=1", "bad_part"),
    ("mask[1.5]=1", "bad_part"),
    ("mask[a]=1", "bad_part"),
    ("mask[0][1]=1", "bad_part"),
    ("mask 0=1", "bad_part"),
    ("1=1", "bad_part"),
    (f"mask[{'9' * 5000}]=1", "bad_part"),
    ("mask" + " " * 10**5 + "!=1", "bad_part"),
    ("mask=", "bad_value"),
    ("mask=inf", "bad_value"),
    ("mask=-Infinity", "bad_value"),
    ("mask=nan", "bad_value"),
    ("mask=1e999", "bad_value"),
    ("mask=1,2,3", "bad_value"),
    ("mask=two words", "bad_value"),
    ("mask=logits*", "bad_value"),
    ("mask=logits*inf", "bad_value"),
    ("mask=logits*x", "bad_value"),
    ("mask=*2", "bad_value"),
    ("mask=1=1", "bad_value"),
    ("mask=" + "*" * 10**5, "bad_value"),
    ("mask=a" + " " * 10**5 + "!", "bad_value"),
]


@pytest.mark.parametrize(("text", "code"), BAD_FORCES, ids=range(len(BAD_FORCES)))
def test_what_is_no_change(text, code):
    with pytest.raises(EngineError) as caught:
        Force.parse(text)
    assert caught.value.code == code


@given(st.text() | st.text("=[]*,.-0159einfaot mask", max_size=30) | FORCES.map(str))
@example("mask=1e308")
@example("sqrt_d_head=0")
@example("blocks.0.attn.attn_scores_masked=blocks.0.attn.attn_scores_masked*0")
def test_whatever_is_typed_is_done_or_refused_in_one_way(text):
    assert refusal(experiment_of(KIND), text) in {
        *(None, "bad_force", "bad_part", "bad_value", "unknown_step", "index_outside"),
        *("shape_differs", "no_other_run", "value_not_finite", "id_outside"),
    }


def refusal(experiment, text):
    """The code of the error that a change meets, None where it is done."""
    refused = None
    try:
        force = Force.parse(text)
        trace = experiment.force(force).trace
    except EngineError as error:
        refused = error
    if refused is None:
        assert trace[force.part.name].forced.any()
        return None
    assert not any(isinstance(value, np.ndarray) for value in refused.params.values())
    return refused.code


# What does not fit the run


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("nothing=1", "unknown_step"),
        ("blocks.7.attn.z=0", "unknown_step"),
        ("mask=nothing", "unknown_step"),
        ("mask=nothing[0]*2", "unknown_step"),
        ("mask[9,9]=1", "index_outside"),
        ("mask[-1,0]=1", "index_outside"),
        ("mask[0]=1", "index_outside"),
        ("mask[*,*,*]=1", "index_outside"),
        ("d_head[*]=1", "index_outside"),
        ("mask=logits[0,99999]", "index_outside"),
        ("mask[9,9]=logits", "index_outside"),
        ("mask[0,0]=logits", "shape_differs"),
        ("blocks.0.attn.z=blocks.0.attn.pattern", "shape_differs"),
        ("blocks.0.attn.z[*,1,*]=blocks.0.attn.z", "shape_differs"),
        ("mask[1,*]=logits[1,*]", "shape_differs"),
        ("mask=other", "no_other_run"),
        ("mask=other*2", "no_other_run"),
        ("blocks.0.attn.q=mask[0,1]", "value_not_finite"),
        ("tokens[0]=99999", "id_outside"),
        ("tokens[0]=-1", "id_outside"),
        ("tokens[0]=0.5", "id_outside"),
        ("tokens[1]=tokens[1]*-1", "id_outside"),
        ("tokens=tokens*0.3", "id_outside"),
        ("tokens=tokens*1e9", "id_outside"),
        ("tokens=logits[0,0]", "id_outside"),
    ],
)
def test_what_does_not_fit_the_run_is_refused(line, code):
    assert refusal(experiment_of(KIND), line) == code


def test_a_shorter_sentence_has_no_cells_for_the_end_of_a_longer_one():
    other = experiment_of(KIND, "el")
    experiment = Experiment(other.model, "el gato come", other=other)
    for line, code in [
        ("blocks.0.attn.z[3,0,0]=other", "index_outside"),
        ("blocks.0.attn.z=other", "shape_differs"),
        ("blocks.0.attn.pattern[0,*,*]=other", "shape_differs"),
    ]:
        assert refusal(experiment, line) == code
    assert refusal(experiment, "blocks.0.attn.z[1,*,*]=other") is None
