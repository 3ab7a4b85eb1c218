"""The experiments: they are fair, and their findings follow from the numbers, in every case."""

import math
from dataclasses import replace
from string import Formatter

import pytest

from engine.errors import EngineError
from lessons.trials import trial as trial_module
from lessons.trials.all import TRIALS, find, frequency_loss
from lessons.trials.told import told
from lessons.trials.trial import Running, plan_of
from tui.cli import main

STEPS = 3


@pytest.fixture(scope="module")
def small():
    """Fewer texts: what is held here hangs on no number of them."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(trial_module, "N_HELD_OUT", 24)
        yield


@pytest.fixture(scope="module")
def ran(small):
    """Every experiment after a few steps: (trial, results)."""
    found = {}
    for trial in TRIALS:
        running = Running(trial, "es", steps=STEPS)
        steps = list(running.run())
        assert len(steps) == STEPS
        found[trial.id] = trial, running.results()
    return found


@pytest.mark.parametrize("name", [trial.id for trial in TRIALS])
def test_the_arms_differ_in_one_thing_and_read_the_same_texts(name, small):
    trial = find(name)
    plans = [plan_of(trial, arm, "es") for arm in trial.arms]
    settings = [plan.config.to_dict() | {"n_texts": len(plan.source.train)} for plan in plans]
    settings = [
        one | {"rate": plan.recipe.learning_rate} for one, plan in zip(settings, plans, strict=True)
    ]
    keys = set().union(*settings)
    differing = {key for key in keys if len({str(one.get(key)) for one in settings}) > 1}
    # What follows from the one thing follows it: the width of a head, of the MLP, the step.
    assert differing in (
        {"positions"},
        {"n_heads", "d_head"},
        {"residual"},
        {"scale_attn"},
        {"d_model", "d_head", "d_mlp", "rate", "n_heads"},
        {"n_texts"},
        {"rate"},
    )
    exams = [plan.source.exams(24, 64)["own"].rows for plan in plans]
    assert all([list(row) for row in rows] == [list(row) for row in exams[0]] for rows in exams)
    batches = [next(plan.batches())[0].ids for plan in plans if len(plan.source.train) > 1000]
    assert all((ids == batches[0]).all() for ids in batches)


def test_what_is_held_out_is_never_learned(small):
    plan = plan_of(find("data"), find("data").arms[1], "en")
    learned = {tuple(plan.source.train[i]) for i in range(len(plan.source.train))}
    assert len(plan.source.train) == trial_module.N_TEXTS
    for i in range(len(plan.source.held_out)):
        assert tuple(plan.source.held_out[i]) not in learned


@pytest.mark.parametrize("lang", ["es", "en"])
@pytest.mark.parametrize("name", [trial.id for trial in TRIALS])
def test_every_sentence_an_experiment_may_say_is_there_and_filled(name, lang, ran):
    trial, results = ran[name]
    finding, said = trial.finding(results), told(lang)
    names = {arm.id for arm in trial.arms} | {"title", "question", *results[0].measured}
    assert names <= said.texts[name].keys()
    for key, text in said.texts[name].items():
        places = {place for _, place, _, _ in Formatter().parse(text) if place}
        assert places <= finding.values.keys() or key in names, key
        every = said.finding(trial, replace(finding, keys=(key,)))
        assert "{" not in every[0]
    table = said.table(trial, results)
    assert len(table) == 1 + len(trial.arms)
    assert all(row[0] for row in table[1:])


def test_both_languages_have_the_same_sentences():
    es, en = told("es").texts, told("en").texts
    assert {k: set(v) for k, v in es.items()} == {k: set(v) for k, v in en.items()}
    assert set(es) == {trial.id for trial in TRIALS}


def test_without_positions_the_order_is_lost_exactly(ran):
    _, (with_positions, without) = ran["positions"]
    assert without.measured["order"] < 1e-5 < with_positions.measured["order"]
    assert "lost" in find("positions").finding((with_positions, without)).keys


def test_without_scaling_softmax_is_sure_and_hardly_gives(ran):
    _, (scaled, unscaled) = ran["scaling"]
    assert unscaled.measured["largest"] > scaled.measured["largest"] + 0.2
    assert unscaled.measured["give"] < scaled.measured["give"] - 0.2


def test_the_gradient_reaches_the_first_block_over_residual_sums(ran):
    trial, results = ran["residual"]
    values = trial.finding(results).values
    assert values["without_ratio"] < 0.5 < values["with_ratio"]


def with_loss(result, held_out, train=None):
    """The same result with other losses."""

    class Ended:
        history = ({"held_out": {"own": held_out}},)
        recent_loss = held_out if train is None else train
        plan = result.training.plan

    return replace(result, training=Ended())


@pytest.mark.parametrize(
    ("name", "losses", "expected"),
    [
        ("positions", (3.0, 3.5), "better"),
        ("positions", (3.0, 3.01), "alike"),
        ("positions", (3.5, 3.0), "worse"),
        ("heads", (3.5, 3.0), "better"),
        ("heads", (3.0, 3.5), "worse"),
        ("heads", (3.0, 3.0), "alike"),
        ("residual", (3.0, 5.0), "stuck"),
        ("residual", (3.0, 3.5), "better"),
        ("residual", (3.0, 2.0), "worse"),
        ("scaling", (3.0, 3.5), "better"),
        ("dimensions", (3.0, 2.0, 1.0), "falling"),
        ("dimensions", (3.0, 1.0, 2.0), "mixed"),
        ("data", (5.0, 3.0), "together"),
        ("rate", (5.0, 3.0, 4.0), "best_middle"),
        ("rate", (2.0, 3.0, 4.0), "best_small"),
        ("rate", (5.0, 3.0, 2.0), "best_large"),
    ],
)
def test_the_finding_follows_the_losses(name, losses, expected, ran):
    trial, results = ran[name]
    changed = [with_loss(result, x) for result, x in zip(results, losses, strict=True)]
    assert expected in trial.finding(changed).keys


def test_learning_by_heart_is_found(ran):
    trial, (few, many) = ran["data"]
    assert trial.finding((with_loss(few, 8.0, 0.4), with_loss(many, 3.0))).keys == ("parted",)


def test_a_model_gone_wrong_is_told_and_not_called_better(ran):
    trouble = EngineError("diverged", step=7, loss=math.inf)
    trial, (small, middle, large) = ran["rate"]
    finding = trial.finding((small, middle, replace(large, trouble=trouble)))
    assert "diverged" in finding.keys
    gone = [replace(x, trouble=trouble) for x in (small, middle, large)]
    assert trial.finding(gone).keys == ("none", "diverged")
    assert "7" in told("en").table(trial, gone)[1][1]
    trial, (one, other) = ran["positions"]
    assert "worse" in trial.finding((replace(one, trouble=trouble), other)).keys
    assert "better" in trial.finding((one, replace(other, trouble=trouble))).keys


def test_frequencies_alone_lose_less_than_blind_guessing(ran):
    _, (result, _) = ran["residual"]
    assert 3 < frequency_loss(result) < math.log(result.training.plan.config.d_vocab) - 1


def test_the_same_seed_gives_the_same_numbers(ran):
    trial, results = ran["heads"]
    again = Running(trial, "es", steps=STEPS)
    list(again.run())
    for one, other in zip(results, again.results(), strict=True):
        assert one.training.history == other.training.history
        assert dict(one.measured) == dict(other.measured)


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_command_lists_runs_and_refuses(lang, small, capsys):
    assert main(["experiment", "--lang", lang]) == 0
    listed = capsys.readouterr().out
    assert all(trial.id in listed for trial in TRIALS)
    assert main(["experiment", "data", "--steps", "2", "--lang", lang]) == 0
    said = capsys.readouterr().out
    assert told(lang).question(find("data")) in said
    assert main(["experiment", "nothing", "--lang", lang]) == 2
    assert "\n" not in capsys.readouterr().err.strip()
