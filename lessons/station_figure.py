"""A station of the walk as a figure, for cards that are printed and not walked."""

from __future__ import annotations

from functools import lru_cache

from engine.config import Config
from lessons.exhibits import exhibit
from lessons.figures.cells import part_of
from lessons.figures.parts import Cell, Figure, Heat, Sentence, Table
from lessons.scene import Scene
from lessons.stages import Stage, stages, with_parts
from lessons.words import number

MOST_CANDIDATES = 10


@lru_cache(maxsize=256)
def station(config: Config, key: str, block: int) -> Stage | None:
    """The station that a card names, in the block or in the last one that the model has.

    key: the last part of its id, or the key of its prose.
    None where the model has no such station.
    """
    block = min(block, config.n_layers - 1)
    for stage in with_parts(stages(config)):
        if key in (stage.id.rsplit(".", 1)[-1], stage.key) and stage.block in (None, block):
            return stage
    return None


def station_figure(stage: Stage, scene: Scene, head: int = 0) -> Figure:
    """What the station shows of the run: its words, its candidates, or its matrix."""
    experiment = scene.experiment
    words = [Cell(label) for label in scene.labels]
    if stage.view == "text":
        return (Sentence(words[1:]),) if words[1:] else ()
    head = head % experiment.model.config.n_heads
    shown = exhibit(stage, experiment, head, marks=scene.words.marks)
    if stage.view in ("pieces", "ids"):
        refs = [shown.ref(row, 0) for row in range(len(shown.rows))]
        ids = [Cell(str(id), ref) for id, ref in zip(scene.ids, refs, strict=True)]
        return (Sentence(words, below=ids),)
    if stage.view in ("bars", "choice"):
        return (_candidates(stage, scene, head),)
    return (Heat(shown),)


def _candidates(stage: Stage, scene: Scene, head: int) -> Table:
    shown = exhibit(stage, scene.experiment, head, marks=scene.words.marks)
    rows = []
    for row, (label, value) in enumerate(zip(shown.rows, shown.values[:, 0].tolist(), strict=True)):
        shares = shown.scale == "sequential"
        text = scene.words.share(value) if shares else number(value)
        rows.append([Cell(label), Cell(text, shown.ref(row, 0), bar=part_of(value, shown.span))])
    return Table(rows[:MOST_CANDIDATES])
