"""The moments of a training: which there are, and the model and the run at each."""

import shutil
from dataclasses import replace

import numpy as np
import pytest

from engine.errors import EngineError
from engine.experiment import Experiment
from engine.store import checkpoint_steps, load, load_checkpoint, shipped
from engine.whatif import Force
from lessons.figures.training_moments import student
from lessons.moments import Moment, finished, finished_run, moment_of, moments, read_at
from lessons.scene import Scene, at_checkpoint

TEXT = "El gato se subió al árbol porque tenía miedo del"


@pytest.fixture(scope="module")
def mini():
    return load(shipped()["mini-es"])


@pytest.fixture
def copy(tmp_path):
    """A folder of the learner's own, to be changed."""
    folder = tmp_path / "own"
    shutil.copytree(shipped()["mini-es"], folder)
    return folder


def test_every_kept_step_is_a_moment_and_the_last_is_the_finished_model(mini):
    kept = moments(mini)
    assert list(kept.steps) == checkpoint_steps(mini.folder)
    assert kept.kept
    assert kept.model(kept.last) is mini
    assert kept.model(99) is mini
    for place, step in enumerate(kept.steps[:-1]):
        model = kept.model(place)
        assert model is kept.model(place)
        assert (model.step, kept.place_of(model), finished(model)) == (step, place, mini)
        assert moments(model) is kept
        assert at_checkpoint(model, place) is model
        assert at_checkpoint(model, -1) is mini
        np.testing.assert_array_equal(
            model.parameters["W_E"], load_checkpoint(mini, step).parameters["W_E"]
        )


def test_moving_holds_at_the_ends(mini):
    first = Moment(moments(mini), 0)
    assert first.moved(-3).place == 0
    assert first.moved(2).place == 2
    assert first.moved(999).is_last
    assert first.moved(999).model is mini
    assert not first.is_last
    assert moment_of(first.model).place == 0


def test_the_last_step_told_is_the_finished_models(mini, copy):
    """Whatever was kept after it, or not up to it."""
    model = load(copy)
    steps = checkpoint_steps(copy)
    early = replace(model, training=model.training | {"steps": steps[7] + 1})
    assert moments(early).steps == (*steps[:8], steps[7] + 1)
    late = replace(model, training=model.training | {"steps": 9999})
    assert moments(late).steps == (*steps, 9999)
    assert moments(late).model(len(steps) - 1).step == steps[-1]
    for nonsense in ("many", None, True, -4, 1.5):
        assert moments(replace(model, training={"steps": nonsense})).steps == tuple(steps)


def test_a_model_that_kept_nothing_has_one_moment():
    model = load(shipped()["paper-es"])
    kept = moments(model)
    assert not kept.kept
    assert kept.models() == [model]
    assert moment_of(model).is_last


def test_a_checkpoint_that_cannot_be_read_is_told_where_it_is_asked_for(copy):
    model = load(copy)
    step = checkpoint_steps(copy)[3]
    (copy / "checkpoints" / f"step-{step:06d}.safetensors").write_bytes(b"no weights")
    assert moments(model).model(2).step < step
    with pytest.raises(EngineError):
        moments(model).model(3)


def test_a_run_keeps_its_sentence_and_its_changes(mini):
    other = Experiment(mini, "El ratón come")
    run = replace(Experiment(mini, TEXT, (Force.parse("blocks.0.attn.z[*,1,*]=0"),)), other=other)
    then = read_at(run, moments(mini).model(4))
    assert (then.text, then.forced, then.other) == (run.text, run.forced, other)
    assert (then.trace["blocks.0.attn.z"].value[:, 1] == 0).all()
    assert read_at(run, mini) is run
    back = finished_run(then)
    assert back.model is mini
    assert back is finished_run(then)
    assert finished_run(run) is run
    np.testing.assert_array_equal(back.trace["probs"].value, run.trace["probs"].value)


def test_a_figure_on_the_training_is_about_the_finished_model_at_any_moment(mini):
    now, then = (Experiment(model, TEXT) for model in (mini, moments(mini).model(3)))
    assert student(Scene(then, "es")) is student(Scene(now, "es"))
    assert student(Scene(then, "es")).at(23) is mini
