"""An experiment as one line of text, to be sent to somebody and pasted back.

    desdecero1{mini-es.3f2a9c: el gato come | blocks.0.attn.z[*,1,*]=0; mask=0 | otra frase}

The format's number; then in braces the model and its fingerprint, the sentence, the changes, and
where there is a comparison its sentence and its changes. A comparison in another model has a
head of its own, as in `| paper-es.9c41d0: otra frase`; a checkpoint is `mini-es@340.77ab12`.
The closing brace shows that nothing was cut off.

A line has to survive a chat and a shell's single quotes. What these would change is written as
the bytes of the character, %7C for |: quotes, the signs that make letters bold, spaces that would
be joined, what cannot be seen. The sentence comes back in normal form C, in which a run reads it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

import numpy as np

from engine.errors import EngineError
from engine.experiment import Experiment
from engine.fingerprint import fingerprint
from engine.store import Model, load, load_checkpoint, shipped
from engine.whatif import Copied, Force
from engine.words import normalise

VERSION = 1
_MOST_RUNS = 16  # a comparison may have one of its own; a line without end is no line

_LINE = re.compile(r"desdecero([0-9]{1,9})\{([^{}]*)(\}?)")
_HEAD = re.compile(r"([^:@]+)(?:@([0-9]{1,12}))?\.([0-9a-f]{6}):")
_ESCAPES = re.compile(r"(?:%[0-9A-Fa-f]{2})+|%")
_LOST_STAR = re.compile(r"(?<=[\[,]) ?(?=[,\]])")
_SPECIAL = frozenset("|;%{}'\"`\\*_~")
_UNSEEN = frozenset({"Cc", "Cf", "Cn", "Co", "Zl", "Zp", "Zs"})


@dataclass(frozen=True, slots=True)
class Shared:
    """What a line says: an experiment whose model is only named.

    step: of the model's training, where it is a checkpoint. other: what it is compared with.
    """

    model: str
    fingerprint: str
    text: str
    forces: tuple[Force, ...] = ()
    other: Shared | None = None
    step: int | None = None

    @property
    def head(self) -> str:
        """The model's name, its checkpoint and its fingerprint."""
        step = "" if self.step is None else f"@{self.step}"
        return f"{_escaped(self.model, also=':@')}{step}.{self.fingerprint}:"


def share(experiment: Experiment) -> Shared:
    """What a line says of an experiment.

    Of a comparison its own comparison is kept only where its numbers are taken from there.
    """
    other = experiment.other
    if other is not None and not any(_takes_from_other(force) for force in other.forced):
        other = Experiment(other.model, other.text, other.forced)
    return Shared(
        model=normalise(experiment.model.name),
        fingerprint=fingerprint(experiment.model),
        text=experiment.normal_text,
        forces=experiment.forced,
        other=None if other is None else share(other),
        step=experiment.model.step,
    )


def _takes_from_other(force: Force) -> bool:
    return isinstance(force.value, Copied) and force.value.source is None


# --- Writing -------------------------------------------------------------------------------------


def to_line(experiment: Experiment) -> str:
    """The experiment as one line of text, which `from_line` reads."""
    fields: list[str] = []
    shared: Shared | None = share(experiment)
    head = ""
    while shared is not None:
        text = _escaped(shared.text)
        if shared.head != head:
            head = shared.head
            text = f"{head} {text}"
        elif _HEAD.match(text):  # a sentence that begins as a model does
            text = text.replace(":", "%3A")
        fields += [text, "; ".join(map(_written, shared.forces))]
        shared = shared.other
    if not fields[-1]:
        del fields[-1]
    return f"desdecero{VERSION}{{{re.sub(' +', ' ', ' | '.join(fields)).strip()}}}"


def _written(force: Force) -> str:
    """The change with × for a product: a chat takes what stands between two stars for bold."""
    text = str(force)
    if isinstance(force.value, Copied) and force.value.times != 1:
        source, _, times = text.rpartition("*")
        return f"{source}×{times}"
    return text


def _escaped(text: str, also: str = "") -> str:
    written: list[str] = []
    after_escape, before = False, " "  # spaces at the ends and after spaces would be lost
    for place, c in enumerate(text):
        last = place == len(text) - 1
        special = (
            c in _SPECIAL
            or c in also
            or (c != " " and unicodedata.category(c) in _UNSEEN)
            or (c == " " and (before == " " or last))
            # An accent would become one letter with the last digit before it: %2A, %2Å.
            or (after_escape and unicodedata.combining(c) != 0)
        )
        written.append("".join(f"%{byte:02X}" for byte in c.encode()) if special else c)
        after_escape, before = special, c
    return "".join(written)


# --- Reading -------------------------------------------------------------------------------------


def from_line(line: str) -> Shared:
    """Reads what `to_line` writes, wherever it stands in `line`.

    What a chat does to a line on the way is undone: line breaks, other spaces, signs that cannot
    be seen, the stars between brackets taken for bold.
    Raises EngineError: `not_shared`, `share_version`, `share_cut`, `share_escape`, or as
    `Force.parse` does.
    """
    line = _cleaned(line)
    match = _LINE.search(line)
    if match is None:
        raise EngineError("not_shared", text=line)
    if int(match[1]) != VERSION:
        raise EngineError("share_version", version=int(match[1]), known=VERSION)
    if not match[3]:
        raise EngineError("share_cut")
    fields = [field.strip() for field in match[2].split("|")]
    head = _HEAD.match(fields[0])
    if head is None or len(fields) > 2 * _MOST_RUNS:
        raise EngineError("not_shared", text=line)
    runs: list[Shared] = []
    for text, forces in zip_longest(fields[::2], fields[1::2], fillvalue=""):
        own = _HEAD.match(text)
        head = own or head  # without one of its own, a run is in the model of the one before
        runs.append(
            Shared(
                model=normalise(_unescaped(head[1])),
                fingerprint=head[3],
                text=normalise(_unescaped(text[own.end() if own else 0 :].strip())),
                forces=_forces(_LOST_STAR.sub("*", forces)),
                step=int(head[2]) if head[2] else None,
            )
        )
    shared = runs.pop()
    while runs:
        shared = replace(runs.pop(), other=shared)
    return shared


def _forces(text: str) -> tuple[Force, ...]:
    return tuple(Force.parse(part) for part in text.split(";") if part.strip())


def _cleaned(line: str) -> str:
    seen = (c for c in line if c.isspace() or unicodedata.category(c) not in ("Cc", "Cf"))
    return re.sub(r"\s+", " ", "".join(seen)).strip()


def _unescaped(text: str) -> str:
    return _ESCAPES.sub(_character, text)


def _character(match: re.Match[str]) -> str:
    try:
        return bytes.fromhex(match[0].replace("%", "") or "not hexadecimal").decode()
    except ValueError:
        raise EngineError("share_escape", text=match[0]) from None


# --- Opening -------------------------------------------------------------------------------------


def open_shared(shared: Shared, at_hand: Iterable[Model] = ()) -> Experiment:
    """The experiment, its run computed, so that nothing in it can be wrong any more.

    at_hand: models that are loaded already, or come from a folder and so have no name by which
    they could be found. Raises EngineError: `share_model` if there is no such model,
    `share_weights` if it has other weights, or as `store.load` and `whatif.apply` do.
    """
    at_hand = list(at_hand)
    model = _model(shared, at_hand)
    other = None if shared.other is None else open_shared(shared.other, [model, *at_hand])
    experiment = Experiment(model, shared.text, shared.forces, other)
    with np.errstate(all="ignore"):  # a forced giant may overflow: that is shown
        _ = experiment.trace
    return experiment


def _model(shared: Shared, at_hand: Sequence[Model]) -> Model:
    for model in at_hand:
        if fingerprint(model) == shared.fingerprint:
            return model
    known = shipped()
    if shared.model in known:
        model = load(known[shared.model])
        if shared.step is not None:
            model = load_checkpoint(model, shared.step)
        if fingerprint(model) == shared.fingerprint:
            return model
    elif shared.model not in (normalise(model.name) for model in at_hand):
        raise EngineError("share_model", name=shared.model)
    raise EngineError("share_weights", name=shared.model)
