"""Looks are those of the run, and weights alone do not say what matters."""

import numpy as np
import pytest

from engine.experiment import Experiment
from lessons.figures.attention_intuition import clearest
from lessons.figures.attention_intuition_changes import covering, last_probs, shift
from lessons.figures.registry import figures
from lessons.findings.registry import found
from lessons.scene import Scene, shipped_model

SENTENCES = {
    "es": "El gato se subió al árbol porque tenía miedo del",
    "en": "The cat climbed the tree because it was afraid of the",
}
CAT = 2  # the position of "gato" and of "cat"


def strongest(experiment, word, at):
    """The largest weight that a word gives to another, in any block and head."""
    return max(
        float(experiment.trace[f"blocks.{block}.attn.pattern"].value[:, word, at].max())
        for block in range(experiment.model.config.n_layers)
    )


def test_no_look_is_harder_on_another_word_than_the_clearest(run):
    for word in range(1, len(run.pieces)):
        look = clearest(run, word)
        others = [i for i in range(1, len(run.pieces)) if i != word]
        assert look.weight == max((strongest(run, word, i) for i in others), default=0.0)
        assert look.row.sum() == pytest.approx(1)
        if look.at is not None:
            assert run.trace.value(look.ref(look.at)) == look.weight


@pytest.mark.parametrize("lang", SENTENCES)
def test_the_last_word_looks_far_back_at_who_is_afraid(lang):
    experiment = Experiment(shipped_model(f"mini-{lang}"), SENTENCES[lang])
    scene = Scene(experiment, lang)
    assert found("looked_at", scene) == CAT
    assert clearest(experiment, scene.n - 1).weight > 0.5


def test_a_covered_word_gets_no_weight_from_the_last_one(run):
    last = len(run.pieces) - 1
    for word in range(last):
        changed = covering(run, word)
        assert strongest(changed, last, word) == 0.0
        for block in range(run.model.config.n_layers):
            rows = changed.trace[f"blocks.{block}.attn.pattern"].value[:, last]
            assert np.allclose(rows.sum(axis=-1), 1)


@pytest.mark.parametrize("lang", SENTENCES)
def test_a_word_with_a_high_weight_may_matter_or_not(lang):
    """Correction 12: attention weights are not by themselves an explanation."""
    effects = []
    for size in ("mini", "paper"):
        experiment = Experiment(shipped_model(f"{size}-{lang}"), SENTENCES[lang])
        last = len(experiment.pieces) - 1
        for word in range(1, last):
            if strongest(experiment, last, word) > 0.5:
                after = last_probs(covering(experiment, word))
                effects.append(shift(last_probs(experiment), after))
    assert min(effects) < 0.1
    assert max(effects) > 0.5


@pytest.mark.parametrize("lang", SENTENCES)
def test_a_word_changed_far_back_changes_the_bet(lang):
    scene = Scene(Experiment(shipped_model(f"mini-{lang}"), SENTENCES[lang]), lang)
    _, table, _ = figures()["swap-word"].show(
        Scene(scene.experiment, lang, {"word": CAT, "into": "mouse"})
    )
    assert table.rows[0][0].text != table.rows[0][2].text


def test_the_answer_of_the_guess_is_what_the_figure_shows(make):
    scene = Scene(make(text="el gato come el pez"), "es")
    sentence, told, *_ = figures()["looks"].show(scene)
    at = found("looked_at", scene)
    assert at == max(range(1, scene.n - 1), key=lambda i: sentence.words[i].shade)
    assert scene.quoted[at] in told.text


def test_all_weights_of_a_look_are_counted(make):
    scene = Scene(make(text="el gato come el pez " * 4), "es")
    (table,) = figures()["look-shares"].show(scene)
    assert table.rows[-1][1].text == "1.00"
    assert table.rows[-1][2].text == "100 %"
