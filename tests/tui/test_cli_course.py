"""The course, the quiz and progress on the command line."""

import json
from pathlib import Path

import pytest

from engine.experiment import Experiment
from engine.store import load, shipped
from lessons.course import course
from lessons.figures.registry import figures, said
from lessons.findings.registry import filled
from lessons.markup import plain
from lessons.progress.file import ProgressFile, read
from lessons.progress.record import Reply, Seen, Set
from lessons.quiz.registry import generators
from lessons.scene import Scene
from lessons.station_figure import station
from tui.cli import main
from tui.data import progress_path

IDS = [lesson.id for lesson in course("en").lessons]


@pytest.fixture
def desdecero(capsys, monkeypatch):
    """Runs a command in this process; returns status, output and errors."""
    monkeypatch.setenv("COLUMNS", "80")

    def run(*arguments):
        status = main(list(arguments))
        return (status, *capsys.readouterr())

    return run


@pytest.fixture(params=["es", "en"])
def lang(request):
    return request.param


# --- The course -----------------------------------------------------------------------------------


def test_lessons_are_listed_with_what_they_rest_on(desdecero, lang):
    status, out, _ = desdecero("lessons", "--json", "--lang", lang)
    assert status == 0
    listed = json.loads(out)
    assert [one["id"] for one in listed] == IDS
    for one in listed:
        assert set(one) == {"id", "title", "minutes", "terms", "prerequisites"}
        assert one["minutes"] > 0
    _, out, _ = desdecero("lessons", "--lang", lang)
    lines = out.splitlines()
    assert len(lines) == len(IDS)
    assert all(one["title"] in line for one, line in zip(listed, lines, strict=True))


@pytest.mark.parametrize("id", IDS)
def test_a_lesson_is_printed_whole_and_its_answers_come_last(desdecero, id, lang):
    text = {"es": "el gato come pescado", "en": "the cat eats fish"}[lang]
    status, out, err = desdecero("lesson", id, "--text", text, "--lang", lang)
    assert (status, err) == (0, "")
    lesson = course(lang).lesson(id)
    at = -1
    for card in lesson.cards:
        assert out.index(card.title) > at
        at = out.index(card.title)
    answers = out.rindex({"es": "\nRespuestas\n", "en": "\nAnswers\n"}[lang])
    assert answers > at
    assert max(map(len, out.splitlines())) <= 80
    assert "{" not in out.replace("{{", "")


@pytest.mark.parametrize("id", IDS)
def test_no_exhibit_gives_an_answer_away(desdecero, id, lang):
    text = {"es": "el gato come pescado", "en": "the cat eats fish"}[lang]
    _, out, _ = desdecero("lesson", id, "--text", text, "--lang", lang)
    scene = Scene(Experiment(load(shipped()[f"mini-{lang}"]), text), lang)
    titles = {False: [], True: []}
    for card in course(lang).lesson(id).cards:
        waits = card.guess is not None and not card.guess.show
        if card.figure and figures()[card.figure].show(Scene(scene.experiment, lang, card.set)):
            titles[waits].append(said(scene, card.figure, "title"))
        elif card.stage:
            stage = station(scene.experiment.model.config, card.stage, card.block)
            if stage is not None:
                titles[waits].append(scene.prose.stage(stage.key).title)
    heading = {"es": "\nRespuestas\n", "en": "\nAnswers\n"}[lang]
    before, _, after = out.rpartition(heading)
    sign = {"es": "Dibujo: ", "en": "Picture: "}[lang]
    for part, waits in ((before, False), (after, True)):
        shown = [line.removeprefix(sign) for line in part.splitlines() if line.startswith(sign)]
        assert len(shown) == len(titles[waits])
        # A long title goes on in the next line.
        assert all(title.startswith(line) for title, line in zip(titles[waits], shown, strict=True))


@pytest.mark.parametrize(
    "command",
    [("lesson", "softmax"), ("quiz", "--seed", "1"), ("quiz", "--seed", "1", "--markdown")],
)
def test_the_sentence_stands_whole_and_wrapped(desdecero, command, lang):
    text = " ".join(["el gato come un pez y"] * 7)
    _, out, _ = desdecero(*command, "--text", text, "--lang", lang)
    head = out.partition("\n1. ")[0].splitlines()[:12]  # of a sheet, what is before its questions
    assert max(map(len, head)) <= 76
    quoted = {"es": f"«{text}»", "en": f"“{text}”"}[lang]
    assert quoted in " ".join(line.strip() for line in head)


def test_what_is_typed_marks_nothing_on_paper(desdecero):
    text = "` gato `"
    scene = Scene(Experiment(load(shipped()["mini-es"]), text), "es")
    (context,) = (c for c in course("es").lesson("weighted-values").cards if c.id == "context")
    (whom,) = (c for c in course("es").lesson("checkpoint-attention").cards if c.id == "check-whom")
    for id, prose in (
        ("weighted-values", context.prose),
        ("checkpoint-attention", whom.guess.reveal),
    ):
        _, out, _ = desdecero("lesson", id, "--text", text, "--lang", "es")
        wanted = filled(plain(prose), scene)
        assert plain(filled(prose, scene)) != wanted  # or nothing would be tried here
        assert wanted in " ".join(out.split())


def test_an_unknown_lesson_is_said_with_those_there_are(desdecero):
    status, out, err = desdecero("lesson", "softmaxx", "--lang", "en")
    assert (status, out) == (2, "")
    assert len(err.splitlines()) == 1
    assert "did you mean softmax?" in err


def test_an_unknown_lesson_like_no_other_is_said_with_where_they_are_listed(desdecero):
    status, out, err = desdecero("lesson", "xqzw", "--lang", "en")
    assert (status, out) == (2, "")
    assert len(err.splitlines()) == 1
    assert "desdecero lessons" in err
    assert "did you mean" not in err


@pytest.mark.parametrize(("lang", "asked"), [("es", "¿querías decir"), ("en", "did you mean")])
def test_a_misspelt_term_is_said_with_the_nearest(desdecero, lang, asked):
    status, out, err = desdecero("glossary", "embbeding", "--lang", lang)
    assert (status, out) == (2, "")
    assert asked in err
    assert "embedding" in err


def test_the_glossary_finds_by_any_form(desdecero, lang):
    terms = course(lang).terms
    _, out, _ = desdecero("glossary", "--json", "--lang", lang)
    assert {one["id"] for one in json.loads(out)} == {term.id for term in terms}
    for term in terms[::9]:
        for form in term.forms:
            _, out, _ = desdecero("glossary", form.upper(), "--json", "--lang", lang)
            assert term.id in {one["id"] for one in json.loads(out)}
    status, _, err = desdecero("glossary", "zxywv", "--lang", lang)
    assert status == 2
    assert len(err.splitlines()) == 1


# --- The quiz -------------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_sheet(desdecero):
    arguments = ("quiz", "--text", "the cat eats fish", "--seed", "4", "--json", "--lang", "en")
    first, second = (desdecero(*arguments)[1] for _ in range(2))
    assert first == second
    sheet = json.loads(first)
    assert len(sheet) == 10
    for question in sheet:
        wanted = {"id", "lesson", "kind", "prompt", "choices", "answer", "tolerance"}
        assert wanted | {"mistakes", "hints", "ref"} <= set(question)
        assert question["id"] in generators()


def test_a_sheet_can_be_of_one_lesson_and_its_key_is_apart(desdecero):
    arguments = ("quiz", "--lesson", "softmax", "--n", "2", "--seed", "1", "--lang", "en")
    _, plain, _ = desdecero(*arguments)
    _, with_key, _ = desdecero(*arguments, "--answers")
    assert with_key.startswith(plain.rstrip())
    assert "\nAnswers\n" in with_key
    assert "\nAnswers\n" not in plain
    _, markdown, _ = desdecero(*arguments, "--markdown", "--answers")
    assert markdown.startswith("# ")
    assert "## Answers" in markdown
    assert desdecero("quiz", "--lesson", "nope")[0] == 2


# --- Progress -------------------------------------------------------------------------------------


@pytest.fixture
def kept():
    file = ProgressFile(progress_path())
    file.add(
        Seen("softmax", course("en").lesson("softmax").cards[0].id),
        Reply("softmax-weight", "softmax", "right", time="2026-01-01T00:00:00+00:00"),
        Reply("softmax-times", "softmax", "skipped"),
        Set("lang", "en"),
    )
    return file


def test_progress_is_shown(desdecero, kept, lang):
    _, out, _ = desdecero("progress", "--json", "--lang", lang)
    told = json.loads(out)
    (softmax,) = (one for one in told["lessons"] if one["id"] == "softmax")
    assert (softmax["seen"], softmax["right"], softmax["skipped"]) == (1, 1, 1)
    assert 0 < softmax["mastery"] <= 1
    assert told["due"] == ["softmax-weight"]
    assert told["settings"] == {"lang": "en"}
    _, out, _ = desdecero("progress", "--lang", lang)
    assert str(kept.path) in out


def test_progress_goes_out_and_comes_back(desdecero, kept, tmp_path):
    there = str(tmp_path / "mine.json")
    assert desdecero("progress", "export", there)[0] == 0
    assert desdecero("progress", "reset", "--yes")[0] == 0
    assert read(progress_path()).replies == ()
    assert desdecero("progress", "import", there)[0] == 0
    assert read(progress_path()) == kept.progress
    # What was there before is never thrown away.
    assert len([p for p in progress_path().parent.iterdir() if "before" in p.name]) == 2


def test_nothing_is_deleted_without_a_yes(desdecero, kept):
    status, _, err = desdecero("progress", "reset", "--lang", "en")
    assert status == 2
    assert "--yes" in err
    assert read(progress_path()) == kept.progress


@pytest.mark.parametrize("content", [None, b"", b"[]", b'{"schema": 99}'])
def test_a_file_that_cannot_be_brought_back_changes_nothing(desdecero, kept, tmp_path, content):
    there = tmp_path / "other.json"
    if content is not None:
        there.write_bytes(content)
    status, out, err = desdecero("progress", "import", str(there), "--lang", "en")
    assert (status, out) == (2, "")
    assert len(err.splitlines()) == 1
    assert read(progress_path()) == kept.progress


def test_what_is_missing_is_said(desdecero):
    assert desdecero("progress", "export")[0] == 2
    assert desdecero("progress", "nonsense")[0] == 2
    assert desdecero("progress", "reset", "file.json")[0] == 2


def test_a_damaged_file_is_said_once_and_set_aside(desdecero):
    path: Path = progress_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"{")
    status, _, err = desdecero("progress", "--lang", "en")
    assert status == 2
    assert "damaged" in err
    assert desdecero("progress", "--lang", "en")[0] == 0
