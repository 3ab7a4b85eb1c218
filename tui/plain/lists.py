"""The course, the glossary and the progress, as they are read out."""

from __future__ import annotations

from collections import Counter

from lessons.course import Lesson, Term
from lessons.progress.record import now
from lessons.progress.report import due, report
from tui.commands.lessons import is_meant
from tui.plain.session import Session, Texts
from tui.plain.trouble import PlainError
from tui.plain.verbs import folded
from tui.screens.quiz_view import mistake_name

MOST_FOUND = 5
"""Terms that are explained at once."""


def course_told(session: Session) -> Texts:
    """Every lesson with how much of it was seen."""
    said, course = session.words, session.course
    told = [said("course.head")]
    for lesson in course.lessons:
        done = said(f"course.{session.journey.done(lesson)}")
        told.append(said("course.line", name=named(lesson), done=done, id=lesson.id))
    return told


def named(lesson: Lesson) -> str:
    """A lesson by its number, if it has one, and its title."""
    return f"{lesson.number}. {lesson.title}" if lesson.number else lesson.title


def lesson_of(session: Session, wish: str) -> Lesson:
    """The lesson of a number, an id, or a part of its title. Raises Trouble."""
    lessons = session.course.lessons
    for lesson in lessons:
        if wish in (lesson.id, str(lesson.number or "")):
            return lesson
    found = [one for one in lessons if folded(wish) in folded(f"{one.id} {one.title}")]
    if len(found) != 1:
        names = "; ".join(named(one) for one in found[:MOST_FOUND])
        key = "trouble.lessons" if found else "trouble.no_lesson"
        raise PlainError(key, text=wish, names=names)
    return found[0]


def glossary_told(session: Session, wish: str) -> Texts:
    """What a term means; without one, the names of all terms."""
    terms = sorted(session.course.terms, key=lambda term: folded(term.name))
    if not wish:
        names = ", ".join(term.name for term in terms)
        return [session.words("glossary.head", n=len(terms)), names]
    found: list[Term] = [term for term in terms if is_meant(term, wish)]
    found.sort(key=lambda term: folded(wish) not in map(folded, term.forms))
    if not found:
        raise PlainError("trouble.no_term", text=wish)
    told: Texts = []
    for term in found[:MOST_FOUND]:
        lesson = session.course.lesson(term.lesson)
        where = session.words("glossary.lesson", name=named(lesson))
        told += [*session.term_text(term.id), where]
    if len(found) > MOST_FOUND:
        names = ", ".join(term.name for term in found[MOST_FOUND:])
        told.append(session.words("glossary.also", names=names))
    return told


def progress_told(session: Session) -> Texts:
    """What was done, what is due, and the mistakes that came most often."""
    progress, said = session.learner.progress, session.words
    listed = report(progress, session.course)
    counts = {k: sum(getattr(one, k) for one in listed) for k in ("seen", "cards", "right")}
    answered = sum(one.right + one.wrong for one in listed)
    done = sum(one.done for one in listed)
    told = [
        said("progress.lessons", done=done, total=len(listed), **counts),
        said("progress.answers", right=counts["right"], total=answered),
        said("progress.due", n=len(due(progress, now()))),
    ]
    made = Counter(reply.mistake for reply in progress.replies if reply.mistake)
    for id, times in made.most_common(3):
        told.append(said("progress.mistake", name=mistake_name(id, session.lang), n=times))
    return told
