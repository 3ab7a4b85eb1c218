"""The files of a package that are called after a lesson, read before all the others.

Figures and findings register themselves when their file is read. Reading all of them takes longer
than the first card of a session should have to wait, and most cards need what is in the files of
their own lesson.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules


@cache
def read_files(package: str, beginning: str = "") -> None:
    """Import the files of a package whose names begin like that, with "-" as "_"; at first all."""
    for name in modules(package, beginning.replace("-", "_")):
        import_module(name)


def modules(package: str, beginning: str = "") -> list[str]:
    """The modules of a package whose own names begin like that."""
    found = [module.name for module in iter_modules(import_module(package).__path__)]
    return [f"{package}.{name}" for name in found if name.startswith(beginning)]
