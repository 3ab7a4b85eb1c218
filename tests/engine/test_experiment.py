"""What determines a run: the sentence as it is read, and what is forced."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.config import Config, init_parameters
from engine.errors import EngineError
from engine.experiment import Experiment
from engine.expr import Ref
from engine.parts import Part
from engine.store import Model
from engine.tokenizer import Tokenizer
from engine.whatif import Force

TOKENIZER = Tokenizer.train({}, whole=["el", "gato", "come", "pez", ".", "?", "¿"])
CONFIG = Config(
    d_model=8, n_heads=2, d_head=4, d_mlp=16, n_layers=2, n_ctx=12, d_vocab=len(TOKENIZER)
)
MODEL = Model(
    "tiny",
    None,
    CONFIG,
    {k: v.astype(float) for k, v in init_parameters(CONFIG, np.random.default_rng(0)).items()},
    TOKENIZER,
)


def ids(text):
    return [piece.id for piece in Experiment(MODEL, text).pieces]


@given(st.text(max_size=80))
def test_pieces_are_the_tokens_of_the_text_without_its_last_spaces(text):
    experiment = Experiment(MODEL, text)
    whole = [TOKENIZER.start_id, *TOKENIZER.encode(experiment.normal_text.rstrip(" "))]
    assert [piece.id for piece in experiment.pieces] == whole[: CONFIG.n_ctx]
    if len(whole) > CONFIG.n_ctx:
        assert experiment.cut_at == experiment.pieces[-1].end
    else:
        assert experiment.cut_at is None
    assert experiment.trace["probs"].value.shape == (len(experiment.pieces), CONFIG.d_vocab)


def test_a_space_on_the_way_to_the_next_word_changes_nothing():
    assert ids("el gato") == ids("el gato ") == ids("el gato   ")
    assert ids("el gato") != ids("el gato\n")


@pytest.mark.parametrize("text", ["gato " * 20_000, "x" * 10**6, " " * 10**6, "\u200d" * 10**5])
def test_giants_are_cut(text):
    experiment = Experiment(MODEL, text)
    assert len(experiment.pieces) <= CONFIG.n_ctx
    assert (experiment.cut_at is None) == (not text.strip(" "))


def test_forcing_leaves_the_first_run_as_it_was_and_does_not_repeat_it():
    experiment = Experiment(MODEL, "el gato come")
    ref = Ref("blocks.0.attn.pattern", (0, 2, 1))
    forced = experiment.force(Force(Part.of(ref), 0.25))
    assert forced.baseline is experiment.baseline
    assert forced.trace.value(ref) == 0.25
    assert experiment.trace.value(ref) != 0.25
    again = forced.force(Force(Part.of(ref), 0.75))
    assert again.trace.value(ref) == 0.75
    assert forced != again


def test_what_was_forced_last_holds():
    experiment = Experiment(MODEL, "el gato")
    cell, step = Part("mask", (0, 1)), Part("mask")
    forced = experiment.force(Force(cell, 1.0)).force(Force(step, 0.0)).force(Force(cell, 2.0))
    assert forced.trace.value(Ref("mask", (0, 1))) == 2.0
    assert forced.trace.value(Ref("mask", (0, 0))) == 0.0
    evened = experiment.force(Force(cell, 2.0), Force(step, 0.0))
    assert evened.trace.value(Ref("mask", (0, 1))) == 0.0


def test_what_cannot_be_forced_is_refused_when_it_is_run():
    with pytest.raises(EngineError):
        Experiment(MODEL, "el").force(Force(Part("nothing", (0,)), 1.0)).trace  # noqa: B018


def test_a_masked_score_can_be_copied_but_no_infinity_typed():
    run = Experiment(MODEL, "el gato come")
    scores = "blocks.0.attn.attn_scores_masked"
    masked = run.force(Force.parse(f"{scores}[0,2,1]={scores}[0,0,1]"))
    assert masked.trace["blocks.0.attn.pattern"].value[0, 2, 1] == 0
    whole = replace(run, other=run).force(Force.parse("mask=other"))
    np.testing.assert_array_equal(whole.trace["logits"].value, run.trace["logits"].value)
    for text in (f"{scores}[0,2,1]=-inf", "blocks.0.attn.q[0,0,0]=mask[0,1]"):
        with pytest.raises(EngineError):
            run.force(Force.parse(text)).trace  # noqa: B018
