"""Every generator of questions, over many sentences, seeds and models, in both languages."""

import math
import re
import tomllib
from collections import Counter
from functools import cache, lru_cache
from itertools import combinations
from pathlib import Path
from random import Random

import pytest

import lessons
from engine.corpus.world import World
from engine.experiment import Experiment
from engine.store import load, shipped
from lessons.quiz.question import KINDS, Grade, choices_differ, grade
from lessons.quiz.registry import generators
from lessons.scene import Scene
from tests.lessons.answers.registry import answers
from tests.lessons.conftest import KINDS as MODELS
from tests.lessons.conftest import TEXTS
from tests.lessons.test_figures import SENTENCES

IDS = tuple(generators())
CONTENT = Path(lessons.__file__).parent / "content" / "quiz"
N_RUNS = 200
LEAST = 15
"""On so many of each model's runs, a third of all, a generator has to ask something."""

# What can only be asked where each piece sees those before it, and the next one is predicted.
ONLY_CAUSAL = {
    "checkpoint-diagnose",
    "cover-shows",
    "ff-mixes",
    "generation-loop",
    "learning-adamw",
    "learning-average",
    "learning-highest-loss",
    "learning-step",
    "pattern-masked-cell",
    "pattern-masked-weight",
    "pattern-open-cells",
    "pattern-who-may-look",
    "softmax-missing",
    "softmax-weight",
    "softmax-which-row",
    "values-whose",
}
# Whose wrong choices are the names of mistakes, and nobody's own.
ABOUT_MISTAKES = {"checkpoint-diagnose"}
# What learners are known to get wrong, and for each a generator that has to know it.
KNOWN = {
    "forgot-root": "scaling-own",
    "forgot-exp": "softmax-weight",
    "swapped-query-key": "scores-by-hand",
    "key-for-value": "values-mix",
    "columns-not-rows": "pattern-sums",
    "past-the-mask": "pattern-who-may-look",
    "largest-is-all": "values-by-hand",
    "id-is-size": "id-claim",
    "heads-cut": "heads-size",
    "feed-forward-mixes": "ff-mixes",
    "positions-multiplied": "position-sum",
    "logit-as-probability": "prediction-probability",
    "wrong-cell": "scores-row-largest",
    "off-by-one": "id-at-position",
    "temperature-orders": "generation-facts",
}


@cache
def load_once(name):
    return load(shipped()[name])


@cache
def models(lang):
    return [load_once(name) for name in shipped() if name.endswith(lang)]


@cache
def scenes(lang):
    """Sentences of the source and of anybody with every model, then of the world with one each."""
    rng, world = Random(7), World.load(lang)
    runs = [Experiment(model, text) for text in SENTENCES[lang] for model in models(lang)]
    while len(runs) < N_RUNS:
        model = models(lang)[len(runs) % len(models(lang))]
        runs.append(Experiment(model, world.sample(rng).text))
    return [Scene(run, lang) for run in runs]


@cache
def random_scenes(lang, make):
    """Models of every kind that have learned nothing, with sentences as one types them."""
    texts = [TEXTS[name] for name in ("usual", "odd", "empty")]
    return [Scene(make(kind, text), lang) for kind in MODELS for text in texts]


@lru_cache(maxsize=4)
def questions(id, lang):
    """What a generator asks of 200 runs, each with a seed of its own, and the scene of each.

    Those that it declines are left out. All tests of one generator follow on one another, so that
    it is asked once.
    """
    asked = (
        (generators()[id].ask(scene, Random(place)), scene)
        for place, scene in enumerate(scenes(lang))
    )
    return [(question, scene) for question, scene in asked if question is not None]


@pytest.fixture(params=IDS, scope="module")
def id(request):
    return request.param


@pytest.fixture(params=["es", "en"], scope="module")
def lang(request):
    return request.param


def same(answer, expected):
    if isinstance(expected, float) and not isinstance(answer, bool):
        return math.isclose(answer, expected, rel_tol=1e-9, abs_tol=1e-9)
    return answer == expected


def test_the_answer_is_that_of_an_independent_computation(id, lang):
    compute = answers()[id]
    for question, scene in questions(id, lang):
        expected = compute(question, scene)
        assert same(question.answer, expected), (question, expected)


def test_a_generator_has_something_to_ask_of_every_model(id, lang):
    asked = Counter(scene.experiment.model.name for _, scene in questions(id, lang))
    for model in models(lang):
        fits = model.config.causal or id not in ONLY_CAUSAL
        assert (asked[model.name] >= LEAST) is fits, asked


def texts_of(question):
    yield from (question.prompt, *question.hints, question.worked, *question.points)
    yield from (choice.text for choice in question.choices)
    yield from question.left
    yield from (mistake.feedback for mistake in question.mistakes)
    if question.kind == "open":
        yield question.answer


def test_questions_are_whole(id, lang):
    for question, scene in questions(id, lang):
        assert question.id == id
        assert question.lesson == generators()[id].lesson
        assert question.kind in KINDS
        typed = scene.experiment.text
        for text in texts_of(question):
            assert text.strip(), question
            assert "!" not in text, text
            assert "nan" not in text.lower().split(), text
            assert "{" not in text or "{" in typed, text
            assert not re.search(r"(?<![\w\]>)])-\d", text), text  # a hyphen is no minus sign
        assert question.hints[0] != question.hints[1]
        if question.ref is not None:
            assert math.isfinite(scene.experiment.trace.value(question.ref))
        if question.kind in ("pick", "all", "order", "match"):
            assert len(question.choices) >= 3, question
            assert choices_differ(question.choices), question
        if question.kind == "all":
            assert 0 < len(question.places) < len(question.choices)
        if question.kind in ("order", "match"):
            assert sorted(question.places) == list(range(len(question.choices)))
        if question.kind == "number":
            assert question.tolerance > 0
            assert math.isfinite(question.value)
        if question.kind == "open":
            assert len(question.points) >= 3


def as_number(text):
    try:
        return float(text.replace("−", "-").replace(",", ""))
    except ValueError:
        return None


def test_choices_are_not_within_rounding_of_one_another(id, lang):
    for question, _ in questions(id, lang):
        texts = [choice.text for choice in question.choices]
        numbers = [as_number(text) for text in texts]
        for (one, x), (other, y) in combinations(zip(texts, numbers, strict=True), 2):
            if x is not None and y is not None and "." in one + other:
                places = min(len(text.partition(".")[2]) for text in (one, other))
                assert abs(x - y) > 1.01 * 0.1**places, question


def test_no_mistake_is_the_answer(id, lang):
    for question, _ in questions(id, lang):
        values = [mistake.value for mistake in question.mistakes]
        assert question.answer not in values, question
        assert len(set(values)) == len(values), question  # each is whose it is
        if question.kind == "number":
            for one, other in combinations([question.value, *values], 2):
                assert abs(one - other) > 2 * question.tolerance, question
        if question.kind == "all":
            assert not set(values) & set(question.places), question
        if question.kind in ("pick", "all"):
            known = {n: one.mistake for n, one in enumerate(question.choices) if one.mistake}
            assert known == {mistake.value: mistake.name for mistake in question.mistakes}


def replies(question, value):
    """What is answered by whoever answers a value: as it is, and as it is written by hand."""
    if question.kind == "number":
        return (value, round(value, 2))
    return ((*question.places, value),) if question.kind == "all" else (value,)


def test_who_knows_is_right_and_who_errs_hears_the_name(id, lang):
    for question, _ in questions(id, lang):
        right = {question.answer}
        if question.kind == "number":
            right.add(round(question.value, 2))
        for reply in right if question.kind != "open" else ():
            assert grade(question, reply) == Grade(True), question
        for mistake in question.mistakes:
            for reply in replies(question, mistake.value):
                judged = grade(question, reply)
                assert judged == Grade(False, mistake.name, mistake.feedback), (question, reply)


def test_most_questions_know_a_mistake(id, lang):
    asked = [question for question, _ in questions(id, lang)]
    if asked[0].kind == "open" or id in ABOUT_MISTAKES:
        return
    knowing = sum(bool(question.mistakes) for question in asked)
    assert knowing > 0.5 * len(asked), f"{knowing} of {len(asked)}"


def test_both_languages_ask_the_same(id):
    other = {"es": "en", "en": "es"}
    n = 0
    for lang in other:
        for place, scene in enumerate(scenes(lang)[:40]):
            elsewhere = Scene(scene.experiment, other[lang])
            one, two = (generators()[id].ask(s, Random(place)) for s in (scene, elsewhere))
            assert (one is None) == (two is None)
            if one is not None and two is not None:
                n += 1
                assert one.kind == "open" or one.answer == two.answer
                assert [(m.name, m.value) for m in one.mistakes] == [
                    (m.name, m.value) for m in two.mistakes
                ]
                for part in ("id", "kind", "ref", "about", "pointed", "tolerance"):
                    assert getattr(one, part) == getattr(two, part)
                assert one.prompt != two.prompt
    assert n


def test_the_same_seed_asks_the_same(id, lang):
    scene = scenes(lang)[1]
    first, second = (generators()[id].ask(scene, Random(3)) for _ in range(2))
    assert first == second


def test_any_model_and_sentence_gives_a_question_or_none(id, lang, make):
    for scene in random_scenes(lang, make):
        for seed in range(3):
            question = generators()[id].ask(scene, Random(seed))
            assert question is None or grade(question, question.answer).right


@cache
def table_of_mistakes(lang):
    tables = [tomllib.loads(path.read_text("utf-8")) for path in CONTENT.glob(f"*.{lang}.toml")]
    return {id for one in tables for id, said in one.items() if {"name", "feedback"} <= set(said)}


def test_mistakes_are_those_of_the_table_and_known_ones_are_made(id, lang):
    made = {mistake.name for question, _ in questions(id, lang) for mistake in question.mistakes}
    assert made <= table_of_mistakes(lang)
    assert made >= {mistake for mistake, maker in KNOWN.items() if maker == id}
