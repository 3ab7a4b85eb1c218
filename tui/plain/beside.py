"""Two runs side by side, in words: where they part, what each expects, how far apart they are."""

from __future__ import annotations

from engine.errors import EngineError
from engine.experiment import Experiment
from engine.store import load
from lessons.compare import Comparison
from tui.own_models import find_model
from tui.plain.changes import guesses
from tui.plain.session import Session, Texts
from tui.plain.trouble import PlainError
from tui.screens.compare_view import CompareView
from tui.screens.compare_words import alone, percent, where
from tui.screens.walk_state import Place


def compare(session: Session, rest: str) -> Texts:
    """The present run beside another one: of a sentence, of a model, or without the changes.

    Raises PlainError where nothing is said to compare with, EngineError.
    """
    first, said = session.run, session.words
    second = _other(first, rest)
    second.trace  # noqa: B018 (computed here, so that nothing fails half told)
    view = CompareView(Comparison(first, second), Place(), session.lang)
    told = [where(view)]
    for key, run in (("first", first), ("second", second)):
        text = session.prose.words.quoted.format(label=run.normal_text)
        expected = guesses(session, run)
        told.append(said(f"compare.{key}", text=text, model=run.model.name, guesses=expected))
    rows = []
    for n, stage in enumerate(view.line, 1):
        size = view.comparison.size(stage)
        if size:
            name = session.prose.stage(stage.key).name
            rows.append(said("compare.stage", n=n, name=name, size=percent(view, size)))
    return [*told, alone(view), *([said("compare.sizes")] if rows else []), *rows]


def _other(first: Experiment, rest: str) -> Experiment:
    if not rest:
        if not first.forced:
            raise PlainError("trouble.compare")
        return first.with_forced(())
    if len(rest.split()) == 1:
        try:
            return Experiment(load(find_model(rest)), first.text)
        except EngineError:
            pass  # a sentence of one word
    return Experiment(first.model, rest)
