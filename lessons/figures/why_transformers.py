"""What a language model does, and what it costs to read one word after another."""

from __future__ import annotations

from collections.abc import Callable

from lessons.figures.candidates import candidate_cells, candidates
from lessons.figures.cells import quiet
from lessons.figures.excerpts import GAP, excerpt, with_gaps
from lessons.figures.knobs import WORD, Choice, Number
from lessons.figures.parts import (
    Arc,
    Beside,
    Cell,
    Curve,
    Drawing,
    Figure,
    Plot,
    Say,
    Sentence,
    Table,
)
from lessons.figures.registry import figure, said
from lessons.figures.tokens import short, word_cells
from lessons.scene import Scene
from lessons.words import number

_WIDTH = 74
_FAR = 200  # the source's "by word 200, word 1 is gone"
_ARROW = "→"
KEEP = Number("keep", 0.9, 0.5, 1.0, 0.01)


@figure("next-word", WORD, station="choice")
def next_word(scene: Scene) -> Figure:
    """What the model bets on after one of the words of the sentence."""
    pos = scene.at("word", scene.n)
    words = word_cells(scene)[: pos + 1]
    shown = with_gaps(excerpt(len(words), 12, keep=(pos,)), words)
    sentence = Sentence([*shown, Cell("___", tone="strong")])
    rows = candidate_cells(scene, scene.experiment, pos, 5, 0)
    others = _rest(scene, pos, 5)
    rows.append([quiet(said(scene, "next-word", "others")), Cell(others)])
    header = [said(scene, "next-word", key) for key in ("bet", "share")]
    parts: Figure = (sentence, Table(rows, header))
    if not scene.experiment.model.config.causal:
        return (*parts, Say(said(scene, "next-word", "bidirectional"), "quiet"))
    return parts


def _rest(scene: Scene, pos: int, n: int) -> str:
    """The share of all but the n likeliest."""
    probs = scene.experiment.trace["probs"].value[pos]
    first = sum(float(probs[id]) for id, _ in candidates(scene, scene.experiment, pos, n))
    return scene.words.share(max(1.0 - first, 0.0))  # NaN stays NaN


@figure("two-lanes", Number("step", 1, 1, 64, integer=True), station="pieces")
def two_lanes(scene: Scene) -> Figure:
    """The sentence after so many steps, read one by one and all at once."""
    words = [short(label, 10) for label in scene.labels[1:]]
    if not words:
        return (Say(said(scene, "two-lanes", "empty")),)
    n = len(words)
    step = min(int(scene.knobs["step"]), n)
    lanes = _fitting(
        scene, words, lambda i: i < step, said(scene, "two-lanes", "recurrent"), _ARROW
    ) + _fitting(scene, words, lambda i: True, said(scene, "two-lanes", "attention"), " ")
    counts = [
        [Cell(said(scene, "two-lanes", "read")), Cell(str(step)), Cell(str(n))],
        [Cell(said(scene, "two-lanes", "missing")), Cell(str(n - step)), Cell("0")],
        *(
            [Cell(said(scene, "two-lanes", key, n=m)), Cell(scene.words.whole(m)), Cell("1")]
            for key, m in (("own", n), ("double", 2 * n), ("thousand", 1000))
        ),
    ]
    header = [
        said(scene, "two-lanes", "after", step=step),
        said(scene, "two-lanes", "recurrent"),
        said(scene, "two-lanes", "attention"),
    ]
    layers = scene.experiment.model.config.n_layers
    return (
        Drawing(lanes),
        Table(counts, header),
        Say(said(scene, "two-lanes", "repeats", n=layers), "quiet"),
    )


def _fitting(
    scene: Scene, words: list[str], is_read: Callable[[int], bool], name: str, between: str
) -> list[list[Cell]]:
    """A lane on one line: words that are read, and dots in place of those that wait."""
    for most in range(len(words), 0, -1):
        places = excerpt(len(words), most, keep=(0, len(words) - 1))
        texts = [GAP if i is None else words[i] for i in places]
        if len(name) + 3 + len(between.join(texts)) <= _WIDTH:
            break
    line = [quiet(f"{name:<12}   ")]
    for k, (i, text) in enumerate(zip(places, texts, strict=True)):
        if k:
            line.append(quiet(between))
        waits = i is not None and not is_read(i)
        line.append(quiet("·" * len(text)) if waits else Cell(text, tone="strong"))
    return [line]


@figure("fading", KEEP, WORD, station="pieces")
def fading(scene: Scene) -> Figure:
    """How much of word 1 a summary still holds at word n, if each step keeps the same part.

    An illustration with a factor that the learner chooses: keep^(n - 1).
    """
    keep = float(scene.knobs["keep"])
    pos = max(scene.at("word", scene.n), 1)
    rows = []
    for n in sorted({2, 10, 50, _FAR, pos}):
        left = remaining(keep, n)
        mine = n == pos and scene.n > 1
        name = said(scene, "fading", "mine" if mine else "nth", n=n, word=_word(scene, pos))
        bar = Cell(scene.words.share(left), bar=left)
        rows.append([Cell(name, tone="strong" if mine else ""), Cell(str(n - 1)), bar])
    header = [said(scene, "fading", key) for key in ("word", "steps", "left")]
    kept = [remaining(keep, n) for n in range(1, _FAR + 1)]
    curve = Curve(
        said(scene, "fading", "curve"),
        [100 * left for left in kept],
        texts=[scene.words.share(left) for left in kept],
    )
    plot = Plot(
        (curve,),
        xs=range(1, _FAR + 1),
        x_name=said(scene, "fading", "x"),
        y_name="%",
        mark=min(pos, _FAR) - 1,
    )
    knob = [Cell(said(scene, "fading", "kept")), Cell(number(keep), knob="keep")]
    return (Drawing([knob]), Beside((Table(rows, header), plot)))


def remaining(keep: float, n: int) -> float:
    """The part of word 1 that is left once word n is read."""
    return keep ** (n - 1)


def _word(scene: Scene, pos: int) -> str:
    return short(scene.labels[pos]) if pos < scene.n else ""


@figure(
    "path",
    Choice("lane", "attention", ("recurrent", "attention")),
    WORD,
    KEEP,
    station="pattern",
)
def path(scene: Scene) -> Figure:
    """The way from a word back to word 1, from one to the next or straight, and what is left.

    An illustration: each hop to the next word keeps the part that the learner chooses.
    """
    if scene.n < 2:
        return (Say(said(scene, "path", "empty")),)
    pos = max(scene.at("word", scene.n), 1)
    keep = float(scene.knobs["keep"])
    places = [i for i in excerpt(scene.n, 11, keep=(1, pos)) if i != 0]
    cells = with_gaps(places, [Cell(short(label, 9)) for label in scene.labels])
    first, last = places.index(1), places.index(pos)
    if recurrent := scene.knobs["lane"] == "recurrent":
        arcs = [Arc(i, i - 1, keep) for i in range(last, first, -1)]
    else:
        arcs = [Arc(last, first, 1.0)] if last > first else []
    hops = pos - 1 if recurrent else len(arcs)
    names = {
        "word": scene.quoted[pos],
        "first": scene.quoted[1],
        "hops": hops,
        "left": scene.words.share(remaining(keep, pos)),
    }
    key = ("recurrent_one" if hops == 1 else "recurrent") if recurrent else "attention"
    knob = [Cell(said(scene, "fading", "kept")), Cell(number(keep), knob="keep")]
    return (
        Sentence(cells, arcs),
        Say(said(scene, "path", key if hops else "self", **names)),
        Drawing([knob]),
        Say(said(scene, "path", "may"), "quiet"),
    )
