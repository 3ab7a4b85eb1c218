"""What determines the run: the sentence, the model and its moment, and what is set by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from engine.errors import EngineError
from engine.experiment import Experiment
from engine.expr import Ref
from engine.parts import Part
from engine.store import Model, load, shipped
from engine.whatif import Force, parse_value
from lessons.moments import moment_of, moments, read_at
from lessons.whatifs import named, whatifs
from tui.examples import carried_over
from tui.messages import words
from tui.own_models import find_model, own_models
from tui.plain.session import Session, Texts
from tui.plain.trouble import PlainError
from tui.plain.verbs import integers
from tui.screens.walk_unknown import unknown_told
from tui.screens.walk_view import View
from tui.screens.walk_words import appended, best_next

GUESSES = 3
"""Candidates that are told of a run."""


def guesses(session: Session, run: Experiment | None = None) -> str:
    """The likeliest next words and their shares, in a row."""
    run, spoken = run or session.run, session.prose.words
    best = best_next(run, GUESSES, spoken.marks)
    return ", ".join(f"{spoken.token(label)} {spoken.share(share)}" for _, label, share in best)


def sentence_told(session: Session) -> Texts:
    """The sentence, who reads it, and what comes next."""
    run, said = session.run, session.words
    text = session.prose.words.quoted.format(label=run.normal_text)
    told = [said("sentence.is", text=text) if run.normal_text.strip() else said("sentence.empty")]
    if run.cut_at is not None:
        told.append(said("sentence.cut", n=run.model.config.n_ctx))
    moment = moment_of(run.model)
    when = "" if moment.is_last else said("moment.here", step=moment.step)
    key = "sentence.next" if run.model.config.causal else "sentence.blank"
    told.append(said(key, model=run.model.name, guesses=guesses(session)) + when)
    return [*told, unknown_told(view_of(session))]


def view_of(session: Session) -> View:
    """The session's place on the walk."""
    return View(session.run, session.place, words("app", session.lang), session.prose)


def become(session: Session, run: Experiment) -> None:
    """Let another run hold. Raises EngineError where it cannot be computed."""
    run.trace  # noqa: B018 (computed here, so that nothing fails half told)
    session.run = run


def read_sentence(session: Session, text: str) -> Texts:
    """Run another sentence, with what is set by hand as far as it fits."""
    if not text:
        return sentence_told(session)
    run, dropped = Experiment(session.run.model, text).carrying(session.run)
    become(session, run)
    session.history.go(run.forced)
    return [*sentence_told(session), *_dropped(session, dropped)]


def _dropped(session: Session, forces: tuple[Force, ...]) -> Texts:
    if not forces:
        return []
    said = words("whatif", session.lang)
    return [said("whatif.carried", forces="; ".join(map(str, forces)))]


def add_word(session: Session, rest: str) -> Texts:
    """Add a candidate to the sentence: the likeliest, or that of a rank."""
    rank = (integers(rest) or [1])[0] - 1 if not rest or integers(rest) else -1
    run = session.run
    if not 0 <= rank < 40:
        raise PlainError("trouble.rank")
    token, _, _ = best_next(run, rank + 1, session.prose.words.marks)[rank]
    said = words("app", session.lang)
    if token == run.model.tokenizer.start_id:
        return [said("notice.text_ends")]
    if len(run.pieces) >= run.model.config.n_ctx:
        return [said("notice.full", n_ctx=run.model.config.n_ctx)]
    return read_sentence(session, appended(run, token))


# The model and its moments


def choose_model(session: Session, name: str) -> Texts:
    """Let another model read the sentence; without a name, say which there are."""
    if not name:
        names = ", ".join((*shipped(), *own_models()))
        return [session.words("model.list", present=session.run.model.name, names=names)]
    return use_model(session, load(find_model(name)))


def use_model(session: Session, model: Model) -> Texts:
    """Let a model read the sentence."""
    before = session.run
    text, notice = carried_over(before.text, before.model.name, model.name, session.lang)
    run, dropped = Experiment(model, text).carrying(before)
    become(session, run)
    session.history.go(run.forced)
    return [*([notice] if notice else []), *sentence_told(session), *_dropped(session, dropped)]


def choose_moment(session: Session, rest: str) -> Texts:
    """Go to a moment of the training by its number; without one, say which there are."""
    run, said = session.run, session.words
    kept = moments(run.model)
    if not kept.kept:
        raise EngineError("no_moments", name=run.model.name)
    n = integers(rest)
    if not rest:
        listed = ", ".join(f"{i}: {step}" for i, step in enumerate(kept.steps, 1))
        return [said("moment.list", listed=listed, here=kept.place_of(run.model) + 1)]
    if len(n) != 1 or not 1 <= n[0] <= len(kept.steps):
        raise PlainError("trouble.moment", last=len(kept.steps))
    become(session, read_at(run, kept.model(n[0] - 1)))
    return [said("moment.at", n=n[0], step=kept.steps[n[0] - 1]), *sentence_told(session)]


# What if


def set_number(session: Session, rest: str, here: Ref | None) -> Texts:
    """Set a number by hand: `set 3 2 0.5`, `set ADDRESS VALUE`, of an open number `set 0.5`."""
    place, equals, value = rest.partition("=")
    if not equals:
        place, _, value = rest.rpartition(" ")
    if not value.strip():
        raise PlainError("trouble.set")
    place = place.strip()
    numbers = integers(place)
    if numbers:
        run, ref = session.room.cell(numbers)
        if run is not session.run:
            raise PlainError("trouble.other_run")
        part = Part.of(ref)
    elif place:
        part = Part.parse(place)
    elif here is not None:
        part = Part.of(here)
    else:
        raise PlainError("trouble.set")
    try:
        new = parse_value(value)
        force = Force(part, new)
        return set_forced(session, (*(f for f in session.history.present if f != force), force))
    except EngineError as error:
        if error.code == "unknown_step" and str(error.params.get("name")) != part.name:
            raise EngineError("bad_value", text=value.strip()) from error
        raise


def set_forced(session: Session, forced: tuple[Force, ...]) -> Texts:
    """Let these changes hold and no others, and tell what became of the prediction."""
    before = session.run
    become(session, before.with_forced(forced))
    session.history.go(forced)
    return _effect(session, before)


def _effect(session: Session, before: Experiment) -> Texts:
    run, said = session.run, session.words
    listed = [said("whatif.holds", changes="; ".join(_told(session)))] if run.forced else []
    if not run.forced:
        listed = [words("whatif", session.lang)("whatif.cleared")]
    was, now = guesses(session, before), guesses(session)
    key = "whatif.same" if was == now else "whatif.changed"
    return [*listed, said(key, was=was, now=now)]


def _told(session: Session) -> list[str]:
    """What is set by hand, ready-made what-ifs by their names."""
    said, found = words("whatif", session.lang), []
    for ready, forces in named(session.run.model.config, session.run.forced):
        name = said(f"preset.{ready.key}", **ready.values) if ready else ""
        found.append(name or "; ".join(map(str, forces)))
    return found


def whatif(session: Session, rest: str) -> Texts:
    """The ready-made what-ifs; with a number, let that one hold; with 0, take all back."""
    run, said, view = session.run, session.words, view_of(session)
    ready = whatifs(run.model.config, view.stage.block or 0, view.head)
    n = integers(rest)
    if not rest:
        names = words("whatif", session.lang)
        told = [said("whatif.holds", changes="; ".join(_told(session)))] if run.forced else []
        told += [f"{i}) {names(f'preset.{x.key}', **x.values)}." for i, x in enumerate(ready, 1)]
        return [*told, said("whatif.how")]
    if len(n) != 1 or n[0] > len(ready):
        raise PlainError("trouble.whatif", last=len(ready))
    if n[0] == 0:
        return set_forced(session, ())
    forces = ready[n[0] - 1].forces
    kept = (force for force in session.history.present if force not in forces)
    return set_forced(session, (*kept, *forces))


def undo(session: Session, rest: str) -> Texts:
    """Go back to what was set before."""
    return _restored(session, forth=False)


def redo(session: Session, rest: str) -> Texts:
    """Set again what was undone."""
    return _restored(session, forth=True)


def _restored(session: Session, forth: bool) -> Texts:
    history, said = session.history, words("whatif", session.lang)
    if not (history.forth() if forth else history.back()):
        return [said("whatif.none_to_redo" if forth else "whatif.none_to_undo")]
    before = session.run
    wished = replace(before, forced=history.present)
    run, missing = before.with_forced(()).carrying(wished)
    become(session, run)
    told = _effect(session, before)
    if missing:
        told.append(said("whatif.missing", forces="; ".join(map(str, missing))))
    return told


CHANGES: Mapping[str, Callable[[Session, str], Texts]] = {
    "sentence": read_sentence,
    "model": choose_model,
    "moment": choose_moment,
    "whatif": whatif,
    "add": add_word,
    "undo": undo,
    "redo": redo,
}
"""What each verb changes."""
