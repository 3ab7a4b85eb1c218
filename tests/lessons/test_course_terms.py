"""No term is used before the card that introduces it: in prose, figures, tables and questions.

A term is told by its names and inflections as the lessons declare them, in both languages, and by
the plurals of these. Prose may name what is to come if the paragraph links to its lesson. Strings
of figures and questions have no links, so they have to say it in plain words.
"""

import re
import tomllib
from dataclasses import replace
from functools import cache
from itertools import pairwise
from random import Random

import pytest

from engine.experiment import Experiment
from engine.store import load, shipped
from lessons.course import course
from lessons.exhibits import exhibit
from lessons.figures.parts import Beside, Heat
from lessons.figures.powers import texts
from lessons.figures.registry import figures
from lessons.languages import languages
from lessons.markup import plain, spans
from lessons.prose import prose
from lessons.quiz.beliefs import BELIEFS
from lessons.quiz.registry import generators
from lessons.scene import Scene
from lessons.stages import stages, with_parts
from tests.lessons.test_course import CONTENT, IDS, all_prose, said_on, strings_of
from tui.renderables.figure_draw import draw_figure
from tui.screens.lesson_hint import hint
from tui.screens.lesson_knobs import knob_lines
from tui.screens.lesson_state import Journey
from tui.screens.lesson_view import LessonView
from tui.screens.walk_state import Place

EVERYDAY = {"es": set(), "en": {"mean"}}
"""Names that are everyday words as well: they are told by the words around them."""
SENTENCES = {
    "es": ("El gato negro se subió al árbol alto", "democracia"),
    "en": ("The black cat climbed up the tall tree", "democracy"),
}
SEEDS = 4


@pytest.fixture(params=languages())
def lang(request):
    return request.param


def pattern(form):
    """Where a form stands in a text, in the singular or the plural, apart or with a hyphen."""
    words = []
    for word in form.split():
        if word.endswith("ón"):
            words.append(re.escape(word[:-2]) + "(?:ón|ones)")
        elif word.endswith("z"):
            words.append(re.escape(word[:-1]) + "(?:z|ces)")
        elif word.endswith("y") and len(word) > 3:
            words.append(re.escape(word[:-1]) + "(?:y|ies)")
        else:
            words.append(re.escape(word) + ("(?:e?s)?" if word[-1].isalpha() else ""))
    return re.compile(r"(?<!\w)" + r"[\s-]".join(words) + r"(?!\w)", re.IGNORECASE)


@cache
def introduced(lang):
    """For each form of a term: its pattern, where it is introduced first, and by which lessons.

    Where: the place of the lesson, and of the card that marks the term.
    """
    found = {}
    for i, lesson in enumerate(course(lang).lessons):
        for term in lesson.terms:
            marking = (
                k
                for k, card in enumerate(lesson.cards)
                for text in said_on(card)
                if any(span.kind == "term" and span.target == term.id for span in spans(text))
            )
            place = (i, next(marking, 0))
            for form in set(term.forms) - set(term.everyday):
                told, first, by = found.get(form.lower(), (pattern(form), place, ()))
                found[form.lower()] = (told, min(first, place), (*by, lesson.id))
    return tuple(found.values())


def early(text, place, lang, announced=()):
    """The terms in a text that a learner at a place of the course has not met."""
    said = re.sub(r"\{\w*\}", "", text)  # what fills a place is no word here
    return [
        f"{match[0]!r} belongs to {by[0]}: {text}"
        for told, first, by in introduced(lang)
        if first > place and not set(by) & set(announced) and (match := told.search(said))
    ]


def early_in_prose(text, place, lang):
    for paragraph in re.split(r"\n\s*\n", text):
        announced = {span.target for span in spans(paragraph) if span.kind == "lesson"}
        yield from early(plain(paragraph), place, lang, announced)


@cache
def end_of(lang):
    """The last place of each lesson."""
    return {one.id: (i, len(one.cards)) for i, one in enumerate(course(lang).lessons)}


# --- The forms ------------------------------------------------------------------------------------


def test_a_name_that_tells_no_use_is_known_and_told_by_its_surroundings(lang):
    """Nothing escapes by calling its name an everyday word."""
    terms = course(lang).terms
    assert {name for term in terms for name in term.everyday} == EVERYDAY[lang]
    for term in terms:
        for name in term.everyday:
            assert sum(name in form.split() for form in term.inflections) >= 3, term.id


def test_a_term_is_told_by_its_own_name_in_its_own_lesson(lang):
    """What a lesson calls a term, the glossary calls it too: no name is there for show."""
    for lesson in course(lang).lessons:
        said = " ".join(plain(text) for card in lesson.cards for text in said_on(card))
        for term in lesson.terms:
            forms = set(term.forms) - set(term.everyday)
            assert any(pattern(form).search(said) for form in forms), term.id
            assert pattern(term.name).search(said), f"{lesson.id} never says {term.name!r}"


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("proyección", "tres proyecciones distintas"),
        ("matriz de embeddings", "las matrices de embeddings"),
        ("probability", "all Probabilities"),
        ("dot product", "a dot-product attention"),
        ("W_E", "la tabla W_E."),
        ("head", "two heads"),
        ("e^x", "se calcula e^x"),
    ],
)
def test_inflections_are_found(form, text):
    assert pattern(form).search(text)


@pytest.mark.parametrize(
    ("form", "text"),
    [("head", "look ahead"), ("cabeza", "encabezado"), ("key", "the monkey"), ("W_O", "W_Out")],
)
def test_other_words_are_not(form, text):
    assert not pattern(form).search(text)


# --- What is read ---------------------------------------------------------------------------------


@pytest.mark.parametrize("id", IDS)
def test_prose_uses_no_term_before_its_card(id, lang):
    i, lesson = IDS.index(id), course(lang).lesson(id)
    found = [
        trouble
        for k, card in enumerate(lesson.cards)
        for text in (card.title, *said_on(card))
        for trouble in early_in_prose(text, (i, k), lang)
    ]
    # The title and the goal may name what the lesson is about.
    for text in all_prose(lesson):
        found += early_in_prose(text, (i, len(lesson.cards)), lang)
    assert not found, "\n".join(found)


def shown_first(lang):
    """Each figure, and the end of the first lesson that shows it."""
    found = {}
    for i, lesson in enumerate(course(lang).lessons):
        for card in lesson.cards:
            if card.figure:
                found.setdefault(card.figure, (i, len(lesson.cards)))
    return found


def test_strings_of_figures_use_no_term_before_the_lesson_that_shows_them(lang):
    places, found = shown_first(lang), []
    paths = sorted((CONTENT / "figures").glob(f"*.{lang}.toml"))
    tables = [item for path in paths for item in tomllib.loads(path.read_text("utf-8")).items()]
    assert {name for name, _ in tables} == places.keys() == figures().keys()
    for name, table in tables:
        for said in strings_of(table):
            found += [f"{name}: {trouble}" for trouble in early(said, places[name], lang)]
    assert not found, "\n".join(found)


def flat(figure):
    for part in figure:
        if isinstance(part, Beside):
            yield from flat(part.parts)
        else:
            yield part


def test_nothing_that_a_card_shows_uses_a_term_before_its_lesson(lang):
    """What figures write by themselves, headings of matrices, and titles of stations."""
    model, spoken, found = load(shipped()[f"mini-{lang}"]), prose(lang), []
    tokens = {model.tokenizer.piece(id).strip().lower() for id in range(len(model.tokenizer))}
    line = {
        stage.id.rsplit(".", 1)[-1]: stage
        for stage in with_parts(stages(model.config))
        if stage.block in (None, 0)
    }
    for text in SENTENCES[lang]:
        run = Experiment(model, text)
        for i, lesson in enumerate(course(lang).lessons):
            for card in lesson.cards:
                said, shown = [], []
                if card.figure:
                    parts = [*flat(figures()[card.figure].show(Scene(run, lang, card.set)))]
                    said += [text for part in parts for text in texts(part)]
                    shown += [part.exhibit for part in parts if isinstance(part, Heat)]
                elif card.stage:
                    stage = line[card.stage]
                    said.append(spoken.told(stage, run, card.head).title)
                    shown.append(exhibit(stage, run, card.head))
                for table in shown:
                    said += [spoken.axis(table.row_axis), spoken.axis(table.col_axis)]
                for one in said:
                    # A word that the model reads or predicts is no word of the course.
                    if one.strip(" «»“”.").lower() not in tokens:
                        troubles = early(one, (i, len(lesson.cards)), lang)
                        found += [f"{lesson.id} {card.id}: {trouble}" for trouble in troubles]
    assert not found, "\n".join(found)


def readouts(view):
    """The line under a card before its exhibit is entered, and at every place of the cursor."""
    yield hint(view, False, False, None)
    if view.live is not None:
        figure = view.live.show(view.turned)
        for spot in draw_figure(figure, 96, knobs=knob_lines(view, figure)).spots:
            yield hint(view, True, False, spot)
    elif view.walk is not None:
        rows, cols = view.walk.exhibit.values.shape
        for row, col in ((row, col) for row in range(rows) for col in range(cols)):
            yield hint(replace(view, place=Place(word=row, col=col)), True, False, None)


def test_no_readout_uses_a_term_before_its_lesson(lang):
    model, found, stations = load(shipped()[f"mini-{lang}"]), set(), 0
    tokens = {model.tokenizer.piece(id).strip().lower() for id in range(len(model.tokenizer))}
    run = Experiment(model, SENTENCES[lang][0])
    for i, lesson in enumerate(course(lang).lessons):
        for card in lesson.cards:
            view = LessonView(run, lang, Journey().at(lesson.id, card.id))
            said = set(readouts(view))
            assert all(said), (lesson.id, card.id)
            stations += view.walk is not None and len(said) > view.walk.exhibit.values.size
            for one in said:
                # The words of the sentence, in quotation marks or in the name of a number.
                bare = re.sub(r"[«“][^»”]*[»”]", "", one)
                bare = re.sub(r"\w+(?=\W)", lambda m: "" if m[0].lower() in tokens else m[0], bare)
                troubles = early(bare, (i, len(lesson.cards)), lang)
                found |= {f"{lesson.id} {card.id}: {trouble} ({one})" for trouble in troubles}
    assert stations > 4
    assert not found, "\n".join(sorted(found))


def test_a_head_is_named_to_whoever_has_met_it(lang):
    run = Experiment(load(shipped()[f"mini-{lang}"]), SENTENCES[lang][0])
    name = course(lang).term("head").name
    places = [
        (lesson.id, card.id)
        for lesson in course(lang).lessons
        for card in lesson.cards
        if card.stage in ("q", "k", "v")
    ]
    assert places
    for place in places:
        view = LessonView(run, lang, Journey().at("multi-head", "heads").at(*place))
        view = replace(view, journey=replace(view.journey, lesson=place[0]))
        assert pattern(name).search(hint(view, True, False, None))
        assert view.tells_heads
        new = replace(view, journey=Journey().at(*place))
        assert not new.tells_heads


# --- What is asked --------------------------------------------------------------------------------


def asked(lang):
    """The strings of each lesson's questions."""
    for path in sorted((CONTENT / "quiz").glob(f"*.{lang}.toml")):
        lesson = path.name.removesuffix(f".{lang}.toml")
        if lesson != "mistakes":
            yield lesson, tomllib.loads(path.read_text(encoding="utf-8"))


def test_questions_stand_with_their_lesson(lang):
    for lesson, table in asked(lang):
        assert lesson in IDS
        mine = {one.id for one in generators().values() if one.lesson == lesson}
        assert mine, lesson
        assert mine <= table.keys(), lesson


def test_questions_use_no_term_before_their_lesson(lang):
    found = []
    for lesson, table in asked(lang):
        for said in strings_of(table):
            found += [f"{lesson}: {one}" for one in early(said, end_of(lang)[lesson], lang)]
    assert not found, "\n".join(found)


@cache
def made(lang):
    """The mistakes that questions know: the lesson of each, its id and what is said of it."""
    found = set()
    for text in SENTENCES[lang]:
        scene = Scene(Experiment(load(shipped()[f"mini-{lang}"]), text), lang)
        for one in generators().values():
            for seed in range(SEEDS):
                question = one.ask(scene, Random(seed))
                if question is not None:
                    found |= {
                        (IDS.index(one.lesson), mistake.name, mistake.feedback)
                        for mistake in question.mistakes
                    }
    return found


def test_mistakes_use_no_term_before_the_first_lesson_that_meets_them(lang):
    """What is said of a mistake in one place for all; its name is said wherever it is made."""
    path, found = CONTENT / "quiz" / f"mistakes.{lang}.toml", []
    for id, table in tomllib.loads(path.read_text(encoding="utf-8")).items():
        same = re.compile(re.sub(r"\\{\w+\\}", ".*", re.escape(table["feedback"])), re.DOTALL)
        for part, lessons in {
            "name": {lesson for lesson, name, _ in made(lang) if name == id},
            "feedback": {
                lesson for lesson, name, said in made(lang) if name == id and same.fullmatch(said)
            },
        }.items():
            # Some claims are made of other models only: of learned positions, for one.
            elsewhere = any(id in names.values() for names in BELIEFS.values())
            assert lessons or part == "feedback" or elsewhere, f"no question knows {id}"
            if lessons:
                place = (min(lessons), len(course(lang).lessons[min(lessons)].cards))
                found += [
                    f"{id}, {IDS[min(lessons)]}: {x}" for x in early(table[part], place, lang)
                ]
    assert not found, "\n".join(found)


def test_the_lessons_come_in_the_order_of_the_course(lang):
    places = [end_of(lang)[id] for id in IDS]
    assert all(a < b for a, b in pairwise(places))
