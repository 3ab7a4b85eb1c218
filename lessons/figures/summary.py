"""The whole run in one table, its five lines, and what looking at weights does not tell."""

from __future__ import annotations

import math
from collections.abc import Sequence

from engine.experiment import Experiment
from engine.expr import Ref
from engine.sampling import likeliest
from lessons.figures.candidates import likeliest_token
from lessons.figures.cells import part_of, run_cell
from lessons.figures.knobs import DIM, TOKEN, Choice, Number
from lessons.figures.parts import Cell, Figure, Say, Table
from lessons.figures.published import COMPARED
from lessons.figures.registry import figure, headings, said
from lessons.figures.runs import changed, with_two_looks
from lessons.figures.stream import after_block, final_vector, unembedding_name
from lessons.figures.tokens import short
from lessons.scene import Scene
from lessons.words import signed

_MOST_RUNS = 6


def _size(scene: Scene, *sizes: int) -> Cell:
    return Cell(" × ".join(map(scene.words.whole, sizes)))


@figure("whole-run", TOKEN, DIM, station="text")
def whole_run(scene: Scene) -> Figure:
    """One line a step: what comes out, how large it is, and one number of it."""
    config, trace = scene.experiment.model.config, scene.experiment.trace
    pos, dim, n = scene.at("token", scene.n), scene.at("dim", config.d_model), scene.n
    vectors = _size(scene, n, config.d_model)
    embed = "embed_scaled" if config.scale_embed else "embed"
    best, label = likeliest_token(scene, trace["logits"].value[pos])
    candidate = short(scene.words.token(label))
    places: dict[str, object] = {
        "n_heads": config.n_heads,
        "d_mlp": config.d_mlp,
        "n_layers": config.n_layers,
    }
    places |= {"table": unembedding_name(config), "candidate": candidate}

    def vector(step: str) -> list[Cell]:
        return [vectors, run_cell(scene.experiment, Ref(step, (pos, dim)))]

    lines: list[tuple[str, list[Cell]]] = [
        ("ids", [Cell(str(n)), Cell(str(scene.ids[pos]), Ref("tokens", (pos,)))]),
        ("embed", vector(embed)),
        (
            "position" if config.positions != "none" else "no_position",
            vector(after_block(config, 0)),
        ),
        ("attention", vector("blocks.0.attn_out")),
        ("mlp", vector("blocks.0.mlp_out")),
        ("block", vector(after_block(config, 1))),
    ]
    if config.n_layers > 1:
        lines.append(("repeat", vector(after_block(config, config.n_layers))))
    if config.norm == "pre":
        lines.append(("ln_final", vector(final_vector(trace))))
    logit = run_cell(scene.experiment, Ref("logits", (pos, best)))
    share = run_cell(scene.experiment, Ref("probs", (pos, best)), write=scene.words.share)
    lines += [
        ("logits", [_size(scene, config.d_vocab), logit]),
        ("probs", [_size(scene, config.d_vocab), share]),
    ]
    rows = [
        [Cell(str(i)), Cell(said(scene, "whole-run", key, **places)), *cells]
        for i, (key, cells) in enumerate(lines, 1)
    ]
    at = scene.words.token(short(scene.labels[pos]))
    of = said(scene, "whole-run", "header.of", token=at)
    header = [
        "",
        said(scene, "whole-run", "header.step"),
        said(scene, "whole-run", "header.size"),
        of,
    ]
    note = said(scene, "whole-run", "note", dim=dim + 1)
    return (Table(rows, header, align="rlrr"), Say(note, "quiet"))


@figure("five-lines", station="text")
def five_lines(scene: Scene) -> Figure:
    """The whole in five lines, with the sizes of the learner's run."""
    config, trace = scene.experiment.model.config, scene.experiment.trace
    probs = trace["probs"].value[-1]
    best, label = likeliest_token(scene, trace["logits"].value[-1])
    places = {
        "n": scene.n,
        "d_model": config.d_model,
        "n_heads": config.n_heads,
        "d_mlp": config.d_mlp,
        "n_layers": config.n_layers,
        "d_vocab": config.d_vocab,
        "last": short(scene.quoted[-1], 24),
        "top": short(scene.words.token(label)),
        "share": scene.words.share(float(probs[best])),
    }
    keys = ["1", "2", "3", "4", "5"]
    if config.positions == "none":
        keys[0] = "1_no_position"
    keys[1] = "2" if config.causal else "2_both_ways"
    if config.n_layers == 1:
        keys[3] = "4_single"
    return tuple(Say(said(scene, "five-lines", key, **places)) for key in keys)


# --- Weights are no explanation ------------------------------------------------------------------

RANK = Number("rank", 1, 1, 5, integer=True)


def heads_shown(experiment: Experiment, rank: int = 1) -> list[tuple[int, int, int]]:
    """Block, head and key of the last token's largest weights, one a head, the largest first.

    rank: which of a head's weights, 1 being its largest.
    """
    config, found = experiment.model.config, []
    for block in range(config.n_layers):
        rows = experiment.trace[f"blocks.{block}.attn.pattern"].value[:, -1]
        for head, row in enumerate(rows):
            key = int(likeliest(row, rank)[-1])
            weight = float(row[key])
            found.append((weight if math.isfinite(weight) else -1.0, (block, head, key)))
    found.sort(key=lambda one: -one[0])
    return [place for _, place in found[:_MOST_RUNS]]


def without(experiment: Experiment, block: int, head: int, key: int) -> Experiment | None:
    """The run with one weight of the last token set to 0; None where that cannot be."""
    n = len(experiment.pieces)
    return changed(experiment, f"blocks.{block}.attn.pattern[{head},{n - 1},{key}]=0")


def _runs(scene: Scene) -> tuple[Experiment, ...]:
    """The runs without a weight; where there is none, the learner's stands in its place."""
    shown = with_two_looks(scene)
    run = shown.experiment
    places = heads_shown(run, int(scene.knobs["rank"]))
    found = tuple(without(run, *place) or run for place in places)
    return found if shown is scene else (*found, run)


@figure("weight-removed", RANK, station="pattern", runs=_runs)
def weight_removed(scene: Scene) -> Figure:
    """The largest weight of each head, and what becomes of the prediction without it.

    Of a mini's heads where the model has only one.
    """
    own, scene = scene, with_two_looks(scene)
    trace, last = scene.experiment.trace, scene.n - 1
    best, label = likeliest_token(scene, trace["logits"].value[-1])
    before = float(trace["probs"].value[-1, best])
    token = short(scene.words.token(label))
    rows = []
    places = heads_shown(scene.experiment, int(scene.knobs["rank"]))
    here = 0 if scene is own else len(places) + 1
    for k, (block, head, key) in enumerate(places, 1):
        run = without(scene.experiment, block, head, key)
        ref = Ref(f"blocks.{block}.attn.pattern", (head, last, key))
        row = [
            Cell(said(scene, "weight-removed", "head_of", block=block + 1, head=head + 1)),
            Cell(short(scene.quoted[key], 20)),
            run_cell(scene.experiment, ref, here, write=scene.words.share, bar=True),
        ]
        if run is None:
            rows.append([*row, Cell("—"), Cell("—")])
            continue
        ref = Ref("probs", (last, best))
        then = run_cell(run, ref, k, write=scene.words.share)
        change = run.trace.value(ref) - before
        rows.append([*row, then, Cell(signed(100 * change), bar=part_of(change))])
    keys = ("head", "looks", "weight", "then", "change")
    header = headings(scene, "weight-removed", keys)
    title = said(scene, "weight-removed", "of", token=token, share=scene.words.share(before))
    return (
        Table(rows, header, title, align="llrrr"),
        *((Say(weights_told(own), "quiet"),) if scene is not own else ()),
        Say(said(scene, "weight-removed", "note"), "quiet"),
    )


def weights_told(scene: Scene) -> str:
    """In which model the weights are taken away, as a sentence."""
    shown = with_two_looks(scene).experiment.model
    key = "model" if shown is scene.experiment.model else "mini"
    return said(scene, "weight-removed", key, name=shown.name)


# --- The paper, and what came after --------------------------------------------------------------

OTHER = Choice("other", "gpt2", tuple(COMPARED))
_KEYS = ("task", "stacks", "d_model", "heads", "d_mlp", "vocab", "positions", "norm")


@figure("paper-and-this", OTHER, station="text")
def paper_and_this(scene: Scene) -> Figure:
    """The paper's model, a later one, and the one that is running, side by side."""
    chosen = str(scene.knobs["other"])
    others = ("paper",) if chosen == "paper" else ("paper", chosen)
    columns = [[_published(scene, key, model) for key in _KEYS] for model in others]
    columns.append(_running(scene))
    names = [said(scene, "paper-and-this", key) for key in _KEYS]
    rows = [[Cell(name), *cells] for name, *cells in zip(names, *columns, strict=True)]
    header = ["", *headings(scene, "paper-and-this", (*others, "this"))]
    return (
        Table(rows, header, align="l" * len(header)),
        Say(said(scene, "paper-and-this", "note"), "quiet"),
    )


def _published(scene: Scene, key: str, model: str) -> Cell:
    one = COMPARED[model]
    sizes = {
        "stacks": " + ".join([str(one.n_layers)] * one.stacks),
        "d_model": scene.words.whole(one.d_model),
        "heads": f"{one.n_heads} × {one.d_head}",
        "d_mlp": scene.words.whole(one.d_mlp),
    }
    if key in sizes:
        return Cell(sizes[key])
    return Cell(said(scene, "paper-and-this", f"{model}.{key}", d_vocab=one.d_vocab))


def _running(scene: Scene) -> list[Cell]:
    config = scene.experiment.model.config
    words: Sequence[str] = (
        said(scene, "paper-and-this", "next" if config.causal else "gaps"),
        str(config.n_layers),
        scene.words.whole(config.d_model),
        f"{config.n_heads} × {config.d_head}",
        scene.words.whole(config.d_mlp),
        scene.words.whole(config.d_vocab),
        said(scene, "paper-and-this", f"positions_{config.positions}"),
        f"{config.norm}-LN",
    )
    return [Cell(word, tone="strong") for word in words]
