"""The model's settings, its parameters, and what its shape alone makes true."""

import numpy as np
import pytest

from engine.config import CHOICES, Config, init_parameters, parameter_axes, parameter_shapes
from engine.errors import EngineError
from engine.model import forward, run
from tests.engine.ablated import ablated, name_of_ablated

SIZES = {
    "d_model": 8, "n_heads": 2, "d_head": 3, "d_mlp": 12, "n_layers": 2, "n_ctx": 9, "d_vocab": 13
}  # fmt: skip
IDS = [3, 1, 4, 1, 5, 9]
ABLATED = ablated(
    [
        Config(**SIZES, positions=positions, act_fn=act_fn)
        for positions in CHOICES["positions"]
        for act_fn in CHOICES["act_fn"]
    ]
)


def weights_for(config):
    rng = np.random.default_rng(5)
    return {
        name: x + 0.3 * rng.standard_normal(x.shape)
        for name, x in init_parameters(config, rng).items()
    }


# Settings


def test_settings_read_as_they_write():
    config = Config(**SIZES, act_fn="gelu_new", norm="pre", causal=False, eps=1e-6)
    assert Config.from_dict(config.to_dict()) == config
    assert set(config.to_dict()) == {
        *("d_model", "n_heads", "d_head", "d_mlp", "n_layers", "n_ctx", "d_vocab"),
        *("act_fn", "positions", "norm", "causal", "tied", "scale_embed", "eps"),
    }


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *((name, value) for name in SIZES for value in (0, -1, 1.0, "8", None, True, 10**9)),
        ("act_fn", "swish"),
        ("positions", "rotary"),
        ("norm", "batch"),
        ("residual", 1),
        ("scale_attn", "no"),
        ("causal", 1),
        ("tied", "yes"),
        ("eps", 0),
        ("eps", 1.5),
        ("eps", float("nan")),
        ("eps", "1e-5"),
    ],
)
def test_bad_settings_are_named(name, value):
    with pytest.raises(EngineError) as error:
        Config.from_dict({**SIZES, name: value})
    assert (error.value.code, error.value.params["name"]) == ("bad_setting", name)


def test_missing_and_unknown_settings_are_named():
    without = {name: value for name, value in SIZES.items() if name != "d_mlp"}
    with pytest.raises(EngineError, match=r"missing_setting .*d_mlp"):
        Config.from_dict(without)
    with pytest.raises(EngineError, match=r"unknown_setting .*rotary"):
        Config.from_dict({**SIZES, "rotary": True})


def test_settings_that_are_younger_than_the_first_models_are_written_where_they_matter():
    """So a folder made before them has the same settings, and the same fingerprint."""
    for setting in ("residual", "scale_attn"):
        without = Config(**SIZES, **{setting: False})
        assert setting not in Config(**SIZES).to_dict()
        assert without.to_dict()[setting] is False
        assert Config.from_dict(without.to_dict()) == without


def test_a_model_is_whole_where_nothing_is_left_out():
    assert Config(**SIZES, norm="pre", positions="none", causal=False).whole
    assert not any(config.whole for config in ABLATED)


# Parameters


def test_parameters_are_named_and_shaped_as_transformer_lens_has_them():
    shapes = parameter_shapes(Config(**SIZES, positions="learned", norm="pre", tied=False))
    block = {
        "attn.W_Q": (2, 8, 3), "attn.W_K": (2, 8, 3), "attn.W_V": (2, 8, 3), "attn.W_O": (2, 3, 8),
        "attn.b_Q": (2, 3), "attn.b_K": (2, 3), "attn.b_V": (2, 3), "attn.b_O": (8,),
        "mlp.W_in": (8, 12), "mlp.b_in": (12,), "mlp.W_out": (12, 8), "mlp.b_out": (8,),
        "ln1.w": (8,), "ln1.b": (8,), "ln2.w": (8,), "ln2.b": (8,),
    }  # fmt: skip
    assert shapes == {
        "W_E": (13, 8),
        "W_pos": (9, 8),
        "W_U": (8, 13),
        "ln_final.w": (8,),
        "ln_final.b": (8,),
        **{f"blocks.{i}.{name}": shape for i in range(2) for name, shape in block.items()},
    }


def test_parameters_that_a_model_does_not_need_are_not_there():
    names = set(parameter_shapes(Config(**SIZES)))
    assert names.isdisjoint({"W_pos", "W_U", "ln_final.w", "ln_final.b"})


def test_fresh_parameters_are_single_precision_and_follow_the_seed():
    config = Config(**SIZES)
    one, same, other = (init_parameters(config, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert {name: x.shape for name, x in one.items()} == parameter_shapes(config)
    assert list(one) == list(parameter_axes(config))
    for name, x in one.items():
        assert x.dtype == np.float32
        np.testing.assert_array_equal(x, same[name])
    assert (one["W_E"] != other["W_E"]).any()
    assert (one["blocks.0.ln1.w"] == 1).all()
    assert not one["blocks.0.attn.b_Q"].any()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("positions", ["sinusoidal", "learned", "none"])
def test_a_trace_keeps_the_precision_of_its_parameters(dtype, positions):
    config = Config(**SIZES, positions=positions)
    weights = {name: x.astype(dtype) for name, x in weights_for(config).items()}
    for step in run(config, weights, IDS):
        assert step.value.dtype in (dtype, np.int64), step.name


# What is left out


@pytest.mark.parametrize("config", ABLATED, ids=name_of_ablated)
def test_what_is_left_out_is_not_there(config):
    trace = run(config, weights_for(config), IDS)
    names = {step.name.rpartition("blocks.")[2].partition(".")[2] or step.name for step in trace}
    assert names.isdisjoint({"d_head", "sqrt_d_head", "attn.attn_scores_scaled"}) is (
        not config.scale_attn
    )
    assert ("resid_mid" in names, "resid_post" in names) == (config.residual, config.residual)
    norms = {name for name in names if "ln" in name or "normalized" in name}
    assert bool(norms) is (config.norm != "none")
    assert ("ln_final.out" in trace.steps) is (config.norm == "pre")


@pytest.mark.parametrize(
    ("settings", "reads"),
    [
        ({"residual": False}, {"ln1.centered": "attn_out", "ln2.centered": "mlp_out"}),
        ({"residual": False, "norm": "pre"}, {"ln2.centered": "attn_out"}),
        ({"residual": False, "norm": "none"}, {"mlp.pre": "attn_out"}),
        ({"norm": "none"}, {"mlp.pre": "resid_mid", "resid_post": "resid_mid"}),
        ({"scale_attn": False}, {"attn.attn_scores_masked": "attn.attn_scores"}),
    ],
)
def test_what_comes_after_reads_what_came_before(settings, reads):
    config = Config(**SIZES, **settings)
    trace = run(config, weights_for(config), IDS)
    for name, read in reads.items():
        assert trace[f"blocks.1.{name}"].inputs[0] == f"blocks.1.{read}"
    if not config.residual and config.norm != "post":
        assert trace["blocks.1.resid_pre"].inputs == ("blocks.0.mlp_out",)


# What holds by construction


@pytest.mark.parametrize("norm", CHOICES["norm"])
@pytest.mark.parametrize("residual", [True, False])
def test_a_causal_model_never_looks_ahead(norm, residual):
    config = Config(**SIZES, norm=norm, residual=residual)
    trace, other = (run(config, weights_for(config), ids) for ids in (IDS, [*IDS[:4], 7, 7]))
    for step in trace:
        if step.axes[:1] == ("pos",):
            np.testing.assert_allclose(
                step.value[:4], other[step.name].value[:4], rtol=1e-12, err_msg=step.name
            )
    pattern = trace["blocks.1.attn.pattern"].value
    assert not np.triu(pattern, k=1).any()
    assert np.abs(trace["logits"].value[4:] - other["logits"].value[4:]).max() > 1e-3


def test_a_bidirectional_model_does():
    config = Config(**SIZES, causal=False)
    trace, other = (run(config, weights_for(config), ids) for ids in (IDS, [*IDS[:5], 7]))
    assert np.abs(trace["logits"].value[0] - other["logits"].value[0]).max() > 1e-6
    assert (trace["blocks.0.attn.pattern"].value > 0).all()


def test_without_positions_and_mask_the_order_of_words_is_lost():
    config = Config(**SIZES, positions="none", causal=False)
    order = [4, 2, 0, 5, 1, 3]
    weights = weights_for(config)
    trace, shuffled = (run(config, weights, ids) for ids in (IDS, [IDS[i] for i in order]))
    for step in trace:
        if step.axes[:1] == ("pos",):
            np.testing.assert_allclose(
                shuffled[step.name].value, step.value[order], atol=1e-12, err_msg=step.name
            )


def test_with_positions_it_is_not():
    config = Config(**SIZES, causal=False)
    weights = weights_for(config)
    trace, turned = (run(config, weights, ids) for ids in (IDS, IDS[::-1]))
    assert np.abs(turned["logits"].value[::-1] - trace["logits"].value).max() > 1e-3


def test_patterns_and_probabilities_sum_to_one():
    config = Config(**SIZES)
    trace = run(config, weights_for(config), IDS)
    for name in ("probs", "blocks.0.attn.pattern", "blocks.1.attn.pattern"):
        np.testing.assert_allclose(trace[name].value.sum(-1), 1, rtol=1e-12)
        assert (trace[name].value >= 0).all()


@pytest.mark.parametrize("norm", CHOICES["norm"])
@pytest.mark.parametrize("positions", ["sinusoidal", "learned", "none"])
def test_a_batch_is_its_sentences_side_by_side(norm, positions):
    config = Config(**SIZES, norm=norm, positions=positions)
    weights = weights_for(config)
    sentences = np.random.default_rng(2).integers(0, config.d_vocab, (3, 7))
    together = forward(config, weights, sentences).steps["logits"].value
    for sentence, logits in zip(sentences, together, strict=True):
        alone = forward(config, weights, sentence).steps["logits"].value
        np.testing.assert_allclose(logits, alone, rtol=1e-11, atol=1e-11)


def test_a_mask_of_its_own_may_be_given():
    config = Config(**SIZES)
    weights = weights_for(config)
    alone = np.where(np.eye(len(IDS), dtype=bool), 0.0, -np.inf)
    pattern = forward(config, weights, np.array(IDS), alone).steps["blocks.0.attn.pattern"].value
    np.testing.assert_array_equal(pattern, np.broadcast_to(np.eye(len(IDS)), pattern.shape))
