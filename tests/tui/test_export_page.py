"""The page and the picture of a run: whole, well-formed, with the run's own numbers."""

import re
from xml.etree import ElementTree

import pytest

from engine.errors import EngineError
from engine.experiment import Experiment
from engine.whatif import Force
from lessons.exhibits import exhibit
from lessons.prose import prose
from lessons.readout import readout
from lessons.stages import stages, with_parts
from tests.tui.walk_helper import TEXT, random_model, walk_app, walk_of
from tui.export.page import to_page
from tui.export.picture import TELLING_STAGE, picture, screenshot

NASTY = [
    "",
    "  \n\t ",
    "<script>alert(1)</script> & \"gato\" 'el' ]]> <!-- </td>",
    "\x00\x1b[2J\x07\x9b \ufffe \ufdd0",
    "\u202eel gato عربي שלום",
    "👩‍👩‍👧‍👦 字 e\u0301 \ud800",
    "el gato come " * 40,
]
SHAPES = [
    {},
    {"norm": "pre", "act_fn": "gelu_new", "positions": "learned", "tied": False},
    {"causal": False, "positions": "none", "scale_embed": False},
    {"n_heads": 1, "d_head": 3, "n_layers": 1},
]


def run_of(text=TEXT, **settings):
    return Experiment(random_model(**settings), text)


def parsed(page):
    assert page.startswith("<!DOCTYPE html>\n")
    return ElementTree.fromstring(page)


def article(page, stage):
    return next(x for x in parsed(page).iter("article") if x.get("id") == stage)


def text_of(element):
    return "".join(element.itertext())


def numbers_of(table):
    """The texts of a table's cells, row by row, without the head."""
    return [[cell.text for cell in row.iter("td")] for row in table.find("tbody")]


# --- The page ------------------------------------------------------------------------------------


@pytest.mark.parametrize("settings", SHAPES, ids=str)
@pytest.mark.parametrize("lang", ["es", "en"])
def test_every_stage_has_its_words_and_its_numbers(settings, lang):
    experiment = run_of("El gato se subió", **settings)
    root = parsed(to_page(experiment, lang))
    assert root.get("lang") == lang
    told, articles = prose(lang), list(root.iter("article"))
    line = stages(experiment.model.config)
    assert [found.get("id") for found in articles] == [stage.id for stage in line]
    for stage, found in zip(line, articles, strict=True):
        now, said = told.told(stage, experiment), text_of(found)
        assert all(part in said for part in (now.title, now.what, now.mind, now.formula))
        shows = {"text": "blockquote", "pieces": "ol", "ids": "ol"}.get(stage.view, "table")
        n_heads = experiment.model.config.n_heads if stage.by_head else 1
        assert len(list(found.iter(shows))) == n_heads


def test_the_numbers_are_those_of_the_run():
    experiment = run_of()
    page = to_page(experiment, "es")
    pattern = experiment.trace["blocks.1.attn.pattern"].value
    tables = list(article(page, "blocks.1.pattern").iter("table"))
    for table, head in zip(tables, pattern, strict=True):
        expected = [["0" if x == 0 else f"{x:.2f}" for x in row] for row in head]
        assert numbers_of(table) == expected
    masked = numbers_of(next(article(page, "blocks.0.masked").iter("table")))
    assert masked[0][1] == "−∞"
    best = article(page, "probs").iter("tr")
    shares = [list(row)[1].text for row in best]
    assert shares[0] == prose("es").words.share(experiment.trace["probs"].value[-1].max())
    ids = [piece.find("small").text for piece in article(page, "ids").iter("li")]
    assert ids == [str(piece.id) for piece in experiment.pieces]


def test_the_cell_with_a_border_is_the_one_that_is_read_out():
    experiment = run_of()
    page, told = to_page(experiment, "en"), prose("en")
    for stage in stages(experiment.model.config):
        found = article(page, stage.id)
        bordered = [x for x in found.iter("td") if "here" in x.get("class", "")]
        if found.find("div[@class='tables']") is None:
            assert not bordered
            continue
        (cell,) = bordered
        rows = numbers_of(next(found.iter("table")))
        shown = exhibit(stage, experiment, marks=told.words.marks)
        row = len(rows) - 1
        col = list(next(found.iter("table")).find("tbody")[row].iter("td")).index(cell)
        said = readout(stage, shown, experiment, row, col, told)
        assert found.find("p[@class='readout']").text == said


@pytest.mark.parametrize("text", NASTY)
def test_whatever_is_typed_is_text(text):
    page = to_page(run_of(text), "es")
    root = parsed(page)
    assert not list(root.iter("script"))
    assert all(c == "\n" or c.isprintable() or c in "\u200d\u200c" for c in page)
    if text.startswith("<script>"):
        assert text_of(next(root.iter("h1"))) == text
        assert text in text_of(next(root.iter("blockquote")))


def test_nothing_is_loaded_and_every_link_leads_somewhere():
    page = to_page(run_of(), "en")
    root = parsed(page)
    ids = [x.get("id") for x in root.iter() if x.get("id")]
    assert len(ids) == len(set(ids))
    links = [x.get("href") for x in root.iter("a")]
    assert len(links) == len(stages(random_model().config))
    assert {link[1:] for link in links} <= set(ids)
    assert not re.search(r"https?:|url\(|@import|<script|<link|<img| src=", page)
    assert "prefers-color-scheme: dark" in page


def test_what_is_left_out_is_said():
    page = to_page(run_of("el gato come " * 40, d_mlp=100), "en")
    assert "36 more columns" in text_of(article(page, "blocks.0.mlp_in"))
    assert len(list(article(page, "blocks.0.pattern").iter("table"))) == 1
    assert "1 of the 2 heads" in text_of(article(page, "blocks.0.pattern"))
    assert "64 tokens" in text_of(next(parsed(page).iter("header")))
    short = text_of(parsed(to_page(run_of(), "en")))
    assert "not shown" not in short


def test_what_is_changed_by_hand_is_marked_and_named():
    change = "blocks.0.attn.pattern[0,2,1]=0.5"
    page = to_page(run_of().force(Force.parse(change)), "es")
    header = next(parsed(page).iter("header"))
    assert [code.text for code in header.iter("code")] == [change]
    first, second = article(page, "blocks.0.pattern").iter("table")
    cells = [text for row in numbers_of(first) + numbers_of(second) for text in row]
    assert [text for text in cells if "*" in text] == ["0.50*"]
    assert "*" not in text_of(article(page, "blocks.1.pattern").find("div"))


# --- The picture ---------------------------------------------------------------------------------


def words_in(svg):
    root = ElementTree.fromstring(svg)
    texts = root.iter("{http://www.w3.org/2000/svg}text")
    return " ".join("".join(text.itertext()).replace("\xa0", " ") for text in texts)


def test_the_picture_shows_the_walk_at_a_stage():
    experiment = run_of()
    for stage in (TELLING_STAGE, "blocks.1.ln1.scale", "text", "choice"):
        svg = picture(experiment, stage, (120, 40), "es", "dark")
        found = next(s for s in with_parts(stages(experiment.model.config)) if s.id == stage)
        title = prose("es").told(found, experiment).title
        assert title in words_in(svg)
        assert "gato" in words_in(svg)


def test_pictures_differ_by_size_theme_and_language():
    experiment = run_of()
    small = picture(experiment, size=(80, 24), lang="en", theme="light")
    large = picture(experiment, size=(120, 40), lang="es", theme="dark")
    for svg, size in ((small, (80, 24)), (large, (120, 40))):
        root = ElementTree.fromstring(svg)
        width, height = map(float, root.get("viewBox").split()[2:])
        assert width == pytest.approx(size[0] * 12.2, abs=30)
        assert height == pytest.approx(size[1] * 24.4, abs=60)
    assert "Block 1" in words_in(small)
    assert "Bloque 1" in words_in(large)
    assert "#fcfbf8" in small.lower()
    assert "#15171c" in large.lower()


def test_a_picture_keeps_blanks_and_loads_nothing():
    svg = picture(run_of(), size=(80, 24))
    space = "{http://www.w3.org/XML/1998/namespace}space"
    assert ElementTree.fromstring(svg).get(space) == "preserve"
    assert "url(" not in re.sub(r"url\(#[\w-]+\)", "", svg)


def test_a_picture_has_colours_whatever_the_terminal_wishes(monkeypatch):
    coloured = picture(run_of(), size=(80, 24))
    monkeypatch.setenv("NO_COLOR", "1")
    assert picture(run_of(), size=(80, 24)) == coloured


def test_what_is_forced_is_in_the_picture():
    forced = run_of().force(Force.parse("blocks.0.attn.pattern=0.25"))
    assert "0.25*" in words_in(picture(forced))


@pytest.mark.parametrize("stage", ["", "pattern", "blocks.9.pattern", "zzz"])
def test_a_stage_that_does_not_exist(stage):
    with pytest.raises(EngineError) as caught:
        picture(run_of(), stage)
    assert caught.value.code == "unknown_stage"
    known = {found.id for found in with_parts(stages(random_model().config))}
    assert set(caught.value.params["close"]) <= known


async def test_a_running_app_is_drawn_as_it_is():
    async with walk_app().run_test(size=(100, 30)) as pilot:
        walk = await walk_of(pilot)
        walk.go_to("logits")
        await pilot.pause()
        svg = screenshot(pilot.app)
    assert prose("es").stage("probs_causal").title not in words_in(svg)
    assert prose("es").stage("logits_tied").title in words_in(svg)
