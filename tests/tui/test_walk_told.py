"""What the walk tells on its own: unknown words, the view of the cells, another language."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.store import Model
from tests.tui.walk_helper import TEXT, random_model, shown, until, walk_app, walk_of
from tui.examples import carried_over, example
from tui.messages import LANGUAGES, words
from tui.widgets.matrix import MODES


@pytest.mark.parametrize("lang", LANGUAGES)
async def test_unknown_words_are_named_where_the_words_are_shown(lang: str) -> None:
    app = walk_app("El gato come kebab", lang)
    async with app.run_test(size=(80, 24)) as pilot:
        walk = await walk_of(pilot)
        said = app.words("exhibit.unknown", word=walk.view.prose.words.token("kebab"))
        for stage in walk.view.line[:4]:
            walk.go_to(stage.id)
            await pilot.pause()
            assert (said in shown(pilot)) is (stage.id in ("text", "pieces", "ids"))
        walk.go_to("text")
        walk.read("El gato come pescado")
        await pilot.pause()
        assert said[:15] not in shown(pilot)
        many = "extraordinariamente kebab patata zumo sopa queso"
        walk.read(many)
        await pilot.pause()
        told = " ".join(shown(pilot).split())
        assert app.words("exhibit.unknown_many", words="{}", n=2).partition("{}")[2] in told
        assert "extraordina…" in told


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40)])
async def test_many_pieces_and_the_notice_share_the_room(size: tuple[int, int]) -> None:
    async with walk_app("zumo patata " * 20).run_test(size=size) as pilot:
        walk = await walk_of(pilot)
        for stage in ("text", "pieces", "ids"):
            walk.go_to(stage)
            await pilot.pause()
            assert walk.pane.region.contains_region(walk.pane.notice.region)
            assert walk.pane.notice.size.height > 0
            assert walk.pane.words.size.height >= 2
            assert not walk.pane.words.region.overlaps(walk.pane.notice.region)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
@pytest.mark.parametrize("lang", LANGUAGES)
async def test_each_view_of_the_cells_says_what_it_is(size: tuple[int, int], lang: str) -> None:
    app = walk_app(lang=lang)
    async with app.run_test(size=size, notifications=True) as pilot:
        walk = await walk_of(pilot)
        for stage in ("blocks.0.resid_mid", "blocks.0.pattern"):
            walk.go_to(stage)
            await pilot.press("tab")
            for _ in range(len(MODES) - 1):
                await pilot.press("v")
                said = walk.view.mode_in_words(walk.pane.matrix.layout_plan.mode)
                await until(pilot, lambda said=said: said in shown(pilot))  # type: ignore[misc]
            await pilot.press("right")
            assert said not in shown(pilot)
            await pilot.press("escape")
        assert not app._notifications


async def test_where_there_are_no_cells_to_view_otherwise_that_is_said() -> None:
    app = walk_app()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        walk = await walk_of(pilot)
        walk.go_to("probs")
        mode = walk.pane.matrix.mode
        await pilot.press("v")
        assert walk.pane.matrix.mode == mode
        await until(pilot, lambda: app.words("notice.no_modes") in shown(pilot))


ES, EN = (words("app", lang)("app.example") for lang in LANGUAGES)
LEARNED = words("app", "es")("notice.learned_en")


@pytest.mark.parametrize(
    ("text", "before", "after", "result", "notice"),
    [
        (ES, "mini-es", "mini-en", EN, ""),
        (EN, "paper-en", "mini-es", ES, ""),
        (ES, "mini-es", "paper-es", ES, ""),
        ("el gato", "mini-es", "mini-en", "el gato", LEARNED),
        (EN, "mini-es", "mini-en", EN, LEARNED),
        ("el gato", "mini-es", "folder", "el gato", ""),
        (ES, "folder", "mini-en", EN, ""),
        ("", "mini-es", "mini-en", "", ""),
    ],
)
def test_what_becomes_of_a_sentence(
    text: str, before: str, after: str, result: str, notice: str
) -> None:
    assert carried_over(text, before, after, "es") == (result, notice)


def named(name: str) -> Model:
    return replace(random_model(), name=name)


async def test_the_example_follows_the_language_of_the_model() -> None:
    app = walk_app(example("mini-es", "es"), model=named("mini-es"))
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        walk = await walk_of(pilot)
        walk.use(named("mini-en"))
        assert (walk.view.experiment.text, walk.band.box.value) == (EN, EN)
        assert not app._notifications
        walk.read(TEXT + " perro")
        walk.use(named("paper-es"))
        assert walk.view.experiment.text == TEXT + " perro"
        await until(pilot, lambda: app.words("notice.learned_es") in shown(pilot))
