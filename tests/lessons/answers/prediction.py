import math
import re

from lessons.words import number
from tests.lessons.answers.late_tools import (
    logits_at,
    matched,
    place_of,
    places_where,
    shares_at,
    table,
)
from tests.lessons.answers.registry import answer


def read(text):
    """The number that a text shows; nothing for one that is no plain number."""
    return float(re.sub(r"[,\u00a0]", "", text.replace("−", "-")))


@answer("prediction-probability")
def prediction_probability(question, scene):
    return shares_at(scene, scene.experiment.asked)[question.about["candidate"]]


@answer("prediction-vector")
def prediction_vector(question, scene):
    told = table(scene.lang, "prediction-vector")["leaves"]
    pos = scene.experiment.asked
    blocks = [name for name in scene.experiment.model.parameters if name.endswith(".mlp.W_in")]
    return place_of(question, told.format(token=scene.quoted[pos], block=len(blocks)))


@answer("prediction-numbers")
def prediction_numbers(question, scene):
    id, pos = question.about["candidate"], scene.experiment.asked
    logits = logits_at(scene, pos)
    power = math.exp(logits[id])
    found = {
        "logit": number(logits[id]),
        "power": scene.words.whole(power) if power >= 1000 else number(power),
        "probability": number(power / math.fsum(map(math.exp, logits))),
        "how_many": scene.words.whole(len(logits)),
    }
    by_text = tuple(place_of(question, found[name]) for name in question.about["left"].split())
    assert by_text == matched(question)
    return by_text


@answer("prediction-possible")
def prediction_possible(question, scene):
    return places_where(question, lambda text: 0 <= read(text) <= 1)


@answer("prediction-shift")
def prediction_shift(question, scene):
    about = question.about
    shifted = [math.exp(x + about["shift"]) for x in logits_at(scene, scene.experiment.asked)]
    return place_of(question, number(shifted[about["candidate"]] / math.fsum(shifted)))
