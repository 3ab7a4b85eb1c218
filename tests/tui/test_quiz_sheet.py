"""A sheet of questions: what its JSON holds, that a seed gives it again, and how it is set."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from typing import Any

import pytest
from markdown_it import MarkdownIt

from engine.experiment import Experiment
from lessons.course import course
from lessons.quiz.question import KINDS, Question
from lessons.quiz.registry import generators
from lessons.scene import Scene
from tests.tui.lesson_helper import TEXTS, mini
from tests.tui.quiz_helper import question
from tui.cli import main
from tui.export.sheet import answer_text, sheet_text
from tui.export.sheet_data import sheet_json
from tui.messages import LANGUAGES, words

KEYS = {"id", "lesson", "kind", "prompt", "choices", "answer", "tolerance", "mistakes", "hints"}
ALL = tuple(question(kind) for kind in KINDS)


def sheet_of(*arguments: str, seed: str = "0") -> str:
    """What the command prints, in a process whose sets are in another order."""
    return subprocess.run(
        [sys.executable, "-c", "from tui.cli import main; main()", "quiz", *arguments],
        capture_output=True, check=True, text=True, env={**os.environ, "PYTHONHASHSEED": seed},
    ).stdout  # fmt: skip


def test_the_same_seed_gives_the_same_sheet_anywhere() -> None:
    arguments = ("--text", "the cat eats the fish", "--seed", "4", "--n", "60", "--json")
    first, second = (sheet_of(*arguments, "--lang", "en", seed=seed) for seed in "12")
    assert first == second
    assert len(json.loads(first)) == 60
    spanish = json.loads(sheet_of(*arguments, "--lang", "es", "--model", "mini-en"))
    asked = [(one["id"], one["answer"]) for one in json.loads(first)]
    same = [one["kind"] == "open" or (one["id"], one["answer"]) in asked for one in spanish]
    assert sum(same) > 50  # some are about words of the language itself


def test_the_json_holds_just_what_it_says() -> None:
    sheet = json.loads(json.dumps(sheet_json(ALL)))
    for one, told in zip(ALL, sheet, strict=True):
        assert set(told) == KEYS | {"ref"}
        assert told["kind"] == one.kind
        for mistake in told["mistakes"]:
            assert set(mistake) == {"value", "name", "feedback"}
    by_kind: dict[str, Any] = {one["kind"]: one for one in sheet}
    assert by_kind["order"]["mistakes"][0]["value"] == [0, 1, 2]
    assert by_kind["point"]["mistakes"][0]["value"] == [1, 1]
    assert by_kind["match"]["answer"] == [2, 0, 1]
    assert by_kind["match"]["prompt"].endswith("\na) left a\nb) left b\nc) left c")
    assert by_kind["truth"]["answer"] is False
    assert by_kind["open"]["choices"] == ["point one", "point two"]
    assert by_kind["pick"]["choices"] == ["choice A", "choice B", "choice C"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_lesson_has_a_sheet_of_several_kinds(
    lang: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for lesson in course(lang).lessons:
        arguments = ["quiz", "--lesson", lesson.id, "--n", "6", "--seed", "2", "--json"]
        assert main([*arguments, "--lang", lang]) == 0
        sheet = json.loads(capsys.readouterr().out)
        assert {one["lesson"] for one in sheet} == {lesson.id}
        assert len({one["id"] for one in sheet}) >= 2
        assert all(one["id"] in generators() for one in sheet)


def scene(lang: str, text: str | None = None) -> Scene:
    return Scene(Experiment(mini(lang), TEXTS[lang] if text is None else text), lang)


def outline(markdown: str) -> list[tuple[str, int, str]]:
    """The blocks of a Markdown text: what each is, how deep, and what it says."""
    return [(x.type, x.level, x.content) for x in MarkdownIt().parse(markdown)]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_markdown_says_what_was_meant(lang: str) -> None:
    table = question("number", prompt="Look:\na  0.10\nb  0.20\nHow much?")
    asked: tuple[Question, ...] = (*ALL, table)
    said = words("cli", lang)
    made = "\n".join(sheet_text(asked, scene(lang), said, answers=True, markdown=True))
    blocks = outline(made)
    lists = [level for kind, level, _ in blocks if kind == "ordered_list_open"]
    assert lists.count(0) == 2  # the questions, and their answers
    items = [level for kind, level, _ in blocks if kind == "list_item_open"]
    assert items.count(1) == 2 * len(asked)
    fenced = [text for kind, _, text in blocks if kind == "fence"]
    assert any(said_table in text for text in fenced for said_table in ["a  0.10\nb  0.20\n"])
    told = [text for kind, _, text in blocks if kind == "inline"]
    for one in ALL:
        assert f"**{one.prompt}**" in told
        for choice in one.choices:
            assert choice.text in told
        assert f"**{answer_text(one, scene(lang), said)}**" in told
    assert max(level for _, level, _ in blocks) <= 6


def test_what_was_typed_marks_nothing() -> None:
    typed = question("pick", prompt="«**a**» and «_b_» and «`c`» of d_k and W_E?", worked="*x*")
    lines = sheet_text([typed], scene("en"), words("cli", "en"), answers=True, markdown=True)
    shown = MarkdownIt().render("\n".join(lines))
    assert "«**a**» and «_b_» and «`c`» of d_k and W_E?" in shown
    assert "<em>" not in shown


@pytest.mark.parametrize("lang", LANGUAGES)
def test_plain_text_fits_a_page_and_says_no_address(lang: str) -> None:
    for markdown in (False, True):
        lines = sheet_text(ALL, scene(lang), words("cli", lang), answers=True, markdown=markdown)
        assert markdown or max(map(len, lines)) <= 80
        key = "\n".join(lines).split("---")[1]
        assert "blocks.0" not in key
        assert not re.search(r"(?<!\w)-\d", key)
    cell = answer_text(question("point"), scene(lang), words("cli", lang))
    place = scene(lang).quoted
    assert place[2] in cell
    assert place[1] in cell
