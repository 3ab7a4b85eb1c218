import numpy as np

from engine.parts import Part
from engine.whatif import Force
from tests.lessons.answers.registry import answer

ATTN = "blocks.0.attn"


@answer("qkv-compared")
def qkv_compared(question, scene):
    looker, other = (scene.quoted[question.about[x]] for x in ("looker", "other"))
    expected = {
        "es": f"La consulta (Query) de {looker} y la clave (Key) de {other}",
        "en": f"The query of {looker} and the key of {other}",
    }[scene.lang]
    return [choice.text for choice in question.choices].index(expected)


@answer("qkv-partner")
def qkv_partner(question, scene):
    # The Query of who looks, the Key of who is found; their products, added, are the score.
    about = question.about
    looker, other, column = about["looker"], about["other"], about["column"]
    trace = scene.experiment.trace
    q, k = (trace[f"{ATTN}.{x}"].value for x in "qk")
    score = trace[f"{ATTN}.attn_scores"].value[0, looker, other]
    rest = sum(q[looker, 0, i] * k[other, 0, i] for i in range(q.shape[-1]) if i != column)
    product = q[looker, 0, column] * k[other, 0, column]
    assert abs(rest + product - score) < 1e-9
    return (looker if question.pointed.station == "q" else other, column)


@answer("qkv-erased")
def qkv_erased(question, scene):
    about = question.about
    looker, other = about["looker"], about["other"]
    before = scene.experiment
    after = before.force(Force(Part(f"{ATTN}.{about['which']}", (other, 0, None)), 0.0))

    def differs(step, *index):
        return not np.array_equal(
            *(run.trace[f"{ATTN}.{step}"].value[index] for run in (before, after))
        )

    changed = {
        "es": {
            "El peso": differs("pattern", 0, looker, other),
            "Lo que": differs("z", looker, 0),
            "La consulta": differs("q", looker, 0),
            "El valor": differs("v", looker, 0),
        },
        "en": {
            "The weight": differs("pattern", 0, looker, other),
            "What": differs("z", looker, 0),
            "The query": differs("q", looker, 0),
            "The value": differs("v", looker, 0),
        },
    }[scene.lang]
    return tuple(
        place
        for place, choice in enumerate(question.choices)
        if next(yes for start, yes in changed.items() if choice.text.startswith(start))
    )


@answer("qkv-truth")
def qkv_truth(question, scene):
    looker, other = question.about["looker"], question.about["other"]
    trace, parameters = scene.experiment.trace, scene.experiment.model.parameters
    entering = trace[trace[f"{ATTN}.k"].inputs[0]].value
    q, k = (trace[f"{ATTN}.{x}"].value[:, 0] for x in "qk")

    def made_by(letter, pos):
        weight, bias = (parameters[f"{ATTN}.{kind}_{letter}"][0] for kind in "Wb")
        made = bias + sum(x * row for x, row in zip(entering[pos], weight, strict=True))
        return np.allclose(made, trace[f"{ATTN}.{letter.lower()}"].value[pos, 0])

    def without_value():
        after = scene.experiment.force(Force(Part(f"{ATTN}.v", (other, 0, None)), 0.0))
        return after.trace[f"{ATTN}.pattern"].value

    computed = {
        "same_source": lambda: all(made_by(letter, looker) for letter in "QKV"),
        "same_matrix": lambda: made_by("K", looker) and made_by("K", other),
        "sizes": lambda: len(q[looker]) == len(k[other]),
        "own_matrix": lambda: not (made_by("Q", looker) and made_by("Q", other)),
        "value_compared": lambda: (
            not np.array_equal(without_value(), trace[f"{ATTN}.pattern"].value)
        ),
        "same_numbers": lambda: np.allclose(q[looker], k[looker]),
    }
    return computed[question.about["claim"]]()
