"""The README's pictures are what the app shows now."""

from __future__ import annotations

import pytest

from tests.pictures.page import page
from tests.pictures.readme import FOLDER, STEPS, essence, made, path_of
from tests.pictures.shots import Shot
from tui.messages import LANGUAGES


@pytest.mark.parametrize(("name", "lang"), [(name, lang) for name in STEPS for lang in LANGUAGES])
def test_a_picture_is_current(name: str, lang: str) -> None:
    """Where it is not: `python -m tests.pictures --readme`, and look at what has changed."""
    kept = path_of(name, lang).read_text(encoding="utf-8")
    text, colours = essence(kept)
    assert len(text) > 500
    assert len(colours) > 5
    assert essence(made(name, lang)) == (text, colours)


def test_no_other_pictures_are_kept() -> None:
    wanted = {path_of(name, lang) for name in STEPS for lang in LANGUAGES}
    assert set(FOLDER.glob("*.svg")) == wanted


def test_the_page_shows_every_picture() -> None:
    shots = [
        Shot("why", (80, 24), "dark", ""),
        Shot("why", (80, 24), "light", ""),
        Shot("a <b>", (120, 40), "dark", ""),
    ]
    html = page(shots, "en")
    assert all(f'src="{shot.file}"' in html for shot in shots)
    assert html.count("<h2") == 2
    assert "a &lt;b&gt;" in html
    assert len({shot.file for shot in shots}) == 3
