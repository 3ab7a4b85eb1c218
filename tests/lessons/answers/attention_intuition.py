import math

import numpy as np

from engine.model import forward
from tests.lessons.answers.registry import answer


def weights(scene, about):
    """The weights of a look, from the scores before they are scaled: softmax by differences."""
    config = scene.experiment.model.config
    scores = scene.experiment.trace[f"blocks.{about['block']}.attn.attn_scores"].value
    row = scores[about["head"], about["word"]].tolist()
    if config.causal:
        row = row[: about["word"] + 1]
    row = [x / math.sqrt(config.d_head) for x in row]
    powers = [math.exp(x - max(row)) for x in row]
    return [power / math.fsum(powers) for power in powers]


@answer("look-most")
def look_most(question, scene):
    about = question.about
    assert question.pointed.block == about["block"]
    assert question.pointed.head == about["head"]
    row = weights(scene, about)
    others = [i for i in range(1, len(row)) if i != about["word"]]
    return about["word"], max(others, key=lambda i: row[i])


@answer("look-rest")
def look_rest(question, scene):
    row = weights(scene, question.about)
    return 1 - row[question.about["first"]] - row[question.about["other"]]


@answer("look-says")
def look_says(question, scene):
    about = question.about
    row = weights(scene, about)
    at, other = scene.quoted[about["at"]], scene.quoted[about["other"]]
    true = {
        "es": ["suman 1", "Más de la mitad", f"De {at} toma más del doble que de {other}"],
        "en": ["add up to 1", "More than half", f"twice as much from {at} as from {other}"],
    }[scene.lang]
    says = [True, row[about["at"]] > 0.5, row[about["at"]] / row[about["other"]] > 2]
    return tuple(
        place
        for place, choice in enumerate(question.choices)
        if any(part in choice.text for part, right in zip(true, says, strict=True) if right)
    )


@answer("cover-shows")
def cover_shows(question, scene):
    experiment = scene.experiment
    config, ids = experiment.model.config, np.array(scene.ids)
    mask = np.where(np.tri(len(ids), dtype=bool), 0.0, -np.inf)
    mask[-1, question.about["at"]] = -np.inf
    tape = forward(config, experiment.model.parameters, ids, mask)
    before, after = (
        trace["logits"].value[-1].tolist() for trace in (experiment.trace, tape.trace())
    )
    same = before.index(max(before)) == after.index(max(after))
    right = {
        "es": ("depende de que", "no necesita que"),
        "en": ("depends on", "does not need"),
    }[scene.lang][same]
    return next(i for i, choice in enumerate(question.choices) if right in choice.text)
