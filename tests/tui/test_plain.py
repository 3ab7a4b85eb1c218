"""The dialogue: every card and station is told in words, and every line gets one clear answer."""

import re
from collections.abc import Iterator

import pytest

from lessons.course import Card, course
from lessons.figures.registry import figures
from lessons.stages import stages, with_parts
from tests.tui.lesson_helper import ODD, TEXTS, mini
from tests.tui.plain_helper import UNSPEAKABLE, said, talk
from tui.messages import LANGUAGES, words
from tui.plain.dialogue import SCREEN
from tui.plain.told import told
from tui.plain.verbs import VERBS, phrases, read

ANSWERS = {"pick": "1", "point": "2", "number": "0.5", "word": "dog", "open": "one tells another"}


def through_course(lang: str) -> Iterator[tuple[str, Card | None]]:
    """What is typed to see every card, its answer and its table; and which card is said then."""
    for lesson in course(lang).lessons:
        for card in lesson.cards:
            yield ("n" if card is not lesson.cards[0] else f"l {lesson.id}"), card
            if card.guess is not None:
                yield ANSWERS[card.guess.kind], None
            for n in range(1, len(card.doubts) + 1):
                yield f"d {n}", None
            if card.figure or card.stage:
                yield "t", None


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_card_is_told_in_words(lang: str) -> None:
    script = list(through_course(lang))
    replies = talk([line for line, _ in script], lang=lang, text=TEXTS[lang])[1:]
    assert len(replies) == len(script)
    trouble = words("plain", lang)
    refused = {trouble(f"trouble.{key}") for key in ("not_here", "nothing_asked", "answer_first")}
    for (line, card), reply in zip(script, replies, strict=True):
        assert not UNSPEAKABLE.search(reply), (line, reply)
        assert 0 < reply.count("\n") <= SCREEN, (line, reply)
        assert reply.endswith(f"\n{trouble('room.lesson')}> "), reply
        assert said(reply) not in refused, line
        if card is not None:
            assert " ".join(card.title.split()) in said(reply), line


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("inside", [False, True])
def test_every_station_is_told_in_words(lang: str, inside: bool) -> None:
    config = mini(lang).config
    line = list(with_parts(stages(config))) if inside else list(stages(config))
    opening = ["stage z", "inside", "stage 1"] if inside else ["stage 1"]
    if inside:
        opening[0] = next(f"stage {stage.id}" for stage in stages(config) if stage.parts)
    steps = [text for _ in line for text in ("t", "")]
    replies = talk([*opening, *steps], lang=lang, text=TEXTS[lang])[len(opening) :]
    for n, reply in enumerate(replies[: len(steps) : 2], 1):
        assert f" {n} " in reply, reply
        assert f" {len(line)}:" in reply
    for reply in replies:
        assert not UNSPEAKABLE.search(reply)
        assert 0 < reply.count("\n") <= SCREEN
    assert said(replies[-1]) == words("plain", lang)("walk.last")


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_odd_sentences_are_told_too(text: str) -> None:
    script = ["", *["n"] * 45, "l softmax", "l embeddings", "n", "n", "x", "b", "walk"]
    for reply in talk(script, lang="es", text=text):
        assert not UNSPEAKABLE.search(reply)
        assert reply.count("\n") <= SCREEN + 4


def test_no_words_mean_two_things() -> None:
    assert set(phrases().values()) == {*VERBS}
    for lang in LANGUAGES:
        for verb in VERBS:
            for phrase in told(lang)(f"verb.{verb}").split(","):
                assert read(phrase.strip().upper())[0] == verb
    assert read("s  the  cat ") == ("sentence", "the  cat")
    assert read("¿por qué 3 2?") == ("why", "3 2?")
    assert read("") == ("enter", "")
    assert read("cat") == ("", "cat")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_help_names_only_what_there_is(lang: str) -> None:
    for room in ("lesson", "walk", "quiz", "why", "all", "more"):
        text = told(lang)(f"help.{room}")
        assert 1 < len(text.strip().splitlines()) <= 6
        named = re.findall(r"(?:^|\. )([^.:A-Z]+?)(?: [A-ZÑ]+| [\d .]+)?:", text, re.MULTILINE)
        assert named
        for phrase in named:
            assert read(phrase)[0], phrase


def test_both_languages_say_the_same() -> None:
    es, en = (told(lang).sentences for lang in LANGUAGES)
    assert es.keys() == en.keys()


TYPED = """
xyzzy
compare
depends 3
save
save .
save /
share 2
training 0
99
0
w
w 0 0
w 99 99
w 1
w a b c
w logits[999,0]
w nothing[0]
set
set 1
set 1 1 x
set nothing=1
set logits[0,0]=nan
set 99 99 1
row
row 99
row x
stage nowhere
stage 999
block 9
head 9
word elephant
model no
moment 999
moment x
what if 99
what if x
add 99
add x
lesson nowhere
lesson 999
g xyzzy
lang fr
answer 99
hint
skip
tick 1
d
v 1 2
t
q and more
n x
[b]x[/b]
%s {0} {x}
undo
redo
"""
GARBAGE = [*TYPED.strip().splitlines(), "\x00\x1b[2J\x07", "\u202eabc", "🏳️‍🌈", "a" * 5000]


@pytest.mark.parametrize("place", ["walk", "lesson"])
def test_garbage_gets_one_clear_sentence_each(place: str) -> None:
    opening = ["walk", "stage 1"] if place == "walk" else ["lesson 14", "n"]
    replies = talk([*opening, *GARBAGE], lang="en", text=TEXTS["en"])[len(opening) + 1 :]
    for line, reply in zip(GARBAGE, replies, strict=True):
        told = said(reply)
        assert told, line
        assert not UNSPEAKABLE.search(reply), line
        assert reply.count("\n") <= 5 or line == "t", (line, reply)
        assert reply.endswith("> ")


def test_numbers_open_and_are_set_and_set_back() -> None:
    script = ["stage pattern", "w 3 2", "1", "b", "b", "w 3 2", "set 0.5", "b", "u", "u", "redo"]
    script += ["set mask=0", "what if 0"]
    replies = [said(reply) for reply in talk(script, lang="en", text=TEXTS["en"])][1:]
    table, opened, operand, back, left, again, forced, moved, undone, nothing = replies[:10]
    value = opened.split("] = ")[1].split(". ")[0]
    assert opened.startswith("pattern[1, cat, The] = ")
    assert f", The {float(value):.2f}" in table
    assert "attn_scores_masked" in operand.split("Address")[0]
    assert back == opened == again
    assert left.startswith("Stage ")
    assert "blocks.0.attn.pattern[2,1]" not in left
    assert "Set by hand: blocks.0.attn.pattern[0,2,1]=0.5" in forced
    assert "expects" in forced
    assert moved.startswith("Stage ")
    assert "Nothing is set by hand" in undone
    assert nothing == words("whatif", "en")("whatif.none_to_undo")
    assert "=0.5" in replies[10]
    assert "No mask" in replies[11]
    assert "Nothing is set by hand" in replies[12]


def test_another_sentence_model_moment_and_language() -> None:
    script = ["s el perro come", "", "add", "moment 1", "moment", "model paper-es"]
    replies = [said(reply) for reply in talk(script, lang="es", text="el gato")]
    assert "«el perro come»" in replies[1]
    assert len(replies[3].split("»")[0]) > len("Frase: «el perro come")
    assert "tras 0 pasos" in replies[4]
    assert "Estás en el 1" in replies[5]
    assert "El modelo paper-es espera" in replies[6]
    english = talk(["lang", "?"], lang="es", text="el gato")
    assert said(english[1]).startswith("Stage 1 ")
    assert "next stage" in english[2]


def test_what_is_turned_changes_the_picture() -> None:
    replies = talk(["1", "v 1 8", "v 9 9", "v 1 x", "doubts", "b"], lang="en", lesson="softmax")
    assert "8.00" in replies[2]
    assert said(replies[3]).startswith("Type v")
    assert replies[4].count("\n") == 1
    knobs = sum(len(one.knobs) for one in figures().values())
    assert knobs > 50  # or this would be about nothing


def test_long_lists_are_read_in_parts_and_rows_in_full() -> None:
    replies = talk(["c", "m", "m", "g", "stage mlp_in", "row 2"], lang="en", text=TEXTS["en"])
    assert "m goes on" in replies[1]
    assert "25. " in replies[2]
    assert said(replies[3]) == words("plain", "en")("more.none")
    assert replies[6].count(",") == mini("en").config.d_mlp - 1 or "times" in replies[6]
