"""Where a person is on the walk, and how each key changes that. Pure: no widgets here.

A place outlives what it points at: the sentence may become shorter, the model another one. So it
keeps what was wished for, and `word_of` and its like give the nearest that there is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from engine.config import Config
from engine.experiment import Experiment
from lessons.stages import Stage

FIRST_STAGE = "text"


@dataclass(frozen=True)
class Place:
    """The cursor of the walk.

    stage: a stage's id. head: counted from 0. word: a position of the sentence, None for the one
    whose prediction is asked for, whichever that is while one types. col: the column within an
    exhibit. pick: the line within a list of candidates. inside: whether the inner steps of stages
    are stations too.
    """

    stage: str = FIRST_STAGE
    head: int = 0
    word: int | None = None
    col: int = 0
    pick: int = 0
    inside: bool = False


START = Place()


def stage_index(place: Place, line: Sequence[Stage]) -> int:
    """The number of the place's stage on a model's line.

    Where the model has no such stage, that of the same name in its last block, else the first.
    """
    for index, stage in enumerate(line):
        if stage.id == place.stage:
            return index
    alike = [i for i, stage in enumerate(line) if _name(stage.id) == _name(place.stage)]
    return alike[-1] if alike else 0


def stage_of(place: Place, line: Sequence[Stage]) -> Stage:
    """The stage that the place is at."""
    return line[stage_index(place, line)]


def step(place: Place, line: Sequence[Stage], by: int) -> Place:
    """So many stages on, or back where `by` is negative; the ends of the line hold."""
    index = max(0, min(stage_index(place, line) + by, len(line) - 1))
    return replace(place, stage=line[index].id, pick=0)


def jump(place: Place, line: Sequence[Stage], by: int) -> Place:
    """To the same stage of another block; from or to where there is none, to a group's first."""
    here = stage_of(place, line)
    groups = list(dict.fromkeys(stage.group for stage in line))
    index = max(0, min(groups.index(here.group) + by, len(groups) - 1))
    return to_group(place, line, groups[index])


def to_group(place: Place, line: Sequence[Stage], group: str) -> Place:
    """To a group of the line: to its stage of the present name, else to its first."""
    here = stage_of(place, line)
    members = [stage for stage in line if stage.group == group]
    if not members or here.group == group:
        return place
    alike = [stage for stage in members if _name(stage.id) == _name(here.id)]
    return replace(place, stage=(alike or members)[0].id, pick=0)


def turn(place: Place, config: Config, by: int) -> Place:
    """To another head; after the last comes the first."""
    return replace(place, head=(head_of(place, config) + by) % config.n_heads)


def look_inside(place: Place, line: Sequence[Stage]) -> Place:
    """To the first inner step of the stage; where they are open, back to the stage as a whole."""
    here = stage_of(place, line)
    if place.inside:
        whole = next((stage for stage in line if here in stage.parts), here)
        return replace(place, stage=whole.id, inside=False)
    return replace(place, stage=here.parts[0].id, inside=True) if here.parts else place


def to_word(place: Place, experiment: Experiment, word: int) -> Place:
    """To another position of the sentence; the one that is asked for is kept as just that."""
    word = max(0, min(word, len(experiment.pieces) - 1))
    return replace(place, word=None if word == experiment.asked else word, pick=0)


def head_of(place: Place, config: Config) -> int:
    """The present head, one that the model has."""
    return min(place.head, config.n_heads - 1)


def word_of(place: Place, experiment: Experiment) -> int:
    """The present position, one that the sentence has."""
    last = len(experiment.pieces) - 1
    return experiment.asked if place.word is None else min(place.word, last)


def _name(stage_id: str) -> str:
    """A stage's name without its block: "q" for "blocks.1.q"."""
    return stage_id.split(".", 2)[-1] if stage_id.startswith("blocks.") else stage_id
