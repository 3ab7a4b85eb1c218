"""From typed text to words: normalised, with the spaces that make a word the same everywhere."""

import re
import unicodedata

OPENING = "¿¡([{«“‘"  # marks that stand before a word with no space between

BLANK = "___"  # a word like any other, for models that are trained to tell what it stands for

SURROGATE = re.compile("[\ud800-\udfff]")
# A mark that ends the text gets no space: there is no word for it to serve, and a model that is
# asked to go on from it should see what it saw in training.
_OPENING = re.compile(f"[{re.escape(OPENING)}](?=.)", re.DOTALL)
_OPENING_AND_SPACE = re.compile(f"([{re.escape(OPENING)}]) ")

# GPT-2's pattern without the English contractions: letters, digits and other signs, each with at
# most one space before, then spaces. Each character fits one line, so nothing is ever lost.
_WORD = re.compile(
    r"""
      \ ?(?:[^\W\d_]+[\u0300-\u036f]*)+     # letters, with any accents that NFC left apart
    | \ ?\d+
    | \ ?(?:[^\s\w]|_)+
    | \s+(?!\S)                             # all spaces but the last, which the next word keeps
    | \s+
    """,
    re.VERBOSE,
)


def normalise(text: str) -> str:
    """The text in normal form C; a lone surrogate, which has no bytes, becomes U+FFFD.

    This is the text that `decode(encode(text))` returns and that offsets count in.
    """
    return unicodedata.normalize("NFC", SURROGATE.sub("\ufffd", text))


def split(text: str) -> list[str]:
    """The words of a text, with the spaces added: "(el gato)" gives " (", " el", " gato", ")"."""
    return _WORD.findall(add_spaces(normalise(text)))


def add_spaces(text: str) -> str:
    return " " + _OPENING.sub(r"\g<0> ", text) if text else ""


def remove_spaces(text: str) -> str:
    return _OPENING_AND_SPACE.sub(r"\1", text.removeprefix(" "))


def as_in_a_sentence(word: str) -> list[str]:
    """A word from a list, split as it would be in the middle of a sentence.

    Words and opening marks follow a space. Closing marks follow a word, so they have none, and a
    space that was typed is enough: " ¿" is "¿".
    """
    word = normalise(word)
    follows_space = word[:1].isalnum() or word[:1] in OPENING or word == BLANK
    return _WORD.findall(add_spaces(word)[0 if follows_space else 1 :])
