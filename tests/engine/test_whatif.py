"""What if: every kind of change gives the run that the model computed anew gives."""

import numpy as np
import pytest

from engine.experiment import Experiment
from engine.expr import Ref
from engine.parts import Part
from engine.whatif import Copied, Force, apply
from tests.engine.forcing import (
    ALL_CONFIGS,
    SHIPPED_MINIS,
    SOME_CONFIGS,
    assert_equal_runs,
    experiment_of,
    name_of,
    random_cell,
    random_number,
    random_part,
)
from tests.engine.plain_forward import plain_forward

KINDS = [*SOME_CONFIGS, *SHIPPED_MINIS]
ANOTHER_TEXT = "el pez come el gato"  # the same words, so that it has as many tokens


@pytest.fixture(params=KINDS, ids=lambda kind: kind if isinstance(kind, str) else name_of(kind))
def experiment(request):
    return experiment_of(request.param)


@pytest.fixture
def rng():
    return np.random.default_rng(17)


def computed_anew(experiment, *forces):
    """The whole run by the plain model, the cells of `forces` overwritten as it goes.

    What is copied has to stand earlier in the run, or in the step itself.
    """

    def change(name, array, run):
        for force in forces:
            if force.part.name == name:
                array[force.part.where] = new_value(force, array, run)

    def new_value(force, array, run):
        if not isinstance(force.value, Copied):
            return force.value
        source = force.value.source
        if source is None:
            there = experiment.other.trace[force.part.name].value[force.part.where]
        else:
            whole = array if source.name == force.part.name else run[source.name]
            there = whole[source.where]
        return np.array(there) * force.value.times

    model = experiment.model
    ids = [piece.id for piece in experiment.pieces]
    return plain_forward(model.config, model.parameters, ids, change)


def by_chance(experiment, rng, n, pick=random_part):
    """Changes to `n` different steps, numbers all."""
    steps = list(experiment.baseline)
    chosen = [steps[i] for i in rng.choice(len(steps), n, replace=False)]
    return [Force(pick(step, rng), random_number(step, rng)) for step in chosen]


# Numbers


@pytest.mark.parametrize("config", ALL_CONFIGS, ids=name_of)
def test_the_plain_model_is_the_engines_whatever_one_cell_holds(config):
    experiment, rng = experiment_of(config), np.random.default_rng(3)
    assert_equal_runs(experiment.trace, computed_anew(experiment))
    (force,) = by_chance(experiment, rng, 1, random_cell)
    assert_equal_runs(experiment.force(force).trace, computed_anew(experiment, force))


def test_a_cell_of_every_step(experiment, rng):
    for step in experiment.baseline:
        force = Force(random_cell(step, rng), random_number(step, rng))
        assert_equal_runs(experiment.force(force).trace, computed_anew(experiment, force))


def test_a_part_of_every_step(experiment, rng):
    for step in experiment.baseline:
        force = Force(random_part(step, rng), random_number(step, rng))
        trace = experiment.force(force).trace
        assert_equal_runs(trace, computed_anew(experiment, force))
        marked = np.zeros(step.value.shape, bool)
        marked[force.part.where] = True
        np.testing.assert_array_equal(trace[step.name].forced, marked)


def test_every_step_as_a_whole(experiment, rng):
    for step in experiment.baseline:
        force = Force(Part(step.name), random_number(step, rng))
        trace = experiment.force(force).trace
        assert_equal_runs(trace, computed_anew(experiment, force))
        assert trace[step.name].forced.all()


def test_several_at_once(experiment, rng):
    for n in range(2, 12):
        forces = by_chance(experiment, rng, n)
        assert_equal_runs(experiment.force(*forces).trace, computed_anew(experiment, *forces))


def test_of_changes_to_the_same_cells_the_last_holds(experiment, rng):
    for name in ("tokens", "W_E", "mask", "blocks.0.attn.z", "blocks.1.mlp.post", "probs"):
        step = experiment.baseline[name]
        parts = [random_part(step, rng) for _ in range(3)]
        parts += [parts[0], Part(name)] if rng.random() < 0.5 else [Part(name), parts[0]]
        forces = [Force(part, random_number(step, rng)) for part in parts]
        at_once = experiment.force(*forces).trace
        assert_equal_runs(at_once, computed_anew(experiment, *forces))
        one_by_one = experiment.baseline
        for force in forces:
            one_by_one = apply(one_by_one, [force])
        assert_same(at_once, one_by_one)


# Copies


def usable(experiment):
    """The steps that can be copied and copied into: numbers, and finite ones."""
    return [
        step
        for step in experiment.baseline
        if step.value.dtype.kind == "f" and np.isfinite(step.value).all()
    ]


def test_a_cell_of_every_step_gets_that_of_another_step(experiment, rng):
    steps = usable(experiment)
    plain = list(computed_anew(experiment))
    for place, step in enumerate(steps):
        before = [x for x in steps[:place] if plain.index(x.name) < plain.index(step.name)]
        source = random_cell(before[rng.integers(len(before))] if before else step, rng)
        force = Force(random_part(step, rng), Copied(source, float(rng.choice([1, -0.5, 3]))))
        assert_equal_runs(experiment.force(force).trace, computed_anew(experiment, force))


def test_a_part_of_every_step_gets_that_of_a_step_of_the_same_shape(experiment, rng):
    steps = usable(experiment)
    plain = list(computed_anew(experiment))
    for place, step in enumerate(steps):
        alike = [
            x
            for x in steps[: place + 1]
            if x.value.shape == step.value.shape and plain.index(x.name) <= plain.index(step.name)
        ]
        part = random_part(step, rng)
        source = Part(alike[rng.integers(len(alike))].name, part.index)
        force = Force(part, Copied(source, float(rng.choice([1, 0, 2]))))
        assert_equal_runs(experiment.force(force).trace, computed_anew(experiment, force))


def test_what_is_copied_carries_the_changes_before_it_in_the_model(experiment, rng):
    """In whichever order they were made."""
    forces = [
        Force(Part("blocks.0.attn.z", (None, 1, None)), 0.0),
        Force(Part("blocks.0.mlp_out"), Copied(Part("blocks.0.attn_out"))),
        Force(Part("blocks.1.mlp_out"), Copied(Part("blocks.0.mlp_out"), 0.5)),
        Force(Part("logits"), Copied(Part("logits"), 2.0)),
        Force(Part("logits", (0, None)), Copied(Part("logits", (1, None)))),
    ]
    expected = computed_anew(experiment, *forces)
    for _ in range(4):
        # Those of one step keep their order: of them the later one reads what the earlier wrote.
        order = sorted(range(4), key=lambda _: rng.random())
        shuffled = [force for i in order for force in (forces[3:] if i == 3 else [forces[i]])]
        assert_equal_runs(experiment.force(*shuffled).trace, expected)


def test_what_stands_later_in_the_model_is_copied_as_it_was(experiment):
    step, later = Part("blocks.0.attn_out"), Part("blocks.1.mlp_out")
    trace = experiment.force(Force(step, Copied(later))).trace
    there = experiment.trace[later.name].value
    np.testing.assert_array_equal(trace[step.name].value, there)
    assert not np.allclose(trace[later.name].value, there)


def test_itself_times_one_changes_nothing(experiment):
    for step in experiment.baseline:
        part = Part(step.name)
        if np.isfinite(step.value).all():
            trace = experiment.force(Force(part, Copied(part))).trace
            assert_equal_runs(trace, {x.name: x.value for x in experiment.trace})


def test_what_the_other_run_has(experiment, rng):
    bare = Experiment(experiment.model, ANOTHER_TEXT)
    other = bare.force(Force(Part("W_E", (None, 0)), 0.5))
    both = Experiment(experiment.model, experiment.text, other=other)
    for step in usable(both):
        force = Force(random_part(step, rng), Copied(None, float(rng.choice([1, -2]))))
        assert_equal_runs(both.force(force).trace, computed_anew(both, force))
    tokens = both.force(Force(Part("tokens"), Copied(None))).trace
    assert_equal_runs(tokens, {step.name: step.value for step in bare.trace})


# Undoing, order, leaves


def assert_same(one, two):
    """Equal to the last bit, marks included."""
    assert list(one.steps) == list(two.steps)
    for step, twin in zip(one, two, strict=True):
        if step is not twin:
            np.testing.assert_array_equal(step.value, twin.value, step.name)
            np.testing.assert_array_equal(step.forced, twin.forced, step.name)


def test_undo_gives_back_the_identical_run(experiment, rng):
    undone = experiment.force(*by_chance(experiment, rng, 5)).with_forced(())
    assert undone.trace is experiment.trace
    forces = by_chance(experiment, rng, 3)
    first = experiment.force(*forces[:2])
    again = first.force(forces[2]).with_forced(first.forced)
    assert_same(again.trace, first.trace)
    assert_same(experiment.trace, Experiment(experiment.model, experiment.text).trace)


def test_independent_changes_commute(experiment, rng):
    """Neither upstream of the other, nor of what the other copies; and other cells."""
    base, steps = experiment.baseline, usable(experiment)
    upstream = {}
    for step in base:
        upstream[step.name] = {step.name}.union(*(upstream[name] for name in step.inputs))
    compared = 0
    for _ in range(120):
        pair, reads = [], []
        for step in (steps[i] for i in rng.choice(len(steps), 2)):
            part, value = random_part(step, rng), random_number(step, rng)
            if rng.random() < 0.4:
                value = Copied(random_cell(steps[rng.integers(len(steps))], rng))
                reads.append(upstream[value.source.name])
            pair.append(Force(part, value))
        names = [force.part.name for force in pair]
        marks = [apply(base, [force])[force.part.name].forced for force in pair]
        apart = names[0] not in upstream[names[1]] and names[1] not in upstream[names[0]]
        if names[0] == names[1]:
            apart = not (marks[0] & marks[1]).any()
        if apart and not any(name in read for read in reads for name in names):
            there, back = (apply(apply(base, [a]), [b]) for a, b in (pair, pair[::-1]))
            assert_same(there, back)
            compared += 1
    assert compared > 10


def test_the_order_in_which_different_steps_are_changed_does_not_matter(experiment, rng):
    forces = by_chance(experiment, rng, 6)
    one, two = experiment.force(*forces), experiment.force(*forces[::-1])
    assert_same(one.trace, two.trace)


def test_a_forced_cell_is_a_leaf_in_why_and_in_blame(experiment, rng):
    for step in experiment.baseline:
        cell = random_cell(step, rng)
        trace = experiment.force(Force(cell, random_number(step, rng))).trace
        ref = Ref(cell.name, cell.index)
        assert trace.explain(ref).ref == ref
        if step.value.dtype.kind == "f":
            for name, slopes in trace.backward(ref).items():
                expected = np.zeros(slopes.shape)
                if name == step.name:
                    expected[cell.where] = 1.0
                assert (slopes == expected).all(), name
