"""The facts about published models, and that every figure takes them from one table."""

import ast
import dataclasses
import re
from pathlib import Path

import pytest

import lessons
from engine.experiment import Experiment
from lessons.figures.parts import Say, Table
from lessons.figures.published import COMPARED, GPT2, GPT2_XL, GPT3, PAPER, PUBLISHED
from lessons.figures.registry import figures
from lessons.findings.registry import found
from lessons.scene import Scene, shipped_model

FOLDER = Path(lessons.__file__).parent
OF_MODELS = {1_600, 2_048, 3_072, 12_288, 37_000, 49_152, 50_257}
"""Sizes that nothing else in the course has by chance."""


@pytest.fixture
def scene(lang):
    return Scene(Experiment(shipped_model(f"mini-{lang}"), ""), lang)


def table_of(name, scene, **knobs):
    figure = figures()[name].show(Scene(scene.experiment, scene.lang, knobs))
    (table,) = (part for part in figure if isinstance(part, Table))
    said = " ".join(part.text for part in figure if isinstance(part, Say))
    return [[cell.text for cell in row] for row in table.rows], said


def test_the_vocabulary_of_the_paper_is_not_that_of_gpt2():
    """Correction 4: about 37,000 shared pieces in 2017; the 50,257 are those of GPT-2 (2019)."""
    assert (PAPER.year, PAPER.d_vocab) == (2017, 37_000)
    assert {(one.year, one.d_vocab) for one in (GPT2, GPT2_XL)} == {(2019, 50_257)}
    assert GPT2.d_vocab == 256 + 50_000 + 1


def test_the_heads_of_the_paper_are_8_of_64_and_its_blocks_6_and_6():
    """Correction 14: 8 heads of 64 are 512 side by side; d_ff is 2,048; 6 + 6 blocks."""
    assert PAPER.n_heads * PAPER.d_head == 8 * 64 == PAPER.d_model == 512
    assert PAPER.d_mlp == 4 * PAPER.d_model == 2048
    assert (PAPER.stacks, PAPER.n_layers) == (2, 6)


@pytest.mark.parametrize("one", COMPARED.values(), ids=[*COMPARED])
def test_heads_side_by_side_are_as_wide_as_the_model(one):
    assert one.n_heads * one.d_head == one.d_model
    assert one.d_mlp == 4 * one.d_model
    assert one in PUBLISHED


def test_the_later_models():
    small, large = ((m.n_layers, m.n_heads, m.d_head, m.d_model) for m in (GPT2, GPT2_XL))
    assert small == (12, 12, 64, 768)
    assert large == (48, 25, 64, 1_600)
    assert (GPT3.n_layers, GPT3.n_heads, GPT3.d_head, GPT3.d_mlp) == (96, 96, 128, 49_152)


def test_nothing_changes_the_table():
    with pytest.raises(dataclasses.FrozenInstanceError):
        PAPER.d_model = 1


def test_the_paper_beside_the_later_models(scene):
    rows, _ = table_of("paper-and-this", scene, other="gpt3")
    whole = scene.words.whole
    said = ["6 + 6", "512", "8 × 64", "2048"]
    assert [row[1] for row in rows[1:5]] == said
    assert re.search(rf"\D {whole(37_000)}$", rows[5][1])  # about
    assert [row[2] for row in rows[1:6]] == [
        "96",
        whole(12_288),
        "96 × 128",
        whole(49_152),
        whole(50_257),
    ]
    rows, _ = table_of("paper-and-this", scene, other="gpt2")
    assert [row[2] for row in rows[1:6]] == ["12", "768", "12 × 64", "3072", whole(50_257)]


def test_the_other_figures_say_the_same(scene):
    whole = scene.words.whole
    rows, said = table_of("table-size", scene)
    assert [row[1:3] for row in rows[1:3]] == [[whole(37_000), "512"], [whole(50_257), "768"]]
    assert whole(37_000) in said
    assert whole(50_257) in [row[1] for row in table_of("zeros", scene)[0]]
    assert f"{whole(37_000)} " in table_of("dimensions-cost", scene)[1]
    assert "8 × 64 = 512" in [row[1] for row in table_of("head-sizes", scene)[0]]
    assert found("gpt2_d_head", scene) == 64


def test_no_figure_types_a_size_of_its_own():
    for path in [*FOLDER.glob("figures/*.py"), *FOLDER.glob("findings/*.py")]:
        if path.name == "published.py":
            continue
        typed = [
            node.value
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Constant) and type(node.value) is int
        ]
        allowed = {2_048, 12_288} if path.name == "dimensions.py" else set()  # widths to choose
        assert not OF_MODELS & set(typed) - allowed, path.name
    for path in FOLDER.glob("content/figures/*.toml"):
        text = path.read_text(encoding="utf-8").replace("\\u00a0", ",")
        text = re.sub(r"^(\d+) = .*$", "", text, flags=re.MULTILINE)  # widths to choose
        assert not re.search(r"37,?000|50,?257|2,?048|12,?288|49,?152|1,?600", text), path.name
