"""Why a number is what it is: every number opens, and all that is said of it comes out."""

import math
from math import inf, isfinite, nan

import numpy as np
import pytest

from engine.errors import EngineError
from engine.experiment import Experiment
from engine.expr import Expr, Ref, apply, const, leaf, python, total
from engine.parts import Part
from engine.store import load, save, save_checkpoint, shipped, weight_history
from engine.trace import is_close
from engine.whatif import Force
from lessons.arithmetic import Sums, Writer, by_hand
from lessons.prose import prose
from lessons.why import history, symbols, why
from lessons.why_names import Names, short_name
from lessons.why_printed import digits
from lessons.why_terms import terms_of

LEAVES = {"weight", "input", "constant", "forced"}
USUAL = "el gato come el pez"


def sampled(trace, count, seed=0):
    """Some cells of every step, the first and the last among them."""
    rng = np.random.default_rng(seed)
    for step in trace:
        shape = step.value.shape
        places = {tuple(0 for _ in shape), tuple(n - 1 for n in shape)}
        places |= {tuple(int(rng.integers(n)) for n in shape) for _ in range(count)}
        yield from (Ref(step.name, place) for place in sorted(places))


def evaluated(expr):
    """What Python makes of the arithmetic, with nothing at hand but `math`."""
    return eval(python(expr), {"math": math, "__builtins__": {"max": max, "enumerate": enumerate}})


def assert_that_it_opens(experiment, ref, names):
    found = why(experiment, ref)
    assert is_close(found.value, found.expr.value, 1e-9), ref
    again = evaluated(found.expr)
    assert again == found.expr.value or math.isnan(found.expr.value), ref
    assert names.name(ref)
    if found.kind in LEAVES:
        assert len(found.terms) == 0
        assert found.symbols == ""
        return
    assert "{" not in found.symbols
    lines = [found.terms[row] for row in range(len(found.terms))]
    opened = {operand.ref for line in lines for operand in line.operands}
    assert opened == {leaf.ref for leaf in found.expr.leaves()}
    counts = [line.counts for line in lines if line.counts is not None]
    if found.terms.measure == "part":
        assert is_close(sum(counts), found.value, 1e-9), ref
    elif found.terms.measure == "share":
        assert is_close(sum(counts), 1.0, 1e-9), ref
    sizes = [abs(count) for count in counts][found.terms.asked :]
    assert sizes == sorted(sizes, reverse=True)
    if found.terms.asked:
        assert is_close(lines[0].counts, found.value, 1e-9), ref
    assert is_close(found.terms.rest(0), sum(counts), 1e-9)
    digits(found.expr, found.terms, names, Sums())


def test_every_step_opens(any_run):
    names = Names(any_run, prose("es").words)
    for ref in sampled(any_run.trace, 4 if any_run.text == USUAL else 1):
        assert_that_it_opens(any_run, ref, names)


@pytest.mark.parametrize("name", shipped())
def test_every_step_of_a_shipped_model_opens(name):
    run = Experiment(load(shipped()[name]), "El gato come. ¿Sí?")
    names = Names(run, prose("en").words)
    for ref in sampled(run.trace, 1):
        assert_that_it_opens(run, ref, names)


def test_masked_scores_and_forced_giants_open(make):
    masked = make().trace.explain(Ref("blocks.0.attn.attn_scores_masked", (0, 1, 3)))
    assert evaluated(masked) == -inf
    for value in (1e300, -1e300, 800.0, 0.0):
        run = make("gpt2").force(
            Force(Part("blocks.0.attn.attn_scores_masked", (0, 2, 1)), value),
            Force(Part("blocks.0.ln1.scale", (1, 0)), value / 1e10),
            Force(Part("blocks.1.resid_mid", (1, 1)), value),
        )
        names = Names(run, prose("es").words)
        for ref in sampled(run.trace, 3):
            found = why(run, ref)
            assert found.kind in LEAVES | {"computed"}
            again = evaluated(found.expr)
            assert again == found.expr.value or math.isnan(found.expr.value), ref
            digits(found.expr, found.terms, names, Sums())


def test_every_way_down_ends_in_a_leaf(any_run):
    rng = np.random.default_rng(1)
    starts = list(sampled(any_run.trace, 1))
    kinds = set()
    for start in rng.permutation(len(starts))[:60]:
        found = why(any_run, starts[start])
        for _ in range(400):
            if not len(found.terms):
                break
            line = found.terms[int(rng.integers(len(found.terms)))]
            operand = line.operands[int(rng.integers(len(line.operands)))]
            found = why(any_run, operand.ref)
        assert found.kind in LEAVES
        kinds.add(found.kind)
    assert kinds >= {"weight"}


def test_the_sides_of_a_product_and_the_bias(make):
    run = make()
    found = why(run, Ref("blocks.0.attn_out", (2, 4)))
    lines = [found.terms[row] for row in range(len(found.terms))]
    assert len(lines) == 7  # 2 heads of 3 numbers, and the bias
    (bias,) = [line for line in lines if not line.is_product]
    assert bias.operands[0].ref == Ref("blocks.0.attn.b_O", (4,))
    for line in lines:
        if line.is_product:
            z, weight = line.operands
            assert short_name(z.ref.name) == "z"
            assert short_name(weight.ref.name) == "W_O"
            assert line.counts == z.value * weight.value


def test_a_softmax_has_shares_and_what_was_asked_for_leads(make):
    run = make()
    found = why(run, Ref("blocks.0.attn.pattern", (1, 3, 1)))
    assert found.terms.measure == "share"
    assert found.terms.asked
    first = found.terms[0]
    assert first.operands[0].ref.index == (1, 3, 1)
    assert first.asked
    assert not any(found.terms[row].asked for row in range(1, len(found.terms)))
    assert len(found.terms) == 6
    masked = [found.terms[row].counts for row in range(len(found.terms))]
    assert masked.count(0.0) == 2  # two words come later


def test_a_mean_is_told_by_what_each_number_takes_away(make):
    found = why(make(), Ref("blocks.0.ln1.centered", (1, 2)))
    lines = [found.terms[row] for row in range(len(found.terms))]
    assert len(lines) == 7  # the number itself, and each of the six in the mean
    assert sum(line.operands[0].ref.index == (1, 2) for line in lines) == 2
    assert is_close(sum(line.counts for line in lines), found.value, 1e-12)


def test_no_contribution_where_none_means_anything(make):
    run = make("gpt2")
    for name, index in (("blocks.0.mlp.post", (1, 1)), ("blocks.0.ln1.normalized", (1, 1))):
        found = why(run, Ref(name, index))
        assert found.terms.measure == "none"
        assert all(found.terms[row].counts is None for row in range(len(found.terms)))


def test_a_forced_number_has_no_arithmetic_and_tells_what_it_was(make):
    run, ref = make(), Ref("blocks.0.resid_mid", (2, 1))
    forced = run.force(Force(Part(ref.name, ref.index), 7.5))
    found = why(forced, ref)
    assert (found.kind, found.value, found.before) == ("forced", 7.5, run.trace.value(ref))
    assert why(forced, Ref(ref.name, (2, 0))).kind == "computed"
    weight = Ref("W_E", (2, 1))
    assert why(run.force(Force(Part("W_E", weight.index), 2.0)), weight).kind == "forced"


@pytest.mark.parametrize("ref", [Ref("nothing"), Ref("logits"), Ref("logits", (0, 10**6))])
def test_a_number_that_is_not_there(make, ref):
    with pytest.raises(EngineError):
        why(make(), ref)


# --- Names ---


def test_names_are_those_of_the_field_with_words_for_places(make):
    run = make()
    names = Names(run, prose("es").words)
    for ref, name in (
        (Ref("blocks.0.attn.z", (2, 1, 2)), "z[gato, 2, 3]"),
        (Ref("blocks.1.attn.pattern", (0, 3, 2)), "pattern[1, come, gato]"),
        (Ref("blocks.0.ln1.scale", (5, 0)), "ln1.scale[pez]"),
        (Ref("blocks.0.mlp.W_in", (0, 4)), "W_in[1, 5]"),
        (Ref("blocks.0.mlp.pre", (0, 4)), "mlp.pre[⟨inicio⟩, 5]"),
        (Ref("sqrt_d_head"), "sqrt_d_head"),
        (Ref("tokens", (1,)), "tokens[el₁]"),
        (Ref("tokens", (4,)), "tokens[el₄]"),
    ):
        assert names.name(ref) == name
    start = run.model.tokenizer.start_id
    assert names.name(Ref("logits", (5, start))) == "logits[pez, ⟨fin⟩]"
    assert names.name(Ref("W_E", (start, 0))) == "W_E[⟨inicio⟩, 1]"
    assert names.name(Ref("W_E", (start, 0)), "logits") == "W_E[⟨fin⟩, 1]"


def test_another_block_is_told(make):
    names = Names(make(), prose("es").words)
    before = Ref("blocks.0.normalized_resid_post", (2, 0))
    here = Ref("blocks.1.resid_pre", (2, 0))
    assert names.name(before, here.name) == "B1 normalized_resid_post[gato, 1]"
    assert names.name(before, "blocks.0.ln2.w") == "normalized_resid_post[gato, 1]"
    way = [Ref("logits", (2, 0)), here, here, before]
    assert [name.split()[0] for name in names.way(way)[1:]] == ["B2", "resid_pre[gato,", "B1"]


def test_a_place_on_each_axis(make):
    names = Names(make(), prose("en").words)
    spots = names.spots(Ref("blocks.1.attn.pattern", (0, 3, 4)))
    assert [(s.axis, s.n, s.total, s.token) for s in spots] == [
        ("block", 2, 2, ""),
        ("head", 1, 2, ""),
        ("query", 3, 6, "“come”"),
        ("key", 4, 6, "“el” (position 4)"),
    ]


def test_whole_numbers_stay_whole(make):
    run = make("gpt2")
    names = Names(run, prose("es").words)
    for name, index in (("tokens", (2,)), ("positions", (2,)), ("d_head", ())):
        assert names.value(Ref(name, index), run.trace.value(Ref(name, index))).isdigit()
    assert names.value(Ref("logits", (0, 0)), 2.0) == "2.00"
    assert [names.number(const(x)) for x in (16, 1e-5, 0.044715, -2)] == [
        *("16", "0.00001", "0.044715", "−2"),
    ]


def test_formulas_in_symbols(make):
    trace = make("gpt2").trace
    for name, told in (
        ("blocks.0.attn_out", "attn_out[p,d] = Σ_hk z[p,h,k]·W_O[h,k,d] + b_O"),
        ("blocks.0.attn.attn_scores", "attn_scores[h,q,k] = Σ_d q[q,h,d]·k[k,h,d]"),
        ("probs", "probs[i] = e^x[i] / Σ_j e^x[j]   (x = logits)"),
        ("blocks.0.ln1.centered", "ln1.centered[i] = x[i] − mean(x)   (x = resid_pre)"),
        ("blocks.0.ln1.scale", "ln1.scale = √(mean(ln1.centered²) + 0.00001)"),
    ):
        assert symbols(trace[name]) == told


# --- Rounding ---


def x(value, *index):
    return leaf(Ref("logits", index), value)


@pytest.mark.parametrize(
    ("expr", "wanted"),
    [
        (x(0.25, 0, 0) + x(0.5, 0, 1), (2, 2, True)),
        (x(0.126, 0, 0) + x(0.126, 0, 1), (3, 3, True)),  # 0.13 + 0.13 is not 0.25
        (x(1 / 3, 0, 0) * x(3.0, 0, 1), (3, 2, True)),
        (total([x(0.004 + i, 0, i) for i in range(6)]), (2, 2, False)),
        (total([x(0.25 * i, 0, i) for i in range(6)]), (2, 2, True)),
        (x(-inf, 0, 0) + x(1.23456, 0, 1), (2, 2, True)),
    ],
)
def test_what_is_written_comes_out_or_it_is_said(make, expr, wanted):
    names = Names(make(), prose("en").words)
    found = digits(expr, terms_of(expr), names, Sums())
    assert (found.operands, found.result, found.exact) == wanted


def test_what_is_folded_counts_as_it_is_written():
    terms = [x(1.0 + i, 0, i) for i in range(9)]
    sums = Sums(3)
    expr = total(terms)
    assert by_hand(expr, lambda node: node.value, lambda folded: 100.0, sums) == 9 + 8 + 7 + 100


# --- Written twice ---


def test_names_and_numbers_have_the_same_parts(make):
    run = make("gpt2")
    names = Names(run, prose("en").words)
    sums = Sums(2)
    for ref in sampled(run.trace, 2):
        expr = run.trace.explain(ref)
        named = Writer(
            lambda node: names.name(node.ref) if node.ref else "1", lambda _: "more", sums, "{row}"
        )
        numbered = Writer(names.number, lambda _: "−1", sums, "{row}", "−")
        assert len(named.parts(expr)) == len(numbered.parts(expr))
        assert numbered.parts(expr)


# --- As Python ---


@pytest.mark.parametrize(
    ("expr", "text"),
    [
        (x(0.5) * x(-2.25), "0.5 * (-2.25)"),
        (x(1.0) - (x(2.0) - x(3.0)), "1.0 - (2.0 - 3.0)"),
        (total([x(1.0), x(2.0) * x(3.0), x(-4.0)]), "1.0 + 2.0 * 3.0 + (-4.0)"),
        (x(1.0) / (x(2.0) * x(4.0)), "1.0 / (2.0 * 4.0)"),
        (apply("exp", x(-1.0)), "math.exp(-1.0)"),
        (apply("relu", x(-1.0)), "max(0.0, -1.0)"),
        (-x(-2.0), "-(-2.0)"),
        (apply("pick", x(0.5), x(3.0)), "0.5"),
        (x(1.0) / 0.0, "math.inf"),
        (x(-1.0) / 0.0 + 1.0, "(-math.inf) + 1.0"),
        (apply("exp", x(1000.0)), "math.inf"),
        (apply("exp", x(-inf)), "math.exp(-math.inf)"),
        (apply("log", x(0.0)), "-math.inf"),
        (apply("sqrt", x(-1.0)), "math.nan"),
        (x(nan), "math.nan"),
        (total([]), "0.0"),
    ],
)
def test_arithmetic_as_python(expr: Expr, text: str):
    assert python(expr) == text
    assert evaluated(expr) == expr.value or math.isnan(expr.value)


@pytest.mark.parametrize("n", [300, 301, 60_000])
def test_sums_of_any_length_are_the_same_to_the_last_digit(n):
    values = np.random.default_rng(n).standard_normal(n).tolist()
    inner = total(x(value) for value in values)
    assert evaluated(inner) == inner.value
    nested = total([x(0.1), *(x(value) for value in values), inner / 3.0]) / inner
    assert evaluated(nested) == nested.value


# --- Checkpoints ---


def test_a_weight_through_the_training(make, tmp_path):
    model, folder = make().model, tmp_path / "model"
    save(model, folder)
    saved = load(folder)
    assert weight_history(saved, "W_E", (1, 2)) == []
    assert weight_history(model, "W_E", (1, 2)) == []
    for step in (0, 10, 200):
        scaled = {name: values * step / 200 for name, values in model.parameters.items()}
        save_checkpoint(folder, model.config, step, scaled)
    for name, index in (
        ("W_E", (1, 2)),
        ("blocks.0.attn.W_K", (1, 2, 1)),
        ("blocks.1.ln1.w", (0,)),
    ):
        value = model.parameters[name][index]
        found = weight_history(saved, name, index)
        assert [step for step, _ in found] == [0, 10, 200]
        np.testing.assert_allclose([v for _, v in found], [0, value / 20, value], rtol=1e-3)
        assert history(saved, Ref(name, index)) == found


def test_the_last_checkpoint_of_a_finished_model_is_the_model():
    named = [
        name for name, folder in shipped().items() if weight_history(load(folder), "W_E", (0, 0))
    ]
    for name in named:
        model = load(shipped()[name])
        for ref in (Ref("W_E", (3, 1)), Ref("blocks.0.attn.W_O", (0, 1, 2))):
            found = history(model, ref)
            assert found[-1][1] == model.parameters[ref.name][ref.index]
            assert all(isfinite(value) for _, value in found)
    assert named


@pytest.mark.parametrize("content", [b"", b"nonsense" * 100, b"\xff" * 8 + b"{}"])
def test_a_broken_checkpoint_is_an_error(make, tmp_path, content):
    model, folder = make().model, tmp_path / "model"
    save(model, folder)
    (folder / "checkpoints").mkdir()
    (folder / "checkpoints" / "step-000001.safetensors").write_bytes(content)
    with pytest.raises(EngineError):
        weight_history(load(folder), "W_E", (0, 0))
