"""Heads: what each of them looks at."""

from __future__ import annotations

import numpy as np

from engine.experiment import Experiment
from engine.expr import Ref
from lessons.figures.cells import blank, part_of, run_cell
from lessons.figures.excerpts import highest, ranked
from lessons.figures.heats import pattern_heat
from lessons.figures.knobs import BLOCK, TOKEN, Choice, Place
from lessons.figures.parts import Arc, Beside, Cell, Figure, Say, Sentence, Table
from lessons.figures.registry import figure, headings, said
from lessons.figures.runs import read_by, with_two_heads
from lessons.figures.stream import block_of
from lessons.figures.tokens import short_name
from lessons.scene import Scene
from lessons.words import weight

N_HEADS_SHOWN = 8
N_BLOCKS_SHOWN = 6
N_TOKENS_BESIDE = 6


def heads_in_view(scene: Scene) -> range:
    """The first heads of a block."""
    return range(min(scene.experiment.model.config.n_heads, N_HEADS_SHOWN))


def not_all_heads(scene: Scene) -> Figure:
    """What is said where there are more."""
    n = scene.experiment.model.config.n_heads
    if n <= N_HEADS_SHOWN:
        return ()
    return (Say(said(scene, "heads-of-word", "cropped", n=N_HEADS_SHOWN, total=n), "quiet"),)


def example_run(scene: Scene) -> tuple[Experiment]:
    """The learner's model reading the example sentence."""
    return (read_by(scene.experiment.model, said(scene, "relations", "text")),)


@figure(
    "relations",
    Choice("relation", "who", ("who", "where", "what")),
    station="pattern",
    runs=example_run,
)
def relations(scene: Scene) -> Figure:
    """A look that a person would ask for, and the weight that every head gives it."""
    (experiment,) = example_run(scene)
    there = scene.about(experiment)
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
    n_layers = experiment.model.config.n_layers
    repeats = Say(said(scene, "relations", "repeats", n=n_layers), "quiet")
    return (
        Sentence(words, (Arc(start, end, abs(part_of(largest) or 0.0)),)),
        Say(said(scene, "relations", key, **names)),
        _weights_everywhere(scene, experiment, start, end),
        *((repeats,) if n_layers > 1 else ()),
    )


def _weights_everywhere(scene: Scene, experiment: Experiment, start: int, end: int) -> Table:
    """The weight of one look, a row for each block, a column for each head."""
    config, heads = experiment.model.config, heads_in_view(scene)
    rows = []
    for block in range(min(config.n_layers, N_BLOCKS_SHOWN)):
        name = f"blocks.{block}.attn.pattern"
        refs = [Ref(name, (head, start, end)) for head in heads]
        cells = [run_cell(experiment, ref, 1, write=weight, span=1.0) for ref in refs]
        rows.append([Cell(said(scene, "relations", "block", n=block + 1)), *cells])
    return Table(rows, ["", *(said(scene, "relations", "head", n=head + 1) for head in heads)])


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
    most = pattern[heads, at].max(axis=0)
    shown = highest(most, range(scene.n), N_TOKENS_BESIDE, keep=[at])
    tables = [
        pattern_heat(
            scene,
            scene.experiment,
            block,
            head,
            shown,
            at,
            title=said(scene, "heads-beside", "head", n=head + 1),
            run=int(scene is not own),
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
    for head in heads_in_view(scene):
        weights = scene.experiment.trace[name].value[head, at]
        cells = [Cell(said(scene, "heads-of-word", "head", n=head + 1))]
        for key in ranked(weights, range(scene.n))[:2]:
            ref = Ref(name, (head, at, key))
            cells.append(Cell(short_name(scene, key)))
            cells.append(run_cell(scene.experiment, ref, write=weight, span=1.0))
        rows.append([*cells, *blank(5 - len(cells))])
    most, second = headings(scene, "heads-of-word", ("most", "second"))
    header = ["", most, "", second, ""]
    title = said(scene, "heads-of-word", "looks", token=scene.quoted[at])
    return (Table(rows, header, title, align="llrlr"), *not_all_heads(scene))
