"""No number of a run is typed: what prose says of one is a placeholder, filled from the run.

What is typed is what a worked example starts from (GIVEN) or what comes of it, and that is worked
out here once more from what it starts from (WORKED). A number that is in neither is one that nobody
answers for. Looked at are decimals, percentages and large whole numbers, wherever they stand; and
in the right choice and in what is said after a guess every number that the question does not name.
"""

import math
import operator
import re
import tomllib

import numpy as np
import pytest

from engine.experiment import Experiment
from engine.ops import Center, Divide, Scale, Softmax
from lessons.course import course
from lessons.figures.attention_intuition_changes import COVERED
from lessons.figures.learning_in_full_step import RATE
from lessons.figures.powers import texts
from lessons.figures.published import GPT2, PAPER, PUBLISHED
from lessons.figures.registry import figures
from lessons.figures.scaling import WORKED as SCORES
from lessons.figures.softmax import SCORES as FOUR_SCORES
from lessons.figures.softmax import shares
from lessons.figures.weighted_values import GRADE, WORKED_SHARE
from lessons.languages import languages
from lessons.markup import plain
from lessons.prose import prose
from lessons.scene import Scene, shipped_model
from tests.lessons.test_course import CONTENT, IDS, all_prose, strings_of

EPS = 1e-5
SENTENCE = {"es": "el gato come el pez", "en": "the cat eats the fish"}
ANYWHERE = {"100%", "0%"}  # all and nothing are no results
PUBLISHED_WIDTHS = {one.name: one.d_model for one in PUBLISHED}


def normalised(numbers):
    centred = Center().forward(np.array(numbers, float))
    return Divide().forward(centred, Scale(EPS).forward(centred))


def typical_size(numbers):
    return float(Scale(EPS).forward(Center().forward(np.array(numbers, float)))[0])


GIVEN = {
    "why-transformers": "90%",
    "attention-intuition": "0.2 0.6 0.1 0.9",
    "text-to-index": "50000",  # what some people have read
    "one-hot": "50000",
    "embeddings": "50000",
    "dimensions": "0.9 1080 1920 4096 8192 12288",
    "scores": "0.2 4.1 1.5 3.8",
    "scaling": "0.2 4.1 1.5 3.8",
    "softmax": "0.2 4.1 1.5 3.8 4% 12% 42%",  # the percentages are what some people have read
    "weighted-values": "60% 75%",
    "checkpoint-attention": "0.5 1.2",
    "all-words-at-once": "0.0001",
    "multi-head": "0.7",
    "feed-forward": "1.5",
    "layer-norm": "0.5",
    "prediction": "50000 10% 50% 90% 60% 40% 0.5",
    "generation": "0.9 0.5 30% 95%",
    "learning-in-full": "0.1 0.3 0.5",
}
"""What is chosen, and said to be: by lesson, in the order in which it is said."""

WORKED = {
    "why-transformers": {"0.9": 90 / 100, "49": 50 - 1, "1.00": 100 / 100},
    "attention-intuition": {
        "20%": 0.2,
        "0.7": 0.6 + 0.1,
        "0.3": 1 - (0.6 + 0.1),
        "90%": 0.9,
        "1.00": 100 / 100,
        "0.5": 1 / 2,
        "1000000000": -COVERED,
    },
    "text-to-index": {"50257": GPT2.d_vocab, "37000": PAPER.d_vocab},
    "one-hot": {
        "3": ["el", "gato", "come", "un", "pez"].index("un"),
        "2": (1 - 0) ** 2 + (0 - 1) ** 2,
        "1.4": math.dist([0, 1, 0, 0, 0], [0, 0, 0, 0, 1]),
        "49": 50 - 1,
        "98%": 49 / 50,
    },
    "embeddings": {"50257": GPT2.d_vocab, "37000": PAPER.d_vocab},
    "how-embeddings-learn": {"2.7": math.e},
    "dimensions": {
        "16384": PUBLISHED_WIDTHS["LLaMA 3.1 405B"],
        "7168": PUBLISHED_WIDTHS["DeepSeek V3"],
        "37000": PAPER.d_vocab,
        "1024": 2 * PAPER.d_model,
    },
    "positional-encoding": {
        # counted with the start mark
        "2": 1 + ["el", "gato", "come", "el", "pez"].index("gato"),
        "5": 1 + ["el", "pez", "come", "el", "gato"].index("gato"),
    },
    "vectors-and-dot-product": {"12": 3 * 4, "14": 3 * 4 + 2 * 1},
    "projections": {"12": 4 * 3},
    "scores": {"300%": 3, "10": 2 * 3 + 1 * 4},
    "scaling": {
        "2": math.sqrt(64 / 16),
        "4": 64 / 16,
        "25%": 1 / 4,
        "8": math.sqrt(64),
    },
    "softmax": {
        "2.718": math.floor(1000 * math.e) / 1000,  # the dots say that it goes on
        "2.3": math.log(10),
        "102": 100 + 2,
        "104": 100 + 4,
    },
    "weighted-values": {
        "0.6": 60 / 100,
        "0.4": 1 - GRADE["share"],
        "40%": 1 - GRADE["share"],
        "25%": 1 - WORKED_SHARE,
        "12": 4 + 8,
    },
    "checkpoint-attention": {"0.3": 1 + 0.5 - 1.2, "22": math.floor(math.sqrt(512))},
    "multi-head": {"0.3": 1 - 0.7},
    "feed-forward": {"3.5": 2 + 1.5, "2048": PAPER.d_mlp},
    "layer-norm": {
        "7": 17 - np.mean([3, 9, 11, 17]),
        "49": 7**2,
        "25": np.mean(np.square([-7, -1, 1, 7])),
        "5": typical_size([3, 9, 11, 17]),
        "1.4": normalised([3, 9, 11, 17])[3],
        "0.2": normalised([3, 9, 11, 17])[2],
        "3": np.mean([1, 1, 5, 5]),
        "2": typical_size([1, 1, 5, 5]),
    },
    "prediction": {"50257": GPT2.d_vocab, "37000": PAPER.d_vocab, "20": 60 - 40},
    "learning-in-full": {
        "0.7": math.log(2),
        "2": 1 / 0.5,
        "0.3": 3 * 0.1,
        "0.2": 2 * 0.1,
        "0.001": RATE.default,
    },
}
"""What comes of it, by lesson, worked out; percentages as parts of 1."""


@pytest.fixture(params=languages())
def lang(request):
    return request.param


@pytest.fixture(params=IDS)
def id(request):
    return request.param


_NAMES = re.compile("|".join(["GPT-[23]", "LLaMA 3.1", "LLaMA 2", "V3", r"e\^\S+", "log 2"]))
_NUMBER = re.compile(r"(?<![\w.,])\d+(?:[ ,\u00a0]\d{3}(?!\d))*(?:\.\d+)?(?:\s?%)?(?![\w])")


def numbers(text):
    """The numbers typed in a text, as "50257", "0.5" and "43%"."""
    said = _NAMES.sub("", re.sub(r"\{\w*\}", "", plain(text)))
    return [re.sub(r"[ ,\u00a0]", "", number) for number in _NUMBER.findall(said)]


def is_telling(number):
    """Whether a number may be a result: no small whole number, and no year."""
    if "." in number or "%" in number:
        return True
    return int(number) >= 1000 and not 1900 < int(number) < 2100


def answered_for(id):
    return ANYWHERE | set(GIVEN.get(id, "").split()) | WORKED.get(id, {}).keys()


def after_guesses(lesson):
    """What is said to be so after each guess, and what its question says."""
    for card in lesson.cards:
        guess = card.guess
        if guess is not None and guess.kind != "open":
            right = [
                text for id, text in guess.choices if not guess.computed and id == guess.answer
            ]
            yield [guess.reveal, *right], [card.prose, guess.question]


def said_in(id, lang):
    """All numbers of a lesson that somebody has to answer for."""
    lesson = course(lang).lesson(id)
    found = {x for text in all_prose(lesson) for x in numbers(text) if is_telling(x)}
    for told, asked in after_guesses(lesson):
        known = {x for text in asked for x in numbers(text)} | {"0", "1"}
        found |= {x for text in told for x in numbers(text)} - known
    for folder in ("figures", "quiz"):
        path = CONTENT / folder / f"{id}.{lang}.toml"
        if path.exists():
            strings = strings_of(tomllib.loads(path.read_text(encoding="utf-8")))
            found |= {x for text in strings for x in numbers(text) if is_telling(x)}
    return found


def test_somebody_answers_for_every_number(id, lang):
    assert said_in(id, lang) <= answered_for(id)


def test_what_is_answered_for_is_said(id):
    """Nothing stays in the lists that has gone from the lessons."""
    said = set()
    for lang in languages():
        said |= said_in(id, lang)
        # What is given may stand in a question, where it needs no answer.
        said |= {x for text in all_prose(course(lang).lesson(id)) for x in numbers(text)}
    assert answered_for(id) - ANYWHERE <= said


@pytest.mark.parametrize(
    ("id", "number"), [(id, number) for id, table in WORKED.items() for number in table]
)
def test_what_is_typed_is_what_comes_out(id, number):
    value = WORKED[id][number] * (100 if "%" in number else 1)
    decimals = len(number.rstrip("%").partition(".")[2])
    assert round(float(value), decimals) == float(number.rstrip("%"))


OPERATIONS = {"×": operator.mul, "/": operator.truediv, "÷": operator.truediv}
_EQUATION = re.compile(r"(?<![\d.×/÷] )(?<![\d.])(\d+) ([×/÷]) (\d+) = (\d+)(?!\d|[.,]\d)")


def test_equations_are_right(lang):
    found = [
        match.groups()
        for id in IDS
        for text in all_prose(course(lang).lesson(id))
        for match in _EQUATION.finditer(plain(text))
    ]
    assert len(found) >= 4
    for a, sign, b, total in found:
        assert OPERATIONS[sign](int(a), int(b)) == int(total), (a, sign, b, total)


def test_the_worked_examples_of_softmax_are_those_of_the_sandbox():
    """The four scores that are given in three lessons are one example, and add up as is said."""
    typed = [float(x) for x in GIVEN["softmax"].split()[:4]]
    assert typed == list(SCORES)
    assert sum(FOUR_SCORES) == 3
    assert shares(np.array(FOUR_SCORES)).max() > 1
    # What some people have read for them is neither softmax nor a plain quotient.
    read = [0.04, 0.42, 0.12, 0.42]
    scaled = np.array(SCORES) / math.sqrt(64)
    assert np.abs(Softmax().forward(scaled) - read).max() > 0.1
    assert np.abs(shares(scaled) - read).max() > 0.01


def written_by_hand(lang):
    """Every string of the content that a person reads in a language."""
    for id in IDS:
        yield from (plain(text) for text in all_prose(course(lang).lesson(id)))
    for folder in ("figures", "quiz"):
        for path in sorted((CONTENT / folder).glob(f"*.{lang}.toml")):
            yield from strings_of(tomllib.loads(path.read_text(encoding="utf-8")))


def test_large_numbers_are_written_as_the_language_does_everywhere(lang):
    words, found = prose(lang).words, 0
    for text in written_by_hand(lang):
        for match in re.finditer(r"(?<![\d.#+])\d[\d ,\u00a0]*\d(?![\d.])", text):
            # Numbers of a list stand apart by a comma and a space.
            for number in re.split(r", | (?!\d{3}(?!\d))", match[0]):
                digits = re.sub(r"[ ,\u00a0]", "", number)
                if len(digits) > 3 and digits.isdigit():
                    assert number == words.whole(int(digits)), text
                    found += 1
    assert found > 10


def test_figures_write_large_numbers_as_the_language_does(lang):
    words, found = prose(lang).words, 0
    run = Experiment(shipped_model(f"mini-{lang}"), SENTENCE[lang])
    for lesson in course(lang).lessons:
        for card in lesson.cards:
            if card.figure:
                figure = figures()[card.figure].show(Scene(run, lang, card.set))
                for text in (text for part in figure for text in texts(part)):
                    for number in re.findall(r"(?<![\d.,\w])\d[\d\u00a0,]{4,}\d(?![\d.])", text):
                        digits = re.sub(r"[,\u00a0]", "", number)
                        assert number == words.whole(int(digits)), (card.figure, text)
                        found += 1
    assert found > 10


@pytest.mark.parametrize(
    ("n", "es", "en"),
    [
        (0, "0", "0"),
        (2496, "2496", "2496"),
        (50_257, "50\u00a0257", "50,257"),
        (-1_000_000, "−1\u00a0000\u00a0000", "−1,000,000"),
    ],
)
def test_a_whole_number_is_written_in_one_place(n, es, en):
    assert (prose("es").words.whole(n), prose("en").words.whole(n)) == (es, en)
