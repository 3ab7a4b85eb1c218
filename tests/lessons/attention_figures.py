"""What the tests of lessons 11 to 15 share: scenes of the shipped models, and a figure's tables."""

from engine.experiment import Experiment
from lessons.figures import one_attention as att
from lessons.figures.parts import Table
from lessons.figures.registry import figures
from lessons.scene import Scene, shipped_model

SENTENCE = "El gato se subió al árbol porque tenía miedo del perro"


def scene(text=SENTENCE, model="mini-es", **knobs):
    return Scene(Experiment(shipped_model(model), text), "es", knobs)


def tables(name, scene):
    return [part for part in figures()[name].show(scene) if isinstance(part, Table)]


def texts(table):
    """The words and numbers of a table, row by row."""
    return [[cell.text for cell in row] for row in table.rows]


def weights(experiment, query):
    return att.row(experiment, "pattern", query)
