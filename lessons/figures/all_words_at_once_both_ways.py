"""A model that looks only back beside one that looks both ways and fills in blanks."""

from __future__ import annotations

import numpy as np

from engine.experiment import Experiment
from engine.words import BLANK
from lessons.figures.candidates import candidates_beside
from lessons.figures.cells import quiet
from lessons.figures.excerpts import window
from lessons.figures.heats import pattern_heat
from lessons.figures.knobs import TOKEN
from lessons.figures.parts import Beside, Cell, Figure, Say, Sentence
from lessons.figures.registry import figure, headings, said
from lessons.figures.runs import read_by
from lessons.languages import models_of
from lessons.scene import Scene, shipped_model

N_BESIDE = 6
N_CANDIDATES = 5


def both_ways_run(experiment: Experiment, lang: str, at: int | None = None) -> Experiment:
    """The same text read by a model that looks both ways, the word of a place covered if given.

    The learner's own model where it looks both ways, else the one that comes with the program.
    """
    model = experiment.model
    if model.config.causal or model.tokenizer.blank_id is None:
        model = shipped_model(f"mini-bidi-{models_of(lang)}")
    return read_by(model, experiment.text if at is None else covered_text(experiment, at))


def causal_run(experiment: Experiment, lang: str) -> Experiment:
    """The learner's run if its model looks only back, else the same text read by one that does."""
    if experiment.model.config.causal:
        return experiment
    return read_by(shipped_model(f"mini-{models_of(lang)}"), experiment.text)


def covered_text(experiment: Experiment, at: int) -> str:
    """The text with BLANK in the place of one of its tokens."""
    text, piece = experiment.normal_text, experiment.pieces[at]
    rest = text[piece.end :]
    gap = " " if rest[:1].isalnum() else ""  # only where a piece of a word was covered
    return f"{text[: piece.start].rstrip(' ')} {BLANK}{gap}{rest}".strip()


def blank_place(experiment: Experiment) -> int | None:
    """Where the covered word of a text is; None if it has none."""
    blank = experiment.model.tokenizer.blank_id
    ids = [piece.id for piece in experiment.pieces]
    return ids.index(blank) if blank in ids else None


def _covered(scene: Scene) -> int:
    """The word that is covered; never the start token, unless there is nothing else."""
    n = len(scene.experiment.pieces)
    return min(max(scene.at("token", n), 1), n - 1)


def blank_runs(scene: Scene) -> tuple[Experiment, ...]:
    """The run that looks only back, and the one that looks both ways at the covered text."""
    run, lang = scene.experiment, scene.lang
    return causal_run(run, lang), both_ways_run(run, lang, _covered(scene))


@figure("fill-blank", TOKEN, station="choice", runs=blank_runs)
def fill_blank(scene: Scene) -> Figure:
    """One word is covered: what is told from those before it, and what from both sides."""
    at, words = _covered(scene), "fill-blank"
    if at == 0:
        return (Say(said(scene, words, "nothing")),)
    causal, both = blank_runs(scene)
    place = blank_place(both)
    if place is None:
        return (Say(said(scene, words, "absent")),)
    before = min(at, len(causal.pieces)) - 1
    back, ahead = headings(scene, words, ("causal", "both"))
    sides = ((back, causal, before, 1), (ahead, both, place, 2))
    return (
        _sentence(scene, at),
        candidates_beside(scene, sides, N_CANDIDATES),
        Say(said(scene, words, "was", token=scene.quoted[at]), "quiet"),
    )


def _sentence(scene: Scene, at: int) -> Sentence:
    """The words around the covered one: those before it are seen by both, the others by one."""
    shown = range(max(0, at - 5), min(scene.n, at + 5))
    cells, below = [], []
    for pos in shown:
        cells.append(Cell(BLANK if pos == at else scene.labels[pos]))
        key = "blank" if pos == at else "one" if pos > at else "two"
        below.append(quiet(said(scene, "fill-blank", f"sees.{key}")))
    return Sentence(cells, below=below)


def beside_runs(scene: Scene) -> tuple[Experiment, ...]:
    """The run that looks only back, and the one that looks both ways, of the same text."""
    run, lang = scene.experiment, scene.lang
    return causal_run(run, lang), both_ways_run(run, lang)


@figure("both-ways", TOKEN, station="pattern", runs=beside_runs)
def both_ways(scene: Scene) -> Figure:
    """The same table of weights in a model that looks only back, and in one that looks both ways.

    Of the second, the table in which the chosen word gives most to the words behind it.
    """
    causal, both = beside_runs(scene)
    runs = (causal, both)
    names = ("causal", "both")
    heads = (0, _looks_ahead(both, scene.at("token", len(both.pieces))))
    tables, told = [], []
    for run, (experiment, name, head) in enumerate(zip(runs, names, heads, strict=True), 1):
        at = scene.at("token", len(experiment.pieces))
        shown = window(len(experiment.pieces), min(at + 2, len(experiment.pieces) - 1), N_BESIDE)
        title = said(scene, "both-ways", name)
        tables.append(
            pattern_heat(scene, experiment, 0, head, shown, at, title=title, run=run, narrow=True)
        )
        ahead = experiment.trace["blocks.0.attn.pattern"].value[head, at, at + 1 :].sum()
        told.append(scene.words.share(float(ahead)))
    who = scene.quoted[scene.at("token", scene.n)]
    ahead_text = said(scene, "both-ways", "ahead", token=who, causal=told[0], both=told[1])
    parts: Figure = (Beside(tables), Say(ahead_text))
    if scene.n > N_BESIDE:
        parts += (Say(said(scene, "both-ways", "cropped", n=N_BESIDE), "quiet"),)
    return parts


def _looks_ahead(experiment: Experiment, at: int) -> int:
    pattern = experiment.trace["blocks.0.attn.pattern"].value
    return int(np.argmax(pattern[:, at, at + 1 :].sum(-1)))
