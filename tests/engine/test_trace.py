"""The four readings of a trace, over models of every kind."""

import math

import numpy as np
import pytest

from engine.config import Config, init_parameters
from engine.errors import EngineError
from engine.expr import Ref
from engine.model import run
from engine.trace import Leaf, is_close
from tests.engine.plain_forward import plain_forward

SIZES = {
    "d_model": 6, "n_heads": 2, "d_head": 3, "d_mlp": 7, "n_layers": 2, "n_ctx": 8, "d_vocab": 11
}  # fmt: skip
CONFIGS = [
    Config(**SIZES),
    Config(**SIZES, act_fn="gelu", positions="learned", norm="pre", tied=False, scale_embed=False),
    Config(**SIZES, act_fn="gelu_new", positions="none", causal=False),
    Config(**SIZES, act_fn="gelu_new", positions="sinusoidal", norm="pre", scale_embed=True),
    Config(**SIZES, act_fn="relu", positions="learned", causal=False, scale_embed=False),
    Config(**SIZES, act_fn="gelu", positions="none", norm="pre", causal=False, tied=False),
    Config(**SIZES, norm="none", scale_attn=False),
    Config(**SIZES, residual=False, positions="learned"),
    Config(**SIZES, norm="none", residual=False, scale_attn=False),
]
TRUTHS = ("causal", "tied", "scale_embed", "residual", "scale_attn")
IDS = [3, 1, 4, 1, 5]


def name_of(config):
    truths = [name for name in TRUTHS if getattr(config, name)]
    return "-".join([config.norm, config.positions, config.act_fn, *truths])


def weights_for(config):
    """Parameters whose gains and biases are not the ones and zeros of a fresh model."""
    rng = np.random.default_rng(5)
    return {
        name: x + 0.3 * rng.standard_normal(x.shape)
        for name, x in init_parameters(config, rng).items()
    }


@pytest.fixture(params=CONFIGS, ids=name_of)
def config(request):
    return request.param


@pytest.fixture
def trace(config):
    return run(config, weights_for(config), IDS)


@pytest.fixture
def rng():
    return np.random.default_rng(11)


def cells(step, rng, n):
    """Up to `n` random addresses within a step."""
    flat = rng.choice(step.value.size, min(n, step.value.size), replace=False)
    return [
        Ref(step.name, tuple(int(i) for i in np.unravel_index(f, step.value.shape))) for f in flat
    ]


def another_value(step, ref, rng):
    """Something else that the cell may hold."""
    if step.value.dtype.kind == "i":
        return int((step.value[ref.index] + rng.integers(1, step.op.below)) % step.op.below)
    return float(rng.uniform(0.3, 2))  # positive, so that it may stand under a root


def assert_equal_runs(trace, expected, tolerance=1e-9):
    for step in trace:
        np.testing.assert_allclose(
            step.value, expected[step.name], rtol=tolerance, atol=tolerance, err_msg=step.name
        )


# Why


def test_why_recomputes_every_step(trace, rng):
    for step in trace:
        for ref in cells(step, rng, 5):
            expr = trace.explain(ref)
            assert is_close(expr.value, trace.value(ref), 1e-9), ref
            for leaf in expr.leaves():
                assert leaf.value == trace.value(leaf.ref)


def test_every_walk_down_ends_in_a_leaf(trace, rng):
    for _ in range(60):
        names = list(trace.steps)
        (ref,) = cells(trace[str(rng.choice(names))], rng, 1)
        for _ in range(200):
            expr = trace.explain(ref)
            if expr.sign == "ref" and expr.ref == ref:
                break
            ref = rng.choice(np.array(expr.leaves(), dtype=object)).ref
        assert trace[ref.name].kind in {"weight", "input", "constant"}


def test_inputs_come_before_what_is_made_from_them(trace):
    seen = set()
    for step in trace:
        assert seen.issuperset(step.inputs)
        assert len(step.axes) == step.value.ndim
        seen.add(step.name)


# Blame


def assert_slopes(trace, target, rng):
    """backward(target) against central differences, for sampled finite cells of every step."""
    gradients = trace.backward(target)
    assert set(gradients) == {step.name for step in trace if step.value.dtype.kind == "f"}
    for step in trace:
        if step.name not in gradients:
            continue
        assert gradients[step.name].shape == step.value.shape
        for ref in cells(step, rng, 3):
            value = trace.value(ref)
            if not math.isfinite(value):
                continue
            h = 1e-5 * max(1.0, abs(value))
            above, below = (trace.force({ref: value + side}).value(target) for side in (h, -h))
            assert gradients[step.name][ref.index] == pytest.approx(
                (above - below) / (2 * h), rel=1e-6, abs=2e-9
            ), ref


@pytest.mark.parametrize(
    "target", [Ref("logits", (3, 4)), Ref("probs", (4, 2)), Ref("blocks.1.attn.pattern", (1, 3, 2))]
)
def test_backward_equals_finite_differences_through_force(trace, target, rng):
    assert_slopes(trace, target, rng)


def test_backward_of_a_forced_run_equals_finite_differences(trace, rng):
    forced = trace.force(
        {
            Ref("blocks.0.attn.pattern", (0, 3, 1)): 0.7,
            Ref("blocks.0.mlp.post", (2, 3)): 1.5,
            "blocks.1.attn.z": 0.25,
        }
    )
    assert_slopes(forced, Ref("logits", (3, 4)), rng)
    gradients = forced.backward(Ref("logits", (3, 4)))
    assert not gradients["blocks.1.attn.v"].any()  # nothing flows past a step forced whole
    assert gradients["blocks.1.attn.z"].any()


def test_backward_of_a_weighted_sum_is_the_sum_of_backwards(trace, rng):
    weights = np.zeros_like(trace["logits"].value)
    weights[1, 2], weights[4, 7] = 2.0, -0.5
    together = trace.backward({"logits": weights})
    one, two = (trace.backward(Ref("logits", index)) for index in [(1, 2), (4, 7)])
    for name, gradient in together.items():
        np.testing.assert_allclose(gradient, 2 * one[name] - 0.5 * two[name], atol=1e-12)


# What if


def overwrite(values):
    """A `change` for `plain_forward` that sets single cells."""

    def change(name, array, run):
        for ref, value in values.items():
            if ref.name == name:
                array[ref.index] = value

    return change


def test_a_trace_equals_the_model_written_plainly(config, trace):
    expected = plain_forward(config, weights_for(config), IDS)
    assert set(expected) == set(trace.steps)
    assert_equal_runs(trace, expected)


def test_forcing_equals_computing_everything_anew(config, trace, rng):
    weights = weights_for(config)
    for step in trace:
        (ref,) = cells(step, rng, 1)
        values = {ref: another_value(step, ref, rng)}
        expected = plain_forward(config, weights, IDS, overwrite(values))
        assert_equal_runs(trace.force(values), expected)


def test_forcing_several_cells_at_once(config, trace, rng):
    refs = [
        cells(trace[name], rng, 1)[0] for name in rng.choice(list(trace.steps), 4, replace=False)
    ]
    values = {ref: another_value(trace[ref.name], ref, rng) for ref in refs}
    expected = plain_forward(config, weights_for(config), IDS, overwrite(values))
    assert_equal_runs(trace.force(values), expected)


def test_forces_commute(trace, rng):
    names = list(trace.steps)
    for _ in range(20):
        first, second = (
            cells(trace[name], rng, 1)[0] for name in rng.choice(names, 2, replace=False)
        )
        a = {first: another_value(trace[first.name], first, rng)}
        b = {second: another_value(trace[second.name], second, rng)}
        one, other, both = trace.force(a).force(b), trace.force(b).force(a), trace.force(a | b)
        assert_equal_runs(one, {step.name: step.value for step in other}, 1e-12)
        assert_equal_runs(one, {step.name: step.value for step in both}, 1e-12)


def test_forced_numbers_are_leaves(trace):
    ref, beside = Ref("blocks.0.attn.pattern", (1, 4, 2)), Ref("blocks.0.attn.pattern", (1, 4, 3))
    forced = trace.force({ref: 0.9})
    assert forced.value(ref) == 0.9
    assert forced.explain(ref).ref == ref
    assert forced.explain(beside).leaves()[0].ref.name == "blocks.0.attn.attn_scores_masked"
    np.testing.assert_array_equal(
        np.argwhere(forced[ref.name].forced), [list(ref.index)], "only that cell is marked"
    )
    # What a forced cell would have been made from no longer hangs on the target through it.
    alone = trace.force({ref.name: trace[ref.name].value})
    assert not alone.backward(Ref("logits", (4, 0)))["blocks.0.attn.q"].any()


def test_forcing_a_whole_step(trace):
    shape = trace["blocks.1.attn_out"].value.shape
    values = np.arange(math.prod(shape), dtype=float).reshape(shape)
    forced = trace.force({"blocks.1.attn_out": values})
    np.testing.assert_array_equal(forced["blocks.1.attn_out"].value, values)
    assert forced["blocks.1.attn_out"].forced.all()
    assert forced["blocks.1.attn.q"] is trace["blocks.1.attn.q"]
    assert not trace.force({"blocks.1.mlp.post": 0.0})["blocks.1.mlp.post"].value.any()
    values[:] = 99  # the caller's array is the caller's own
    assert forced["blocks.1.attn_out"].value.max() < 99


def test_forcing_only_computes_what_lies_downstream(trace):
    forced = trace.force({Ref("blocks.1.attn.k", (0, 0, 0)): 1.0})
    assert forced["blocks.0.attn_out"] is trace["blocks.0.attn_out"]
    assert forced["blocks.1.attn.q"] is trace["blocks.1.attn.q"]
    assert forced["logits"] is not trace["logits"]


def test_forcing_nothing_changes_nothing(trace):
    assert all(step is trace[step.name] for step in trace.force({}))
    ref = Ref("blocks.0.attn_out", (1, 1))
    same = trace.force({ref: trace.value(ref)})
    assert_equal_runs(same, {step.name: step.value for step in trace}, 1e-12)


def test_forcing_leaves_the_original_alone(trace, rng):
    before = {step.name: step.value.copy() for step in trace}
    for step in trace:
        (ref,) = cells(step, rng, 1)
        trace.force({ref: another_value(step, ref, rng)})
    for step in trace:
        np.testing.assert_array_equal(step.value, before[step.name])
        assert step.forced is None


def test_a_forced_token_is_another_sentence(config, trace):
    other = run(config, weights_for(config), [3, 1, 9, 1, 5])
    forced = trace.force({Ref("tokens", (2,)): 9})
    assert_equal_runs(forced, {step.name: step.value for step in other}, 1e-12)


def test_giants_may_be_forced(trace):
    forced = trace.force({Ref("blocks.0.attn.attn_scores", (0, 1, 1)): 1e6})
    assert forced.value(Ref("blocks.0.attn.pattern", (0, 1, 1))) == 1.0
    assert np.isfinite(forced["probs"].value).all()
    vanished = trace.force({Ref("blocks.0.attn.attn_scores", (0, 0, 0)): -1e6})
    for step in trace:
        np.testing.assert_array_equal(np.isnan(vanished[step.name].value), False, step.name)


# What cannot be changed, and what cannot be asked


@pytest.mark.parametrize(
    "values",
    [
        {"blocks.0.attn.attn_scores_masked": -800.0},
        {"blocks.0.attn.attn_scores_masked": 800.0},
        {"sqrt_d_head": 0.0},
        {"d_head": -4.0},
        {"logits": -1e5},
    ],
)
def test_why_agrees_with_the_run_whatever_was_forced(config, trace, values, rng):
    if not (config.scale_attn or values.keys() <= trace.steps.keys()):
        pytest.skip("its scores are not divided")
    forced = trace.force(values)
    for step in forced:
        for ref in cells(step, rng, 2):
            shown, recomputed = forced.value(ref), forced.explain(ref).value
            assert is_close(shown, recomputed, 1e-9) or (np.isnan(shown) and np.isnan(recomputed))


def test_a_run_leaves_the_arrays_of_its_caller_writable(config):
    weights = weights_for(config)
    first = run(config, weights, IDS)
    weights["W_E"][0, 0] += 1
    assert first["W_E"].value[0, 0] != weights["W_E"][0, 0]


def test_blame_of_what_does_not_exist_is_refused(trace):
    for target, code in [
        ({"nothing": np.ones(2)}, "unknown_step"),
        ({"logits": np.ones(2)}, "shape_differs"),
    ]:
        with pytest.raises(EngineError) as caught:
            trace.backward(target)
        assert caught.value.code == code


def test_arrays_cannot_be_written(trace):
    forced = trace.force({Ref("blocks.0.attn.z", (0, 0, 0)): 1.0, Ref("tokens", (0,)): 2})
    for step in [*trace, *forced]:
        assert step.value.base is None, step.name
        assert not step.value.flags.writeable
        assert step.forced is None or not step.forced.flags.writeable
        with pytest.raises(ValueError, match="read-only"):
            step.value[...] = 0


def test_parameters_that_are_views_are_copied(config):
    flat = {name: np.stack([x, x])[0] for name, x in weights_for(config).items()}
    trace = run(config, flat, IDS)
    kept = trace["W_E"].value.copy()
    flat["W_E"][...] = 0
    np.testing.assert_array_equal(trace["W_E"].value, kept)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({Ref("blocks.9.attn.z", (0, 0, 0)): 1.0}, "unknown_step"),
        ({"nothing": 1.0}, "unknown_step"),
        ({Ref("logits", (5, 0)): 1.0}, "index_outside"),
        ({Ref("logits", (-1, 0)): 1.0}, "index_outside"),
        ({Ref("logits", (0,)): 1.0}, "index_outside"),
        ({Ref("logits"): 1.0}, "index_outside"),
        ({Ref("logits", (0, 0, 0)): 1.0}, "index_outside"),
        ({Ref("logits", (0, 0)): math.nan}, "value_not_finite"),
        ({Ref("logits", (0, 0)): math.inf}, "value_not_finite"),
        ({Ref("logits", (0, 0)): "one"}, "value_not_finite"),
        ({Ref("logits", (0, 0)): 10**400}, "value_not_finite"),
        ({"logits": np.full((5, 11), -np.inf)}, "value_not_finite"),
        ({Ref("tokens", (0,)): 11}, "id_outside"),
        ({Ref("tokens", (0,)): -1}, "id_outside"),
        ({Ref("tokens", (0,)): 1.5}, "id_outside"),
        ({"tokens": np.array([0, 1, 2, 3, 11])}, "id_outside"),
        ({"logits": np.zeros((4, 11))}, "shape_differs"),
        ({Ref("logits", (0, 0)): np.zeros(3)}, "shape_differs"),
    ],
)
def test_what_cannot_be_forced(values, code):
    trace = run(CONFIGS[0], weights_for(CONFIGS[0]), IDS)
    with pytest.raises(EngineError) as error:
        trace.force(values)
    assert error.value.code == code


@pytest.mark.parametrize(
    ("ref", "code"),
    [
        (Ref("nothing"), "unknown_step"),
        (Ref("probs", (0, 11)), "index_outside"),
        (Ref("probs"), "index_outside"),
    ],
)
def test_what_cannot_be_asked(ref, code):
    trace = run(CONFIGS[0], weights_for(CONFIGS[0]), IDS)
    for reading in (trace.value, trace.explain, trace.backward):
        with pytest.raises(EngineError) as error:
            reading(ref)
        assert error.value.code == code


@pytest.mark.parametrize(
    ("ids", "code"),
    [([], "bad_length"), ([0] * 9, "bad_length"), ([11], "id_outside"), ([-1], "id_outside")],
)
def test_what_cannot_be_run(ids, code):
    with pytest.raises(EngineError) as error:
        run(CONFIGS[0], weights_for(CONFIGS[0]), ids)
    assert error.value.code == code


def test_a_step_says_what_it_is(trace):
    assert trace["W_E"].kind == "weight"
    assert trace["tokens"].kind == "input"
    assert trace["mask"].kind == "constant"
    assert trace["probs"].kind == "Softmax"
    assert isinstance(trace["W_E"].op, Leaf)
