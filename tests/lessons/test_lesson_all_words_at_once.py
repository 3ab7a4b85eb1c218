"""What the mask does, and what a model that looks both ways can do without one."""

import numpy as np
import pytest

from engine.experiment import Experiment
from engine.ops import Softmax
from engine.whatif import Force
from lessons.figures.all_words_at_once import another_id
from lessons.figures.all_words_at_once_both_ways import both_ways_run, covered_text
from lessons.figures.parts import Heat, Table
from lessons.figures.registry import figures, said
from lessons.findings.registry import found
from lessons.scene import Scene, shipped_model

SENTENCE = {"es": "el gato come el pez", "en": "the cat eats the fish"}
EATS, FISH = 3, 5
ATTN = "blocks.0.attn"


def scene(lang, text=None, model="mini"):
    experiment = Experiment(shipped_model(f"{model}-{lang}"), text or SENTENCE[lang])
    return Scene(experiment, lang)


def last_vectors(experiment):
    trace = experiment.trace
    return trace[trace["logits"].inputs[0]].value


def rows(figure):
    return next(part for part in figure if isinstance(part, Table)).rows


def test_the_mask_puts_exact_zeros_and_softmax_alone_never_does(lang):
    learner = scene(lang).experiment
    free = learner.force(Force.parse("mask=0"))
    for block in range(learner.model.config.n_layers):
        masked = learner.trace[f"blocks.{block}.attn.pattern"].value
        later = ~np.tri(masked.shape[-1], dtype=bool)
        assert (masked[:, later] == 0).all()
        assert (masked[:, ~later] > 0).all()
        np.testing.assert_allclose(masked.sum(-1), 1, atol=1e-12)
        unmasked = free.trace[f"blocks.{block}.attn.pattern"].value
        assert (unmasked > 0).all()
        np.testing.assert_allclose(unmasked.sum(-1), 1, atol=1e-12)


def test_eats_cannot_see_fish_in_a_causal_model_but_in_a_bidirectional_one(lang):
    for block in range(2):
        name = f"blocks.{block}.attn.pattern"
        assert (scene(lang).experiment.trace[name].value[:, EATS, FISH] == 0).all()
        both = scene(lang, model="mini-bidi").experiment
        assert (both.trace[name].value[:, EATS, FISH] > 0).all()


def test_a_row_of_the_table_needs_no_other_row(lang):
    trace = scene(lang).experiment.trace
    q, k = trace[f"{ATTN}.q"].value[:, 0], trace[f"{ATTN}.k"].value[:, 0]
    for at in range(len(q)):
        alone = q[at] @ k.T / np.sqrt(q.shape[1]) + trace["mask"].value[at]
        row = trace[f"{ATTN}.pattern"].value[0, at]
        np.testing.assert_allclose(Softmax().forward(alone), row, atol=1e-12)


def test_reading_at_once_gives_what_reading_one_after_another_gives(lang):
    whole = last_vectors(scene(lang).experiment)
    words = SENTENCE[lang].split()
    for n in range(1, len(words)):
        prefix = last_vectors(scene(lang, " ".join(words[:n])).experiment)
        np.testing.assert_allclose(prefix, whole[: len(prefix)], atol=1e-9)


def test_another_last_word_leaves_all_before_it_as_they_were_only_with_the_mask(lang):
    here = scene(lang)
    at = here.n - 1
    swap = Force.parse(f"tokens[{at}]={another_id(here, at)}")
    free = Force.parse("mask=0")
    with_mask = last_vectors(here.experiment.force(swap)) == last_vectors(here.experiment)
    assert with_mask[:at].all()
    assert not with_mask[at].all()
    without = last_vectors(here.experiment.force(free, swap)) == last_vectors(
        here.experiment.force(free)
    )
    assert not without.all(axis=1).any()


@pytest.mark.parametrize("at", range(6))
def test_the_figure_tells_who_notices_another_word(lang, at):
    here = Scene(scene(lang).experiment, lang, {"token": at})
    same = said(here, "peek", "same")
    for pos, (_, masked, free) in enumerate(rows(figures()["peek"].show(here))):
        assert (masked.text == same) == (pos < at)
        assert free.text != same


def test_a_blank_is_filled_from_both_sides_only_by_the_bidirectional_model(lang):
    eats = {"es": "come", "en": "eats"}[lang]
    behind = {"es": "el gato come en el sofá", "en": "the cat eats on the sofa"}[lang]
    guesses = []
    for text in (SENTENCE[lang], behind):
        here = Scene(scene(lang, text).experiment, lang, {"token": EATS})
        shown = rows(figures()["fill-blank"].show(here))
        guesses.append([[cell.text for cell in row] for row in shown])
    first, second = guesses
    assert [row[:2] for row in first] == [row[:2] for row in second]
    assert [row[2:] for row in first] != [row[2:] for row in second]
    assert first[0][2] == scene(lang).words.token(eats)
    assert first[0][0] != first[0][2]


@pytest.mark.parametrize("text", ["el gato.", "el gato, el pez", "¿el pez?", "gato ornitorrinco"])
def test_any_token_can_be_covered(text):
    experiment = scene("es", text).experiment
    for at in range(1, len(experiment.pieces)):
        covered = both_ways_run(experiment, "es", at)
        assert covered is not None
        assert covered.model.tokenizer.blank_id in [piece.id for piece in covered.pieces], (
            covered_text(experiment, at)
        )


def test_the_table_takes_the_mask_away_and_puts_it_back(lang):
    def heat(mask):
        here = Scene(scene(lang).experiment, lang, {"mask": mask, "token": EATS})
        return next(p for p in figures()["pattern-table"].show(here) if isinstance(p, Heat))

    pattern = scene(lang).experiment.trace[f"{ATTN}.pattern"].value[0]
    np.testing.assert_array_equal(heat("with").exhibit.values, pattern)
    assert heat("with").exhibit.values[EATS, FISH] == 0
    assert heat("without").exhibit.values[EATS, FISH] > 0


def test_the_table_has_a_weight_for_every_pair(lang):
    for text in ("", "a", SENTENCE[lang]):
        here = scene(lang, text or " ")
        assert found("n_pairs", here) == here.experiment.trace[f"{ATTN}.pattern"].value[0].size
