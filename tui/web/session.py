"""A visitor's process: `python -m tui.web.session LANG MODEL`, started by the server only.

LANG and MODEL, either of which may be empty, are for whoever is here for the first time: what a
visitor has chosen goes before them.
"""

from __future__ import annotations

import gc
import sys

from tui.data import data_path, progress_path
from tui.web.guard import guard


def main(lang: str, model: str) -> None:
    """Run the app until the visitor leaves it, or the server ends it."""
    guard(data_path())
    gc.disable()  # as the command line does; the app begins again to collect
    from tui.app import run_app
    from tui.learner import kept_settings

    kept = kept_settings(progress_path())
    run_app(
        lang=None if "language" in kept else lang or None,
        model=None if "model" in kept else model or None,
    )


if __name__ == "__main__":
    main(*sys.argv[1:3])
