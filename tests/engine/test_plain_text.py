"""A person's own files, read line by line, and the tokenizer learned from them."""

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine import plain_text
from engine.errors import EngineError
from engine.plain_text import MOST_BYTES, learn_tokenizer, read_lines
from engine.words import normalise

SENTENCES = [
    "El niño está en el jardín.",
    "¿Dónde está el gato?",
    "La reina busca al pingüino: ¡corre!",
    "El ornitorrinco come camarones.",
]

no_new_folder = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def written(folder: Path, content: bytes | str, name: str = "text.txt") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def trouble(paths: list[Path]) -> EngineError:
    with pytest.raises(EngineError) as caught:
        list(read_lines(paths))
    return caught.value


# --- Lines ---------------------------------------------------------------------------------------


@no_new_folder
@given(
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
    | st.text(st.sampled_from("ab \t\r\n\u0301\u2028")),
    st.booleans(),
)
def test_every_line_is_read_and_nothing_else(tmp_path, text, with_mark):
    content = text.removeprefix("\ufeff")
    path = written(tmp_path, "\ufeff" * with_mark + content)
    found = [normalise(line).strip() for line in re.split("\r\n|\r|\n", content)]
    assert list(read_lines([path])) == [line for line in found if line]


def test_files_follow_each_other_and_may_come_twice(tmp_path):
    one, two = written(tmp_path, "el gato", "1"), written(tmp_path, "\nla luz\r\n", "2")
    assert list(read_lines([one, two, one])) == ["el gato", "la luz", "el gato"]


@no_new_folder
@given(st.lists(st.text(st.sampled_from("abñ"), min_size=1, max_size=8), max_size=30))
def test_a_giant_line_comes_in_pieces_of_whole_words(tmp_path, words):
    path = written(tmp_path, " ".join(words) + "\nend")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plain_text, "_LONGEST_LINE", 10)
        pieces = list(read_lines([path]))
    assert all(len(piece) < 20 for piece in pieces)
    assert " ".join(pieces).split() == [*words, "end"]


def test_a_giant_word_is_cut(tmp_path):
    path = written(tmp_path, "x" * 200_000 + "\nla luz")
    *pieces, last = read_lines([path])
    assert "".join(pieces) == "x" * 200_000
    assert len(pieces) > 1
    assert last == "la luz"


@pytest.mark.parametrize(
    ("content", "code", "line"),
    [
        (b"el gato\nla \xff luz\n", "not_utf8", 2),
        ("el niño".encode("latin-1"), "not_utf8", 1),
        ("el gato".encode("utf-16"), "binary_file", 1),
        (b"a\r\rb\xed\xa0\x80", "not_utf8", 3),  # a lone surrogate
        (b"el gato\r\nla luz\r\nel\0 oso", "binary_file", 3),
        ("el gato".encode("utf-16-le"), "binary_file", 1),
        (b"a\n" * 9000 + b"\xc3", "not_utf8", 9001),
        (b"x" * 150_000 + b"\n\0", "binary_file", 2),
    ],
)
def test_what_is_no_text_is_refused_with_its_line(tmp_path, content, code, line):
    path = written(tmp_path, content)
    error = trouble([path])
    assert error.code == code
    assert error.params == {"path": path, "line": line}


def test_what_is_no_file_is_refused_before_anything_is_read(tmp_path):
    good = written(tmp_path, "el gato")
    for path, code in (
        (tmp_path, "folder_given"),
        (tmp_path / "none.txt", "missing_file"),
        (good / "none.txt", "missing_file"),
        (Path("/dev/null"), "unreadable_file"),
        (tmp_path / "a\0b", "unreadable_file"),
    ):
        with pytest.raises(EngineError) as caught:
            read_lines([good, path])
        assert caught.value.code == code
        assert caught.value.params == {"path": path}


def test_more_than_the_most_is_refused(tmp_path):
    path = tmp_path / "large.txt"
    with path.open("wb") as file:
        file.truncate(MOST_BYTES // 2 + 1)  # takes no room on the disk
    error = trouble([path, path])
    assert error.code == "too_much_text"
    assert error.params == {"size": MOST_BYTES + 2, "most": MOST_BYTES}


# --- Tokenizer -----------------------------------------------------------------------------------


def test_in_a_small_text_each_word_is_one_token():
    tokenizer = learn_tokenizer(SENTENCES)
    pieces = [tokenizer.piece(id) for id in tokenizer.encode(SENTENCES[2])]
    assert pieces == [" La", " reina", " busca", " al", " pingüino", ":", " ¡", " corre", "!"]
    assert [
        tokenizer.piece(i) for i in range(256, len(tokenizer)) if "<0x" in tokenizer.piece(i)
    ] == []


@given(st.lists(st.text(max_size=30), max_size=8), st.integers(0, 300))
def test_the_vocabulary_keeps_its_limit(lines, most):
    tokenizer = learn_tokenizer(lines, most)
    assert 257 <= len(tokenizer) <= max(most, 257)
    for line in lines:
        assert tokenizer.decode(tokenizer.encode(line)) == normalise(line)
    assert learn_tokenizer(reversed(lines), most) == tokenizer


def test_with_little_room_frequent_words_are_whole_and_rare_ones_in_pieces():
    lines = ["la luna sale"] * 50 + SENTENCES
    tokenizer = learn_tokenizer(lines, 280)
    assert len(tokenizer) == 280
    assert len(tokenizer.encode("la luna sale")) == 3
    assert len(tokenizer.encode("ornitorrinco")) > 1


def test_so_many_different_words_that_the_rare_ones_are_forgotten(monkeypatch):
    monkeypatch.setattr(plain_text, "_MOST_COUNTED", 20)
    invented = ["".join(chr(97 + n // 26**k % 26) for k in range(3)) for n in range(400)]
    tokenizer = learn_tokenizer([f"{word} gato luna" for word in invented], 300)
    assert len(tokenizer.encode("gato luna")) == 2


def test_only_so_many_words_are_learned_from(monkeypatch):
    lines = ["luz sol mar"] * 3 + ["pez red uva"]
    monkeypatch.setattr(plain_text, "_MOST_LEARNED", 3)
    tokenizer = learn_tokenizer(lines)
    assert [len(tokenizer.encode(line)) for line in ("luz sol mar", "pez")] == [3, 4]
    monkeypatch.setattr(plain_text, "_MOST_BYTES_LEARNED", 8)
    tokenizer = learn_tokenizer(lines)
    assert [len(tokenizer.encode(word)) for word in ("luz", "mar", "sol")] == [1, 1, 4]


def test_what_is_too_long_for_a_word_teaches_nothing():
    assert len(learn_tokenizer(["x" * 65])) == 257
    assert len(learn_tokenizer(["x" * 63])) > 257
