"""Scalars that remember their arithmetic: addresses, values, slopes."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.expr import SIGNS, Expr, Ref, apply, const, leaf, total

NAMES = st.from_regex(r"[A-Za-z_]\w*(\.\w+){0,3}", fullmatch=True)
REFS = st.builds(Ref, NAMES, st.lists(st.integers(0, 10**6), max_size=4).map(tuple))


@given(REFS)
def test_an_address_reads_as_it_writes(ref):
    assert Ref.parse(str(ref)) == ref


def test_addresses_may_be_spaced():
    assert Ref.parse(" blocks.0.attn.pattern [ 0 , 2,1 ] ") == Ref(
        "blocks.0.attn.pattern", (0, 2, 1)
    )
    assert str(Ref("blocks.0.attn.pattern", (0, 2, 1))) == "blocks.0.attn.pattern[0,2,1]"
    assert str(Ref("d_model")) == "d_model"


@pytest.mark.parametrize(
    "text", ["", " ", "[0]", "a[", "a[]", "a[x]", "a[1.5]", "a[0][1]", "a b", "a[1,]"]
)
def test_what_is_no_address(text):
    with pytest.raises(ValueError, match="not an address"):
        Ref.parse(text)


# For each sign, arguments at which it is smooth.
SMOOTH = {"log": (0.5, 3.0), "sqrt": (0.5, 3.0), "relu": (0.1, 2.0), "/": (0.5, 2.0)}


@pytest.mark.parametrize("sign", sorted(SIGNS))
def test_slopes_of_every_sign_equal_finite_differences(sign):
    low, high = SMOOTH.get(sign, (-1.0, 1.0))
    n_args = {"+": 3, "-": 2, "*": 2, "/": 2, "pick": 2}.get(sign, 1)
    args = [low + (high - low) * (i + 1) / (n_args + 1) for i in range(n_args)]
    value, slopes = SIGNS[sign].value, SIGNS[sign].slopes(SIGNS[sign].value(*args), *args)
    assert len(slopes) == n_args
    for i, slope in enumerate(slopes):
        above, below = ([*args[:i], args[i] + h, *args[i + 1 :]] for h in (1e-6, -1e-6))
        assert slope == pytest.approx((value(*above) - value(*below)) / 2e-6, abs=1e-8)


LEAVES = [Ref("x", (i,)) for i in range(4)]


def grow(children):
    """Larger trees from smaller ones, all of them smooth and of moderate size."""
    bounded = children.map(lambda build: lambda xs: apply("tanh", build(xs)))
    pairs = st.tuples(children, children)
    return st.one_of(
        st.tuples(st.sampled_from(["sin", "cos", "tanh", "erf", "neg"]), children).map(
            lambda both: lambda xs: apply(both[0], both[1](xs))
        ),
        bounded.map(lambda build: lambda xs: apply("exp", build(xs))),
        bounded.map(lambda build: lambda xs: apply("log", build(xs) + 2)),
        bounded.map(lambda build: lambda xs: apply("sqrt", build(xs) + 2)),
        pairs.map(lambda two: lambda xs: two[0](xs) - two[1](xs)),
        st.tuples(bounded, bounded).map(lambda two: lambda xs: two[0](xs) * two[1](xs)),
        st.tuples(children, bounded).map(lambda two: lambda xs: two[0](xs) / (two[1](xs) + 2)),
        st.lists(children, min_size=1, max_size=4).map(
            lambda some: lambda xs: total(build(xs) for build in some)
        ),
        # The same operand twice: both uses count.
        bounded.map(lambda build: lambda xs: (lambda once: once * once + once)(build(xs))),
    )


TREES = st.recursive(
    st.one_of(
        st.integers(0, 3).map(lambda i: lambda xs: xs[i]),
        st.floats(-2, 2).map(lambda value: lambda xs: const(value)),
    ),
    grow,
    max_leaves=12,
)
POINTS = st.lists(st.floats(-1.5, 1.5), min_size=4, max_size=4)


def at(point):
    return [leaf(ref, value) for ref, value in zip(LEAVES, point, strict=True)]


@settings(max_examples=150, deadline=None)
@given(TREES, POINTS)
def test_the_gradient_of_any_tree_equals_finite_differences(build, point):
    expr = build(at(point))
    gradient = expr.gradient()
    assert set(gradient) == {node.ref for node in expr.leaves()}
    for i, ref in enumerate(LEAVES):
        above, below = (
            build(at([*point[:i], point[i] + h, *point[i + 1 :]])).value for h in (1e-5, -1e-5)
        )
        scale = max(1.0, abs(expr.value))
        assert gradient.get(ref, 0.0) == pytest.approx(
            (above - below) / 2e-5, rel=1e-4, abs=1e-4 * scale
        )


def evaluate(node):
    """The number of a tree, computed again from its leaves alone."""
    if not node.args:
        return node.value
    return SIGNS[node.sign].value(*(evaluate(arg) for arg in node.args))


@settings(deadline=None)
@given(TREES, POINTS)
def test_a_tree_computes_to_its_value(build, point):
    expr = build(at(point))
    assert evaluate(expr) == expr.value


def test_leaves_are_listed_once_in_reading_order():
    x, y, z = (leaf(ref, value) for ref, value in zip(LEAVES, (1.0, 2.0, 3.0), strict=False))
    again = leaf(LEAVES[0], 1.0)
    expr = (z + x) * y + again * 2
    assert [node.ref for node in expr.leaves()] == [LEAVES[2], LEAVES[0], LEAVES[1]]
    assert expr.gradient() == {LEAVES[0]: 4.0, LEAVES[1]: 4.0, LEAVES[2]: 2.0}
    assert x.leaves() == [x]
    assert const(3).leaves() == []
    assert const(3).gradient() == {}


def test_a_long_sum_is_one_flat_node_that_adds_from_left_to_right():
    numbers = [1e16, 1.0, -1e16, 1.0]
    assert total(const(x) for x in numbers).value == ((1e16 + 1.0) - 1e16) + 1.0
    expr = total(leaf(Ref("x", (i,)), 1.0) for i in range(20_000))
    assert (expr.value, len(expr.args), len(expr.leaves())) == (20_000, 20_000, 20_000)


def test_deep_trees_need_no_recursion():
    expr = leaf(Ref("x"), 1.0)
    for _ in range(5000):
        expr = expr + 0.0
    assert expr.gradient() == {Ref("x"): 1.0}


def test_nothing_flows_through_a_zero():
    score = leaf(Ref("score"), -math.inf)
    other = leaf(Ref("other"), 0.0)
    powers = [apply("exp", x) for x in (score, other)]
    share = powers[0] / total(powers)
    assert share.value == 0.0
    assert share.gradient() == {Ref("score"): 0.0, Ref("other"): 0.0}


def test_plain_numbers_become_constants():
    expr = leaf(Ref("x"), 3.0) / 2
    assert isinstance(expr.args[1], Expr)
    assert (expr.args[1].sign, expr.args[1].value, expr.args[1].ref) == ("const", 2.0, None)
    assert (-expr).value == -1.5
