"""GPT-2's tokenizer files, `vocab.json` and `merges.txt`: read with every doubt, and written."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from engine.bpe import Pair, Symbols
from engine.errors import EngineError

_HEADER = "#version: 0.2\n"


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise EngineError("missing_file", path=path) from error
    except (OSError, UnicodeDecodeError) as error:
        raise EngineError("unreadable_file", path=path) from error


def read_vocab(path: Path) -> Symbols:
    """The tokens in the order of their ids. Raises EngineError for a file it cannot trust."""
    text = _read(path)
    try:
        vocab = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise EngineError("bad_vocab", path=path) from error
    # `type` and not `isinstance`, because JSON's true is an int in Python.
    valid = isinstance(vocab, dict) and all(type(id) is int for id in vocab.values())
    if not valid or sorted(vocab.values()) != list(range(len(vocab))):
        raise EngineError("bad_vocab", path=path)
    return tuple(sorted(vocab, key=vocab.__getitem__))


def read_merges(path: Path) -> tuple[Pair, ...]:
    """The merges in the order of learning. Raises EngineError for a file it cannot trust."""
    merges = []
    for line, text in enumerate(_read(path).removesuffix("\n").split("\n"), start=1):
        if line == 1 and text.startswith("#version"):
            continue
        left, _, right = text.partition(" ")
        if not left or not right or " " in right:
            raise EngineError("bad_merge", path=path, line=line)
        merges.append((left, right))
    return tuple(merges)


def write_vocab(path: Path, vocab: Mapping[str, int]) -> None:
    """Writes token -> id as JSON. Raises OSError."""
    text = json.dumps(vocab, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


def write_merges(path: Path, merges: Iterable[Pair]) -> None:
    """Writes one merge a line. Raises OSError."""
    lines = "".join(f"{left} {right}\n" for left, right in merges)
    path.write_text(_HEADER + lines, encoding="utf-8", newline="\n")
