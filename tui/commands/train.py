"""`desdecero train`: a shipped model from nothing, one of your own texts, or more of a model.

A bar shows how far it is. Ctrl+C keeps what was learned and says how to go on.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Any

from tui.commands.base import Command, UsageError, natural, positive, say
from tui.commands.train_bar import asked_to_stop, progress_bar
from tui.messages import Words

if TYPE_CHECKING:
    from engine.plan import Plan
    from engine.training import Training
    from engine.training_state import Outcome

_SHAPE = ("d_model", "heads", "blocks", "positions", "no_residual", "no_norm", "no_scaling")
_POSITIONS = ("sinusoidal", "learned", "none")


def fraction(text: str) -> float:
    """A number above 0, and at most 1. Raises ValueError."""
    if not 0 < (share := float(text)) <= 1:
        raise ValueError(text)
    return share


def rate(text: str) -> float:
    """A number above 0, and at most 100. Raises ValueError."""
    if not 0 < (number := float(text)) <= 100:
        raise ValueError(text)
    return number


def _add_arguments(parser: ArgumentParser, words: Words) -> None:
    parser.add_argument(
        "files", nargs="*", type=Path, metavar=words("metavar.file"), help=words("train.files")
    )
    options: tuple[tuple[str, Any, Any, str], ...] = (
        ("--preset", str, None, "NAME"),
        ("--from", str, None, "MODEL"),
        ("--out", Path, None, "DIR"),
        ("--resume", Path, None, "DIR"),
        ("--seed", natural, 0, "S"),
        ("--steps", positive, None, "N"),
        ("--learning-rate", rate, None, "X"),
        ("--weight", fraction, None, "X"),
        ("--vocabulary", positive, None, "N"),
        ("--patience", natural, None, "N"),
        ("--d-model", positive, None, "N"),
        ("--heads", positive, None, "N"),
        ("--blocks", positive, None, "N"),
    )
    for name, kind, default, metavar in options:
        parser.add_argument(
            name,
            type=kind,
            default=default,
            dest=_dest(name),
            metavar=metavar,
            help=words(f"train.{_dest(name)}"),
        )
    parser.add_argument("--positions", choices=_POSITIONS, help=words("train.positions"))
    for name in ("--no-residual", "--no-norm", "--no-scaling"):
        parser.add_argument(name, action="store_true", help=words(f"train.{_dest(name)}"))


def _dest(name: str) -> str:
    return {"--from": "start"}.get(name, name[2:].replace("-", "_"))


def _run(args: Namespace, words: Words) -> None:
    from engine.run_folder import begin, resume

    if args.resume is not None:
        _refuse(args, "--resume", "files", "preset", "start", "out", "steps", *_SHAPE)
        folder, training = args.resume, resume(args.resume)
    else:
        if args.out is None:
            raise UsageError("required", names="--out")
        folder, training = args.out, begin(_plan(args), args.out)
    with training:
        outcome = _train_to_the_end(training, folder, words)
    _tell(outcome, folder, words)
    if args.start is not None and args.resume is None:
        _tell_learnt(args, words)


def _refuse(args: Namespace, name: str, *others: str) -> None:
    """Raises UsageError for an option that has no meaning beside `name`."""
    for other in others:
        if getattr(args, other):
            written = {"files": "FILE", "start": "--from"}.get(other)
            raise UsageError("conflict", name=name, other=written or "--" + other.replace("_", "-"))


def _plan(args: Namespace) -> Plan:
    """What is to be trained. Raises UsageError, EngineError."""
    from engine.own_plan import PATIENCE, Size, continued_plan, own_plan
    from engine.plain_text import read_lines
    from engine.plan import prepare
    from engine.store import load
    from tui.own_models import find_model

    name = args.out.resolve().name
    if args.preset is not None:
        _refuse(args, "--preset", "files", "start", "weight", "vocabulary", "patience", *_SHAPE)
        return prepare(args.preset, args.seed, args.steps, args.learning_rate)
    if not args.files:
        raise UsageError("required", names="--preset, FILE")
    if args.start is not None:
        _refuse(args, "--from", "vocabulary", "patience", *_SHAPE)
        return continued_plan(
            load(find_model(args.start)),
            list(read_lines(args.files)),
            name,
            args.seed,
            share=args.weight,
            steps=args.steps,
            learning_rate=args.learning_rate,
        )
    _refuse(args, "FILE", "weight")
    plain = Size()
    size = Size(
        d_model=args.d_model or plain.d_model,
        n_heads=args.heads or plain.n_heads,
        n_layers=args.blocks or plain.n_layers,
        positions=args.positions or plain.positions,
        norm="none" if args.no_norm else plain.norm,
        residual=not args.no_residual,
        scale_attn=not args.no_scaling,
    )
    patience = PATIENCE if args.patience is None else args.patience or None
    return own_plan(
        args.files,
        name,
        args.seed,
        size,
        steps=args.steps,
        learning_rate=args.learning_rate,
        patience=patience,
        d_vocab_most=args.vocabulary,
    )


def _train_to_the_end(training: Training, folder: Path, words: Words) -> Outcome:
    """Trains with a bar. Raises KeyboardInterrupt after Ctrl+C, when all is kept."""
    from engine.errors import EngineError
    from engine.run_folder import finish, run

    try:
        with progress_bar(training, words) as show, asked_to_stop() as asked:
            moments = run(training, folder)
            for moment in moments:
                show(moment.step)
                if asked():
                    moments.close()
                    say(words("train.stopped", step=moment.step, path=folder))
                    raise KeyboardInterrupt
    except EngineError as error:
        if error.code != "diverged" or training.best is None:
            raise
        outcome = finish(training, folder, best=True)
        raise EngineError(
            "diverged_kept",
            step=error.params["step"],
            loss=error.params["loss"],
            best=outcome.step,
            path=folder,
        ) from error
    say(words("train.examining"))
    return finish(training, folder)


def _tell(outcome: Outcome, folder: Path, words: Words) -> None:
    """How good it is, and of a model that went on learning also how good it was."""
    plan = outcome.plan
    if outcome.step < plan.recipe.steps:
        print(words("train.early", step=outcome.step))
    if not outcome.results:
        print(words("train.done_unexamined", path=folder))
    for name, result in outcome.results.items():
        loss, floor = result.held_out_loss, result.entropy_floor
        told = {"path": folder, "loss": loss}
        if plan.start is not None or "from" in plan.told:
            before = outcome.told["history"][0]["held_out"][name]
            print(words(f"train.went_on_{name}", before=before, **told))
        elif name == "own":
            print(words("train.done_own", **told))
        elif floor is None:
            print(words("train.done_blanks", **told))
        else:
            print(words("train.done", floor=floor, over=f"{loss / floor - 1:+.1%}", **told))
    print(words("train.next", path=quote(str(folder))))


def _tell_learnt(args: Namespace, words: Words) -> None:
    """What changed in a model that went on learning; what was forgotten is told already."""
    from engine.plain_text import read_lines
    from engine.store import load
    from lessons.learnt import learnt, told_learnt
    from tui.own_models import find_model

    before, after = load(find_model(args.start)), load(args.out)
    found = learnt(before, after, list(read_lines(args.files)), words.lang)
    print()
    for sentence in told_learnt(found, words.lang):
        print(sentence)


COMMAND = Command("train", _add_arguments, _run)
