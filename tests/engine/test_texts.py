"""A person's own texts as ids: encoded, parted and drawn batch by batch."""

import json
from collections import Counter
from itertools import islice, pairwise
from random import Random

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from engine.batches import encode
from engine.errors import EngineError
from engine.plain_text import learn_tokenizer
from engine.texts import FEWEST_TEXTS, Texts, encode_lines, read_texts, split, text_rows

WORDS = ["el", "la", "gato", "luna", "niño", "come", "busca", "mar", "¿", "?", ",", "pez"]
TOKENIZER = learn_tokenizer([" ".join(WORDS)])
START = TOKENIZER.start_id
SENTENCES = [" ".join(Random(i).choices(WORDS, k=2 + i % 9)) for i in range(60)]
N_CTX = 16

lines = st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=9).map(" ".join), min_size=1)
sizes = st.integers(1, 12)


def texts_of(lengths: list[int]) -> Texts:
    """Texts of these lengths, each different from all others."""
    starts = np.cumsum([0, *lengths])
    return Texts(np.arange(starts[-1], dtype=np.int32), starts.astype(np.int64))


def as_lists(texts: Texts) -> list[list[int]]:
    return [text.tolist() for text in texts]


# --- Encoding ------------------------------------------------------------------------------------


@given(lines)
def test_a_line_is_encoded_as_a_text_of_the_world_is(some):
    texts = encode_lines(some, TOKENIZER, 64)
    assert as_lists(texts) == [encode(TOKENIZER, line, 64) for line in some]
    assert texts.n_texts == len(texts) == len(some)
    assert texts.n_tokens == sum(len(text) - 1 for text in texts)
    assert texts.ids.dtype == np.int32


@given(lines, sizes)
def test_a_long_line_is_cut_into_pieces_of_which_the_last_ends(some, n_ctx):
    texts = encode_lines(some, TOKENIZER, n_ctx)
    assert all(2 <= len(text) <= n_ctx + 1 for text in texts)
    assert all(text[0] == START for text in texts)
    expected = [TOKENIZER.encode(line) for line in some]
    assert [id for id in texts.ids if id != START] == [id for ids in expected for id in ids]
    ends = [text for text in texts if text[-1] == START]
    assert len(ends) == sum(len(ids) % n_ctx > 0 for ids in expected)


def test_a_text_is_a_view_that_cannot_be_written():
    texts = encode_lines(SENTENCES, TOKENIZER, N_CTX)
    assert texts[3].base is not None
    with pytest.raises(ValueError, match="read-only"):
        texts[3][0] = 0
    for i in (-1, len(texts)):
        with pytest.raises(IndexError):
            texts[i]


def test_too_few_lines_are_refused(tmp_path):
    path = tmp_path / "text.txt"
    for n, lines in ((0, []), (FEWEST_TEXTS - 1, ["el gato"] * (FEWEST_TEXTS - 1))):
        path.write_text("\n\n".join(lines), encoding="utf-8")
        with pytest.raises(EngineError) as caught:
            read_texts([path], TOKENIZER, N_CTX)
        assert caught.value.code == "too_few_lines"
        assert caught.value.params == {"n": n, "least": FEWEST_TEXTS}
    path.write_text("el gato\n" * FEWEST_TEXTS, encoding="utf-8")
    assert len(read_texts([path], TOKENIZER, N_CTX)) == FEWEST_TEXTS


def test_one_giant_line_makes_many_texts(tmp_path):
    path = tmp_path / "text.txt"
    path.write_text("el gato come " * 20_000, encoding="utf-8")
    texts = read_texts([path], TOKENIZER, N_CTX)
    assert Counter(texts.ids.tolist())[TOKENIZER.encode("gato")[0]] == 20_000


# --- Holding out ---------------------------------------------------------------------------------


@given(lines, st.floats(0.01, 0.6))
def test_no_text_is_on_both_sides_and_none_is_lost(some, share):
    texts = encode_lines(some, TOKENIZER, N_CTX)
    assume(len(set(some)) > 1)
    train, held_out = map(as_lists, split(texts, share))
    assert not {tuple(text) for text in train} & {tuple(text) for text in held_out}
    assert sorted(train + held_out) == sorted(as_lists(texts))
    assert train
    assert held_out
    assert [text for text in as_lists(texts) if text in train] == train  # in their order
    counts = Counter(map(tuple, as_lists(texts)))
    most = max(int(share * len(texts)), 1)
    assert len(held_out) <= max(most, min(counts.values()))


@given(lines, st.randoms(use_true_random=False))
def test_what_is_held_out_does_not_hang_on_the_order(some, random):
    assume(len(set(some)) > 1)
    other = random.sample(some, len(some))
    one, two = (split(encode_lines(lines, TOKENIZER, N_CTX))[1] for lines in (some, other))
    assert sorted(as_lists(one)) == sorted(as_lists(two))


def test_a_twentieth_is_held_out():
    _, held_out = split(texts_of([5] * 1000))
    assert len(held_out) == 50


def test_what_is_said_many_times_is_learned():
    texts = encode_lines(["la luna come"] * 50 + SENTENCES, TOKENIZER, N_CTX)
    _, held_out = split(texts, 0.3)
    assert encode(TOKENIZER, "la luna come", N_CTX) not in as_lists(held_out)


def test_equal_texts_cannot_be_parted():
    with pytest.raises(EngineError) as caught:
        split(encode_lines(["el gato"] * 20, TOKENIZER, N_CTX))
    assert caught.value.code == "texts_all_equal"


# --- Batches -------------------------------------------------------------------------------------


def drawn(texts, seed, batch_size, n, place=None):
    """The next n batches as (texts, place)."""
    found = islice(text_rows(texts, seed, batch_size, place), n)
    return [([row.tolist() for row in some.rows], some.place) for some in found]


@given(st.lists(st.integers(2, 9), min_size=1, max_size=80), sizes, st.integers(0, 99))
def test_each_epoch_draws_every_text_once(lengths, batch_size, seed):
    texts = texts_of(lengths)
    n_batches = -(-len(texts) // batch_size)
    batches = [rows for rows, _ in drawn(texts, seed, batch_size, 3 * n_batches)]
    for epoch in range(3):
        rows = batches[epoch * n_batches : (epoch + 1) * n_batches]
        assert sorted(row for some in rows for row in some) == as_lists(texts)
        sizes = {len(some) for some in rows}
        assert max(sizes) <= batch_size
        assert max(sizes) - min(sizes) <= 1


@given(
    st.lists(st.integers(2, 9), min_size=1, max_size=80),
    sizes,
    st.integers(0, 9),
    st.integers(1, 90),
)
def test_from_any_place_on_it_goes_on_as_if_it_had_never_stopped(lengths, batch_size, seed, n):
    texts = texts_of(lengths)
    batches = drawn(texts, seed, batch_size, n + 30)
    place = json.loads(json.dumps(batches[n - 1][1]))
    assert drawn(texts, seed, batch_size, 30, place) == batches[n:]


def test_epochs_and_seeds_differ_in_their_order():
    texts = texts_of([5] * 64)
    one = [rows for rows, _ in drawn(texts, 0, 8, 16)]
    assert one[:8] != one[8:]
    assert one[:8] != [rows for rows, _ in drawn(texts, 1, 8, 8)]


def test_texts_of_one_batch_are_about_equally_long():
    texts = texts_of([2 + i % 50 for i in range(1600)])
    batches = [rows for rows, _ in drawn(texts, 0, 16, 100)]
    spread = [max(map(len, rows)) - min(map(len, rows)) for rows in batches]
    assert np.mean(spread) < 8  # 47 if they were mixed
    means = [np.mean([len(row) for row in rows]) for rows in batches]
    assert any(a > b for a, b in pairwise(means[:16]))  # the short ones do not always come first


@pytest.mark.parametrize(
    "place",
    [
        {},
        {"epoch": 0},
        {"epoch": 0, "batch": 9},
        {"epoch": -1, "batch": 0},
        {"epoch": 0, "batch": 1.0},
        {"epoch": True, "batch": 0},
        {"epoch": "0", "batch": [1]},
    ],
)
def test_a_place_that_the_texts_do_not_have_is_refused(place):
    with pytest.raises(EngineError) as caught:
        next(text_rows(texts_of([4] * 64), 0, 8, place))
    assert caught.value.code == "bad_place"
