import math

from tests.lessons.answers.registry import answer
from tests.lessons.answers.scores import vectors
from tests.lessons.answers.softmax import weights

ATTN = "blocks.0.attn"


@answer("values-mix")
def values_mix(question, scene):
    values = vectors(scene, "V")
    row = weights(scene, question.about["looker"])
    column = question.about["column"]
    return math.fsum(w * v[column] for w, v in zip(row, values[: len(row)], strict=True))


@answer("values-by-hand")
def values_by_hand(question, scene):
    # From the second Value, part of the way to the first.
    about = question.about
    return about["v2"] + (about["v1"] - about["v2"]) * about["part"] / 100


@answer("values-partner")
def values_partner(question, scene):
    # What is left of the mix without all the others, over the weight, is the number asked for.
    about = question.about
    looker, other, column = about["looker"], about["other"], about["column"]
    trace = scene.experiment.trace
    mix, values = (trace[f"{ATTN}.{x}"].value[:, 0, column].tolist() for x in "zv")
    row = weights(scene, looker)
    others = math.fsum(w * values[i] for i, w in enumerate(row) if i != other)
    found = (mix[looker] - others) / row[other]
    assert math.isclose(found, trace.value(question.ref), rel_tol=1e-6, abs_tol=1e-9)
    return (about["other"], about["column"])


@answer("values-whose")
def values_whose(question, scene):
    row = weights(scene, question.about["looker"])
    mixed = {scene.quoted[i] for i, w in enumerate(row) if w > 0}
    return tuple(i for i, choice in enumerate(question.choices) if choice.text in mixed)
