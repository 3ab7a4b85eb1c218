"""Heads: what each looks at, and what becomes of what each brings."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from engine.experiment import Experiment
from engine.expr import Ref
from engine.ops import Array
from engine.store import Model
from lessons.figures.knobs import Choice, Place
from lessons.figures.one_attention import name as short_name
from lessons.figures.parts import Arc, Beside, Cell, Figure, Say, Sentence, Table
from lessons.figures.registry import figure, said
from lessons.figures.run_parts import heat, most_looked_at, number_cells, share_cell, within_one
from lessons.figures.several_heads import with_two_heads
from lessons.scene import Scene
from lessons.words import number

N_HEADS_SHOWN = 8
N_BLOCKS_SHOWN = 6
N_TOKENS_BESIDE = 6
N_NUMBERS = 4

TOKEN = Place("token", "token")
BLOCK = Place("block", "block", 0)


def block_of(scene: Scene) -> int:
    """The block that the knob asks for."""
    return scene.at("block", scene.experiment.model.config.n_layers)


def _heads(scene: Scene) -> range:
    return range(min(scene.experiment.model.config.n_heads, N_HEADS_SHOWN))


def _not_all_heads(scene: Scene) -> Figure:
    n = scene.experiment.model.config.n_heads
    if n <= N_HEADS_SHOWN:
        return ()
    return (Say(said(scene, "heads-of-word", "cropped", n=N_HEADS_SHOWN, total=n), "quiet"),)


# --- Three questions about one sentence ------------------------------------------------------


@lru_cache(maxsize=8)
def _read(model: Model, text: str) -> Experiment:
    return Experiment(model, text)


def example_run(scene: Scene) -> tuple[Experiment]:
    """The learner's model reading the example sentence."""
    return (_read(scene.experiment.model, said(scene, "relations", "text")),)


@figure(
    "relations",
    Choice("relation", "who", ("who", "where", "what")),
    station="pattern",
    runs=example_run,
)
def relations(scene: Scene) -> Figure:
    """A look that a person would ask for, and the weight that every head gives it."""
    (experiment,) = example_run(scene)
    there = Scene(experiment, scene.lang)
    relation = str(scene.knobs["relation"])
    looker, looked = (said(scene, "relations", f"{relation}.{end}") for end in ("from", "to"))
    if not {looker, looked} <= set(there.labels):
        return (Say(said(scene, "relations", "unknown", text=experiment.text)),)
    start, end = there.labels.index(looker), there.labels.index(looked)
    causal = experiment.model.config.causal
    turned = causal and end > start
    names = {"looker": there.quoted[start], "looked": there.quoted[end]}
    if turned:
        start, end = end, start
    words = [
        Cell(x, tone="strong" if i in (start, end) else "") for i, x in enumerate(there.labels)
    ]
    key = "turned" if turned else "direct"
    largest = max(
        float(experiment.trace[f"blocks.{block}.attn.pattern"].value[:, start, end].max())
        for block in range(experiment.model.config.n_layers)
    )
    return (
        Sentence(words, (Arc(start, end, abs(within_one(largest))),)),
        Say(said(scene, "relations", key, **names)),
        _weights_everywhere(scene, experiment, start, end),
    )


def _weights_everywhere(scene: Scene, experiment: Experiment, start: int, end: int) -> Table:
    """The weight of one look, a row for each block, a column for each head."""
    config = experiment.model.config
    rows = []
    for block in range(min(config.n_layers, N_BLOCKS_SHOWN)):
        name = f"blocks.{block}.attn.pattern"
        cells = [share_cell(experiment, name, (head, start, end), 1) for head in _heads(scene)]
        rows.append([Cell(said(scene, "relations", "block", n=block + 1)), *cells])
    header = ["", *(said(scene, "relations", "head", n=head + 1) for head in _heads(scene))]
    return Table(rows, header)


# --- What each head looks at -----------------------------------------------------------------


def _mini_beside(scene: Scene) -> tuple[Experiment, ...]:
    shown = with_two_heads(scene)
    return () if shown is scene else (shown.experiment,)


@figure(
    "heads-beside",
    TOKEN,
    BLOCK,
    Place("head", "head", 0),
    station="pattern",
    runs=_mini_beside,
)
def heads_beside(scene: Scene) -> Figure:
    """The patterns of two heads side by side; of a mini's where the model has only one."""
    own, scene = scene, with_two_heads(scene)
    config = scene.experiment.model.config
    block, first = block_of(scene), scene.at("head", config.n_heads)
    pair = range(first, first + 2)  # after the last head comes the first
    at = scene.at("token", scene.n)
    pattern = scene.experiment.trace[f"blocks.{block}.attn.pattern"].value
    heads = [i % config.n_heads for i in pair]
    shown = most_looked_at(pattern[heads], at, N_TOKENS_BESIDE)
    tables = [
        heat(
            scene,
            scene.experiment,
            f"blocks.{block}.pattern",
            shown,
            head=head,
            run=int(scene is not own),
            title=said(scene, "heads-beside", "head", n=head + 1),
            row=at,
            narrow=True,
        )
        for head in heads
    ]
    told = []
    for head in heads:
        most = int(np.argmax(pattern[head, at]))
        told.append(
            said(
                scene,
                "heads-beside",
                "most",
                n=head + 1,
                token=scene.quoted[most],
                share=scene.words.share(float(pattern[head, at, most])),
            )
        )
    parts: Figure = (
        Beside(tables),
        Say(said(scene, "heads-beside", "looks", token=scene.quoted[at]) + " " + " ".join(told)),
    )
    if scene is not own:
        parts = (Say(heads_told(own), "quiet"), *parts)
    if config.n_heads > 2:
        parts += (Say(said(scene, "heads-beside", "two", total=config.n_heads), "quiet"),)
    if scene.n > N_TOKENS_BESIDE:
        sizes = {"n": len(shown), "total": scene.n, "token": scene.quoted[at]}
        parts += (Say(said(scene, "heads-beside", "cropped", **sizes), "quiet"),)
    return parts


def heads_told(scene: Scene) -> str:
    """How many heads the model has, and which model is shown where it has only one."""
    shown = with_two_heads(scene).experiment.model
    key = "model" if shown is scene.experiment.model else "mini"
    return said(scene, "heads-beside", key, n=shown.config.n_heads, name=shown.name)


@figure("heads-of-word", TOKEN, BLOCK, station="pattern")
def heads_of_word(scene: Scene) -> Figure:
    """For one word, the two pieces that each head looks at most."""
    at, block = scene.at("token", scene.n), block_of(scene)
    name = f"blocks.{block}.attn.pattern"
    rows = []
    for head in _heads(scene):
        best = np.argsort(-scene.experiment.trace[name].value[head, at], kind="stable")[:2]
        cells = [Cell(said(scene, "heads-of-word", "head", n=head + 1))]
        for key in best.tolist():
            share = share_cell(scene.experiment, name, (head, at, key))
            cells += [Cell(short_name(scene, key)), share]
        rows.append([*cells, *[Cell("")] * (5 - len(cells))])
    header = ["", *(said(scene, "heads-of-word", f"header.{k}") for k in ("most", "second"))]
    header = [header[0], header[1], "", header[2], ""]
    title = said(scene, "heads-of-word", "looks", token=scene.quoted[at])
    return (Table(rows, header, title, align="llrlr"), *_not_all_heads(scene))


# --- What becomes of it ----------------------------------------------------------------------


@figure("joined", TOKEN, BLOCK, station="joined")
def joined(scene: Scene) -> Figure:
    """What each head brings for one word, and where in the joined row it stands."""
    config, at = scene.experiment.model.config, scene.at("token", scene.n)
    name = f"blocks.{block_of(scene)}.attn.z"
    n = min(config.d_head, N_NUMBERS)
    rows = []
    for head in _heads(scene):
        ends = head * config.d_head + 1, (head + 1) * config.d_head
        numbers = number_cells(scene.experiment, name, [(at, head, i) for i in range(n)])
        dots = [Cell("…" if n < config.d_head else "", tone="quiet")]
        places = said(scene, "joined", "places", first=ends[0], last=ends[1])
        rows.append(
            [Cell(said(scene, "joined", "head", n=head + 1)), *numbers, *dots, Cell(places)]
        )
    sizes = {"heads": config.n_heads, "each": config.d_head}
    total = said(scene, "joined", "all", total=config.n_heads * config.d_head, **sizes)
    header = ["", *(f"z{i + 1}" for i in range(n)), "", said(scene, "joined", "header")]
    title = said(scene, "joined", "of", token=scene.quoted[at])
    return (Table(rows, header, title), Say(total), *_not_all_heads(scene))


def head_parts(experiment: Experiment, block: int, at: int) -> Array:
    """What each head adds to attn_out at a position [head, d_model]: its z times its W_O."""
    z = experiment.trace[f"blocks.{block}.attn.z"].value[at]
    w_o = experiment.trace[f"blocks.{block}.attn.W_O"].value
    with np.errstate(all="ignore"):
        parts: Array = np.einsum("hk,hkd->hd", z, w_o)
    return parts


@figure("w-o", TOKEN, Place("dim", "dim", 0), BLOCK, station="attn_out")
def w_o(scene: Scene) -> Figure:
    """One number that leaves attention: how much of it each head brought, through W_O."""
    config, at, block = scene.experiment.model.config, scene.at("token", scene.n), block_of(scene)
    dim = scene.at("dim", config.d_model)
    parts = head_parts(scene.experiment, block, at)[:, dim]
    largest = float(np.abs(parts).max())
    rows = []
    for head in _heads(scene):
        x = float(parts[head])
        alone = dim - head * config.d_head
        here = (
            number_cells(scene.experiment, f"blocks.{block}.attn.z", [(at, head, alone)])
            if 0 <= alone < config.d_head
            else [Cell("—", tone="quiet")]
        )
        bar = within_one(x / largest) if largest else 0.0
        name = said(scene, "w-o", "head", n=head + 1)
        rows.append([Cell(name), Cell(number(x), bar=bar), *here])
    if len(rows) < config.n_heads:
        rest = float(parts[len(rows) :].sum())
        rows.append([Cell(said(scene, "w-o", "others")), Cell(number(rest)), Cell("")])
    bias = Ref(f"blocks.{block}.attn.b_O", (dim,))
    out = Ref(f"blocks.{block}.attn_out", (at, dim))
    for key, ref in (("bias", bias), ("total", out)):
        value = number(scene.experiment.trace.value(ref))
        rows.append([Cell(said(scene, "w-o", key)), Cell(value, ref), Cell("")])
    header = ["", *(said(scene, "w-o", f"header.{key}") for key in ("with", "without"))]
    title = said(scene, "w-o", "of", n=dim + 1, token=scene.quoted[at])
    return (Table(rows, header, title, total=True),)
