import math

from tests.lessons.answers.registry import answer


@answer("one-hot-write")
def one_hot_write(question, scene):
    about = question.about
    zeros = "0, " * about["n"]
    right = "[" + (zeros[: 3 * about["index"]] + "1, " + zeros[3 * about["index"] + 3 :])[:-2] + "]"
    # The words are asked for in the order of the sentence, each once.
    earlier = list(dict.fromkeys(scene.labels[1 : about["word"]]))
    assert len(earlier) >= about["index"]
    return [choice.text for choice in question.choices].index(right)


@answer("one-hot-zeros")
def one_hot_zeros(question, scene):
    index = scene.ids[question.about["word"]]
    row = "".join("1" if i == index else "0" for i in range(len(scene.experiment.model.tokenizer)))
    before, after = row.split("1")
    return {"all": row.count("0"), "before": len(before), "after": len(after)}[
        question.about["asked"]
    ]


@answer("one-hot-total")
def one_hot_total(question, scene):
    return sum(
        1
        for piece in scene.experiment.pieces
        for place in range(question.about["size"])
        if place != piece.id % question.about["size"]
    )


@answer("one-hot-claim")
def one_hot_claim(question, scene):
    about = question.about
    n = len(scene.experiment.model.tokenizer)
    a, b, c = ([float(i == scene.ids[about[key]]) for i in range(n)] for key in "abc")
    far_b, far_c = math.dist(a, b), math.dist(a, c)
    return {
        "near": far_b < far_c,
        "greater": sum(a) != sum(b),
        "by_index": math.isclose(far_b, abs(a.index(1) - b.index(1))),
        "equal": far_b == far_c,
        "apart": math.isclose(far_b, 1.41, abs_tol=0.005),
    }[about["claim"]]
