"""A whole run as one Python file that needs only NumPy, to be read from top to bottom.

The file is written from content/numpy/run.py.txt. Lines between `#if NAME ...` and `#end` are
kept for runs that have one of these traits, those after `#else` for all others, so that what is
written has no branch that this run does not take; `${name}` is filled in.
"""

from __future__ import annotations

import base64
import io
import textwrap
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from importlib.resources import files
from string import Template

import numpy as np

from engine.config import Config, parameter_axes
from engine.experiment import Experiment
from engine.ops import Array
from engine.store import Model
from lessons.numpy_forced import MOST_BOXES, boxes, packed, written

WIDTH = 88
_MOST_LINES = 4  # of the sentence, where it is quoted
_MOST_LETTERS = 36  # of a token, in the list of them


def to_python(experiment: Experiment) -> str:
    """The source of a program that computes every step of the run again, the forced ones too.

    The weights in it are exact: as narrow as they can be without losing anything.
    """
    model, config, trace = experiment.model, experiment.model.config, experiment.trace
    forced = {step.name: boxes(step) for step in trace if step.forced is not None}
    many = [name for name, found in forced.items() if len(found) > MOST_BOXES]
    few = [
        _entry(name, written(found, trace[name].value.shape))
        for name, found in forced.items()
        if name not in many
    ]
    traits = _traits(config) | ({"forced"} if forced else set()) | ({"packed"} if many else set())
    source = "\n".join(_kept(_template().splitlines(), traits)) + "\n"
    return Template(source).substitute(
        sentence=_quoted(experiment),
        model=_about(model),
        tokens="\n".join(f"    ({p.id}, {_literal(_short(p.label))})," for p in experiment.pieces),
        d_vocab=config.d_vocab,
        d_model=config.d_model,
        d_head=config.d_head,
        n_heads="1 head" if config.n_heads == 1 else f"{config.n_heads} heads",
        n_layers=config.n_layers,
        eps=repr(config.eps),
        best_where="after the last token" if config.causal else "at the last position",
        changes=_changes(experiment),
        forced="\n".join(["{", *few, "}"]) if few else "{}",
        weights=_as_text({n: _narrow(model.parameters[n]) for n in parameter_axes(config)}),
        vocabulary=_as_text({"tokens": _vocabulary(model)}),
        overwritten=_as_text({name: packed(trace[name]) for name in many}),
    )


def _traits(config: Config) -> set[str]:
    """What of the template this model needs."""
    norm = "bare" if config.norm == "none" else config.norm
    positions = "anywhere" if config.positions == "none" else config.positions
    block = f"{norm}_{'sum' if config.residual else 'alone'}"
    switches = {
        "causal": config.causal,
        "tied": config.tied,
        "scaled": config.scale_embed,
        "divided": config.scale_attn,
    }
    named = {norm, positions, config.act_fn, block}
    return named | {name for name, on in switches.items() if on}


@cache
def _template() -> str:
    return files("lessons").joinpath("content", "numpy", "run.py.txt").read_text(encoding="utf-8")


def _kept(lines: Iterable[str], traits: Collection[str]) -> Iterable[str]:
    """The lines of the template that hold for these traits."""
    keep = True
    for line in lines:
        if line.startswith("#if "):
            keep = not set(line.split()[1:]).isdisjoint(traits)
        elif line == "#else":
            keep = not keep
        elif line == "#end":
            keep = True
        elif keep:
            yield line


def _entry(name: str, lines: Iterable[str]) -> str:
    """The forced cells of one step, as an entry of a dictionary."""
    return "\n".join([f'    "{name}": [', *(f"        {line}," for line in lines), "    ],"])


def _changes(experiment: Experiment) -> str:
    """The changes as they were asked for, each a line of a comment."""
    return "\n".join(f"#     {_short(str(force), WIDTH - 6)}" for force in experiment.forced) or "#"


# --- Words ---------------------------------------------------------------------------------------


def _quoted(experiment: Experiment) -> str:
    """The sentence as it is read, indented, for a docstring."""
    text = " ".join(experiment.normal_text[: experiment.cut_at].split())
    if not text:
        return "    (no text: the model reads only the token that stands before every text)"
    # Wide letters take two columns, and what is escaped takes several.
    text = _escaped(text).replace('"""', "'''")
    width = WIDTH - 4 if text.isascii() else (WIDTH - 4) // (2 if _columns(text) > len(text) else 1)
    lines = textwrap.wrap(text, width, max_lines=_MOST_LINES, placeholder=" ...")
    return "\n".join(f"    {line}" for line in lines)


def _about(model: Model) -> str:
    """Which model it is, as the beginning of a paragraph."""
    name = _escaped(_short(model.name)).replace('"""', "'''")
    after = "" if model.step is None else f" after {model.step} steps of its training"
    return f"The model is {name}{after}."


def _vocabulary(model: Model) -> Array:
    """The text of every token; NumPy takes NULs at the end of a text for padding."""
    tokens = [model.tokenizer.piece(i) for i in range(model.config.d_vocab)]
    return np.array([token.replace("\0", "<0x00>") for token in tokens], dtype=np.str_)


def _short(text: str, most: int = _MOST_LETTERS) -> str:
    return text if len(text) <= most else text[: most - 3] + "..."


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _escaped(text: str) -> str:
    """The text as it may stand within quotation marks, everything that one would not see named."""
    shown = text.replace("\\", "\\\\")
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in shown)


def _literal(text: str) -> str:
    """The text as a Python string, in the quotation marks that a formatter would choose."""
    quote = "'" if text.count('"') > text.count("'") else '"'
    return quote + _escaped(text).replace(quote, f"\\{quote}") + quote


# --- Numbers -------------------------------------------------------------------------------------


def _narrow(values: Array) -> Array:
    """The same numbers in the fewest bytes that hold them exactly."""
    with np.errstate(over="ignore"):
        for dtype in ("<f2", "<f4"):
            narrow: Array = np.ascontiguousarray(values, dtype)
            if np.array_equal(narrow, values):
                return narrow
    return np.ascontiguousarray(values, "<f8")


def _as_text(arrays: Mapping[str, Array]) -> str:
    """Arrays as a compressed NumPy file, written in lines of base64."""
    file = io.BytesIO()
    np.savez_compressed(file, allow_pickle=False, **arrays)
    text = base64.b64encode(file.getvalue()).decode()
    return "\n".join(text[i : i + WIDTH - 4] for i in range(0, len(text), WIDTH - 4))
