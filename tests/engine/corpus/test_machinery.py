"""The machinery on worlds small enough to count by hand."""

from __future__ import annotations

import copy
import math
import random
from typing import Any

import pytest

from engine.corpus.lexicon import Entry, inflect
from engine.corpus.spelling import Spelling
from engine.corpus.table import Table, WorldError
from engine.corpus.template import Call, Group, Slot, read_rule
from engine.corpus.world import World
from engine.errors import EngineError

LEXICON: dict[str, Any] = {
    "noun": {
        "beast": {"words": "owl n *3\nbear n\n", "flags": "coinable"},
        "thing": {"words": "egg n\nhoney n mass\n"},
    },
    "verb": {"core": {"words": "eat pres3s=eats\n"}},
    "word": {"time": {"words": "now\nat night\n"}},
    "tag": {"tense": {"words": "pres\npast\n"}},
}
MEANING: dict[str, Any] = {
    "pool": {"hero": "#beast"},
    "relation": {"eat": "owl: egg\n#beast: honey 3, egg 1\n"},
}
GRAMMAR: dict[str, Any] = {
    "genders": ["n"],
    "endings": {
        "noun": {"": {"p": "{stem}s"}},
        "verb": {"": {"inf": "{stem}", "pres3s": "{stem}s", "pres3p": "{stem}"}},
        "adjective": {"": {"*": "{stem}"}},
    },
    "determiners": {"the": {"*": "the"}, "a": {"mass": "", "s": "a", "p": ""}},
    "agreeing": {},
    "tense": {"state": {"pres": "pres"}},
    "spelling": {"before_vowel": {"a": "an"}, "styles": {"capitals stop": 3, "": 1}},
    "invented": {
        "rate": 0.1, "onsets": "b d", "nuclei": "a", "finals": "g",
        "syllables": {"1": 1.0}, "endings": {"n": ""},
    },
    "rule": {
        "text": "2 {the S=hero} {@does}.\n1 {a S=hero} {@does} {#time}.",
        "does": "3 {eat.pres S} {a O=eat S}\n1 ?S:!mass {eat.pres S}",
    },
}  # fmt: skip


def small(**rules: str) -> World:
    grammar = copy.deepcopy(GRAMMAR)
    grammar["rule"].update(rules)
    return World(copy.deepcopy(LEXICON), copy.deepcopy(MEANING), grammar)


def test_all_texts_together_have_probability_one() -> None:
    world = small()
    rng = random.Random(0)
    texts = {s.text: s.log_prob for s in (world.sample(rng) for _ in range(20_000))}
    assert math.fsum(map(math.exp, texts.values())) == pytest.approx(1.0, abs=1e-9)
    assert all(world.log_prob(text) == pytest.approx(lp) for text, lp in texts.items())


def test_probability_by_hand() -> None:
    # style 3/4, text 2/3, owl 0.9 * 3/3.6 (weights 3 and 1.5/2.5), does 3/4, egg 1
    expected = 0.75 * (2 / 3) * (0.9 * 3 / 3.6) * 0.75
    assert small().log_prob("The owl eats an egg.") == pytest.approx(math.log(expected))
    assert small().log_prob("The owl eats a egg.") == -math.inf


def test_words_are_exactly_what_can_be_said() -> None:
    expected = {"the", "The", "a", "A", "an", "An", "owl", "bear", "eats", "egg", "honey"}
    assert small().words() == expected | {"now", "at", "night", "."}


def test_invented_words_are_normalised() -> None:
    world = small()
    assert world.invented("bag")
    assert not world.invented("owl")
    share = math.exp(world.log_prob("the bag eats")) + math.exp(world.log_prob("the dag eats"))
    assert share == pytest.approx(0.25 * (2 / 3) * 0.1 * 0.25)


def test_two_derivations_of_a_text_add_up() -> None:
    world = small(text="1 {the S=hero} {eat.pres S}.")
    single = world.log_prob("the owl eats")
    double = small(text="1 {the S=hero} {eat.pres S}.\n1 the owl eats.").log_prob("the owl eats")
    assert math.exp(double) == pytest.approx(0.5 * math.exp(single) + 0.5 * 0.25)


def test_a_bounded_rule_stops_in_time() -> None:
    long = " ".join(["now"] * 30)
    world = small(text="1 {@more} [1|9 {@more!} [1|9 {@more!}]]", more=f"1 {long}.")
    rng = random.Random(0)
    assert {world.sample(rng).n_words for _ in range(200)} <= {30, 31, 61, 62}


@pytest.mark.parametrize(
    ("rules", "complaint"),
    [
        ({"text": "1 {@nowhere}."}, "no rule"),
        ({"text": "1 {@text}."}, "calls itself"),
        ({"text": "1 {the S=nobody}."}, "no pool"),
        ({"text": "1 {run.pres 3s}."}, "called 'run'"),
        ({"text": "1 [a|b"}, "not closed"),
        ({"text": "1 " + "now " * 64}, "limit"),
        ({"text": "heavy now."}, "rule text"),
    ],
)
def test_wrong_data_is_named(rules: dict[str, str], complaint: str) -> None:
    with pytest.raises(WorldError, match=complaint):
        small(**rules)


def test_there_is_no_such_language() -> None:
    with pytest.raises(EngineError, match="unknown_language"):
        World.load("xx")


def test_templates_are_read() -> None:
    (line,) = read_rule("r", "2.5 ?S:pet|wild ?S:!p {the O=eat S}, [muy|3 poco|] {@x! S=C}.")
    assert line.weight == 2.5
    assert line.guards == (
        ("S", frozenset({"pet", "wild"}), True),
        ("S", frozenset({"p"}), False),
    )
    slot, comma, group, call, stop = line.parts
    assert slot == Slot("the", "O", "eat", False, "S")
    assert (comma, stop) == (",", ".")
    assert isinstance(group, Group)
    assert [inner.weight for inner in group.lines] == [1, 3, 1]
    assert call == Call("x", (("S", "C"),), True)


def test_endings_stems_and_exceptions() -> None:
    endings = {"ir": {"pres3s": "{strong}e", "inf": "{stem}ir"}, "": {"inf": "{stem}"}}
    entry = Entry("dormir", (), {"strong": "duerm"}, 1.0)
    assert inflect(entry, endings) == {"pres3s": "duerme", "inf": "dormir"}
    assert inflect(Entry("vivir", (), {"pres3s": "X"}, 1.0), endings)["pres3s"] == "X"


@pytest.mark.parametrize("capitals", [True, False])
@pytest.mark.parametrize("stop", [True, False])
def test_spelling_reads_what_it_writes(capitals: bool, stop: bool) -> None:
    spelling = Spelling({"join": {"de el": "del"}}, frozenset({"Ana"}))
    words = ("¿", "dónde", "está", "Ana", "?", "Ana", "huye", "de", "el", "lobo", ".")
    text = spelling.write(words, capitals, stop).text
    assert text == ("¿Dónde" if capitals else "¿dónde") + " está Ana? Ana huye del lobo" + (
        "." if stop else ""
    )
    assert spelling.read(text, capitals, stop) == words


def test_a_table_draws_by_its_weights() -> None:
    table = Table([("a", 1.0), ("b", 2.0), ("a", 1.0), ("c", 0.0)])
    assert table.items == ("a", "b")
    rng = random.Random(0)
    drawn = [table.items[table.draw(rng.random)] for _ in range(4000)]
    assert 0.45 < drawn.count("a") / 4000 < 0.55
    assert table.draw(lambda: math.nextafter(1.0, 0.0)) == 1
