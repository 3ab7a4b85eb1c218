"""What is read before the engine is there is what the lesson says in the end."""

import subprocess
import sys

import pytest

from lessons.course import course
from lessons.first_card import OPEN, first_card, lesson_ids
from lessons.prose import placeholders


@pytest.mark.parametrize("lang", ["es", "en"])
def test_every_card_can_be_read_ahead(lang):
    assert lesson_ids() == [lesson.id for lesson in course(lang).lessons]
    for lesson in course(lang).lessons:
        for place, card in enumerate(lesson.cards):
            first = first_card(lesson.id, card.id, lang)
            assert (first.number, first.lesson) == (lesson.number, lesson.title)
            assert (first.place, first.n_cards) == (place, len(lesson.cards))
            assert first.title == card.title
            opened = card.prose.format_map(dict.fromkeys(placeholders(card.prose), OPEN))
            assert first.prose == opened


def test_what_is_unknown_begins_at_the_first_card_or_nowhere():
    assert first_card("softmax", "no-such-card", "es").place == 0
    assert first_card("no-such-lesson", "", "es") is None


def test_reading_ahead_does_not_wait_for_numpy():
    program = (
        "import sys; from lessons.first_card import first_card; first_card('softmax', '', 'es');"
        "sys.exit('numpy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
