"""How much turning a card costs: computing what it shows, laying it out, drawing it.

    python tests/bench/bench_card.py [es en ...]

Every card of the course, forwards and back, every question answered so that every exhibit is in
view, at three sizes, by the key that a person would press. The app runs as in a terminal, except
that what it writes is only counted. Time is that of the processor, and of each turn the median of
several walks counts, because even that grows by half where other programs fight for the caches.
The first time that an exhibit is shown it may have to read a model or a training from the disk:
the first walk of a program is told apart.
"""

import asyncio
import sys
from asyncio import sleep
from collections import defaultdict
from dataclasses import replace
from time import process_time

import engine  # noqa: F401 (what it sets up for NumPy has to be set before NumPy is loaded)

# isort: split
import numpy as np
import textual
from headless import TEXTS, CountingDriver

from engine.store import load, shipped
from lessons.course import course
from tui.app import DesdeCero
from tui.screens.lesson import LessonScreen
from tui.screens.lesson_state import Answer

TARGET, AT = 30.0, (120, 40)
WALKS = 3
POLL, QUIET = 0.01, 3
SIZES = (80, 24), AT, (200, 60)


class Turn:
    """Turns every card and back; `turns` gets (card, milliseconds)."""

    def __init__(self):
        self.turns = []

    async def __call__(self, pilot):
        app = pilot.app
        while not isinstance(app.screen, LessonScreen):
            await sleep(0.02)
        await sleep(0.3)
        lesson = app.screen
        answer_all(lesson)
        for key, places in ways(lesson.view.course):
            for place in places:
                before, written = lesson.view.key, app._driver.written
                start = process_time()
                if place[0] == before[0]:
                    app.simulate_key(key)
                else:  # what keys do at the ends of a lesson is another matter
                    lesson.enter(*place)
                await drawn(app, written, lambda place=place: lesson.view.key == place)
                spent = process_time() - start
                self.turns.append(("/".join(lesson.view.key), 1e3 * spent))
        app.exit()


async def drawn(app, written, there):
    """Waits until the card is there and all of it was written, however long that takes.

    One frame may bring a second one, as a part that was resized draws again: all was written when
    nothing more is for some turns of the loop.
    """
    while not there() or app._driver.written == written:
        await sleep(POLL)
    quiet = 0
    while quiet < QUIET:
        written = app._driver.written
        await sleep(POLL)
        quiet = quiet + 1 if app._driver.written == written else 0


def ways(whole):
    """The keys that turn cards, each with the cards to which it leads, one after the other."""
    places = [(one.id, card.id) for one in whole.lessons for card in one.cards]
    return ("right", places[1:]), ("left", places[-2::-1])


def answer_all(lesson):
    """Say something to every question, as if it had been answered before."""
    first = lesson.view.course.lessons[0]
    journey = lesson.view.journey.at(first.id, first.cards[0].id)  # wherever it was left
    for one in lesson.view.course.lessons:
        for card in one.cards:
            if card.guess is not None:
                said = card.guess.choices[0][0] if card.guess.choices else 1
                journey = journey.answered((one.id, card.id), Answer(said, str(said)))
    lesson.become(replace(lesson.view, journey=journey))


def turned(lang, size):
    """Card and milliseconds of every turn, once each."""
    turn = Turn()
    model = load(shipped()[f"mini-{lang}"])
    app = DesdeCero(model, TEXTS[lang], lang, lesson=course(lang).lessons[0].id)
    app.driver_class = CountingDriver
    asyncio.run(app.run_async(size=size, auto_pilot=turn))
    return turn.turns


def settled(lang, size):
    """Card and milliseconds of every turn, the median of several walks."""
    walks = [turned(lang, size) for _ in range(WALKS)]
    return [
        (turns[0][0], float(np.median([spent for _, spent in turns])))
        for turns in zip(*walks, strict=True)
    ]


def main(langs):
    print(f"Textual {textual.__version__}, NumPy {np.__version__}; milliseconds of CPU a turn")
    print(f"  first walk {summary(turned(langs[0], AT))}")
    by_size = defaultdict(list)
    for lang in langs:
        for size in SIZES:
            turns = settled(lang, size)
            by_size[size] += turns
            print(f"  {lang}   {size[0]:>3}x{size[1]}  {summary(turns)}")
    p95 = np.percentile([spent for _, spent in by_size[AT]], 95)
    met = "met" if p95 <= TARGET else "missed"
    print(f"{AT[0]}x{AT[1]}: 95 of 100 turns within {p95:.1f} ms (target {TARGET:.0f} ms: {met})")
    for card, spent in sorted(by_size[AT], key=lambda turn: -turn[1])[:8]:
        print(f"  {spent:5.1f} {card}")


def summary(turns):
    times = np.array([spent for _, spent in turns])
    card, worst = max(turns, key=lambda turn: turn[1])
    return (
        f"{len(turns):>4} turns   median {np.median(times):5.1f}   "
        f"p95 {np.percentile(times, 95):5.1f}   max {worst:5.1f} to {card}"
    )


if __name__ == "__main__":
    main(sys.argv[1:] or ["es", "en"])
