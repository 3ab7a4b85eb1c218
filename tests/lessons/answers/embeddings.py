import math

from lessons.figures.tokens import labels_of
from tests.lessons.answers.registry import answer


def row_of(scene, id):
    return scene.experiment.model.parameters["W_E"][id].tolist()


@answer("embedding-cell")
def embedding_cell(question, scene):
    about = question.about
    # One-hot times the whole table, in one column, and where that number stands among the rows.
    table = scene.experiment.model.parameters["W_E"][:, about["column"]].tolist()
    out = math.fsum(x * (i == scene.ids[about["pos"]]) for i, x in enumerate(table))
    assert out == scene.experiment.trace.value(question.ref)
    rows = [row_of(scene, piece.id)[about["column"]] for piece in scene.experiment.pieces]
    assert rows[about["pos"]] == out
    words = [piece.id for piece in scene.experiment.pieces]
    return words.index(scene.ids[about["pos"]]), about["column"]


@answer("one-hot-times-table")
def one_hot_times_table(question, scene):
    about = question.about
    rows = [row_of(scene, scene.ids[int(pos)]) for pos in about["words"].split(",")]
    return sum(
        row[about["column"]] * (1 if i == about["place"] else 0) for i, row in enumerate(rows)
    )


@answer("nearest-row")
def nearest_row(question, scene):
    mine = row_of(scene, scene.ids[question.about["word"]])

    def cosine(id):
        row = row_of(scene, id)
        across = math.fsum(x * y for x, y in zip(mine, row, strict=True))
        return across / (math.hypot(*mine) * math.hypot(*row))

    best = max(map(int, question.about["ids"].split(",")), key=cosine)
    (label,) = labels_of(scene, [best])
    return [choice.text for choice in question.choices].index(scene.words.token(label))


@answer("text-to-vector")
def text_to_vector(question, scene):
    about = question.about
    pieces = scene.experiment.pieces[1 : about["words"] + 1]
    index = pieces[about["word"] - 1].id
    looked = {"es": f"la fila {index},", "en": f"row {index} is"}[scene.lang]
    vector = {"es": "ya es un vector", "en": "is now a vector"}[scene.lang]
    opening, closing = {"es": "«»", "en": "“”"}[scene.lang]
    typed = opening + " ".join(piece.label.strip() for piece in pieces) + closing
    marks = [typed, "␠", ", ".join(str(piece.id) for piece in pieces), looked, vector]
    texts = [choice.text for choice in question.choices]
    return tuple(next(i for i, text in enumerate(texts) if mark in text) for mark in marks)


@answer("embedding-count")
def embedding_count(question, scene):
    return sum(len(row_of(scene, piece.id)) for piece in scene.experiment.pieces)
