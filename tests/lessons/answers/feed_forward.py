import math
from fractions import Fraction

import numpy as np

from engine.parts import Part
from tests.lessons.answers.registry import answer


@answer("ff-relu")
def relu(question, scene):
    pos, neuron = question.about["pos"], question.about["neuron"]
    trace = scene.experiment.trace
    x = trace[trace["blocks.0.mlp.pre"].inputs[0]].value[pos].tolist()
    column = trace["blocks.0.mlp.W_in"].value[:, neuron].tolist()
    bias = float(trace["blocks.0.mlp.b_in"].value[neuron])
    total = math.fsum([bias, *(a * w for a, w in zip(x, column, strict=True))])
    return total if total > 0 else 0.0


@answer("ff-two-neurons")
def two_neurons(question, scene):
    about = question.about
    total = Fraction(about["bias"])
    for neuron in "ab":
        if about[neuron] > 0:
            total += Fraction(about[neuron]) * Fraction(about[f"w_{neuron}"])
    return float(total)


@answer("ff-mixes")
def mixes(question, scene):
    about, trace = question.about, scene.experiment.trace
    step, out = {"attention": ("attn.v", "attn_out"), "network": ("mlp.pre", "mlp_out")}[
        about["part"]
    ]
    entering = trace[f"blocks.0.{step}"].inputs[0]
    new = np.linspace(-1, 1, trace[entering].value.shape[1])
    run = trace.force({Part(entering, (about["changed"], None)): new})
    after, before = (x[f"blocks.0.{out}"].value[about["noticing"]] for x in (run, trace))
    return bool((after != before).any())


@answer("ff-sizes")
def sizes(question, scene):
    d, m = question.about["d_model"], question.about["d_mlp"]
    words = {"es": "{} filas y {} columnas", "en": "{} rows and {} columns"}[scene.lang]
    numbers = {"es": "{} números", "en": "{} numbers"}[scene.lang]
    texts = [choice.text for choice in question.choices]
    places = []
    for left in question.left:
        if "W_in" in left:
            text = words.format(d, m)
        elif "W_out" in left:
            text = words.format(m, d)
        else:
            text = numbers.format(m if "ReLU" in left else d)
        places.append(texts.index(text))
    return tuple(places)
