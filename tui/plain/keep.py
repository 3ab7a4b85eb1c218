"""Taking something out of the dialogue: a file with the run, and a line that says it all."""

from __future__ import annotations

from pathlib import Path

from engine.errors import EngineError
from tui.export.files import free_path, write_whole
from tui.messages import words
from tui.plain.changes import view_of
from tui.plain.session import Session, Texts
from tui.plain.trouble import PlainError

KINDS = {".py": "numpy", ".html": "html", ".csv": "csv"}
"""What can be saved, by how the name of its file ends."""


def save(session: Session, rest: str) -> Texts:
    """Save the run as a program or a page, or the table of the station: by the end of the name.

    Only the end, as in "save py", and the name is made of the sentence. Raises EngineError where
    it cannot be written; and PlainError, where there is such a file already too.
    """
    bare = f".{rest.lstrip('.').casefold()}"
    path = free_path(Path(), session.run.text, bare) if bare in KINDS else Path(rest)
    kind = KINDS.get(path.suffix.casefold())
    if kind is None:
        raise PlainError("trouble.save")
    try:
        write_whole(path, _text(session, kind))
    except EngineError as error:
        if error.code == "file_exists":  # there is no --overwrite here
            raise PlainError("trouble.taken", text=str(path)) from error
        raise
    return [words("whatif", session.lang)("save.done", path=path)]


def _text(session: Session, kind: str) -> str:
    """What is written. These are not needed before."""
    if kind == "numpy":
        from lessons.numpy_export import to_python

        return to_python(session.run)
    if kind == "html":
        from tui.export.page import to_page

        return to_page(session.run, session.lang)
    from tui.screens.walk_copy import copied

    text = copied(view_of(session), kind) if session.rooms[0].name == "walk" else ""
    if not text:
        raise PlainError("trouble.no_rows")
    return text


def share(session: Session, rest: str) -> Texts:
    """The run in one line, for somebody else or for another day. Raises EngineError."""
    from engine.share import to_line

    return [session.words("share.how"), "\t" + to_line(session.run)]
