"""Quizzes in the dialogue: each kind is answered right and wrong, with hints, and all is kept."""

from collections.abc import Iterator
from typing import Any

import pytest

from lessons.progress.file import read
from lessons.quiz.question import Question
from tests.tui.lesson_helper import TEXTS
from tests.tui.plain_helper import UNSPEAKABLE, said, talk
from tests.tui.quiz_helper import HINTS, LESSON, WORKED, kept, question, replies
from tui.data import progress_path
from tui.messages import words
from tui.plain import sitting
from tui.plain.dialogue import SCREEN
from tui.plain.replies import reply_of
from tui.plain.trouble import PlainError

RIGHT = {
    "pick": "2", "all": "2 3", "number": "0,73", "order": "2 1 3", "point": "3 2",
    "match": "a3 b1 c2", "truth": "f", "open": "in my own words",
}  # fmt: skip
WRONG = {
    "pick": "1", "all": "1 2", "number": "0.5", "order": "1 2 3", "point": "2 2",
    "match": "1 2 3", "truth": "v", "open": "in my own words",
}  # fmt: skip
NONE = {
    "pick": "4", "all": "0 1", "number": "many", "order": "1 2", "point": "99 1", "match": "a1 b2",
    "truth": "maybe",
}  # fmt: skip


@pytest.fixture
def asks(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Lets a quiz ask given questions."""

    def given(*questions: Question) -> None:
        monkeypatch.setattr(sitting, "questions_of", lambda *_: questions)

    return given


@pytest.mark.parametrize("kind", RIGHT)
def test_each_kind_is_answered(asks: Any, kind: str) -> None:
    asks(question(kind), question(kind))
    ticks = ["1 2"] if kind == "open" else []
    script = ["x", "h", "h", "h", RIGHT[kind], *ticks, "", WRONG[kind], "", ""]
    told = [said(x) for x in talk(script, lang="en", text=TEXTS["en"], lesson=LESSON)]
    assert f"Prompt of {kind}?" in told[1]
    assert HINTS[0] in told[2]
    assert HINTS[1] in told[3]
    assert told[4] == words("quiz", "en")("quiz_notice.no_hint")
    right, wrong = told[5], told[7 + len(ticks)]
    if kind == "open":
        assert "A possible answer: A model answer. " in right
        assert told[6].count("[x]") == 2
        assert wrong.count("[ ]") == 2
    else:
        assert right.startswith("Right")
        assert wrong.startswith("No")
        assert WORKED in right
        assert "What is said of the root." in wrong or kind == "pick"
    end = told[8 + len(ticks)]
    assert end.startswith("1 of 2 right")
    mistake = "" if kind == "open" else "forgot-root"
    assert replies() == [(f"made-up-{kind}", "right", ""), (f"made-up-{kind}", "wrong", mistake)]
    assert [reply["hints"] for reply in kept()["replies"]] == [2, 0]


@pytest.mark.parametrize("kind", NONE)
def test_what_is_no_answer_is_said_and_asked_again(asks: Any, kind: str) -> None:
    asks(question(kind))
    told = [said(x) for x in talk(["x", NONE[kind], "skip"], text=TEXTS["en"], lesson=LESSON)]
    with pytest.raises(PlainError, match=f"quiz_{kind}"):
        reply_of(question(kind), NONE[kind], (11, 11))
    assert told[2].startswith(words("plain", "en").sentences[f"trouble.quiz_{kind}"][:12])
    assert told[3].startswith("Skipped")
    assert replies() == [(f"made-up-{kind}", "skipped", "")]


def test_the_arithmetic_of_an_answer_opens_and_one_comes_back(asks: Any) -> None:
    asks(question("number"))
    told = [said(x) for x in talk(["x", "1", "o", "b", ""], text=TEXTS["en"], lesson=LESSON)]
    assert told[3].startswith("pattern[1, cat, The] = ")
    assert told[2].startswith("No")
    assert told[4].startswith("Question 1 of 1. Enter goes on")
    assert told[5].startswith("0 of 1 right")


def test_a_quiz_that_is_left_is_taken_up(asks: Any) -> None:
    asks(question("pick"), question("truth"))
    talk(["x", "2", "b"], text=TEXTS["en"], lesson=LESSON)
    told = [said(x) for x in talk(["x"], text=TEXTS["en"], lesson=LESSON)]
    assert "where you left" in told[1]
    assert "Question 2 of 2" in told[1]
    assert len(replies()) == 1


@pytest.mark.parametrize("lang", ["es", "en"])
def test_exams_are_told_in_words(lang: str) -> None:
    def lines(told: list[str]) -> Iterator[str]:
        yield "exam"
        for n in range(20):
            yield "h"
            if n == 3:
                yield "lang"
                yield "lang"
            yield "skip"
            yield "o" if n % 2 else ""
            if n % 2:
                if "why>" in told[-1] or "cuenta>" in told[-1]:
                    yield "b"
                yield ""
        yield "m"

    told = talk(lines, lang=lang, text=TEXTS[lang])
    for reply in told:
        assert not UNSPEAKABLE.search(reply), reply
        assert 0 < reply.count("\n") <= SCREEN
    assert len(read(progress_path()).replies) == 20
    assert words("plain", lang)("quiz.end").split()[0] in told[-1]


def test_a_review_asks_what_is_due_or_says_when(asks: Any) -> None:
    told = [said(x) for x in talk(["review", "b", "p"], text=TEXTS["en"])]
    assert "not answered any questions yet" in told[1]
    assert "Lessons done: 0 of 26" in told[3]
    asks(question("truth"))
    talk(["quiz", "f"], text=TEXTS["en"], lesson=LESSON)
    assert "Right answers: 1 of 1" in said(talk(["progress"], text=TEXTS["en"])[1])
