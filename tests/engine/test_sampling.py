from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from engine.config import Config, init_parameters
from engine.errors import EngineError
from engine.sampling import choose, distribution, generate
from engine.store import Model
from engine.tokenizer import Tokenizer

LOGITS = np.log([0.5, 0.25, 0.125, 0.125])
TOKENIZER = Tokenizer.train({}, whole=["el", "gato"])


def model(start_bias: float = 0.0) -> Model:
    config = Config(8, 2, 4, 16, 1, 10, len(TOKENIZER), tied=False)
    parameters = init_parameters(config, np.random.default_rng(0))
    parameters["blocks.0.ln2.b"][:] = 1.0
    parameters["W_U"][:, TOKENIZER.start_id] = start_bias
    return Model("tiny", None, config, parameters, TOKENIZER)


def test_plain_is_softmax() -> None:
    np.testing.assert_allclose(distribution(LOGITS), [0.5, 0.25, 0.125, 0.125], atol=1e-15)
    assert distribution(LOGITS.astype(np.float32)).dtype == np.float64


def test_temperature_sharpens_and_flattens() -> None:
    squares = np.array([0.5, 0.25, 0.125, 0.125]) ** 2
    np.testing.assert_allclose(distribution(LOGITS, 0.5), squares / squares.sum(), atol=1e-15)
    np.testing.assert_allclose(distribution(LOGITS, 1e300), [0.25] * 4)


def test_temperature_zero_takes_the_first_of_the_likeliest() -> None:
    assert distribution(np.array([1.0, 3.0, 3.0]), 0).tolist() == [0, 1, 0]
    assert distribution(np.array([1.0, 3.0, 2.0]), 1e-320).tolist() == [0, 1, 0]


def test_top_k_keeps_k_even_of_equals() -> None:
    np.testing.assert_allclose(distribution(LOGITS, top_k=2), [2 / 3, 1 / 3, 0, 0])
    np.testing.assert_allclose(distribution(LOGITS, top_k=3), [4 / 7, 2 / 7, 1 / 7, 0])
    np.testing.assert_allclose(distribution(LOGITS, top_k=10**30), distribution(LOGITS))


def test_top_p_keeps_the_fewest_that_reach_p() -> None:
    for p, kept in [(0.1, 1), (0.49, 1), (0.51, 2), (0.74, 2), (0.76, 3), (0.9, 4), (1.0, 4)]:
        assert np.count_nonzero(distribution(LOGITS, top_p=p)) == kept
    np.testing.assert_allclose(distribution(LOGITS, top_p=0.7), [2 / 3, 1 / 3, 0, 0])


def test_top_p_counts_what_top_k_left() -> None:
    assert np.count_nonzero(distribution(LOGITS, top_k=2, top_p=0.6)) == 1


@given(
    arrays(np.float64, st.integers(1, 30), elements=st.floats(-800, 800)),
    st.floats(0, 100),
    st.none() | st.integers(1, 40),
    st.none() | st.floats(0, 1, exclude_min=True),
)
def test_it_is_always_a_distribution_that_keeps_the_likeliest(
    logits: np.ndarray, temperature: float, top_k: int | None, top_p: float | None
) -> None:
    before = logits.copy()
    p = distribution(logits, temperature, top_k, top_p)
    assert p.shape == logits.shape
    assert (p >= 0).all()
    assert p.sum() == pytest.approx(1, abs=1e-12)
    assert p[np.argmax(logits)] == p.max()
    assert np.array_equal(logits, before)
    assert p[choose(p, np.random.default_rng(0))] > 0


def test_masked_logits_are_never_chosen() -> None:
    p = distribution(np.array([-np.inf, 0.0, 0.0]))
    np.testing.assert_allclose(p, [0, 0.5, 0.5])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("temperature", -0.1),
        ("temperature", float("nan")),
        ("temperature", float("inf")),
        ("top_k", 0),
        ("top_k", -3),
        ("top_p", 0.0),
        ("top_p", 1.1),
        ("top_p", float("nan")),
    ],
)
def test_bad_settings(name: str, value: float) -> None:
    with pytest.raises(EngineError) as caught:
        distribution(LOGITS, **{name: value})
    assert caught.value.code == "bad_setting"
    assert caught.value.params["name"] == name
    with pytest.raises(EngineError):  # at once, not when the first id is asked for
        generate(model(), [0], 1, np.random.default_rng(0), **{name: value})


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_logits_without_a_softmax(bad: float) -> None:
    for logits in ([0.0, bad], [-np.inf, -np.inf]):
        with pytest.raises(EngineError) as caught:
            distribution(np.array(logits))
        assert caught.value.code == "no_likeliest"


def test_choose_follows_the_probabilities() -> None:
    rng = np.random.default_rng(0)
    counts = Counter(choose(np.array([0.0, 0.5, 0.0, 0.25, 0.25, 0.0]), rng) for _ in range(8000))
    assert set(counts) == {1, 3, 4}
    assert counts[1] == pytest.approx(4000, abs=200)
    assert counts[3] == pytest.approx(2000, abs=200)


def test_the_same_seed_gives_the_same_text() -> None:
    texts = [list(generate(model(), [0], 6, np.random.default_rng(seed))) for seed in (1, 1, 2)]
    assert texts[0] == texts[1] != texts[2]
    assert len(texts[0]) == 6


def test_greedy_takes_the_largest_logit_of_the_last_position() -> None:
    from engine.model import run

    tiny, ids = model(), [3, 4]
    (new,) = generate(tiny, ids, 1, np.random.default_rng(0), temperature=0)
    assert new == run(tiny.config, tiny.parameters, ids)["logits"].value[-1].argmax()
    assert ids == [3, 4]


def test_it_stops_where_the_sentence_is_full() -> None:
    rng = np.random.default_rng(0)
    assert len(list(generate(model(), [0] * 7, 99, rng))) == 3
    assert list(generate(model(), [0] * 10, 99, rng)) == []


def test_it_stops_where_the_text_ends() -> None:
    assert list(generate(model(start_bias=9.0), [0], 9, np.random.default_rng(0), 0)) == []
