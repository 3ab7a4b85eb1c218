"""What holds for every operation, those still to be written included."""

import importlib
import pkgutil
import re

import numpy as np
import pytest

import engine.ops
from engine.expr import Ref
from engine.ops import CrossEntropy, Einsum, Op, Operand, Softmax

for module in pkgutil.iter_modules(engine.ops.__path__):
    importlib.import_module(f"engine.ops.{module.name}")

# A dataclass with slots is made anew from the class as written: of two of a name, the later.
OPERATIONS = {cls.__name__: cls for cls in Op.__subclasses__()}
CASES = [
    pytest.param(op, inputs, id=f"{cls.__name__}-{i}")
    for _, cls in sorted(OPERATIONS.items())
    for i, (op, inputs) in enumerate(cls.examples(np.random.default_rng(7)))
]


def operands(inputs):
    return [Operand(f"in{i}", x) for i, x in enumerate(inputs)]


def gradients(op, inputs, seed):
    """The gradient of the output weighted by `seed`, by the operation's own backward."""
    return op.backward(seed, op.forward(*inputs), *inputs)


def test_every_operation_is_here():
    assert OPERATIONS.keys() == {
        name for name in engine.ops.__all__ if name not in {"Array", "Op", "Operand"}
    }


@pytest.mark.parametrize(("op", "inputs"), CASES)
def test_explain_equals_forward(op, inputs):
    output = op.forward(*inputs)
    for index in np.ndindex(output.shape):
        assert op.explain(index, *operands(inputs)).value == pytest.approx(output[index], abs=1e-12)


@pytest.mark.parametrize(("op", "inputs"), CASES)
def test_backward_equals_the_derivative_of_explain(op, inputs):
    output = op.forward(*inputs)
    for index in np.ndindex(output.shape):
        seed = np.zeros_like(output)
        seed[index] = 1.0
        expected = op.explain(index, *operands(inputs)).gradient()
        for i, (array, grad) in enumerate(zip(inputs, gradients(op, inputs, seed), strict=True)):
            if grad is None:
                assert array.dtype.kind == "i"
                continue
            assert grad.shape == array.shape
            for place in np.ndindex(array.shape):
                assert grad[place] == pytest.approx(
                    expected.get(Ref(f"in{i}", place), 0.0), abs=1e-9
                )


@pytest.mark.parametrize(("op", "inputs"), CASES)
def test_backward_equals_finite_differences(op, inputs):
    seed = np.random.default_rng(3).standard_normal(op.forward(*inputs).shape)
    step = 1e-6
    for i, grad in enumerate(gradients(op, inputs, seed)):
        if grad is None:
            continue
        for place in np.ndindex(inputs[i].shape):
            sides = []
            for sign in (1, -1):
                moved = [np.array(x) for x in inputs]
                moved[i][place] += sign * step
                sides.append((op.forward(*moved) * seed).sum())
            assert grad[place] == pytest.approx((sides[0] - sides[1]) / (2 * step), abs=1e-6)


@pytest.mark.parametrize(("op", "inputs"), CASES)
def test_forward_and_backward_leave_their_inputs_alone(op, inputs):
    before = [np.array(x) for x in inputs]
    output = op.forward(*inputs)
    seed = np.ones_like(output)
    kept = np.array(output)
    op.backward(seed, output, *inputs)
    for x, y in zip([*inputs, output, seed], [*before, kept, np.ones_like(kept)], strict=True):
        np.testing.assert_array_equal(x, y)


@pytest.mark.parametrize(("op", "inputs"), CASES)
def test_operations_keep_the_precision_they_are_given(op, inputs):
    single = [x.astype(np.float32) if x.dtype.kind == "f" else x for x in inputs]
    output = op.forward(*single)
    assert output.dtype == np.float32
    for grad in op.backward(np.ones_like(output), output, *single):
        assert grad is None or grad.dtype == np.float32


@pytest.mark.parametrize(("op", "inputs"), CASES)
def test_the_formula_names_every_input_and_no_other(op, inputs):
    named = {int(digits) for digits in re.findall(r"\{(\d+)\}", op.formula)}
    optional = {2} if isinstance(op, Einsum) else set()  # a bias, which is not always there
    assert named - optional == set(range(len(inputs))) - optional


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shift", [0.0, 85.0, 800.0, -90.0, -800.0])
def test_what_is_added_to_all_logits_changes_nothing_however_large(shift, dtype):
    rng = np.random.default_rng(3)
    logits = rng.standard_normal((4, 300)).astype(dtype)
    targets = rng.integers(0, 300, 4)
    grad = rng.random(4).astype(dtype)
    tolerance = {"rtol": 1e-3, "atol": 1e-3} if dtype is np.float32 else {"rtol": 1e-9}

    def results(x):
        loss = CrossEntropy()
        out = loss.forward(x, targets)
        return Softmax().forward(x), out, loss.backward(grad, out, x, targets)[0]

    for found, wanted in zip(results(logits + dtype(shift)), results(logits), strict=True):
        np.testing.assert_allclose(found, wanted, **tolerance)
