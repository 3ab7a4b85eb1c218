"""Every generator of questions, over many sentences, seeds and models, in both languages."""

import math
import tomllib
from functools import cache
from pathlib import Path
from random import Random

import pytest

import lessons
from engine.corpus.world import World
from engine.experiment import Experiment
from engine.store import load, shipped
from lessons.course import course
from lessons.quiz.question import KINDS, choices_differ, grade
from lessons.quiz.registry import draw, generators
from lessons.scene import Scene
from tests.lessons.answers.registry import answers
from tests.lessons.conftest import KINDS as MODELS
from tests.lessons.conftest import TEXTS
from tests.lessons.test_figures import SENTENCES

IDS = tuple(generators())
CONTENT = Path(lessons.__file__).parent / "content" / "quiz"


@cache
def scenes(lang):
    """Sentences of the world, of the source and of anybody, over all shipped models."""
    rng = Random(7)
    world = World.load(lang)
    names = [name for name in shipped() if name.endswith(lang)]
    texts = [*SENTENCES[lang], *(world.sample(rng).text for _ in range(42))]
    found = []
    for place, text in enumerate(texts):
        model = load_once(names[place % len(names)])
        found.append(Scene(Experiment(model, text), lang))
    return found


@cache
def load_once(name):
    return load(shipped()[name])


@cache
def questions(id, lang):
    """What a generator asks: 200 sentences and seeds, those that it declines left out."""
    asked = [
        (generators()[id].ask(scene, Random(f"{seed} {place}")), scene)
        for seed in range(4)
        for place, scene in enumerate(scenes(lang))
    ]
    return [(question, scene) for question, scene in asked if question is not None]


@pytest.fixture(params=IDS)
def id(request):
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


def test_a_generator_has_something_to_ask(id, lang):
    asked = questions(id, lang)
    assert len(asked) > 20, f"it declines {200 - len(asked)} of 200"


def test_questions_are_whole(id, lang):
    for question, scene in questions(id, lang):
        assert question.id == id
        assert question.lesson == generators()[id].lesson
        assert question.kind in KINDS
        texts = [question.prompt, *question.hints, question.worked, *question.points]
        texts += [choice.text for choice in question.choices] + list(question.left)
        texts += [mistake.feedback for mistake in question.mistakes]
        for text in texts:
            assert text.strip(), question
            assert "!" not in text, text
            assert "nan" not in text.lower().split(), text
        assert question.hints[0] != question.hints[1]
        if question.ref is not None:
            assert math.isfinite(scene.experiment.trace.value(question.ref))
        if question.kind in ("pick", "all", "order", "match"):
            assert len(question.choices) >= 3, question
            assert choices_differ(question.choices), question
        if question.kind == "number":
            assert question.tolerance > 0


def test_no_mistake_is_the_answer(id, lang):
    for question, _ in questions(id, lang):
        for mistake in question.mistakes:
            if question.kind == "number":
                assert abs(mistake.value - question.answer) > question.tolerance, question
            elif question.kind == "pick":
                assert mistake.value != question.answer
            else:
                assert mistake.value != question.answer, question


def test_who_knows_is_right_and_who_errs_hears_the_name(id, lang):
    for question, _ in questions(id, lang):
        assert grade(question, question.answer).right, question
        for mistake in question.mistakes:
            if question.kind == "pick":
                reply = int(mistake.value)
            elif question.kind == "all":
                reply = (*question.answer, int(mistake.value))
            else:
                reply = mistake.value
            judged = grade(question, reply)
            assert not judged.right
            assert judged.mistake == mistake.name, (question, mistake)
            assert judged.feedback == mistake.feedback


def test_the_same_seed_asks_the_same(id, lang):
    scene = scenes(lang)[0]
    first, second = (generators()[id].ask(scene, Random(3)) for _ in range(2))
    assert first == second


def test_any_model_and_sentence_gives_a_question_or_none(id, lang, make):
    for kind in MODELS:
        for text in ("usual", "odd", "empty"):
            scene = Scene(make(kind, TEXTS[text]), lang)
            for seed in range(3):
                question = generators()[id].ask(scene, Random(seed))
                assert question is None or grade(question, question.answer).right


# --- The whole ------------------------------------------------------------------------------------


def test_there_are_at_least_forty_and_two_a_lesson():
    assert len(IDS) >= 40
    by_lesson = {lesson.id: 0 for lesson in course("es").lessons}
    for one in generators().values():
        by_lesson[one.lesson] += 1
    assert min(by_lesson.values()) >= 2, by_lesson


def test_all_kinds_are_asked():
    assert {question.kind for id in IDS for question, _ in questions(id, "en")} == set(KINDS)


def test_both_languages_say_the_same_things():
    for path in sorted(CONTENT.glob("*.es.toml")):
        ours = tomllib.loads(path.read_text("utf-8"))
        theirs = tomllib.loads(path.with_name(path.name.replace(".es.", ".en.")).read_text("utf-8"))
        assert {k: set(v) for k, v in ours.items()} == {k: set(v) for k, v in theirs.items()}


def test_mistakes_are_those_of_the_table(lang):
    tables = [tomllib.loads(path.read_text("utf-8")) for path in CONTENT.glob(f"*.{lang}.toml")]
    table = {id for one in tables for id, said in one.items() if {"name", "feedback"} <= set(said)}
    made = {m.name for id in IDS for question, _ in questions(id, lang) for m in question.mistakes}
    assert made <= table


def test_a_sheet_of_questions_has_no_doubles(lang):
    ids = [lesson.id for lesson in course(lang).lessons]
    sheet = draw(ids, scenes(lang)[0], Random(5), 20)
    assert len({question.prompt for question in sheet}) == 20
    assert draw(ids, scenes(lang)[0], Random(5), 20) == sheet
