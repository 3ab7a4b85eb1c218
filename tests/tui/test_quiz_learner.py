"""The app and the progress file: what is kept, troubles that are told once, and coming back."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from lessons.course import course
from lessons.progress.file import ProgressFile
from lessons.progress.record import SCHEMA, Reply, Set
from lessons.quiz.registry import generators
from tests.tui.lesson_helper import TEXTS, card_where, lesson_app, lesson_of, mini
from tests.tui.quiz_helper import kept, notices, question, quiz_of, replies
from tests.tui.walk_helper import shown, until, walk_app, walk_of
from tui.app import DesdeCero, app_of
from tui.data import progress_path
from tui.learner import kept_settings
from tui.messages import LANGUAGES
from tui.renderables.themes import LIGHT
from tui.resume import resume
from tui.screens.quiz import QuizScreen


def put(*events: Any) -> None:
    """Write a progress file as another program would."""
    ProgressFile(progress_path()).add(*events)


async def test_cards_and_guesses_are_kept_and_found_again() -> None:
    lesson_id, card_id = card_where(
        lambda card: card.guess is not None and card.guess.kind == "pick"
    )
    async with lesson_app().run_test(size=(80, 24)) as pilot:
        lesson = await lesson_of(pilot)
        lesson.enter(lesson_id, card_id)
        await pilot.pause()
        await pilot.press("1", "enter")
        given = lesson.view.answer
        assert given is not None
        await until(pilot, lambda: lesson_id in kept().get("guesses", {}))
    assert card_id in kept()["seen"][lesson_id]
    async with lesson_app().run_test(size=(80, 24)) as pilot:
        lesson = await lesson_of(pilot)
        lesson.enter(lesson_id, card_id)
        assert lesson.view.answer == given
        assert (lesson_id, card_id) in lesson.view.journey.seen


@pytest.mark.parametrize("lang", LANGUAGES)
async def test_one_comes_back_to_the_card_with_the_sentence(lang: str) -> None:
    text = "el perro come" if lang == "es" else "the dog eats"
    lesson_id, card_id = "softmax", course(lang).lesson("softmax").cards[2].id
    app = app_of(lang=lang, lesson="softmax", model=f"mini-{lang}")
    async with app.run_test(size=(80, 24)) as pilot:
        lesson = await lesson_of(pilot)
        await pilot.press("right", "right", "i", *text, "enter", "T")
        await until(pilot, lambda: lesson.view.experiment.text == text)
        assert lesson.view.key == (lesson_id, card_id)
        app.exit()
    app = app_of()
    assert app.lang == lang
    assert app.theme == LIGHT
    async with app.run_test(size=(80, 24)) as pilot:
        lesson = await lesson_of(pilot)
        assert lesson.view.key == (lesson_id, card_id)
        assert lesson.view.experiment.text == text
        assert lesson.view.experiment.model.name == f"mini-{lang}"
        assert lesson.view.lang == lang


async def test_one_comes_back_to_the_walk() -> None:
    async with walk_app(TEXTS["es"], model=mini("es")).run_test(size=(80, 24)) as pilot:
        walk = await walk_of(pilot)
        walk.go_to("blocks.1.pattern")
        await pilot.press("up", "plus")
        place = walk.view.place
        pilot.app.exit()
    async with app_of().run_test(size=(80, 24)) as pilot:
        walk = await walk_of(pilot)
        assert walk.view.place == place
        assert walk.focused is None
    async with app_of(text="un gato", lang="en").run_test(size=(80, 24)) as pilot:
        walk = await walk_of(pilot)  # what is asked for goes before
        assert walk.view.stage.id == "text"
        assert walk.view.experiment.text == "un gato"
        assert walk.lang == "en"


async def test_what_is_gone_is_passed_over(tmp_path: Path) -> None:
    place = {"lesson": "no-such-lesson", "card": "no-such-card"}
    gone = str(tmp_path / "gone")
    put(Set("place", place), Set("model", gone), Set("left", {"softmax": "gone", "x": 3}))
    async with app_of(lang="es").run_test(size=(80, 24)) as pilot:
        lesson = await lesson_of(pilot)
        assert lesson.view.lesson is course("es").lessons[0]
        assert lesson.view.experiment.model.name == "mini-es"
        assert any("gone" in notice for notice in notices(pilot))


NONSENSE: list[Mapping[str, Any]] = [
    {"language": 3, "theme": [], "model": None, "text": 4, "place": "x", "left": []},
    {"language": "fr", "theme": "pink", "place": {"stage": 3, "head": "x", "word": -1}},
    {"place": {"lesson": ["a"], "card": {}}},
]


@pytest.mark.parametrize("settings", NONSENSE)
async def test_nonsense_among_the_settings_does_no_harm(settings: Mapping[str, Any]) -> None:
    put(*(Set(name, value) for name, value in settings.items()))
    assert resume(settings).lesson == ""
    async with app_of(lang="es").run_test(size=(80, 24)) as pilot:
        await walk_of(pilot)
        await pilot.press("escape")  # from the sentence
        await pilot.press("t", "enter")
        await lesson_of(pilot)


# Troubles


def told(pilot: Pilot[None], part: str) -> int:
    return sum(part in notice for notice in notices(pilot))


async def test_a_full_disk_is_said_once_and_nothing_is_lost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(file: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    async with lesson_app("softmax").run_test(size=(80, 24)) as pilot:
        real = os.fsync
        monkeypatch.setattr(os, "fsync", full)
        quiz = await quiz_of(pilot, [question("truth"), question("pick"), question("all")])
        await pilot.press("f", "enter")
        await until(pilot, lambda: quiz.view.sitting.outcomes[0].kept is False)
        assert quiz.view.words("quiz.not_saved") in shown(pilot)
        await pilot.press("enter", "2", "enter")
        await until(pilot, lambda: quiz.view.sitting.outcomes[1].kept is False)
        assert told(pilot, "no se pudo guardar") == 1
        monkeypatch.setattr(os, "fsync", real)
        await pilot.press("enter", "s")
        await until(pilot, lambda: quiz.view.sitting.outcomes[2].kept is True)
        assert [result for _, result, _ in replies()] == ["right", "right", "skipped"]


async def test_a_damaged_file_is_set_aside_and_said() -> None:
    path = progress_path()
    path.parent.mkdir(parents=True)
    path.write_text("{ not json", encoding="utf-8")
    async with lesson_app("softmax").run_test(size=(80, 24)) as pilot:
        await quiz_of(pilot, [question("truth")])
        await until(pilot, lambda: told(pilot, "dañado") == 1)
        await pilot.press("f", "enter")
        await until(pilot, lambda: len(replies()) == 1)
        assert len(list(path.parent.glob("progress.damaged-*"))) == 1


async def test_a_newer_file_is_left_alone_and_said() -> None:
    path = progress_path()
    path.parent.mkdir(parents=True)
    text = json.dumps({"schema": SCHEMA + 1, "settings": {"text": "hola"}})
    path.write_text(text, encoding="utf-8")
    async with lesson_app("softmax").run_test(size=(80, 24)) as pilot:
        quiz = await quiz_of(pilot, [question("truth")])
        await until(pilot, lambda: told(pilot, "versión más nueva") == 1)
        await pilot.press("f", "enter")
        await until(pilot, lambda: quiz.view.sitting.outcomes[0].kept is False)
        assert len(notices(pilot)) == 1
    assert path.read_text(encoding="utf-8") == text


async def test_what_another_program_wrote_is_found() -> None:
    async with lesson_app("softmax").run_test(size=(80, 24)) as pilot:
        app = pilot.app
        assert isinstance(app, DesdeCero)
        quiz = await quiz_of(pilot, [question("truth")])
        put(Reply("other", "softmax", "right"))
        await pilot.press("f", "enter")
        await until(pilot, lambda: quiz.view.sitting.outcomes[0].kept is True)
        assert {reply.question for reply in app.learner.progress.replies} == {
            "other",
            "made-up-truth",
        }


def test_settings_are_read_of_any_file(tmp_path: Path) -> None:
    path = tmp_path / "progress.json"
    assert kept_settings(path) == {}
    for text in ("", "{", "[]", "3", '{"settings": 3}', "[" * 9999):
        path.write_text(text)
        assert kept_settings(path) == {}
    path.write_text('{"settings": {"text": "hola"}}')
    assert kept_settings(path) == {"text": "hola"}


# The review, and the exam


async def test_the_review_asks_what_is_due() -> None:
    ids = [id for id, one in generators().items() if one.lesson == "softmax"][:2]
    put(*(Reply(id, "softmax", "wrong", time="2020-01-01T00:00:00+00:00") for id in ids))
    async with lesson_app("softmax").run_test(size=(80, 24)) as pilot:
        await lesson_of(pilot)
        await pilot.press("f2")
        app = pilot.app
        await until(pilot, lambda: isinstance(app.screen, QuizScreen) and app.screen.is_mounted)
        await pilot.pause()
        quiz = app.screen
        assert isinstance(quiz, QuizScreen)
        assert sorted(one.id for one in quiz.view.sitting.questions) == sorted(ids)
        await pilot.press("s", "enter", "escape")
        await lesson_of(pilot)


async def test_nothing_to_review() -> None:
    async with lesson_app("softmax").run_test(size=(80, 24)) as pilot:
        await lesson_of(pilot)
        app = pilot.app
        for events in ([], [Reply("softmax-weight", "softmax", "right")]):
            if events:
                assert isinstance(app, DesdeCero)
                app.learner.take(*events)
            await pilot.press("f2")
            await until(pilot, lambda: isinstance(app.screen, QuizScreen) and app.screen.is_mounted)
            await pilot.pause()
            quiz = app.screen
            assert isinstance(quiz, QuizScreen)
            key = "quiz.nothing_due" if events else "quiz.none_yet"
            assert quiz.view.words(key)[:40] in shown(pilot)
            await pilot.press("enter")
            await lesson_of(pilot)


ANSWERS = {
    "pick": ("1", "enter"),
    "truth": ("v", "enter"),
    "all": ("1", "enter"),
    "order": ("enter",),
    "number": ("1", "enter"),
    "point": ("enter",),
    "open": ("enter", "a", "enter"),
}


@pytest.mark.parametrize("lang", LANGUAGES)
async def test_an_exam_by_keys_alone_on_a_small_screen(lang: str) -> None:
    async with lesson_app("summary", lang).run_test(size=(80, 24)) as pilot:
        await lesson_of(pilot)
        app = pilot.app
        assert isinstance(app, DesdeCero)
        app.action_exam()
        await until(pilot, lambda: isinstance(app.screen, QuizScreen) and app.screen.is_mounted)
        await pilot.pause()
        quiz = app.screen
        assert isinstance(quiz, QuizScreen)
        assert len(quiz.view.sitting.questions) == 20
        assert len({one.lesson for one in quiz.view.sitting.questions}) >= 15
        for n in range(20):
            one = quiz.view.question
            assert quiz.view.words("quiz.count", n=n + 1, total=20) in shown(pilot)
            if one.kind == "point":
                await until(pilot, lambda: quiz.focused is not None)
            if one.kind == "match":
                keys: tuple[str, ...] = (*(str(i + 1) for i in range(len(one.left))), "enter")
            else:
                keys = ANSWERS[one.kind]
            await pilot.press(*keys)
            if not quiz.view.sitting.told:  # a match whose choices go to several lines
                await pilot.press("s")
            assert quiz.view.sitting.told
            await pilot.press("enter")
        assert quiz.view.sitting.over
        assert quiz.view.words("quiz_end.by_concept") in shown(pilot)
        await until(pilot, lambda: len(replies()) == 20)
        await pilot.press("escape")
        await lesson_of(pilot)


async def test_the_last_card_offers_questions() -> None:
    async with lesson_app("softmax").run_test(size=(80, 24)) as pilot:
        lesson = await lesson_of(pilot)
        await pilot.press("end")
        while lesson.view.is_open:  # the card may ask something itself
            await pilot.press("1", "enter")
        assert lesson.view.words("hint.quiz")[:20] in shown(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, QuizScreen))


async def test_a_checkpoint_is_about_the_attention_lessons() -> None:
    async with lesson_app("checkpoint-attention").run_test(size=(80, 24)) as pilot:
        await lesson_of(pilot)
        await pilot.press("x")
        app = pilot.app
        await until(pilot, lambda: isinstance(app.screen, QuizScreen) and app.screen.is_mounted)
        await pilot.pause()
        assert isinstance(app.screen, QuizScreen)
        questions = app.screen.view.sitting.questions
        assert len(questions) == 10
        numbers = {course("es").lesson(one.lesson).number for one in questions}
        assert numbers <= {0, *range(11, 16)}
