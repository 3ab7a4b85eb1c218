"""The linter of the course: every lesson, in both languages, on any sentence."""

import re
import tomllib
from functools import cache
from pathlib import Path
from textwrap import wrap

import pytest

import lessons
from engine.experiment import Experiment
from engine.store import load, shipped
from lessons.course import course, read_lesson
from lessons.figures.registry import figures
from lessons.findings.registry import filled, found
from lessons.markup import plain, spans
from lessons.scene import Scene
from lessons.stages import stages, with_parts
from tests.lessons.conftest import KINDS, TEXTS
from tests.lessons.test_figures import SENTENCES

CONTENT = Path(lessons.__file__).parent / "content"
INDEX = tomllib.loads((CONTENT / "index.toml").read_text(encoding="utf-8"))["lesson"]
# Those whose folder is there; that none is missing is a test of its own.
IDS = [entry["id"] for entry in INDEX if (CONTENT / entry["id"]).is_dir()]
CHECKPOINT = "checkpoint-attention"

# What a card may take of a terminal of 80 columns and 24 lines, its exhibit in view.
WIDTH = 76
MOST_LINES = {"prose": 6, "with guess": 4, "question": 2, "reveal": 3, "answer": 7}
MOST_CHOICES, LONGEST_CHOICE = 4, 72
LONGEST_TITLE = 60


@cache
def lesson(id, lang):
    (entry,) = (entry for entry in INDEX if entry["id"] == id)
    return read_lesson(entry, IDS.index(id) + 1, lang)


@cache
def scenes(lang):
    """The sentences that every card has to stand, in the model that a learner begins with."""
    model = load(shipped()[f"mini-{lang}"])
    return [Scene(Experiment(model, text), lang) for text in SENTENCES[lang]]


@pytest.fixture(params=IDS)
def id(request):
    return request.param


def said_on(card):
    """All that a card can say, doubts and answers included."""
    yield card.prose
    if card.guess:
        yield card.guess.question
        yield from (text for _, text in card.guess.choices)
        yield card.guess.reveal
        yield from card.guess.points
    for doubt in card.doubts:
        yield from (doubt.question, doubt.answer)


def all_prose(one):
    """All prose of a lesson, titles first."""
    yield from (one.title, one.goal)
    for card in one.cards:
        yield card.title
        yield from said_on(card)
    for term in one.terms:
        yield from (term.definition, term.example)


# --- Structure ------------------------------------------------------------------------------------


def test_both_languages_have_the_same_cards_exhibits_and_choices(id):
    es, en = lesson(id, "es"), lesson(id, "en")
    for ours, theirs in zip(es.cards, en.cards, strict=True):
        for part in ("id", "role", "figure", "stage", "block", "head", "set"):
            assert getattr(ours, part) == getattr(theirs, part)
        assert [doubt.id for doubt in ours.doubts] == [doubt.id for doubt in theirs.doubts]
        assert (ours.guess is None) == (theirs.guess is None)
        if ours.guess:
            assert dict(ours.guess.choices).keys() == dict(theirs.guess.choices).keys()
            assert len(ours.guess.points) == len(theirs.guess.points)
    assert [term.id for term in es.terms] == [term.id for term in en.terms]


def test_both_languages_name_the_same_findings(id):
    """In all that a card says: its prose, question, choices, answer, points and doubts."""
    for ours, theirs in zip(lesson(id, "es").cards, lesson(id, "en").cards, strict=True):
        es, en = (
            {name for text in said_on(card) for name in re.findall(r"\{(\w+)\}", text)}
            for card in (ours, theirs)
        )
        assert es == en, ours.id


def test_a_lesson_asks_answers_doubts_closes_and_leads_on(id, lang):
    one = lesson(id, lang)
    roles = [card.role for card in one.cards]
    n_checks = roles.count("check")
    assert roles[-1] == "next"
    assert roles[-1 - n_checks : -1] == ["check"] * n_checks, "checks come last"
    assert n_checks >= 2
    assert all(card.guess for card in one.cards if card.role == "check")
    ideas = [card for card in one.cards if card.role == "idea"]
    assert any(card.guess for card in ideas)
    assert sum(len(card.doubts) for card in one.cards) >= 2
    assert id == CHECKPOINT or any(card.figure or card.stage for card in ideas)
    assert one.sources
    order = [entry["id"] for entry in INDEX]
    following = order[order.index(id) + 1 :][:1]
    links = {span.target for span in spans(one.cards[-1].prose) if span.kind == "lesson"}
    assert set(following) <= links, "what comes next names the next lesson"


def test_ids_are_unique():
    assert len(set(IDS)) == len(IDS)
    terms = [term.id for id in IDS for term in lesson(id, "en").terms]
    assert len(set(terms)) == len(terms)
    for id in IDS:
        cards = [card.id for card in lesson(id, "en").cards]
        assert len(set(cards)) == len(cards)


def test_a_lesson_rests_on_earlier_ones_only():
    before = set()
    for entry in INDEX:
        assert set(entry["needs"]) <= before, entry["id"]
        before.add(entry["id"])


def test_every_exhibit_is_there_and_every_stage_of_a_run(id, lang):
    line = {
        stage.id.rsplit(".", 1)[-1]
        for stage in with_parts(stages(scenes(lang)[0].experiment.model.config))
    }
    for card in lesson(id, lang).cards:
        if card.figure:
            live = figures()[card.figure]
            assert card.set.keys() <= {knob.id for knob in live.knobs}, card.id
            settings = live.settings(Scene(scenes(lang)[0].experiment, lang, card.set))
            for knob, value in card.set.items():
                assert settings[knob] == value, f"{card.id}: {knob} = {value} does not fit"
        else:
            assert not card.set
        assert not card.stage or card.stage in line, card.id


def test_links_lead_somewhere(id, lang):
    terms = {term.id for one in IDS for term in lesson(one, lang).terms}
    for text in all_prose(lesson(id, lang)):
        for span in spans(text):
            if span.kind == "term":
                assert span.target in terms, span
            elif span.kind == "lesson":
                assert span.target in [entry["id"] for entry in INDEX], span


# --- On any sentence ------------------------------------------------------------------------------


def test_all_prose_fills_on_any_sentence(id, lang, make):
    others = [Scene(make(kind, TEXTS["usual"]), lang) for kind in KINDS]
    for scene in (*scenes(lang), *others):
        for text in all_prose(lesson(id, lang)):
            said = plain(filled(text, scene))
            assert "{" not in said.replace("{{", ""), text
            assert said.strip()


def test_every_guess_has_an_answer_on_any_sentence(id, lang, make):
    others = [Scene(make(kind, TEXTS["usual"]), lang) for kind in KINDS]
    for scene in (*scenes(lang), *others):
        for card in lesson(id, lang).cards:
            guess = card.guess
            if (
                guess is None
                or guess.kind == "open"
                or (guess.kind == "pick" and not guess.computed)
            ):
                continue
            answer = found(guess.answer, scene)
            if guess.kind == "pick":
                assert answer in dict(guess.choices), (card.id, answer)
            elif guess.kind == "point":
                assert isinstance(answer, int)
                assert 0 <= answer < scene.n, card.id
            elif guess.kind == "number":
                assert isinstance(answer, int | float)
                assert not isinstance(answer, bool)
            else:
                assert isinstance(answer, str)
                assert answer.strip()


# --- Language -------------------------------------------------------------------------------------


def n_lines(text, scene, width=WIDTH):
    paragraphs = plain(filled(text, scene)).split("\n\n")
    return sum(len(wrap(part, width)) or 1 for part in paragraphs) + len(paragraphs) - 1


def test_every_card_fits_a_small_terminal(id, lang):
    # A word of the sentence that prose quotes may be long, but is not many words long.
    for scene in scenes(lang)[:4]:
        for card in lesson(id, lang).cards:
            assert len(card.title) <= LONGEST_TITLE, card.title
            most = MOST_LINES["with guess" if card.guess else "prose"]
            assert n_lines(card.prose, scene) <= most, (card.id, card.prose)
            for doubt in card.doubts:
                assert len(doubt.question) <= WIDTH, doubt.id
                assert n_lines(doubt.answer, scene) <= MOST_LINES["answer"], doubt.id
            if card.guess:
                assert n_lines(card.guess.question, scene) <= MOST_LINES["question"], card.id
                most = MOST_LINES["answer" if card.guess.kind == "open" else "reveal"]
                assert n_lines(card.guess.reveal, scene) <= most, card.id
                assert len(card.guess.choices) <= MOST_CHOICES
                for _, text in card.guess.choices:
                    assert len(plain(filled(text, scene))) <= LONGEST_CHOICE, (card.id, text)


def test_prose_is_calm_and_well_set(id, lang):
    for text in all_prose(lesson(id, lang)):
        said = plain(text)
        assert "  " not in said, said
        assert said[-1] not in " ,;", said
        assert_calm(said, lang)


def assert_calm(said, lang):
    assert "!" not in said, said
    assert "¡" not in said, said
    assert not re.search(r"[\U0001F300-\U0001FAFF]", said), said
    if lang == "es":
        assert '"' not in said, f"quotation marks are « »: {said}"
        assert not re.search(r"\d%", said), f"a space before %: {said}"
    else:
        assert "«" not in said, said


def strings_of(table):
    for value in table.values():
        if isinstance(value, dict):
            yield from strings_of(value)
        else:
            yield str(value)


def test_what_figures_say_is_calm_and_well_set(lang):
    paths = sorted((CONTENT / "figures").glob(f"*.{lang}.toml"))
    assert paths
    for path in paths:
        for said in strings_of(tomllib.loads(path.read_text(encoding="utf-8"))):
            assert "  " not in said.strip(), said  # at its ends it sets a drawing in
            assert said in ("", ",") or said.strip()[-1] not in ",;", said
            if said != "🙂":  # to be cut into pieces
                assert_calm(said, lang)


def test_terms_are_said_in_a_sentence_and_an_example(id, lang):
    for term in lesson(id, lang).terms:
        assert len(plain(term.definition)) <= 180, term.id
        assert len(plain(term.example)) <= 150, term.id
        assert term.definition.endswith("."), term.id
        marked = {s.target for text in all_prose(lesson(id, lang)) for s in spans(text)}
        assert term.id in marked, f"{term.id} is never marked in its lesson"


def test_the_course_is_whole(lang):
    whole = course(lang)
    assert [one.id for one in whole.lessons] == [entry["id"] for entry in INDEX]
    assert [one.number for one in whole.lessons if one.id != CHECKPOINT] == [*range(1, 26)]
