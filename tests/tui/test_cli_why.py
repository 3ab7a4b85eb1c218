"""`desdecero why`: every number of a run opens, and its arithmetic gives it again."""

import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.config import Config, init_parameters
from engine.experiment import Experiment
from engine.expr import Expr, Ref, apply, const, leaf, total
from engine.store import Model, load, save, shipped
from engine.tokenizer import Tokenizer
from engine.trace import Trace, is_close
from tui.cli import main
from tui.commands.arithmetic import SHOWN_TERMS, Writer
from tui.commands.why import reason
from tui.messages import words

TOKENIZER = Tokenizer.train({}, whole=["el", "la", "gato", "come", "pez"])
POST = Config(8, 2, 4, 16, 2, 12, len(TOKENIZER))
CONFIGS = {
    "post": POST,
    "pre": replace(POST, norm="pre", positions="learned", tied=False, act_fn="gelu_new"),
    "other": replace(POST, positions="none", act_fn="gelu", causal=False, scale_embed=False),
}


def tiny(config: Config) -> Model:
    start = init_parameters(config, np.random.default_rng(0))
    parameters = {name: values.astype(np.float64) for name, values in start.items()}
    return Model("tiny", None, config, parameters, TOKENIZER)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("why") / "tiny"
    save(tiny(POST), path)
    return path


def sampled(trace: Trace) -> list[Ref]:
    """Three numbers of every step, the last one among them."""
    rng = np.random.default_rng(1)
    refs = []
    for step in trace:
        shape = step.value.shape
        places = {tuple(n - 1 for n in shape)}
        places |= {tuple(int(rng.integers(n)) for n in shape) for _ in range(2)}
        refs += [Ref(step.name, place) for place in places]
    return refs


def assert_that_all_is_recomputed(trace: Trace) -> None:
    for ref in sampled(trace):
        found = reason(trace, ref)
        assert is_close(found["value"], found["recomputed"], 1e-9), ref
        assert "{" not in found["formula"]
        is_leaf = trace[ref.name].kind in ("weight", "input", "constant")
        assert (found["terms"] == []) == is_leaf
        for term in found["terms"]:
            assert trace.value(Ref.parse(term["ref"])) == term["value"]
        if not is_leaf:
            assert any(name in found["formula"] for name in trace[ref.name].inputs)


@pytest.mark.parametrize("config", CONFIGS.values(), ids=CONFIGS)
def test_every_step_is_recomputed(config: Config) -> None:
    assert_that_all_is_recomputed(Experiment(tiny(config), "el gato come").trace)


@pytest.mark.parametrize("name", ["mini-es", "mini-en", "paper-es", "paper-en"])
def test_every_step_of_a_shipped_model_is_recomputed(name: str) -> None:
    if name not in shipped():
        pytest.skip(f"{name} is not shipped yet")
    assert_that_all_is_recomputed(Experiment(load(shipped()[name]), "El gato come. ¿Sí?").trace)


def test_every_step_has_words(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    trace = Experiment(tiny(POST), "el gato").trace
    lasts = [Ref(s.name, tuple(n - 1 for n in s.value.shape)) for s in trace]
    for ref in lasts:
        for lang in ("es", "en"):
            assert main(["why", "el gato", str(ref), "--model", str(folder), "--lang", lang]) == 0
            out, err = capsys.readouterr()
            assert err == ""
            assert str(ref) in out.splitlines()[0]


def test_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ref = "blocks.0.attn.pattern[0,1,2]"
    assert main(["why", "el gato come", ref, "--model", str(folder), "--json"]) == 0
    found = json.loads(capsys.readouterr().out, parse_constant=lambda name: pytest.fail(name))
    masked = "blocks.0.attn.attn_scores_masked"
    assert found["formula"] == f"e^{masked}[i] / Σ_j e^{masked}[j]"
    assert found["value"] == found["recomputed"] == 0
    assert {t["ref"]: t["value"] for t in found["terms"]}[f"{masked}[0,1,3]"] == "-inf"
    # The arithmetic once more, from the printed terms alone.
    row = {t["ref"]: float(t["value"]) for t in found["terms"]}
    powers = {name: math.exp(value) for name, value in row.items()}
    assert powers[f"{masked}[0,1,2]"] / sum(powers.values()) == found["recomputed"]


def test_a_bias_that_is_not_there_is_not_in_the_formula() -> None:
    trace = Experiment(tiny(POST), "el").trace
    assert reason(trace, Ref("logits", (0, 0)))["formula"] == (
        "Σ_d blocks.1.normalized_resid_post[p,d]·W_E[v,d]"
    )
    q = reason(trace, Ref("blocks.0.attn.q", (0, 0, 0)))["formula"]
    assert q.endswith(" + blocks.0.attn.b_Q")


def x(value: float, *index: int) -> Expr:
    return leaf(Ref("x", index), value)


NUMBERS, NAMES = (Writer(words("cli", "en"), with_names) for with_names in (False, True))


@pytest.mark.parametrize(
    ("expr", "numbers", "names"),
    [
        (x(0.5) * x(-2.25, 1), "0.5000·(-2.2500)", "x·x[1]"),
        (x(-0.5) * x(-0.5), "(-0.5000)²", "x²"),
        ((x(1) + x(2, 1)) * x(3, 2), "(1 + 2)·3", "(x + x[1])·x[2]"),
        (x(1) - (x(2, 1) - x(3, 2)), "1 - (2 - 3)", "x - (x[1] - x[2])"),
        (x(-1) + x(-2, 1), "-1 + (-2)", "x + x[1]"),
        (x(1) / (x(2, 1) / x(4, 2)), "1 / (2 / 4)", "x / (x[1] / x[2])"),
        (x(6) / (x(2, 1) * 3), "6 / (2·3)", "x / (x[1]·3)"),
        (apply("exp", x(-1)), "e^(-1)", "e^x"),
        (apply("exp", x(1) - 2), "e^(1 - 2)", "e^(x - 2)"),
        (apply("sqrt", x(4) + 1e-5), "√(4 + 1e-05)", "√(x + 1e-05)"),
        (apply("sqrt", x(4)), "√4", "√x"),
        (-(x(1) + x(2, 1)), "-(1 + 2)", "-(x + x[1])"),
        (apply("relu", x(-1)), "max(0, -1)", "max(0, x)"),
        (apply("tanh", x(1)), "tanh(1)", "tanh(x)"),
        (apply("pick", x(0.5, 3), leaf(Ref("ids"), 3)), "0.5000 (row 3)", "x[3] (row ids)"),
        (total([const(2)]), "2", "2"),
    ],
)
def test_arithmetic_is_written_as_one_reads_it(expr: Expr, numbers: str, names: str) -> None:
    assert (NUMBERS(expr), NAMES(expr)) == (numbers, names)


def test_a_long_sum_keeps_its_largest_terms_and_says_what_the_others_are() -> None:
    values = [0.25 * (-1) ** i * (i + 1) for i in range(20)]
    expr = total(x(value, i) for i, value in enumerate(values))
    kept = sorted(values, key=abs, reverse=True)[:SHOWN_TERMS]
    rest = sum(values) - sum(kept)
    assert NUMBERS(expr).endswith(f"[and 14 more that add up to {rest:.4f}]")
    assert NAMES(expr) == "x[19] + x[18] + x[17] + x[16] + x[15] + x[14] + [and 14 more]"
    assert "more" not in NUMBERS(total(x(1, i) for i in range(SHOWN_TERMS + 1)))
