"""What the tests of forcing share: small models of every kind, and changes by chance."""

from functools import cache
from itertools import product

import numpy as np
from hypothesis import strategies as st

from engine.config import CHOICES, Config, init_parameters
from engine.experiment import Experiment
from engine.parts import Part
from engine.store import Model, load, shipped
from engine.tokenizer import Tokenizer
from engine.whatif import Copied, Force
from tests.engine.ablated import ablated

TEXT = "el gato come el pez"
TOKENIZER = Tokenizer.train({}, whole=["el", "gato", "come", "pez", "la"])
_SIZES = {"d_model": 6, "n_heads": 2, "d_head": 3, "d_mlp": 7, "n_layers": 2, "n_ctx": 12}
_TRUTHS = ("causal", "tied", "scale_embed")
_WHOLE = CHOICES | {"norm": ("post", "pre")}
_WHOLE_CONFIGS = [
    Config(**_SIZES, d_vocab=len(TOKENIZER), **dict(zip((*_WHOLE, *_TRUTHS), choice, strict=True)))
    for choice in product(*_WHOLE.values(), *[(True, False)] * len(_TRUTHS))
]
_ABLATED_CONFIGS = ablated(_WHOLE_CONFIGS)
ALL_CONFIGS = [*_WHOLE_CONFIGS, *_ABLATED_CONFIGS]
# Every choice of every setting once at least; few enough for tests that force a lot.
SOME_CONFIGS = [*_WHOLE_CONFIGS[::29], *_ABLATED_CONFIGS[-2:]]
SHIPPED_MINIS = [name for name in shipped() if name.startswith("mini")]


def name_of(config):
    """A configuration as the name of a test."""
    truths = [name for name in (*_TRUTHS, "residual", "scale_attn") if getattr(config, name)]
    return "-".join([config.norm, config.positions, config.act_fn, *truths])


@cache
def model_of(config):
    """A model of this kind whose gains and biases are not the ones and zeros of a fresh one."""
    rng = np.random.default_rng(5)
    start = init_parameters(config, rng)
    parameters = {name: x + 0.3 * rng.standard_normal(x.shape) for name, x in start.items()}
    return Model(name_of(config), None, config, parameters, TOKENIZER)


@cache
def experiment_of(kind, text=TEXT):
    """The usual sentence in a model of a configuration, or in a shipped model by its name."""
    model = load(shipped()[kind]) if isinstance(kind, str) else model_of(kind)
    return Experiment(model, text)


def random_cell(step, rng):
    """Any one cell of a step."""
    return Part(step.name, tuple(int(rng.integers(n)) for n in step.value.shape))


def random_part(step, rng):
    """Any cell, row, column, head ... of a step, or the step as a whole."""
    cell = random_cell(step, rng)
    return Part(step.name, tuple(None if rng.random() < 0.5 else i for i in cell.index))


def random_number(step, rng):
    """Something that a cell of the step may hold; positive, so that it may stand under a root."""
    if step.value.dtype.kind == "i":
        return float(rng.integers(step.op.below))
    return float(rng.uniform(0.3, 2))


def assert_equal_runs(trace, expected, tolerance=1e-9):
    """Every step of both, and no step besides, to `tolerance`."""
    assert set(expected) == set(trace.steps)
    ours = [step.value for step in trace]
    theirs = [np.asarray(expected[step.name]) for step in trace]
    if [x.shape for x in ours] == [x.shape for x in theirs]:
        # All at once first: a hundred comparisons of a few numbers each take far longer.
        whole, twin = (np.concatenate([x.ravel() for x in run]) for run in (ours, theirs))
        if np.allclose(whole, twin, tolerance, tolerance, equal_nan=True):
            return
    for step in trace:
        np.testing.assert_allclose(
            step.value, expected[step.name], rtol=tolerance, atol=tolerance, err_msg=step.name
        )


# Changes of any shape, whether or not a run has such a part.

NAMES = st.from_regex(r"(?a:[a-zA-Z]\w{0,6}(\.\w{1,6}){0,3})", fullmatch=True)
PARTS = st.builds(
    Part,
    NAMES,
    st.lists(st.none() | st.integers(-999, 10**8), max_size=4).map(tuple),
)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
# A source that is called as the other run, or as an infinity, cannot be told from it.
SOURCES = PARTS.filter(lambda part: str(part).lower() not in ("other", "inf", "nan", "infinity"))
COPIES = st.builds(Copied, st.none() | SOURCES, NUMBERS)
FORCES = st.builds(Force, PARTS, NUMBERS | COPIES)
