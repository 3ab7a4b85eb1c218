"""Scores: how well the Query of one word matches the Key of another."""

from __future__ import annotations

from engine.experiment import Experiment
from lessons.figures import one_attention as att
from lessons.figures.cells import blank, largest, number_cell, part_of, quiet
from lessons.figures.excerpts import highest, ranked
from lessons.figures.knobs import WORD, Number, Place
from lessons.figures.parts import Cell, Figure, Part, Say, Sentence, Table, Tone
from lessons.figures.registry import figure, headings, said
from lessons.figures.runs import changed
from lessons.figures.tokens import short_name
from lessons.scene import Scene
from lessons.words import number, signed

_NUMBERS = 8  # of a Query and a Key in view
_WORDS = 7
_IN_A_ROW = 18  # words of a long sentence in view


@figure("score-by-hand", WORD, Place("other", "token", 2), station="attn_scores")
def score_by_hand(scene: Scene) -> Figure:
    """One score: two vectors, multiplied number by number, and the products added up."""
    query, key = scene.at("word", scene.n), scene.at("other", scene.n)
    run = scene.experiment
    q, k = att.vector(run, "q", query), att.vector(run, "k", key)
    products = [float(a * b) for a, b in zip(q, k, strict=True)]
    kept = highest([abs(p) for p in products], range(len(products)), _NUMBERS)
    span = largest(products)
    rows = [
        [
            Cell(str(i + 1)),
            att.vector_cell(run, "q", query, i),
            att.vector_cell(run, "k", key, i),
            number_cell(products[i], span=span),
        ]
        for i in kept
    ]
    if others := len(products) - len(kept):
        rest = sum(p for i, p in enumerate(products) if i not in kept)
        label = quiet(said(scene, "score-by-hand", "others", n=others))
        rows.append([label, *blank(2), number_cell(rest)])
    total = att.pair_cell(run, "attn_scores", query, key, tone="strong")
    score = Cell(said(scene, "score-by-hand", "score"), tone="strong")
    rows.append([score, *blank(2), total])
    header = ["", *headings(scene, "score-by-hand", ("q", "k", "product"))]
    tokens = {"looker": scene.quoted[query], "other": scene.quoted[key]}
    return (
        Say(said(scene, "score-by-hand", "of", **tokens)),
        Table(rows, header, total=True),
    )


@figure("score-row", WORD, station="attn_scores")
def score_row(scene: Scene) -> Figure:
    """The sentence as one of its words sees it: its score with each of the others."""
    query = scene.at("word", scene.n)
    run = scene.experiment
    scores = att.row(run, "attn_scores", query)
    places = att.seen(run, query)
    # Of a long sentence, what can be seen comes before what is covered.
    covered_ones = [pos for pos in range(scene.n) if pos not in places]
    first = [query, *(pos for pos in ranked(scores, places) if pos != query)]
    rest = [pos for pos in covered_ones if pos != query]
    shown = sorted([*first, *rest][:_IN_A_ROW])
    span = largest(scores)
    words, below = [], []
    for pos in shown:
        score = float(scores[pos])
        covered = pos not in places
        cell = att.pair_cell(run, "attn_scores", query, pos, tone="quiet" if covered else "")
        # In brackets too: a colour alone would not tell what is covered.
        text = f"({cell.text})" if covered else cell.text
        below.append(Cell(text, cell.ref, tone=cell.tone))
        shade = None if covered else part_of(score, span)
        tone: Tone = "quiet" if covered else "strong" if pos == query else ""
        words.append(Cell(short_name(scene, pos), tone=tone, shade=shade))
    parts: list[Part] = [
        Say(said(scene, "score-row", "of", token=scene.quoted[query])),
        Sentence(words, below=below),
    ]
    if places:
        order = ranked(scores, places)
        ends = {"best": scene.quoted[order[0]], "worst": scene.quoted[order[-1]]}
        ends |= {"high": number(float(scores[order[0]])), "low": number(float(scores[order[-1]]))}
        parts.append(Say(said(scene, "score-row", "ends" if len(order) > 1 else "alone", **ends)))
    if len(places) < scene.n:
        parts.append(Say(said(scene, "score-row", "covered"), "quiet"))
    if len(shown) < scene.n:
        left = {"shown": len(shown), "all": scene.n}
        parts.append(Say(said(scene, "score-row", "left_out", **left), "quiet"))
    return tuple(parts)


def _pushed(scene: Scene) -> tuple[Experiment, ...]:
    """The run in which one score has more, or less, by what the knob says."""
    run = scene.experiment
    query, key = scene.at("word", scene.n), scene.at("other", scene.n)
    score = float(att.row(run, "attn_scores", query)[key]) + float(scene.knobs["push"])
    cell = f"{att.ATTN}.attn_scores[{att.HEAD},{query},{key}]"
    return (changed(run, f"{cell}={score!r}") or run,)


@figure(
    "score-push",
    Number("push", 5, -20, 20),
    Place("other", "token", 2),
    WORD,
    station="attn_scores",
    runs=_pushed,
)
def score_push(scene: Scene) -> Figure:
    """What becomes of the weights of a row when one of its scores is raised or lowered."""
    query, key = scene.at("word", scene.n), scene.at("other", scene.n)
    before, (after,) = scene.experiment, _pushed(scene)
    places = att.seen(before, query)
    tokens = {"looker": scene.quoted[query], "other": scene.quoted[key]}
    if key not in places:
        return (Say(said(scene, "score-push", "covered", **tokens)),)
    weights = att.row(before, "pattern", query)
    # The pushed word is in view however little it weighs.
    shown = highest(weights, places, _WORDS, keep=[key])
    rows = []
    for pos in shown:
        tone: Tone = "strong" if pos == key else ""
        rows.append(
            [
                Cell(short_name(scene, pos), tone=tone),
                att.pair_cell(before, "attn_scores", query, pos),
                att.weight_cell(before, query, pos),
                att.pair_cell(after, "attn_scores", query, pos, 1, tone=tone),
                att.weight_cell(after, query, pos, 1),
            ]
        )
    keys = ("score", "weight", "score_new", "weight_new")
    header = ["", *headings(scene, "score-push", keys)]
    tokens["push"] = signed(float(scene.knobs["push"]))
    left = {"shown": len(shown), "all": len(places)}
    parts: list[Part] = [
        Say(said(scene, "score-push", "of", **tokens)),
        Table(rows, header),
    ]
    if len(shown) < len(places):
        parts.append(Say(said(scene, "score-push", "left_out", **left), "quiet"))
    return tuple(parts)


@figure("score-both-ways", WORD, station="attn_scores")
def score_both_ways(scene: Scene) -> Figure:
    """How a word matches each of the others, and how they match it: two different numbers."""
    word = scene.at("word", scene.n)
    run = scene.experiment
    there = att.row(run, "attn_scores", word)
    others = [pos for pos in range(scene.n) if pos != word]
    if not others:
        return (Say(said(scene, "score-both-ways", "alone", token=scene.quoted[word])),)
    shown = highest(there, others, _WORDS)
    rows = [
        [
            Cell(short_name(scene, pos)),
            att.pair_cell(run, "attn_scores", word, pos),
            att.pair_cell(run, "attn_scores", pos, word),
        ]
        for pos in shown
    ]
    token = {"token": scene.words.token(short_name(scene, word))}
    header = ["", *headings(scene, "score-both-ways", "ab", **token)]
    parts: list[Part] = [Table(rows, header)]
    if len(shown) < len(others):
        left = said(scene, "score-both-ways", "left_out", shown=len(shown), all=len(others))
        parts.append(Say(left, "quiet"))
    return tuple(parts)


WORKED = (("q1", 2.0), ("q2", -1.0), ("k1", 3.0), ("k2", 4.0))


@figure(
    "score-worked",
    *(Number(id, default, -20, 20, 0.5) for id, default in WORKED),
    station="attn_scores",
)
def score_worked(scene: Scene) -> Figure:
    """A Query and a Key of two numbers each, to be set, and their score."""
    rows = []
    products = []
    for i in ("1", "2"):
        q, k = float(scene.knobs[f"q{i}"]), float(scene.knobs[f"k{i}"])
        products.append(q * k)
        rows.append(
            [
                Cell(i),
                Cell(number(q), knob=f"q{i}"),
                Cell(number(k), knob=f"k{i}"),
                number_cell(q * k),
            ]
        )
    label = Cell(said(scene, "score-worked", "score"), tone="strong")
    rows.append([label, *blank(2), number_cell(sum(products), tone="strong")])
    header = ["", *headings(scene, "score-worked", ("q", "k", "product"))]
    return (Table(rows, header, total=True),)


VIEW = (("a", 0.2), ("b", 4.1), ("c", 1.5), ("d", 3.8))


@figure(
    "score-view",
    *(Number(id, default, -20, 20, 0.1) for id, default in VIEW),
    station="attn_scores",
)
def score_view(scene: Scene) -> Figure:
    """Four words with chosen scores, to be set, as one of them sees the others."""
    scores = [float(scene.knobs[id]) for id, _ in VIEW]
    words = [said(scene, "score-view", f"word.{id}") for id, _ in VIEW]
    span = largest(scores)
    shaded = [
        Cell(word, tone="strong" if id == "c" else "", shade=part_of(score, span))
        for (id, _), word, score in zip(VIEW, words, scores, strict=True)
    ]
    below = [Cell(number(x), knob=id) for (id, _), x in zip(VIEW, scores, strict=True)]
    order = [scene.words.token(words[i]) for i in ranked(scores, range(len(scores)))]
    return (
        Say(said(scene, "score-view", "of"), "quiet"),
        Sentence(shaded, below=below),
        Say(said(scene, "score-view", "order", order=", ".join(order)), "strong"),
    )
