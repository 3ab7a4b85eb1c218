"""The questions as a whole: how many there are, of which kinds, and what they say in common."""

import tomllib
from random import Random

from lessons.course import course
from lessons.quiz.beliefs import BELIEFS
from lessons.quiz.question import KINDS
from lessons.quiz.registry import draw, generators
from tests.lessons.test_quiz import CONTENT, IDS, KNOWN, scenes, table_of_mistakes


def test_there_are_at_least_forty_and_two_a_lesson():
    assert len(IDS) >= 40
    by_lesson = {lesson.id: 0 for lesson in course("es").lessons}
    for one in generators().values():
        by_lesson[one.lesson] += 1
    assert min(by_lesson.values()) >= 2, by_lesson


def test_all_kinds_are_asked():
    asked = {
        one.id: next(filter(None, (one.ask(scene, Random(1)) for scene in scenes("en"))))
        for one in generators().values()
    }
    assert {question.kind for question in asked.values()} == set(KINDS)


def test_both_languages_say_the_same_things():
    for path in sorted(CONTENT.glob("*.es.toml")):
        ours = tomllib.loads(path.read_text("utf-8"))
        theirs = tomllib.loads(path.with_name(path.name.replace(".es.", ".en.")).read_text("utf-8"))
        assert {k: set(v) for k, v in ours.items()} == {k: set(v) for k, v in theirs.items()}


def test_a_sheet_of_questions_has_no_doubles(lang):
    ids = [lesson.id for lesson in course(lang).lessons]
    sheet = draw(ids, scenes(lang)[0], Random(5), 20)
    assert len({question.prompt for question in sheet}) == 20
    assert draw(ids, scenes(lang)[0], Random(5), 20) == sheet


def test_a_wrong_belief_has_a_name_and_a_claim_of_its_own(lang):
    assert set(BELIEFS) | set(KNOWN.values()) <= set(IDS)
    named = {name for claims in BELIEFS.values() for name in claims.values()}
    assert named <= table_of_mistakes(lang)


def test_every_lesson_has_several_questions_on_a_usual_sentence(lang):
    for lesson in course(lang).lessons:
        asked = draw([lesson.id], scenes(lang)[1], Random(0), 5)
        assert len({question.id for question in asked}) >= 2, lesson.id
