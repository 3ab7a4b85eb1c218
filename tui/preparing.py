"""What is made ready while nobody waits for it: the modules behind the keys.

The first frame waits for none of them, and so the first press of a key would.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

SCREENS = (
    "why",
    "lesson",
    "lesson_free",
    "walk",
    "doubts",
    "contents",
    "quiz",
    "glossary",
    "help",
    "progress",
    "compare",
    "force",
    "whatif",
    "models",
    "choose",
    "train",
    "through",
    "trials",
)
PACKAGES = ("lessons.figures", "lessons.findings", "lessons.quiz")


def preparing() -> Iterator[str]:
    """Imports one module at each step, and names it; a few milliseconds each."""
    from lessons.own_files import modules  # not needed for the first frame either

    names = [f"tui.screens.{name}" for name in SCREENS]
    names += (name for package in PACKAGES for name in modules(package))
    for name in names:
        import_module(name)
        yield name
