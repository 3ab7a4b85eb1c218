"""The training of the model in words: moment by moment, what it made of the sentence."""

from __future__ import annotations

from engine.errors import EngineError
from lessons.emergence import emergence
from lessons.labels import predicted_labels
from lessons.moments import moments
from lessons.over_time import over_time
from lessons.words import number
from tui.plain.session import Session, Texts


def training(session: Session, rest: str) -> Texts:
    """Each kept moment: what was expected, how surprising the sentence was, and what had emerged.

    Raises EngineError (`no_moments`) where the model keeps none.
    """
    run, said = session.run, session.words
    kept = moments(run.model)
    if not kept.kept:
        raise EngineError("no_moments", name=run.model.name)
    over, found = over_time(run), emergence(run.model)
    spoken = session.prose.words
    here = kept.place_of(run.model)
    told = [said("training.head", model=run.model.name, n=len(kept.steps), last=kept.steps[-1])]
    for place, (step, then) in enumerate(zip(kept.steps, over.then, strict=True)):
        id, share = then.predicted[0]
        (label,) = predicted_labels(run.model.tokenizer, [id], spoken.marks)
        values = {"n": place + 1, "step": step, "guess": spoken.token(label)}
        line = said("training.moment", **values, share=spoken.share(share))
        if then.loss == then.loss:  # a bare start has nothing to be surprised at
            line += said("training.loss", loss=number(then.loss))
        if place == here:
            line += said("training.here")
        since = [one.probe.name[session.lang] for one in found if one.place == place]
        told.append(line + (said("training.since", names=", ".join(since)) if since else ""))
    return [*told, said("training.go"), said("training.own", lang=session.lang)]
