"""Questions on the table of embeddings: looking a row up, and which rows are close."""

from __future__ import annotations

from random import Random

import numpy as np

from engine.expr import Ref
from lessons.figures.closeness import closeness, closest
from lessons.figures.common_words import word_ids
from lessons.figures.embeddings import table
from lessons.figures.tokens import labels_of
from lessons.quiz.build import pick_question
from lessons.quiz.early import order_question, point_question, typed_question
from lessons.quiz.own_words import different_words, first_words, token, tokens
from lessons.quiz.question import Pointed, Question
from lessons.quiz.registry import generator, said
from lessons.scene import Scene
from lessons.words import number

LESSON = "embeddings"
_MOST_ROWS = 16
_MOST_COLUMNS = 8
_ROWS = 4  # of the small table that is multiplied by hand
_MOST_PIECES = 12
_APART = 0.03


@generator("embedding-cell", LESSON)
def embedding_cell(scene: Scene, rng: Random) -> Question | None:
    """A number of the row that a one-hot vector brings out of the table."""
    rows = [
        pos for pos in range(1, min(scene.n, _MOST_ROWS)) if scene.ids.count(scene.ids[pos]) == 1
    ]
    d = table(scene).shape[1]
    if not rows or not np.isfinite(table(scene)[scene.ids]).all():
        return None
    pos, column = rng.choice(rows), rng.randint(1, min(d, _MOST_COLUMNS) - 1)
    mistakes = [("off-by-one", (pos, column - 1)), ("wrong-cell", (pos - 1, column))]
    if column + 1 < d:
        mistakes.append(("off-by-one", (pos, column + 1)))
    if pos + 1 < scene.n:
        mistakes.append(("wrong-cell", (pos + 1, column)))
    if column < scene.n and pos < d:  # the column taken for the row
        mistakes.append(("wrong-cell", (column, pos)))
    id = scene.ids[pos]
    return point_question(
        scene,
        "embedding-cell",
        LESSON,
        Pointed("lookup"),
        (pos, column),
        mistakes,
        Ref("W_E", (id, column)),
        {"pos": pos, "column": column},
        word=token(scene, pos),
        index=id,
        column=column + 1,
        value=number(float(table(scene)[id, column])),
    )


@generator("one-hot-times-table", LESSON)
def one_hot_times_table(scene: Scene, rng: Random) -> Question | None:
    """One-hot times a column of a small table, by hand."""
    words = different_words(scene)
    if len(words) < 3:
        return None
    words = sorted(rng.sample(words, min(_ROWS, len(words))))
    ids = [scene.ids[pos] for pos in words]
    place = rng.randrange(len(words))
    some = table(scene)[ids]
    with np.errstate(all="ignore"):  # numbers forced by hand may be giants
        apart = np.abs(np.delete(some, place, axis=0) - some[place]).min(axis=0) > _APART
    apart &= np.isfinite(some).all(axis=0)
    if not apart.any():
        return None
    column = int(rng.choice(np.flatnonzero(apart).tolist()))
    values = [float(x) for x in some[:, column]]
    answer = values[place]
    mistakes = [("off-by-one", values[i]) for i in (place - 1, place + 1) if 0 <= i < len(values)]
    mistakes.append(("sum-not-product", sum(values)))
    products = [f"{int(i == place)} × {_signed(x)}" for i, x in enumerate(values)]
    return typed_question(
        scene,
        "one-hot-times-table",
        LESSON,
        answer,
        mistakes,
        Ref("W_E", (ids[place], column)),
        {"words": ",".join(map(str, words)), "place": place, "column": column},
        words=tokens(scene, words),
        word=token(scene, words[place]),
        column=column + 1,
        numbers="; ".join(number(x) for x in values),
        one_hot=f"[{', '.join(str(int(i == place)) for i in range(len(values)))}]",
        products=" + ".join(products),
    )


def _signed(x: float) -> str:
    """A number inside a product, a negative one in brackets."""
    return number(x) if x >= 0 else f"({number(x)})"


@generator("nearest-row", LESSON)
def nearest_row(scene: Scene, rng: Random) -> Question | None:
    """Which of three pieces is the nearest neighbour, from their closeness and their indices."""
    words = different_words(scene)
    if not words:
        return None
    pos = rng.choice(words)
    id = scene.ids[pos]
    best = closest(scene.experiment, id, 3)
    among = word_ids(scene.experiment.model)
    by_index = [int(i) for i in sorted(among, key=lambda i: abs(int(i) - id)) if i != id][:4]
    far = [scene.ids[i] for i in words] + [int(i) for i in rng.sample([*among], min(8, len(among)))]
    rng.shuffle(far)
    found = _three(scene, id, [i for i, _ in best], by_index, far)
    if found is None:
        return None
    names = dict(zip(found, map(scene.words.token, labels_of(scene, found)), strict=True))
    near = {i: number(closeness(scene.experiment, (id,), (i,))) for i in found}
    listed = [
        said(scene, "nearest-row", "one", name=names[i], index=i, near=near[i])
        for i in rng.sample(found, len(found))
    ]
    right, neighbour, other = found
    values = {"word": token(scene, pos), "index": id, "near": near[right]}
    return pick_question(
        scene,
        rng,
        "nearest-row",
        LESSON,
        names[right],
        {"id-is-size": names[neighbour], "-far": names[other]},
        None,
        {"word": pos, "ids": ",".join(map(str, sorted(found)))},
        {"id-is-size": said(scene, "nearest-row", "id-is-size", name=names[neighbour], **values)},
        **values,
        listed="; ".join(listed),
    )


def _three(
    scene: Scene, id: int, best: list[int], by_index: list[int], far: list[int]
) -> tuple[int, int, int] | None:
    """A close row, one with a nearer index, and one that is neither; all told apart."""

    def near(other: int) -> float:
        return closeness(scene.experiment, (id,), (other,))

    for right in best:
        gap = abs(right - id)
        nexts = [i for i in by_index if abs(i - id) < gap and near(right) - near(i) > _APART]
        for neighbour in nexts:
            for other in far:
                apart = near(right) - near(other) > _APART
                if apart and abs(other - id) > abs(neighbour - id):
                    return right, neighbour, other
    return None


@generator("text-to-vector", LESSON)
def text_to_vector(scene: Scene, rng: Random) -> Question | None:
    """The way of a word from the text to its vector, in order."""
    n = first_words(scene, 3)
    values = table(scene)
    if n < 2 or values.shape[1] < 3:
        return None
    pos = rng.randint(1, n)
    id = scene.ids[pos]
    start = [float(x) for x in values[id, :3]]
    if not np.isfinite(start).all():
        return None
    told = {
        "text": " ".join(scene.labels[1 : n + 1]),
        "pieces": " · ".join(f"␠{label}" for label in scene.labels[1 : n + 1]),
        "indices": ", ".join(map(str, scene.ids[1 : n + 1])),
        "word": token(scene, pos),
        "index": id,
        "numbers": "; ".join(map(number, start)),
        "size": values.shape[1],
    }
    keys = ("typed", "cut", "numbered", "looked_up", "vector")
    return order_question(
        scene,
        rng,
        "text-to-vector",
        LESSON,
        [said(scene, "text-to-vector", key, **told) for key in keys],
        Ref("W_E", (id, 0)),
        {"word": pos, "words": n},
        **told,
    )


@generator("embedding-count", LESSON)
def embedding_count(scene: Scene, rng: Random) -> Question | None:
    """How many numbers the embeddings of a sentence have altogether."""
    typed, d = scene.n - 1, table(scene).shape[1]
    if not 2 <= typed <= _MOST_PIECES:
        return None
    return typed_question(
        scene,
        "embedding-count",
        LESSON,
        scene.n * d,
        [("off-by-one", typed * d), ("sum-not-product", scene.n + d)],
        None,
        {},
        typed=typed,
        n=scene.n,
        size=d,
        start=scene.words.start,
    )
