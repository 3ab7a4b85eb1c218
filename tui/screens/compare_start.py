"""With which second sentence a comparison begins: one that already shows something. Pure."""

from __future__ import annotations

import re

from engine.experiment import Experiment
from tui.examples import example, learned
from tui.messages import words

_WORD = re.compile(r"\w+")


def second_of(first: Experiment, lang: str) -> Experiment:
    """The run to begin with beside `first`.

    Of a run with changes, the same without them. Else another sentence on the same model: the
    twin of the example, whose end is another; or the same words in another order; or an example.
    """
    if first.forced:
        return first.with_forced(())
    return Experiment(first.model, counterpart(first.text, first.model.name, lang))


def counterpart(text: str, model: str, lang: str) -> str:
    """A sentence that differs from `text` in one thing, in the language of the model."""
    said = words("compare", learned(model) or lang)
    if text.strip() == example(model, lang):
        return said("start.twin")
    other = swapped(text, frozenset(said("start.small").split()))
    if other is not None:
        return other
    examples = said("start.example"), said("start.example_other")
    return examples[text.strip() == examples[0]]


def swapped(text: str, small: frozenset[str]) -> str | None:
    """The text with its first and its last word of content in each other's place.

    small: words that only hold a sentence together. None where that gives no other text.
    """
    content = [match for match in _WORD.finditer(text) if match[0].lower() not in small]
    if len(content) < 2:
        return None
    one, two = content[0], content[-1]
    between = text[one.end() : two.start()]
    other = (
        f"{text[: one.start()]}{_in_case(two[0], one[0])}{between}"
        f"{_in_case(one[0], two[0])}{text[two.end() :]}"
    )
    return other if other != text else None


def _in_case(word: str, like: str) -> str:
    """The word with a capital where the word that it replaces has one, and without where not."""
    first = word[0].upper() if like[0].isupper() else word[0].lower()
    return first + word[1:]
