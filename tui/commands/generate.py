"""`desdecero generate`: the text goes on, token by token."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from tui.commands.base import Command, add_text, natural, open_run, positive, say
from tui.messages import Words

if TYPE_CHECKING:
    from engine.tokenizer import Tokenizer


def _add_arguments(parser: ArgumentParser, words: Words) -> None:
    add_text(parser, words)
    options = (
        ("--tokens", natural, 20, "N"),
        ("--temperature", float, 1.0, "T"),
        ("--top-k", positive, None, "K"),
        ("--top-p", float, None, "P"),
        ("--seed", natural, None, "S"),
    )
    for name, kind, default, metavar in options:
        parser.add_argument(
            name,
            type=kind,
            default=default,
            metavar=metavar,
            help=words(f"generate.{name[2:].replace('-', '_')}"),
        )


def _run(args: Namespace, words: Words) -> None:
    import numpy as np

    from engine.sampling import generate
    from tui.commands.plain import escape

    experiment = open_run(args, words)
    model = experiment.model
    ids = [piece.id for piece in experiment.pieces]
    rng = np.random.default_rng(args.seed)
    new_ids = generate(model, ids, args.tokens, rng, args.temperature, args.top_k, args.top_p)
    for part in growing(model.tokenizer, ids, new_ids):
        print(escape(part), end="", flush=True)
    print()
    if len(ids) == model.config.n_ctx:
        say(words("generate.full", n_ctx=model.config.n_ctx))


COMMAND = Command("generate", _add_arguments, _run)


def growing(tokenizer: Tokenizer, ids: list[int], new_ids: Iterable[int]) -> Iterator[str]:
    """The text of `ids`, then what each new id adds to it; `ids` grows along.

    A character may be made of several tokens: its bytes are held back until it is whole, or
    until no more come.
    """
    text = tokenizer.decode(ids)
    given = len(text.rstrip("\ufffd"))
    yield text[:given]
    for new_id in new_ids:
        ids.append(new_id)
        text = tokenizer.decode(ids)
        whole = len(text.rstrip("\ufffd"))
        yield text[given:whole]
        given = max(given, whole)
    yield text[given:]
