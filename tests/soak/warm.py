"""The way through the whole course before a soak, so that what is remembered is remembered.

What was computed for a card is kept for the next look at it. Some of what memory grows by in the
first hours is that, and it has a bound; what it grows by after this way is a leak.
"""

from __future__ import annotations

from engine.experiment import Experiment
from engine.store import load, shipped
from lessons.course import course
from lessons.languages import of_model
from tests.soak.driver import settled
from tui.app import DesdeCero
from tui.examples import example


async def warm(app: DesdeCero, patience: float) -> None:
    """See every card in both languages, read by every shipped model; end where it began."""
    lang_before, run_before = app.lang, app.run_now
    assert run_before is not None
    app.push_lesson(run_before, course(app.lang).lessons[0].id)
    await settled(app, patience)
    for name, folder in shipped().items():
        lang = of_model(name) or app.lang
        run = app.taught(Experiment(load(folder), example(name, lang)))
        if lang != app.lang:
            app.action_next_language()
        for lesson in course(lang).lessons:
            for card in lesson.cards:
                assert app.lessons is not None
                app.lessons.enter(lesson.id, card.id, run)
                await settled(app, patience)
    if app.lang != lang_before:
        app.action_next_language()
    assert app.lessons is not None
    app.lessons.enter(course(app.lang).lessons[0].id, "", run_before)
    app.pop_screen()
    await settled(app, patience)
