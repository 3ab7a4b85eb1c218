"""The sentence to start with, and what becomes of it when another model is chosen."""

from __future__ import annotations

from lessons.languages import models_of, of_model
from tui.messages import words


def usual_model(lang: str) -> str:
    """The shipped model that reads where no other was chosen: the small one of the language."""
    return f"mini-{models_of(lang)}"


def learned(model_name: str) -> str | None:
    """The language that a model has learned, where its name tells it."""
    return of_model(model_name)


def example(model_name: str, lang: str) -> str:
    """A sentence to start with: in the language of the model, else in that of the interface."""
    return words("app", learned(model_name) or lang)("app.example")


def carried_over(text: str, before: str, after: str, lang: str) -> tuple[str, str]:
    """The sentence for the model named `after`, and what is to be said to the person, if anything.

    Who has typed nothing yet gets the example of the new language; a sentence of one's own stays,
    though the model has learned another language than the one before.
    """
    old, new = learned(before) or lang, learned(after)
    if new is None or new == old:
        return text, ""
    if text == example(before, lang):
        return example(after, lang), ""
    said = words("app", lang)
    return text, said(f"notice.learned_{new}") if text.strip() else ""
