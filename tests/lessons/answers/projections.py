import numpy as np

from engine.experiment import Experiment
from engine.whatif import Force
from tests.lessons.answers.registry import answer


def numbers(text):
    return [int(x) for x in text.split(",")]


@answer("projection-small")
def projection_small(question, scene):
    about = question.about
    matrix = np.array(numbers(about["rows"])).reshape(2, 2)
    return float((matrix.T @ numbers(about["x"]))[about["j"]] + about["bias"])


@answer("projection-bias")
def projection_bias(question, scene):
    """Product by product, from the weights and what comes in."""
    trace, parameters = scene.experiment.trace, scene.experiment.model.parameters
    pos, j = question.about["pos"], question.about["j"]
    x = trace[trace["blocks.0.attn.q"].inputs[0]].value[pos].tolist()
    total = float(parameters["blocks.0.attn.b_Q"][0][j])
    for i, one in enumerate(x):
        total += one * float(parameters["blocks.0.attn.W_Q"][0][i][j])
    run = trace.value(question.ref)
    assert abs(run - total) < 1e-3  # the run is computed with fewer digits
    return run


@answer("projection-sizes")
def projection_sizes(question, scene):
    matrix = scene.experiment.model.parameters[f"blocks.0.attn.{question.about['matrix']}"][0]
    return [choice.text for choice in question.choices].index(str(len(matrix[0])))


@answer("projection-point")
def projection_point(question, scene):
    """The cell of the table at which the number of the run stands."""
    pos, j = question.about["pos"], question.about["j"]
    assert question.ref.index == (pos, 0, j)
    assert question.prompt.count(scene.quoted[pos]) == 1
    return pos, j


@answer("projection-changes")
def projection_changes(question, scene):
    """By doing it: another word is read, or every parameter moved."""
    names = {
        "es": ("El vector x", "El resultado", "La matriz", "El ajuste"),
        "en": ("The vector x", "The result", "The matrix", "The bias"),
    }[scene.lang]
    about, pos = question.about, question.about["pos"]
    if about["what"] == "training":
        changed = [True, True, True, True]
    else:
        plain = Experiment(scene.experiment.model, scene.experiment.text)
        other = plain.force(Force.parse(f"tokens[{pos}]={scene.ids[about['other']]}"))
        q = "blocks.0.attn.q"
        steps = [plain.trace[q].inputs[0], q, "blocks.0.attn.W_Q", "blocks.0.attn.b_Q"]
        changed = []
        for step in steps:
            before, after = plain.trace[step].value, other.trace[step].value
            same = before[pos] == after[pos] if step in steps[:2] else before == after
            changed.append(not same.all())
    texts = [choice.text for choice in question.choices]
    places = [
        i
        for i, text in enumerate(texts)
        for k, name in enumerate(names)
        if text == name + (" W_Q" if k == 2 else "") and changed[k]
    ]
    return tuple(places)


@answer("projection-truth")
def projection_truth(question, scene):
    """From how W_Q is shaped: one for all words, as many rows as go in."""
    parameters, claim = scene.experiment.model.parameters, question.about["claim"]
    weights, bias = parameters["blocks.0.attn.W_Q"][0], parameters["blocks.0.attn.b_Q"][0]
    j, d_model = question.about["j"], scene.experiment.model.config.d_model
    one_for_all = weights.ndim == 2 and bias.ndim == 1
    whole = bool(len(weights[:, j]) == d_model)
    return {
        "same-matrix": one_for_all,
        "own-matrix": not one_for_all,
        "whole": whole,
        "place": not whole,
        "column": whole,
        "row": not whole,
        "same-bias": one_for_all,
        "own-bias": not one_for_all,
        "cut": not whole,
    }[claim]
