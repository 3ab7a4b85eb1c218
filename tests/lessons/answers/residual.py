import math

from lessons.words import number
from tests.lessons.answers.registry import answer

OUT = {"attention": ("attn.z", "attn.W_O", "attn.b_O"), "network": ("mlp.post", "mlp.W_out", None)}


def given(about, scene):
    """What a part gives at a place, from its weights."""
    trace, (step, matrix, bias) = scene.experiment.trace, OUT[about["part"]]
    row = trace[f"blocks.0.{step}"].value[about["pos"]].reshape(-1).tolist()
    matrix = trace[f"blocks.0.{matrix}"].value
    column = matrix.reshape(-1, matrix.shape[-1])[:, about["dim"]].tolist()
    bias = trace[f"blocks.0.{bias or 'mlp.b_out'}"].value[about["dim"]]
    return math.fsum([float(bias), *(x * w for x, w in zip(row, column, strict=True))])


def was(about, scene, dim):
    """What was there before the sum."""
    trace, config = scene.experiment.trace, scene.experiment.model.config
    if about["part"] == "attention":
        name = "blocks.0.resid_pre"
    else:
        name = "blocks.0.normalized_resid_mid" if config.norm == "post" else "blocks.0.resid_mid"
    return float(trace[name].value[about["pos"], dim])


@answer("residual-cell")
def cell(question, scene):
    return was(question.about, scene, question.about["dim"]) + given(question.about, scene)


@answer("residual-back")
def back(question, scene):
    return given(question.about, scene)


@answer("residual-scale")
def scale(question, scene):
    about = question.about
    before = [round(was(about, scene, about["dim"] + i), 2) for i in range(3)]
    after = {
        "zeros": [number(x) for x in before],
        "same": [number(x + x) for x in before],
        "opposite": [number(x - x) for x in before],
    }[about["gives"]]
    return [choice.text for choice in question.choices].index(f"({', '.join(after)})")


@answer("residual-terms")
def terms(question, scene):
    about = question.about
    dim, piece = about["dim"] + 1, scene.quoted[about["pos"]]
    part = {
        ("attention", "es"): "la primera atención",
        ("network", "es"): "la primera red feed-forward",
        ("attention", "en"): "the first attention",
        ("network", "en"): "the first feed-forward network",
    }[about["part"], scene.lang]
    right = {
        "es": (
            f"El número {dim} que había en {piece}",
            f"El número {dim} de lo que {part} da para {piece}",
        ),
        "en": (
            f"Number {dim} of {piece}, as it was",
            f"Number {dim} of what {part} gives for {piece}",
        ),
    }[scene.lang]
    return tuple(i for i, choice in enumerate(question.choices) if choice.text in right)
