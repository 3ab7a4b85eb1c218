import math

from tests.lessons.answers.registry import answer

ATTN = "blocks.0.attn"


@answer("scores-by-hand")
def scores_by_hand(question, scene):
    # (a, b) · (c, d) by complex numbers: the real part of one times the other's conjugate.
    about = question.about
    return (complex(about["q1"], about["q2"]) * complex(about["k1"], -about["k2"])).real


def vectors(scene, letter):
    """Every token's vector, from what enters and the weights."""
    parameters = scene.experiment.model.parameters
    trace = scene.experiment.trace
    entering = trace[trace[f"{ATTN}.{letter.lower()}"].inputs[0]].value.tolist()
    matrix = parameters[f"{ATTN}.W_{letter}"][0].T.tolist()
    bias = parameters[f"{ATTN}.b_{letter}"][0].tolist()
    return [[dot(x, column) + b for column, b in zip(matrix, bias, strict=True)] for x in entering]


def score(scene, looker, other):
    """A score from the weights."""
    return dot(vectors(scene, "Q")[looker], vectors(scene, "K")[other])


def dot(a, b):
    return math.fsum(x * y for x, y in zip(a, b, strict=True))


@answer("scores-last-product")
def scores_last_product(question, scene):
    return score(scene, question.about["looker"], question.about["other"])


@answer("scores-cell")
def scores_cell(question, scene):
    # The step has one row for each token that looks, and one column for each that is found.
    looker, other = question.about["looker"], question.about["other"]
    ref = question.ref
    assert math.isclose(scene.experiment.trace.value(ref), score(scene, looker, other))
    assert scene.experiment.trace[ref.name].axes == ("head", "query", "key")
    return (looker, other)


@answer("scores-row-largest")
def scores_row_largest(question, scene):
    looker = question.about["looker"]
    query = vectors(scene, "Q")[looker]
    row = [dot(query, key) for key in vectors(scene, "K")]
    return (looker, row.index(max(row)))
