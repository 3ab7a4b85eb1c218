import math
from functools import cache

import numpy as np

from engine.sampling import distribution, generate
from lessons.words import number
from tests.lessons.answers.late_tools import (
    best_at,
    label,
    logits_at,
    ordered,
    places_where,
    shares_at,
    table,
)
from tests.lessons.answers.registry import answer


def texts_of(scene, id, admitted, **values):
    told = table(scene.lang, id)["option"]
    return {
        told.format(name=label(scene, i), **{k: v[i] for k, v in values.items()}) for i in admitted
    }


@answer("generation-top-p")
def generation_top_p(question, scene):
    logits = np.array(logits_at(scene, scene.experiment.asked))
    kept = np.flatnonzero(distribution(logits, top_p=question.about["top_p"]))
    shares = {i: number(shares_at(scene, scene.experiment.asked)[i]) for i in kept}
    admitted = texts_of(scene, "generation-top-p", kept.tolist(), prob=shares)
    return places_where(question, lambda text: text in admitted)


@answer("generation-top-k")
def generation_top_k(question, scene):
    about, logits = question.about, np.array(logits_at(scene, scene.experiment.asked))
    kept = np.flatnonzero(distribution(logits, about["temperature"], top_k=about["top_k"]))
    told = {i: number(float(logits[i])) for i in kept}
    admitted = texts_of(scene, "generation-top-k", kept.tolist(), logit=told)
    return places_where(question, lambda text: text in admitted)


@answer("generation-temperature")
def generation_temperature(question, scene):
    about, logits = question.about, logits_at(scene, scene.experiment.asked)
    assert {about["candidate"], about["other"]} == set(best_at(scene, scene.experiment.asked, 2))
    shares = distribution(np.array(logits), about["temperature"], top_k=2)
    return float(shares[about["candidate"]])


@answer("generation-last")
def generation_last(question, scene):
    shares = distribution(
        np.array(logits_at(scene, scene.experiment.asked)), top_p=question.about["top_p"]
    )
    return (int((shares > 0).sum()) - 1, 0)


@answer("generation-loop")
def generation_loop(question, scene):
    round_trip = ["read", "logits", "divide", "softmax", "cut", "choose", "join"]
    return ordered(question, round_trip.index)


@cache
def greedy_texts(scene):
    """How the sentence goes on without chance, with two seeds."""
    model = scene.experiment.model
    return [
        list(generate(model, scene.ids, 2, np.random.default_rng(seed), temperature=0))
        for seed in (1, 2)
    ]


@answer("generation-facts")
def generation_facts(question, scene):
    about = question.about
    if about["fact"] == "greedy":
        first, second = greedy_texts(scene)
        return (first == second) == (about["claim"] == "same")
    if about["fact"] == "runs":
        return about["claim"] != "one"
    logits = logits_at(scene, scene.experiment.asked)
    largest = max(logits)
    heated = [math.exp((x - largest) / about["temperature"]) for x in logits]
    first = heated[about["first"]]
    if about["fact"] == "overtakes":
        return (first > heated[about["second"]]) == (about["claim"] == "ahead")
    now = shares_at(scene, scene.experiment.asked)[about["first"]]
    return (first / math.fsum(heated) > now) == (about["claim"] == "rises")
