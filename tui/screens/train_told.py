"""What the train screen says of a training: where it is, how it ended, what went wrong. Pure."""

from __future__ import annotations

from math import isfinite, log

from engine.training_state import Best
from lessons.words import number
from tui.live_training import LiveTraining, Seen
from tui.messages import Words, error_sentence
from tui.screens.train_draw import whole
from tui.screens.train_rescue import calmer_rate, keeps_something


def telling(
    live: LiveTraining, seen: Seen, floor: float | None, usual_rate: float, words: Words
) -> str:
    """What a training is at, and what can be done.

    floor: the least loss there can be; None where nobody knows. usual_rate: the learning rate that
    suits, to go back to where a larger one went wrong.
    """
    if seen.status == "failed":
        return _failure(live, seen, usual_rate, words)
    if seen.record is not None:
        return words("say.record", step=whole(seen.record.step, words))
    if seen.status == "paused":
        begun = seen.moment is not None and seen.moment.step > 0
        return words("say.paused" if begun else "say.start")
    if seen.status in ("over", "stopped"):
        return f"{_end(live, seen, floor, words)} {words('say.next')}"
    return words("say.running")


def _end(live: LiveTraining, seen: Seen, floor: float | None, words: Words) -> str:
    """How it ended, and which model is kept: with its loss, and not with that of the last one."""
    kept = live.kept.moment
    assert kept is not None
    assert seen.moment is not None
    best = seen.best if kept.step != seen.moment.step else None
    losses = seen.history[-1]["held_out"] if seen.history else {}
    if seen.status == "stopped":
        told = words("say.stopped", step=whole(seen.moment.step, words))
        if best is not None:
            return f"{told} {_kept(best, words)}"
        if losses and seen.history[-1]["step"]:
            loss, step = next(iter(losses.values())), whole(seen.history[-1]["step"], words)
            return f"{told} {words('say.examined', step=step, loss=number(float(loss)))}"
        return told
    if not losses:
        return words("say.over_blind")
    if best is not None:
        return f"{words('say.finished')} {_kept(best, words)}"
    known = words("say.over_no_floor")
    if floor is not None:
        known = words("say.over_floor", floor=number(floor))
    return words("say.over", loss=number(float(next(iter(losses.values())))), floor=known)


def _kept(best: Best, words: Words) -> str:
    return words("say.kept", step=whole(best.step, words), loss=number(best.loss))


def _failure(live: LiveTraining, seen: Seen, usual_rate: float, words: Words) -> str:
    """Why it went wrong, and what there is to do about it."""
    trouble = seen.trouble
    assert trouble is not None
    if trouble.code != "diverged":
        return error_sentence(trouble, words.lang)
    plan, step = live.plan, whole(int(str(trouble.params["step"])), words)
    rate, loss = plan.recipe.learning_rate, float(str(trouble.params["loss"]))
    blind = number(log(plan.config.d_vocab))
    parts = [
        words("say.diverged", step=step, loss=number(loss), blind=blind)
        if isfinite(loss)
        else words("say.diverged_beyond", step=step),
        words("say.overshot", rate=f"{rate:g}"),
    ]
    if keeps_something(seen) and seen.best is not None:
        parts.append(words("say.keep_best", best=whole(seen.best.step, words)))
    parts.append(words("say.slower", rate=f"{calmer_rate(rate, usual_rate):g}"))
    return " ".join(parts)
