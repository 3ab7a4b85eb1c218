"""The page around the terminal: everything it needs is served with it, and nothing else is asked.

The terminal in the page, its style and its font come with textual-serve. The browser itself is
told to load from nowhere else.
"""

from __future__ import annotations

from html import escape
from importlib.resources import files
from pathlib import Path
from string import Template

from tui.messages import words
from tui.web.sessions import ELSEWHERE, ENDED, FULL, IDLE, STOPPED

SECURITY = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; connect-src 'self'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-cache",
}
"""Headers of every answer. The terminal writes styles into the page, so those are allowed there."""
OURS, THEIRS = Path(__file__).parent / "static", Path(str(files("textual_serve"))) / "static"
TYPES = {".js": "text/javascript", ".css": "text/css", ".ttf": "font/ttf", ".html": "text/html"}
STATICS = {
    "page.js": OURS / "page.js",
    "page.css": OURS / "page.css",
    "terminal.js": THEIRS / "js" / "textual.js",
    "terminal.css": THEIRS / "css" / "xterm.css",
    "font.ttf": THEIRS / "fonts" / "RobotoMono-VariableFont_wght.ttf",
    "font-italic.ttf": THEIRS / "fonts" / "RobotoMono-Italic-VariableFont_wght.ttf",
}
"""All that can be asked for under /static/."""
LOST, FORGOTTEN = "lost", "forgotten"
"""Why a session is over where the server did not say; and what is so where no cookie is kept."""


def page(lang: str, why: str = "") -> str:
    """The page in a language; with `why`, one that begins no session and says so."""
    said = words("serve", lang)
    whole = Template((OURS / "page.html").read_text(encoding="utf-8"))
    ends = (ENDED, FULL, IDLE, ELSEWHERE, STOPPED, LOST, FORGOTTEN)
    told = {f"why_{x}": said(f"over.{x}") for x in ends}
    keys = ("title", "starting", "again", "no_script")
    texts = told | {key: said(f"page.{key}") for key in keys} | {"lang": lang}
    shown = {"now": said(f"over.{why}") if why else "", "state": "-closed" if why else ""}
    return whole.substitute({key: escape(text) for key, text in (texts | shown).items()})
