"""`desdecero lessons`, `lesson` and `glossary`: the course without the app."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from tui.commands.base import Command, UsageError, add_json, open_taught
from tui.commands.nearest import nearest, no_lesson
from tui.examples import example, usual_model
from tui.messages import Words

if TYPE_CHECKING:
    from engine.experiment import Experiment
    from lessons.course import Term


def _add_lessons(parser: ArgumentParser, words: Words) -> None:
    add_json(parser, words)


def _lessons(args: Namespace, words: Words) -> None:
    from lessons.course import course
    from tui.commands.output import print_json
    from tui.commands.plain import fit

    listed = course(words.lang).lessons
    if args.json:
        print_json(
            [
                {
                    "id": lesson.id,
                    "title": lesson.title,
                    "minutes": lesson.minutes,
                    "terms": [term.id for term in lesson.terms],
                    "prerequisites": list(lesson.needs),
                }
                for lesson in listed
            ]
        )
        return
    width = max(len(lesson.id) for lesson in listed)
    for lesson in listed:
        minutes = words("lessons.minutes", n=lesson.minutes)
        print(f"{lesson.number or '-':>2}  {fit(lesson.id, width)}  {minutes:>6}  {lesson.title}")


def _add_lesson(parser: ArgumentParser, words: Words) -> None:
    parser.add_argument("id", metavar="ID", help=words("lesson.id"))
    parser.add_argument("--text", metavar=words("metavar.text"), help=words("lesson.text"))


def _lesson(args: Namespace, words: Words) -> None:
    from lessons.course import course
    from tui.export.lesson_text import lesson_text

    whole = course(words.lang)
    for lesson in whole.lessons:
        if args.id in (lesson.id, str(lesson.number or "")):
            print_lines(lesson_text(lesson, whole, _run_on(args, words), words))
            return
    raise no_lesson(args.id, (one.id for one in whole.lessons))


def _run_on(args: Namespace, words: Words) -> Experiment:
    """The run of --text, or of the example that the app begins with."""
    if args.text is None:
        args.text = example(usual_model(words.lang), words.lang)
    return open_taught(args, words)


def _add_glossary(parser: ArgumentParser, words: Words) -> None:
    parser.add_argument(
        "term", nargs="?", metavar=words("metavar.term"), help=words("glossary.term")
    )
    add_json(parser, words)


def _glossary(args: Namespace, words: Words) -> None:
    from lessons.course import course
    from lessons.findings.registry import filled_plain
    from lessons.scene import Scene
    from tui.commands.output import print_json
    from tui.export.lesson_text import term_text

    whole = course(words.lang)
    terms = [term for term in whole.terms if args.term is None or is_meant(term, args.term)]
    if not terms:
        near = nearest(args.term, (form for term in whole.terms for form in (*term.forms, term.id)))
        if near:
            raise UsageError("no_term_near", term=args.term, near=near)
        raise UsageError("no_term", term=args.term)
    args.text = None
    scene = Scene(_run_on(args, words), words.lang)
    if args.json:
        print_json(
            [
                {
                    "id": term.id,
                    "name": term.name,
                    "forms": list(term.forms),
                    "definition": filled_plain(term.definition, scene),
                    "example": filled_plain(term.example, scene),
                    "lesson": term.lesson,
                }
                for term in terms
            ]
        )
        return
    for i, term in enumerate(sorted(terms, key=lambda term: term.name.casefold())):
        title = whole.lesson(term.lesson).title
        lines = [
            *term_text(term, scene),
            "  " + words("glossary.lesson", title=title, id=term.lesson),
        ]
        print_lines(["", *lines] if i else lines)


def is_meant(term: Term, typed: str) -> bool:
    """Whether what was typed is a form of the term, or its id; a part of one counts from three."""
    wanted = typed.casefold().strip()
    names = [term.id, *(form.casefold() for form in term.forms)]
    return wanted in names or (len(wanted) > 2 and any(wanted in name for name in names))


def print_lines(lines: list[str]) -> None:
    """Prints lines, whatever stands in them."""
    from tui.commands.plain import escape

    for line in lines:
        print(escape(line).rstrip())


LESSONS = Command("lessons", _add_lessons, _lessons)
LESSON = Command("lesson", _add_lesson, _lesson)
GLOSSARY = Command("glossary", _add_glossary, _glossary)
