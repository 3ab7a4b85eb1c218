import json
import pickle
import string
import sys
import time
import unicodedata
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engine.bpe import ALPHABET
from engine.errors import EngineError
from engine.tokenizer import START, Tokenizer
from engine.words import OPENING, normalise, split

STEMS = "habl cant llor salt mir busc tom dej llev cuid pint dibuj lav cort compr grit bail viaj"
ENDINGS = "o as a amos áis an é aste ó aron aba abas ábamos aban ar ando ado ada ados adas ará arán"
NOUNS = "gato niño ratón árbol pingüino corazón luz lápiz reina montaña perro camino jardín puente"
VERBS = [stem + ending for stem in STEMS.split() for ending in ENDINGS.split()]
WORDS = [*VERBS, *NOUNS.split(), "el", "El", "la", "La", "y", "está", "dónde", "Dónde", "qué", "10"]
CLOSING = [".", ",", "?", "!", ":", ";", ")", "]", "}", "»", "”", "’"]
TOKENIZER = Tokenizer.train({"el": 50, "la": 40}, whole=[*WORDS, *CLOSING, *OPENING])

TROUBLE = [
    "",
    " ",
    "  \n\t ",
    "¿",
    "¿ ",
    "((",
    " ¿ ¡«",
    "¿Dónde está el gato?",
    "el gato\nla luz\r\n",
    "👩‍👩‍👧‍👦 🏳️‍🌈 🇪🇸",
    "مرحبا שלום नमस्ते 안녕",
    "\x00\x1f\x7f\u200f\ufeff\u2028",
    "\u0301a",
    "(\u0301",
    "el nin\u0303o y la corazo\u0301n",
    "\ud83d",
    "\ude00 \ud83d",
    START,
    "el" + START + "la",
    "a_b__c ²½ 3.14 Ġ",
]

# Plain text() seldom puts two marks, a mark and a space, or a letter and a loose accent together.
texts = st.one_of(
    st.text(st.characters()),  # surrogates included
    st.text(st.sampled_from(OPENING + " \n\t_.?»aáñ\u0301\u200d🙂9\ud800")),
    st.lists(st.sampled_from([*WORDS, *CLOSING, *OPENING, " ", "\n", START])).map("".join),
)


def with_trouble(test: Callable[..., None]) -> Callable[..., None]:
    for text in TROUBLE:
        test = example(text)(test)
    return given(texts)(test)


@with_trouble
def test_no_text_is_lost(text: str) -> None:
    assert TOKENIZER.decode(TOKENIZER.encode(text)) == normalise(text)


@with_trouble
def test_no_text_is_lost_without_any_merge(text: str) -> None:
    bare = Tokenizer.train({})
    assert bare.decode(bare.encode(text)) == normalise(text)


@with_trouble
def test_typed_text_never_gives_the_start_token(text: str) -> None:
    assert TOKENIZER.start_id not in TOKENIZER.encode(text)


@with_trouble
def test_offsets_tile_the_text(text: str) -> None:
    whole, pieces = normalise(text), TOKENIZER.pieces(text)
    assert [id for id, _, _ in pieces] == TOKENIZER.encode(text)
    assert "".join(whole[start:end] for _, start, end in pieces) == whole
    reached = 0
    for _, start, end in pieces:
        assert reached == start <= end
        reached = end
    assert reached == len(whole)


@with_trouble
def test_a_cut_after_any_piece_keeps_what_its_tokens_say(text: str) -> None:
    pieces, kept = TOKENIZER.pieces(text), []
    for id, _, end in pieces:
        kept.append(id)
        # Bytes of a character that the cut broke come out as U+FFFD after the whole ones.
        assert TOKENIZER.decode(kept).startswith(normalise(text)[:end])


@with_trouble
def test_replay_leads_from_bytes_to_encode(text: str) -> None:
    steps = TOKENIZER.replay(text)
    assert len(steps[0].ids) == len("".join(split(text)).encode())
    assert steps[0].pair is None
    assert steps[0].rank is None
    assert list(steps[-1].ids) == TOKENIZER.encode(text)
    for before, after in pairwise(steps):
        assert after.pair is not None
        assert after.rank is not None
        assert len(after.ids) < len(before.ids)
        assert after.pieces == tuple(TOKENIZER.piece(id) for id in after.ids)
        left, right = TOKENIZER.merges[after.rank]
        assert TOKENIZER.vocab[left + right] in after.ids
        assert set(after.pair) <= set(before.pieces)


def test_replay_of_one_word_applies_merges_in_the_order_of_learning() -> None:
    steps = TOKENIZER.replay("gato")
    assert steps[0].pieces == (" ", "g", "a", "t", "o")
    assert steps[-1].pieces == (" gato",)
    ranks = [step.rank for step in steps if step.rank is not None]
    assert ranks == sorted(ranks)


@given(
    st.sampled_from(WORDS),
    st.sampled_from(["", "la ", "la luz, ", "10 "]),
    st.text(st.sampled_from(OPENING), max_size=3),
    st.text(st.sampled_from(CLOSING), max_size=3),
    st.sampled_from(["", " ", " la luz", "\n"]),
)
def test_a_whole_word_is_the_same_token_wherever_it_stands(
    word: str, before: str, opening: str, closing: str, after: str
) -> None:
    ids = TOKENIZER.encode(before + opening + word + closing + after)
    [alone] = TOKENIZER.encode(word)
    assert TOKENIZER.piece(alone) == " " + word
    assert alone in ids
    marks = {TOKENIZER.vocab[TOKENIZER.tokens[id]] for id in ids if id >= 256} - {alone}
    assert {TOKENIZER.piece(id).strip() for id in marks} <= {*WORDS, *CLOSING, *OPENING}


def test_a_question_is_cut_at_its_words() -> None:
    ids = TOKENIZER.encode("¿Dónde está (el gato)?")
    pieces = [TOKENIZER.piece(id) for id in ids]
    assert pieces == [" ¿", " Dónde", " está", " (", " el", " gato", ")", "?"]
    spans = [(start, end) for _, start, end in TOKENIZER.pieces("¿Dónde está (el gato)?")]
    assert spans == [(0, 1), (1, 6), (6, 11), (11, 13), (13, 15), (15, 20), (20, 21), (21, 22)]


def test_an_accent_typed_apart_gives_the_same_ids() -> None:
    for word in WORDS:
        assert TOKENIZER.encode(unicodedata.normalize("NFD", word)) == TOKENIZER.encode(word)


def test_a_loose_accent_stays_with_its_letters() -> None:
    assert split("la x\u0301q\u0302 z") == [" la", " x\u0301q\u0302", " z"]


def test_the_start_token_is_last_and_silent() -> None:
    assert TOKENIZER.start_id == len(TOKENIZER) - 1
    assert TOKENIZER.piece(TOKENIZER.start_id) == START
    start = TOKENIZER.start_id
    assert TOKENIZER.decode([start, *TOKENIZER.encode("el gato"), start]) == "el gato"


def test_a_cut_character_is_shown_as_bytes_and_decoded_as_a_replacement() -> None:
    ids = TOKENIZER.encode("🙂")
    shown = [TOKENIZER.piece(id) for id in ids]
    assert shown == [" ", "<0xF0>", "<0x9F>", "<0x99>", "<0x82>"]
    assert TOKENIZER.decode(ids[:-1]) == "\ufffd"
    assert [span[1:] for span in TOKENIZER.pieces("🙂")] == [(0, 0)] * 4 + [(0, 1)]


@pytest.mark.parametrize("id", [-1, len(TOKENIZER)])
def test_an_id_outside_the_vocabulary_is_refused(id: int) -> None:
    for refuse in (TOKENIZER.piece, lambda id: TOKENIZER.decode([id])):
        with pytest.raises(EngineError) as caught:
            refuse(id)
        assert caught.value.code == "unknown_id"
        assert caught.value.params == {"id": id, "size": len(TOKENIZER)}


def test_a_copy_is_equal_and_works() -> None:
    TOKENIZER.encode("el gato")
    copy = pickle.loads(pickle.dumps(TOKENIZER))
    assert copy == TOKENIZER
    assert copy.encode("el gato") == TOKENIZER.encode("el gato")


# --- Training ------------------------------------------------------------------------------------


def test_the_most_frequent_pair_is_merged_first() -> None:
    learned = Tokenizer.train({"aba": 1, "cd": 5, "xcd": 1}, max_merges=1)
    assert learned.merges == (("c", "d"),)


def test_equal_pairs_are_merged_in_alphabetical_order() -> None:
    learned = Tokenizer.train({"ba": 1, "ca": 1}, max_merges=3)
    assert learned.merges == (("b", "a"), ("c", "a"), ("Ġ", "ba"))


@given(st.dictionaries(st.text("aábc", min_size=1, max_size=8), st.integers(1, 9), max_size=12))
def test_training_does_not_hang_on_the_order_of_the_words(counts: dict[str, int]) -> None:
    learned = Tokenizer.train(counts, counts)
    assert Tokenizer.train(dict(reversed(counts.items())), reversed(counts)) == learned
    for word in counts:
        assert len(learned.encode(word)) == 1


@given(st.dictionaries(st.text("aáb", min_size=1, max_size=8), st.integers(1, 9), max_size=9))
def test_each_merge_joins_the_pair_that_is_most_frequent_at_that_moment(
    counts: dict[str, int],
) -> None:
    """The incremental totals against the definition: encode all with what is known, and count."""
    learned = Tokenizer.train(counts, max_merges=12)
    for rank, pair in enumerate(learned.merges):
        made = dict.fromkeys(left + right for left, right in learned.merges[:rank])
        known = Tokenizer((*sorted(ALPHABET), *made, START), learned.merges[:rank])
        totals: dict[tuple[str, str], int] = {}
        for word, count in counts.items():
            symbols = [known.tokens[id] for id in known.encode(word)]
            for neighbours in pairwise(symbols):
                totals[neighbours] = totals.get(neighbours, 0) + count
        assert pair == min(totals, key=lambda found: (-totals[found], found))


def test_whole_words_come_before_more_merges() -> None:
    counts = {"gato": 1, "zumbido": 900}
    only_whole = Tokenizer.train(counts, whole=["gato"])
    assert len(only_whole.encode("gato")) == 1
    assert len(only_whole.encode("zumbido")) == len(" zumbido")
    both = Tokenizer.train(counts, whole=["gato"], max_merges=len(only_whole.merges) + 2)
    assert both.merges[:-2] == only_whole.merges
    assert len(both.encode("zumbido")) == len(" zumbido") - 2


def test_no_token_on_the_way_to_a_whole_word_cuts_a_letter() -> None:
    learned = Tokenizer.train({}, whole=["año", "caño", "niño", "pingüino", "¿", "está"])
    halves = [learned.piece(id) for id in range(256, len(learned)) if "<0x" in learned.piece(id)]
    assert halves == []


def test_a_corpus_of_plain_words_may_carry_its_punctuation() -> None:
    learned = Tokenizer.train({"¿gato?": 3, "gato,": 2, "¡gato": 1}, max_merges=99)
    assert [learned.piece(id) for id in learned.encode("¿gato?")] == [" ¿", " gato", "?"]


def test_few_tokens_are_spent_on_the_way_to_whole_words() -> None:
    words = {*WORDS}
    on_the_way = len(Tokenizer.train({}, whole=words)) - 257 - len(words)
    assert on_the_way < 0.4 * len(words)


@pytest.mark.parametrize("word", ["", "dos palabras", "ex-reina", "gato?", "¿gato", START])
def test_what_is_not_one_word_cannot_be_one_token(word: str) -> None:
    with pytest.raises(EngineError) as caught:
        Tokenizer.train({}, whole=[word])
    assert caught.value.code == "not_one_word"
    assert caught.value.params == {"word": word}


def test_two_thousand_words_are_learned_in_a_moment() -> None:
    letters = string.ascii_lowercase
    words = [VERBS[n % len(VERBS)] + letters[n % 7] * (n // len(VERBS)) for n in range(2000)]
    begin = time.perf_counter()
    Tokenizer.train({}, whole=words)
    assert time.perf_counter() - begin < 4  # 0.3 s on an idle machine


# --- Files ---------------------------------------------------------------------------------------


def test_a_folder_gives_back_what_was_saved(tmp_path: Path) -> None:
    TOKENIZER.save(tmp_path / "new" / "model")
    assert Tokenizer.load(tmp_path / "new" / "model") == TOKENIZER


def test_the_files_are_written_as_gpt2_writes_them(tmp_path: Path) -> None:
    Tokenizer.train({}, whole=["ñu"]).save(tmp_path)
    merges = (tmp_path / "merges.txt").read_bytes().decode()
    assert merges == "#version: 0.2\nÃ ±\nÃ± u\nĠ Ã±u\n"
    vocab = json.loads((tmp_path / "vocab.json").read_bytes())
    # These four ids are those of GPT-2's own vocabulary.
    assert (vocab["!"], vocab["a"], vocab["Ġ"], vocab["Ń"]) == (0, 64, 220, 255)
    assert vocab[START] == len(vocab) - 1 == 259


def test_files_with_windows_line_ends_are_read(tmp_path: Path) -> None:
    TOKENIZER.save(tmp_path)
    path = tmp_path / "merges.txt"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert Tokenizer.load(tmp_path) == TOKENIZER


GOOD_VOCAB: dict[str, Any] = Tokenizer.train({}, whole=["gato"]).vocab
TOO_DEEP = "[" * (sys.getrecursionlimit() * 100)


def renumbered(tokens: list[str]) -> str:
    return json.dumps({token: id for id, token in enumerate(tokens)})


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("vocab.json", None, "missing_file"),
        ("merges.txt", None, "missing_file"),
        ("vocab.json", b"\xff\xfe", "unreadable_file"),
        ("merges.txt", b"\xff\xfe", "unreadable_file"),
        ("vocab.json", "", "bad_vocab"),
        ("vocab.json", '{"a": ', "bad_vocab"),
        ("vocab.json", TOO_DEEP, "bad_vocab"),
        ("vocab.json", '{"a": 1' + "0" * 5000 + "}", "bad_vocab"),
        ("vocab.json", '["a"]', "bad_vocab"),
        ("vocab.json", '{"a": false, "b": true}', "bad_vocab"),
        ("vocab.json", '{"a": "0"}', "bad_vocab"),
        ("vocab.json", '{"a": 0, "b": 2}', "bad_vocab"),
        ("vocab.json", '{"a": 0, "b": 0}', "bad_vocab"),
        ("vocab.json", '{"a": -1, "b": 0}', "bad_vocab"),
        ("vocab.json", "{}", "no_start_token"),
        ("vocab.json", renumbered([t for t in GOOD_VOCAB if t != START]), "no_start_token"),
        ("vocab.json", renumbered([START, *(t for t in GOOD_VOCAB if t != START)]), "no_start"),
        ("vocab.json", renumbered(["un gato", *GOOD_VOCAB]), "bad_token"),
        ("vocab.json", renumbered(["", *GOOD_VOCAB]), "bad_token"),
        ("vocab.json", renumbered([t for t in GOOD_VOCAB if t != "z"]), "missing_byte"),
        ("vocab.json", renumbered([t for t in GOOD_VOCAB if t != "Ġgato"]), "unknown_token"),
        ("merges.txt", "", "bad_merge"),
        ("merges.txt", "#version: 0.2\ngato\n", "bad_merge"),
        ("merges.txt", "#version: 0.2\ng a t\n", "bad_merge"),
        ("merges.txt", "#version: 0.2\n g\n", "bad_merge"),
        ("merges.txt", "#version: 0.2\n\n", "bad_merge"),
        ("merges.txt", "#version: 0.2\nx y\n", "unknown_token"),
        ("merges.txt", "#version: 0.2\n<|endoftext |>\n", "unknown_token"),
    ],
)
def test_files_that_cannot_be_trusted_are_refused(
    tmp_path: Path, name: str, content: str | bytes | None, code: str
) -> None:
    Tokenizer.train({}, whole=["gato"]).save(tmp_path)
    path = tmp_path / name
    if content is None:
        path.unlink()
    else:
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(EngineError) as caught:
        Tokenizer.load(tmp_path)
    assert caught.value.code.startswith(code)


@given(st.binary(max_size=60), st.sampled_from(["vocab.json", "merges.txt"]))
def test_garbage_never_raises_anything_else(
    tmp_path_factory: pytest.TempPathFactory, garbage: bytes, name: str
) -> None:
    folder = tmp_path_factory.mktemp("garbage")
    Tokenizer.train({}).save(folder)
    (folder / name).write_bytes(garbage)
    with pytest.raises(EngineError):
        Tokenizer.load(folder)


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "vocab.json").mkdir()
    with pytest.raises(EngineError) as caught:
        Tokenizer.load(tmp_path)
    assert caught.value.code == "unreadable_file"
