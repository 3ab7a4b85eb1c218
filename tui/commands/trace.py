"""`desdecero trace`: every number of a run, as text, as JSON or as a NumPy file."""

from __future__ import annotations

import shutil
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import EngineError
from tui.commands.base import Command, add_force, add_share, add_text, open_run
from tui.messages import Words

if TYPE_CHECKING:
    from engine.experiment import Experiment
    from engine.ops import Array
    from engine.trace import Step, Trace


def _add_arguments(parser: ArgumentParser, words: Words) -> None:
    parser.epilog = words("trace.epilog")
    add_text(parser, words).required = False  # see `_run`
    parser.add_argument(
        "--step",
        action="extend",
        nargs="+",
        default=[],
        metavar="GLOB",
        help=words("trace.step"),
    )
    add_force(parser, words)
    add_share(parser, words)
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help=words("help.json"))
    form.add_argument("--out", type=Path, metavar="FILE.npz", help=words("trace.out"))


def _run(args: Namespace, words: Words) -> None:
    # "--step A B TEXT": the option takes all that follows, the sentence among it, as the last.
    if args.text is None and args.share is None and len(args.step) > 1:
        args.text = args.step.pop()
    experiment = open_run(args, words)
    steps = selected(experiment.trace, args.step)
    if args.json:
        from tui.commands.output import print_json

        print_json(_as_json(experiment, steps))
    elif args.out is not None:
        n_arrays = _write_npz(args.out, experiment, steps)
        print(words("trace.written", path=args.out, n=n_arrays))
    else:
        for line in _listing(experiment, steps, words):
            print(line)


COMMAND = Command("trace", _add_arguments, _run)


def selected(trace: Trace, globs: Sequence[str]) -> list[Step]:
    """The steps whose names fit one of `globs`, in order; without globs all but the weights.

    Raises EngineError (`no_step_matches`) for a glob that fits none.
    """
    if not globs:
        return [step for step in trace if step.kind != "weight"]
    for glob in globs:
        if not any(fnmatchcase(step.name, glob) for step in trace):
            raise EngineError("no_step_matches", glob=glob)
    return [step for step in trace if any(fnmatchcase(step.name, glob) for glob in globs)]


def _as_json(experiment: Experiment, steps: Iterable[Step]) -> dict[str, object]:
    from engine.share import to_line

    return {
        "model": experiment.model.name,
        "text": experiment.text,
        "cut_at": experiment.cut_at,
        "forced": [str(force) for force in experiment.forced],
        "share": to_line(experiment),
        "tokens": [experiment.model.tokenizer.piece(i) for i in _ids(experiment)],
        "ids": _ids(experiment),
        "steps": [
            {
                "name": step.name,
                "op": step.kind,
                "inputs": step.inputs,
                "axes": step.axes,
                "shape": step.value.shape,
                "values": step.value,
                **({} if step.forced is None else {"forced": _places(step.forced)}),
            }
            for step in steps
        ],
    }


def _ids(experiment: Experiment) -> list[int]:
    """The ids that the run read, those set by hand included."""
    ids: list[int] = experiment.trace["tokens"].value.tolist()
    return ids


def _places(marks: Array) -> list[list[int]]:
    """The indexes of the marked cells, of a scalar the empty one."""
    import numpy as np

    places: list[list[int]] = np.argwhere(marks).tolist()
    return places


def _write_npz(path: Path, experiment: Experiment, steps: Iterable[Step]) -> int:
    """Writes the arrays, and says how many. Raises EngineError (`unwritable`).

    The names are those of the steps, but "tokens" are the tokens themselves, as in the JSON,
    and their ids, which the trace calls so, are "ids".
    """
    import io

    import numpy as np

    arrays = {step.name: step.value for step in steps}
    arrays["ids"] = arrays.pop("tokens", experiment.trace["tokens"].value)
    # NumPy takes NULs at the end of a text for padding.
    pieces = map(experiment.model.tokenizer.piece, _ids(experiment))
    labels = [piece.replace("\0", "<0x00>") for piece in pieces]
    arrays["tokens"] = np.array(labels, dtype=np.str_)
    file = io.BytesIO()
    np.savez(file, allow_pickle=False, **arrays)
    try:
        path.write_bytes(file.getvalue())
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise EngineError("unwritable", path=path, reason=reason) from error
    return len(arrays)


def _listing(experiment: Experiment, steps: Iterable[Step], words: Words) -> Iterable[str]:
    from lessons.labels import predicted_labels, read_labels
    from lessons.prose import prose
    from tui.commands.plain import array_lines

    marks, tokenizer = prose(words.lang).words.marks, experiment.model.tokenizer
    tokens = list(read_labels(tokenizer, _ids(experiment), marks))
    names = dict.fromkeys(("pos", "query", "key"), tokens)
    width = shutil.get_terminal_size().columns
    for step in steps:
        if "d_vocab" in step.axes:  # its columns are tokens that are predicted, its rows are read
            labels = predicted_labels if step.axes[-1] == "d_vocab" else read_labels
            names["d_vocab"] = list(labels(tokenizer, list(range(len(tokenizer))), marks))
        sizes = zip(step.axes, step.value.shape, strict=True)
        shape = " × ".join(f"{axis} {n}" for axis, n in sizes)
        yield step.name + (f"  [{shape}]" if shape else "")
        yield f"  = {step.kind}({', '.join(step.inputs)})" if step.inputs else f"  = {step.kind}"
        if step.forced is not None:
            n_forced, total = int(step.forced.sum()), step.forced.size
            yield "  " + words("trace.forced", n=n_forced, total=total)
        yield from array_lines(step.value, step.axes, names, words, width)
        yield ""
