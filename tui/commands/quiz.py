"""`desdecero quiz`: a sheet of questions from a sentence, for paper or for another program."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from tui.commands.base import Command, UsageError, natural, open_taught, positive
from tui.commands.nearest import no_lesson
from tui.examples import example, usual_model
from tui.messages import Words


def _add_arguments(parser: ArgumentParser, words: Words) -> None:
    parser.add_argument("--text", metavar=words("metavar.text"), help=words("quiz.text"))
    parser.add_argument(
        "--lesson", action="append", default=[], metavar="ID", help=words("quiz.lesson")
    )
    parser.add_argument("--n", type=positive, default=10, metavar="N", help=words("quiz.n"))
    parser.add_argument("--seed", type=natural, default=None, metavar="S", help=words("quiz.seed"))
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help=words("help.json"))
    form.add_argument("--markdown", action="store_true", help=words("quiz.markdown"))
    parser.add_argument("--answers", action="store_true", help=words("quiz.answers"))


def _run(args: Namespace, words: Words) -> None:
    from random import Random

    from lessons.course import course
    from lessons.quiz.registry import draw
    from lessons.scene import Scene
    from tui.commands.lessons import print_lines
    from tui.commands.output import print_json
    from tui.export.sheet import sheet_text
    from tui.export.sheet_data import sheet_json

    known = [lesson.id for lesson in course(words.lang).lessons]
    for id in args.lesson:
        if id not in known:
            raise no_lesson(id, known)
    if args.text is None:
        args.text = example(usual_model(words.lang), words.lang)
    scene = Scene(open_taught(args, words), words.lang)
    questions = draw(args.lesson or known, scene, Random(args.seed), args.n)
    if not questions:
        raise UsageError("no_questions", text=args.text)
    if args.json:
        print_json(sheet_json(questions))
    else:
        print_lines(sheet_text(questions, scene, words, args.answers, args.markdown))


COMMAND = Command("quiz", _add_arguments, _run)
