import itertools
import tomllib
from dataclasses import fields
from pathlib import Path
from textwrap import wrap
from typing import get_args

import pytest

import lessons.prose
from engine.config import CHOICES, Config
from lessons.content_error import ContentError
from lessons.course import course
from lessons.exhibits import exhibit
from lessons.facts import FACTS
from lessons.has_read import HasRead
from lessons.prose import StageProse, placeholders, prose
from lessons.stages import stages, with_parts

SIZES = {"d_model": 4, "n_heads": 2, "d_head": 2, "d_mlp": 4, "n_layers": 1, "n_ctx": 8}
PARTS = [field.name for field in fields(StageProse)]


def configurations():
    names = ("causal", "tied", "scale_embed", "residual", "scale_attn")
    options = CHOICES | dict.fromkeys(names, (True, False))
    for values in itertools.product(*options.values()):
        yield Config(**SIZES, d_vocab=300, **dict(zip(options, values, strict=True)))


def all_keys():
    return {stage.key for config in configurations() for stage in with_parts(stages(config))}


def test_every_stage_of_every_model_has_prose_and_no_prose_is_without_a_stage(lang):
    # What a stage says where the text ends is one more of its keys; so is what a model has read.
    read = {f"text_{kind}" for kind in get_args(HasRead) if kind != "world"}
    assert set(prose(lang).stages) == all_keys() | {"choice_ends"} | read


def test_both_languages_have_the_same_entries_and_placeholders():
    es, en = prose("es"), prose("en")
    for key in es.stages:
        for part in PARTS:
            ours, theirs = getattr(es.stage(key), part), getattr(en.stage(key), part)
            assert bool(ours) == bool(theirs), (key, part)
            assert set(placeholders(ours)) == set(placeholders(theirs)), (key, part)
    assert es.axes.keys() == en.axes.keys()
    assert es.readouts.keys() == en.readouts.keys()
    for case in es.readouts:
        assert set(placeholders(es.readouts[case])) == set(placeholders(en.readouts[case])), case
    assert {term: set(table) for term, table in es.before.items()} == {
        term: set(table) for term, table in en.before.items()
    }
    for spoken in (es, en):
        for term, table in spoken.before.items():
            assert term in {one.id for one in course(spoken.lang).terms}
            for case, said in table.items():
                assert set(placeholders(said)) < set(placeholders(spoken.readouts[case])), case


def test_everything_fills_and_fits(any_run, lang):
    config = any_run.model.config
    spoken = prose(lang)
    for stage in with_parts(stages(config)):
        for head in range(config.n_heads if stage.by_head else 1):
            told = spoken.told(stage, any_run, head)
            assert all(getattr(told, part) for part in PARTS if part not in ("mind", "again"))
            assert "\n" not in told.what + told.formula + told.title + told.mind
        table = exhibit(stage, any_run)
        for axis in (table.row_axis, table.col_axis):
            assert spoken.axis(axis) or axis == "one"


def test_everything_fits_80_columns(lang):
    """With words and sizes as long as they usually come."""
    sizes = {"d_model": "768", "d_joined": "768", "d_mlp": "3072", "d_vocab": "50257"}
    roots = {"root_d_head": "√64 = 8", "root_d_model": "√768 ≈ 27.71"}
    tokens = dict.fromkeys(("first", "last", "at", "top", "looks_at"), "«gatitos»")
    shares = dict.fromkeys(("top_prob", "looks_share"), "43 %")
    names = {"files": "cuentos_de_mi_abuela.txt, diario.txt", "model_before": "mini-bidi-es"}
    values = dict.fromkeys(FACTS, "12") | sizes | roots | tokens | shares | names
    values |= {"start": "⟨inicio⟩", "unembed": "W_Eᵀ", "last_id": "1204", "max_id": "50256"}
    for key, prose_of_stage in prose(lang).stages.items():
        steps = {"x": "normalized_resid_mid", "out": ""}
        if key.startswith("ln_"):
            steps = {"x": "resid_post", "out": "normalized_resid_post"}
        told = prose_of_stage.filled(values | steps)
        assert len(told.name) <= 9, told.name
        assert len(told.title) <= 60, told.title
        assert len(told.formula) <= 76, told.formula
        assert len(wrap(told.what, 76)) <= 4, (key, len(told.what))
        assert len(wrap(told.mind, 76)) <= 2, (key, len(told.mind))
        assert len(wrap(told.again, 76)) <= 4, (key, len(told.again))


def test_a_later_block_is_told_by_what_is_new(make, any_kind, lang):
    """Nothing that the first block said is said a second time word for word."""
    run, spoken = make(any_kind), prose(lang)
    line = list(with_parts(stages(run.model.config)))
    first = {s.id: spoken.told(s, run) for s in line if s.block == 0}
    for stage in line:
        if stage.block:
            told = spoken.told(stage, run)
            alike = first[stage.id.replace(f"blocks.{stage.block}.", "blocks.0.")]
            assert told.what != alike.what
            assert not told.mind
            assert len(told.what) <= len(alike.what + alike.mind)
            assert "1" in told.what, "it is compared with block 1"


def test_a_block_of_a_later_model_names_the_one_that_it_reads(make, lang):
    run = make("pre_untied")
    q = next(s for s in stages(run.model.config) if s.id == "blocks.2.q")
    before = {"es": "bloque 2", "en": "block 2"}[lang]
    assert before in prose(lang).told(q, run).what


def test_no_number_of_a_run_is_typed_by_hand(lang):
    """Digits outside placeholders: only 0, 1, a step's number, e and a model's name."""
    allowed = {"0", "1", "2", "3", "718"}
    for key, told in prose(lang).stages.items():
        for part in (told.title, told.what, told.mind, told.again):
            digits = "".join(c if c.isdigit() else " " for c in part).split()
            assert set(digits) <= allowed, (key, part)


def test_no_exclamation_marks(lang):
    for told in prose(lang).stages.values():
        assert not set("!¡") & set(told.title + told.what + told.mind + told.again)


def test_another_language_is_refused():
    with pytest.raises(ContentError):
        prose("fr")


@pytest.mark.parametrize(
    ("table", "trouble"),
    [
        ({"name": "Q", "title": "t", "formula": "f"}, "missing {'what'}"),
        ({"name": "Q", "title": "t", "what": "w"}, "missing {'formula'}"),
        ({"name": "Q", "title": "t", "what": "w", "formula": "f", "wat": "?"}, "unknown {'wat'}"),
        ({"name": "Q", "title": "t", "what": "{n_tkens}", "formula": "f"}, "{n_tkens}"),
    ],
)
def test_mistakes_in_content_are_told(table, trouble):
    with pytest.raises(ContentError, match=trouble.replace("{", r"\{").replace("?", r"\?")):
        lessons.prose._stage_prose("es: q", table)


def test_missing_keys_are_told(lang):
    with pytest.raises(ContentError, match="nothing_here"):
        prose(lang).stage("nothing_here")
    with pytest.raises(ContentError, match="nothing_here"):
        prose(lang).axis("nothing_here")
    with pytest.raises(ContentError, match="value"):
        prose(lang).read("forced", {})


def test_no_key_is_written_twice():
    """A second table of the same name is an error in TOML, so parsing is enough."""
    folder = Path(lessons.prose.__file__).parent / "content" / "stages"
    assert {path.stem for path in folder.glob("*.toml")} == {"es", "en", "formulas"}
    for path in folder.glob("*.toml"):
        tomllib.loads(path.read_text(encoding="utf-8"))
