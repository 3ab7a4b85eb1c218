"""Which words are read in several pieces: agrees with the pieces, whatever is typed."""

import pytest

from lessons.labels import visible
from lessons.spelling import spelled_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("el gato come el pez", ()),
        ("el zorro come", ("zorro",)),
        ("El gato", ("El",)),  # a capital letter makes another word
        ("zorro, zorro come perro.", ("zorro", "perro")),
        ("el gato ...", ()),
        ("el 2024", ("2024",)),
        ("", ()),
        ("   ", ()),
        ("🐱 el", ()),
    ],
)
def test_each_word_once_in_order(make, text, words):
    assert spelled_words(make(text=text)) == words


def test_a_word_is_spelled_where_it_has_several_pieces(run):
    spelled = spelled_words(run)
    assert len(set(spelled)) == len(spelled)
    tokenizer = run.model.tokenizer
    whole = {visible(tokenizer.piece(piece.id)) for piece in run.pieces}
    for word in spelled:
        assert len(tokenizer.encode(word)) > 1
        assert word not in whole or word in run.normal_text


def test_what_is_not_read_is_not_told(make):
    assert spelled_words(make(text="el gato " * 40 + "zorro")) == ()
