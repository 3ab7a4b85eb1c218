"""The English world: what belongs to it, what does not, and what it is like as a whole."""

from __future__ import annotations

import math
import random
import re
from collections import Counter

import pytest

from engine.corpus.spelling import tokens
from engine.corpus.world import Sample, World
from engine.tokenizer import Tokenizer

SOURCE = [
    "The cat climbed the tree because it was afraid of the dog",
    "The black cat climbed the tall tree",
    "the cat eats a fish",
    "the cat eats fish",
    "the cat eats the fish",
    "the fish eats the cat",
    "the dog eats meat",
    "the cat sleeps on the sofa",
    "the dog sleeps in the bed",
    "the cat eats",
    "Where is the cat? It is on the sofa",
    "Where is the cat? The cat is in the house",
    "What does the dog eat? It eats meat",
    "Anna says: I am hungry",
]


@pytest.fixture(scope="module")
def world() -> World:
    return World.load("en")


@pytest.fixture(scope="module")
def words(world: World) -> set[str]:
    return world.words()


@pytest.fixture(scope="module")
def samples(world: World) -> list[Sample]:
    rng = random.Random(0)
    return [world.sample(rng) for _ in range(20_000)]


@pytest.mark.parametrize("sentence", SOURCE)
@pytest.mark.parametrize("capital", [True, False])
@pytest.mark.parametrize("stop", ["", "."])
def test_source_sentences_belong(world: World, sentence: str, capital: bool, stop: str) -> None:
    starts = re.compile(r"(^|[.?] )(\w)")
    written = starts.sub(lambda m: m[1] + (m[2].upper() if capital else m[2].lower()), sentence)
    written = written.replace("anna", "Anna")
    assert world.log_prob(written + stop) > -math.inf


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "the cat eat fish",
        "the cat eats democracy",
        "the cat eats an fish",
        "the cats eats fish",
        "The cat climbed the tree because it was afraid of the mouse.",
        "The cat climbed the tree because she was afraid of the dog.",
        "The cat  eats fish.",
        "the cat eats fish " * 20,
    ],
)
def test_what_is_wrong_does_not_belong(world: World, text: str) -> None:
    assert world.log_prob(text) == -math.inf


def test_text_probability_is_that_of_its_derivations(world: World, samples: list[Sample]) -> None:
    gaps = [world.log_prob(s.text) - s.log_prob for s in samples[:600]]
    assert min(gaps) > -1e-9
    assert sum(gaps) / sum(s.n_words for s in samples[:600]) < 0.002


def test_lengths(samples: list[Sample]) -> None:
    lengths = [s.n_words for s in samples]
    assert all(s.n_words == len(tokens(s.text)) for s in samples)
    assert max(lengths) <= 63
    assert 14 < sum(lengths) / len(lengths) < 18
    assert sum(n > 50 for n in lengths) / len(lengths) > 0.02


def test_the_lexicon_is_wide_and_the_vocabulary_small(world: World, words: set[str]) -> None:
    assert len(world._lexicon.by_lemma) >= 600
    assert len(words) < 1500
    assert len(Tokenizer.train({}, whole=sorted(words))) < 2400


def test_every_word_is_known(world: World, words: set[str], samples: list[Sample]) -> None:
    said = {token for s in samples for token in tokens(s.text)}
    assert all(world.invented(token.lower()) for token in said - words)
    assert len(words - said) < 0.1 * len(words)


def test_invented_nouns_are_rare_and_never_repeated(words: set[str], samples: list[Sample]) -> None:
    counts = [Counter(t for t in tokens(s.text) if t not in words) for s in samples]
    assert 0.005 < sum(map(bool, counts)) / len(samples) < 0.1
    assert sum(max(c.values()) > 1 for c in counts if c) <= 0.05 * sum(map(bool, counts))


def test_nouns_have_categories(world: World) -> None:
    nouns = world.nouns()
    assert nouns["cat"] == nouns["dog"] == "pet"
    assert nouns["democracy"] == "abstract"
    assert "Anna" not in nouns
    listed = Counter(value.lemma for value in world._lexicon.sort("noun"))
    assert max(listed.values()) == 1  # no noun is in two categories


def test_fear_is_frequent_and_hangs_on_the_subject(samples: list[Sample]) -> None:
    sentences = [x for s in samples for x in re.split(r"[.?] ?", s.text) if x]
    feared = [x for x in sentences if re.search(r"afraid of|away because", x)]
    assert 0.1 < len(feared) / len(sentences) < 0.25
    pattern = re.compile(r"the (cat|mouse) (?:climb|hid)[^.]* afraid of the (\w+)", re.I)
    fears = {(m[1].lower(), m[2]) for s in samples for m in pattern.finditer(s.text)}
    assert fears == {("cat", "dog"), ("mouse", "cat")}


def test_food_or_an_article_follows_eats(samples: list[Sample]) -> None:
    pattern = re.compile(r"[Tt]he cat (?:eats|ate) (\w+)")
    after = Counter(m[1] for s in samples for m in pattern.finditer(s.text))
    assert after.most_common(1)[0][0] in {"fish", "a", "the"}


def test_pronouns_agree(samples: list[Sample]) -> None:
    wrong = re.compile(
        r"^the (?:boy \w+s because she|girl \w+s because he|cat \w+s because (?:he|she)) ", re.I
    )
    assert not any(wrong.search(s.text) for s in samples)
    openings = [re.match(r"the (boy|girl|cat) [^.?:]*\. (he|she|it) ", s.text.lower())
                for s in samples]  # fmt: skip
    pairs = Counter((m[1], m[2]) for m in openings if m)
    assert set(pairs) == {("boy", "he"), ("girl", "she"), ("cat", "it")}
