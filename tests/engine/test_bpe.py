"""The quick ways of joining and learning give what the definitions say."""

from collections import Counter
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from engine.bpe import Pair, first_merge, join, learn, merge_all, to_symbols

words = st.text(st.sampled_from("abcá"), max_size=24)
corpora = st.dictionaries(
    st.text(st.sampled_from("abá"), min_size=1, max_size=8), st.integers(1, 9)
)


@given(corpora, words, st.randoms(use_true_random=False))
def test_merges_are_applied_one_after_the_other(counts, word, random):
    merges: list[Pair] = []
    learn(counts, merges, limit=None)
    random.shuffle(merges)  # files from anywhere may have them in any order
    ranks = {pair: rank for rank, pair in enumerate(merges)}
    symbols = to_symbols(word)
    merged = merge_all(symbols, ranks)
    while pair := first_merge(symbols, ranks):
        symbols = join(pair, symbols)
    assert merged == symbols


@given(corpora, st.none() | st.integers(0, 6))
def test_each_merge_is_of_the_most_frequent_pair(counts, limit):
    merges: list[Pair] = []
    learn(counts, merges, limit)
    words = {word: to_symbols(word) for word in counts}
    for rank, merge in enumerate(merges):
        totals: Counter[Pair] = Counter()
        for word, symbols in words.items():
            for pair in pairwise(symbols):
                totals[pair] += counts[word]
        assert merge == min(totals, key=lambda pair: (-totals[pair], pair))
        ranks = {pair: rank for rank, pair in enumerate(merges[: rank + 1])}
        words = {word: merge_all(symbols, ranks) for word, symbols in words.items()}
    all_are_whole = all(len(symbols) == 1 for symbols in words.values())
    assert all_are_whole if limit is None else len(merges) == limit or all_are_whole


def test_a_word_of_very_many_letters_is_joined_too():
    merges: list[Pair] = []
    learn({"abcabcab": 3, "cab": 2}, merges, limit=None)
    ranks = {pair: rank for rank, pair in enumerate(merges)}
    merged = merge_all(to_symbols("abc" * 50_000), ranks)
    assert "".join(merged) == "abc" * 50_000
    assert "abcabcab" in merged
