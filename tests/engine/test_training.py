"""Trainings as a whole: the same bits every time, gone on with after a stop, ended in time."""

import math
import shutil
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest

from engine import run_folder
from engine.errors import EngineError
from engine.own_plan import Size, continued_plan, own_plan
from engine.plan import prepare
from engine.run_folder import PLAN, begin, finish, resume, run
from engine.state_file import STATE, load_state, save_state
from engine.store import checkpoint_steps, load, read_training
from engine.training import Training

LINES = [
    f"{who} {does} {what}"
    for who in ("el gato", "la niña", "un pez", "mi abuela")
    for does in ("come", "mira", "busca")
    for what in ("pan", "agua", "la luna")
]


@pytest.fixture(scope="module")
def text(tmp_path_factory):
    path = tmp_path_factory.mktemp("own") / "own.txt"
    path.write_text("\n".join(LINES), encoding="utf-8")
    return path


def small_world_plan(steps=24, seed=3, preset="mini-es"):
    plan = prepare(preset, seed, steps)
    recipe = replace(plan.recipe, warmup=6, batch_size=8)
    return replace(plan, recipe=recipe, examine_every=8, checkpoint_steps=(0, 10, steps))


def plans(text):
    return {
        "world": small_world_plan(),
        "blanks": small_world_plan(preset="mini-bidi-en"),
        "own": replace(own_plan([text], "own", seed=1, steps=24), examine_every=8),
        "mixed": replace(
            continued_plan(load_mini(), ["el ornitorrinco come camarones"], "more", steps=12),
            examine_every=4,
        ),
    }


def load_mini():
    from engine.store import find

    return load(find("mini-es"))


def train_to_the_end(training):
    with training:
        while not training.over:
            training.advance()
    return training


def bits(training):
    optimizer = training.trainer.optimizer
    return b"".join(
        x.tobytes() for x in (training.trainer.parameters.flat, optimizer.m, optimizer.v)
    )


@pytest.mark.parametrize("kind", ["world", "blanks", "own", "mixed"])
def test_a_training_stopped_anywhere_goes_on_bit_by_bit(kind, text, tmp_path):
    plan = plans(text)[kind]
    whole = train_to_the_end(Training(plan))
    for stop in (1, plan.recipe.steps - 1):
        folder = tmp_path / f"{stop}"
        training = begin(plan, folder)
        with training:
            moments = run(training, folder)
            for moment in moments:
                if moment.step == stop:
                    moments.close()
        again = resume(folder)
        with again:
            assert again.step == stop
            steps = [moment.step for moment in run(again, folder)]
        assert steps[-1] == plan.recipe.steps
        assert bits(again) == bits(whole)
        assert again.history == whole.history
        assert (again.n_tokens, again.recent_loss) == (whole.n_tokens, whole.recent_loss)


def test_another_seed_gives_other_bits_and_the_same_one_the_same():
    one, two, other = (train_to_the_end(Training(small_world_plan(seed=s))) for s in (3, 3, 4))
    assert bits(one) == bits(two)
    assert bits(one) != bits(other)


def test_a_model_learns_its_world_and_its_folder_becomes_a_model(tmp_path):
    plan = small_world_plan(steps=60)
    folder = tmp_path / "new" / "mini"
    with begin(plan, folder) as training:
        assert training.moment.loss is None  # nothing was read yet
        losses = [moment.loss for moment in run(training, folder)]
        outcome = finish(training, folder)
    assert np.mean(losses[-10:]) < losses[1] - 1.5
    result = outcome.results["world"]
    assert 0.5 < result.entropy_floor < result.held_out_loss < math.log(plan.config.d_vocab)
    model = load(folder)
    assert (
        model.parameters["W_E"].astype(np.float32).tobytes() == outcome.parameters["W_E"].tobytes()
    )
    assert checkpoint_steps(folder) == [0, 10, 60]
    told = read_training(folder)
    assert told["held_out_loss"] == result.held_out_loss
    assert [made["step"] for made in told["history"]] == [0, 8, 16, 24, 32, 40, 48, 56, 60]
    assert not {PLAN, STATE} & {path.name for path in folder.iterdir()}
    with pytest.raises(EngineError, match="already_finished"):
        resume(folder)


def test_early_stopping_keeps_the_best(text):
    plan = own_plan([text], "own", steps=400, patience=2)
    training = train_to_the_end(Training(plan))
    assert training.stopped_early
    assert training.step < 400
    losses = {made["step"]: made["held_out"]["own"] for made in training.history}
    outcome = training.outcome()
    assert losses[outcome.step] == min(losses.values())
    assert outcome.results["own"].held_out_loss == pytest.approx(min(losses.values()))
    since = [step for step in losses if step > outcome.step]
    assert len(since) == 2
    learned = {made["step"]: made["train_loss"] for made in training.history}
    assert outcome.told["train_loss"] == learned[outcome.step] != training.recent_loss
    last = training.outcome(best=False)
    assert (last.step, last.told["train_loss"]) == (training.step, training.recent_loss)


def test_going_on_learns_the_new_and_says_what_was_forgotten():
    model = load_mini()
    line = "el ornitorrinco come camarones"
    ids = model.tokenizer.encode(line)

    def surprise(parameters):
        from engine.model import run as run_model

        trace = run_model(model.config, parameters, [model.tokenizer.start_id, *ids])
        probs = trace["probs"].value
        return -np.mean([math.log(probs[i, token]) for i, token in enumerate(ids)])

    plan = continued_plan(model, [line], "more", steps=30)
    training = train_to_the_end(Training(plan))
    outcome = training.outcome()
    assert surprise(outcome.parameters) < surprise(model.parameters) - 1
    before, after = (training.history[i]["held_out"]["world"] for i in (0, -1))
    assert before == pytest.approx(model.training["held_out_loss"], abs=0.1)
    assert after == pytest.approx(before, abs=1.0)


def test_a_run_that_learns_nothing_but_grows_is_stopped(text):
    plan = own_plan([text], "own", steps=400, size=Size(norm="none"), learning_rate=5.0)
    training = Training(plan)
    with pytest.raises(EngineError, match="diverged"):
        train_to_the_end(training)
    assert training.best is not None
    assert np.isfinite(training.trainer.parameters.flat).all()


def test_weights_beyond_what_a_checkpoint_holds_are_a_run_gone_wrong(text, tmp_path):
    plan = replace(own_plan([text], "own", steps=9), checkpoint_steps=(2,))
    with begin(plan, tmp_path / "run") as training:
        moments = run(training, tmp_path / "run")
        next(moments)
        training.parameters["blocks.0.ln1.b"][0] = 1e6
        with pytest.raises(EngineError, match="diverged"):
            list(moments)
    assert checkpoint_steps(tmp_path / "run") == []


# --- Interruption --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def stopped(tmp_path_factory, text):
    """The folder of a training that was stopped after some steps."""
    folder = tmp_path_factory.mktemp("stopped") / "run"
    plan = replace(own_plan([text], "own", seed=1, steps=24), examine_every=8)
    with begin(plan, folder) as training:
        moments = run(training, folder)
        for moment in moments:
            if moment.step == 9:
                moments.close()
    return folder


class Killed(BaseException):
    """Ends a program where it stands: nothing is cleaned up."""


def killed_after(monkeypatch, n):
    """From the n-th time on that something is to be changed on the disk, nothing is."""
    left = [n]

    def guarded(real):
        def change(*args, **kwargs):
            if not left[0]:
                raise Killed
            left[0] -= 1
            return real(*args, **kwargs)

        return change

    for name in ("mkdir", "write_bytes", "write_text", "replace", "unlink"):
        monkeypatch.setattr(Path, name, guarded(getattr(Path, name)))
    clean_up = TemporaryDirectory.cleanup

    def unless_killed(self):
        return clean_up(self) if left[0] else self._finalizer.detach()

    monkeypatch.setattr(TemporaryDirectory, "cleanup", unless_killed)
    return left


def test_killed_before_any_change_on_the_disk_the_folder_goes_on_or_says_why(
    text, tmp_path, monkeypatch
):
    plan = replace(own_plan([text], "own", seed=1, steps=3), checkpoint_steps=(0, 2))
    monkeypatch.setattr(run_folder, "SAVED_EVERY", 0.0)  # a state after every step
    whole = bits(train_to_the_end(Training(plan)))
    ends, n, alive = set(), 0, False
    while not alive:
        folder = tmp_path / f"{n}"
        with monkeypatch.context() as patched:
            left = killed_after(patched, n)
            try:
                with begin(plan, folder) as training:
                    list(run(training, folder))
                    finish(training, folder)
            except Killed:
                pass
            alive = left[0] > 0
        said = _why_not(folder)
        if said is None:
            with resume(folder) as again:
                list(run(again, folder))
                assert bits(again) == whole
                finish(again, folder)
            assert not any(folder.glob(".saving-*"))
        if said in (None, "already_finished"):
            assert load(folder).training["recipe"]["steps"] == 3
        ends.add(said)
        n += 1
    assert n > 20
    assert ends == {"nothing_to_resume", None, "already_finished"}


def test_every_file_that_is_missing_or_cut_is_named(stopped, tmp_path):
    names = [path.name for path in stopped.iterdir() if path.is_file()]
    assert {STATE, PLAN, "config.json", "vocab.json", "merges.txt", "texts.safetensors"} == set(
        names
    )
    for name in names:
        whole = (stopped / name).read_bytes()
        for share in (None, 0, 0.5, 0.99):
            folder = tmp_path / f"{name}-{share}"
            shutil.copytree(stopped, folder)
            if share is None:
                (folder / name).unlink()
            else:
                (folder / name).write_bytes(whole[: int(share * len(whole))])
            said = _why_not(folder)
            assert said, (name, share)


def _why_not(folder):
    """The code of the error that keeps a folder from being gone on with."""
    try:
        resume(folder).close()
    except EngineError as error:
        return error.code
    return None


def test_a_state_of_another_model_is_refused(stopped, tmp_path):
    state = Training(small_world_plan(steps=2)).state()
    folder = tmp_path / "other"
    shutil.copytree(stopped, folder)
    save_state(folder, state)
    with pytest.raises(EngineError, match="bad_state"):
        resume(folder)


def test_a_state_is_read_as_it_was_written(stopped):
    training = resume(stopped)
    with training:
        state, again = training.state(), load_state(stopped, training.plan.config)
    assert again.place == state.place
    assert tuple(again.history) == tuple(state.history)
    assert tuple(again.recent) == tuple(state.recent)
    for kind in ("parameters", "m", "v"):
        one, two = getattr(state, kind), getattr(again, kind)
        assert one.keys() == two.keys()
        assert all(one[name].tobytes() == two[name].tobytes() for name in one)


def test_a_folder_with_something_in_it_is_left_alone(stopped, tmp_path):
    plan = small_world_plan(steps=2)
    with pytest.raises(EngineError, match="folder_to_resume"):
        begin(plan, stopped)
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(EngineError, match="folder_not_empty"):
        begin(plan, tmp_path)
    with pytest.raises(EngineError, match="nothing_to_resume"):
        resume(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]
