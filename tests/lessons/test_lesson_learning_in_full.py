"""What the lesson on learning claims: gradients by hand, AdamW's step, and the loss after it."""

import numpy as np
import pytest

from engine.adamw import AdamW, Parameters, Recipe
from engine.batches import pack
from engine.blame import Target
from engine.experiment import Experiment
from engine.expr import Ref
from engine.store import load, n_parameters, shipped
from engine.train import loss_and_gradients
from engine.whatif import Force
from lessons.adamw_step import adamw_step
from lessons.figures.gradients import (
    all_moved,
    nudged,
    recipe_of,
    slopes_of_sentence,
    slopes_of_word,
    steepest,
)
from lessons.figures.learning_in_full import chain
from lessons.figures.learning_in_full_step import n_moved
from lessons.figures.stream import last_layer_norm
from lessons.figures.training_moments import mean_surprise, surprises
from lessons.scene import Scene
from tests.lessons.conftest import KINDS

SENTENCES = {
    "mini-es": ("El gato se subió al árbol porque tenía miedo del perro", "el gato come el pez"),
    "mini-en": ("The cat climbed the tree because it was afraid of the dog", "the cat eats fish"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_chain_by_hand_is_what_backpropagation_gives(make, kind):
    experiment = make(kind)
    scene, config = Scene(experiment, "es"), experiment.model.config
    norm = last_layer_norm(config)
    normalized = experiment.trace[f"{norm}.normalized"].value
    for word in (1, 3, 5):
        slopes = slopes_of_word(experiment, word)[f"{norm}.w"]
        for dim in range(config.d_model):
            _, _, through = chain(scene, word, dim)
            by_hand = through.sum() * normalized[word - 1, dim]
            assert by_hand == pytest.approx(slopes[dim], rel=1e-9, abs=1e-12)


def test_the_gradient_of_a_sentence_is_that_of_the_training(make):
    experiment = make("paper")
    ids = [piece.id for piece in experiment.pieces]
    model = experiment.model
    loss, slopes = loss_and_gradients(model.config, model.parameters, pack([ids]))
    assert mean_surprise(experiment) == pytest.approx(loss, abs=1e-6)
    ours = slopes_of_sentence(experiment)
    for name, slope in slopes.items():
        np.testing.assert_allclose(ours[name], slope, atol=1e-6)


@pytest.mark.parametrize("where", ["logits", "blocks.0.attn.W_Q", "W_E", "blocks.0.resid_pre"])
def test_a_small_nudge_does_what_the_gradient_promises(make, where):
    experiment = make("paper")
    loss = surprises(experiment)[3]
    slopes = slopes_of_word(experiment, 4)[where]
    for index in steepest(slopes, 3):
        found = nudged(experiment, Ref(where, index), 1e-5, 4) - loss
        assert found == pytest.approx(1e-5 * slopes[index], rel=1e-2)
    assert Target("loss", 3, int(experiment.trace["tokens"].value[4])).value(
        experiment.trace
    ) == pytest.approx(loss)


# --- AdamW ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("rate", [0.001, 0.05])
@pytest.mark.parametrize("weight_decay", [0.0, 0.05])
def test_the_step_line_by_line_is_the_engines(rate, weight_decay):
    recipe = Recipe(steps=1, learning_rate=rate, warmup=1, weight_decay=weight_decay)
    weights = {"blocks.0.attn.W_Q": np.array([0.3, -1.2, 2.0]), "ln.w": np.array([0.9, 1.1])}
    slopes = {"blocks.0.attn.W_Q": np.array([0.5, -0.02, 0.0]), "ln.w": np.array([-3.0, 1e-4])}
    shapes = {name: x.shape for name, x in weights.items()}
    parameters, gradient = Parameters(shapes, weights), Parameters(shapes, slopes)
    AdamW(recipe, parameters).update(gradient.flat)
    for name, xs in weights.items():
        ours = [
            adamw_step(recipe, name, float(x), float(g), rate).after
            for x, g in zip(xs, slopes[name], strict=True)
        ]
        np.testing.assert_allclose(ours, parameters.by_name[name], rtol=1e-5)


@pytest.mark.parametrize("name", SENTENCES)
def test_all_weights_move_as_in_the_first_step_of_a_training(name):
    model = load(shipped()[name])
    experiment = Experiment(model, SENTENCES[name][1])
    moved = all_moved(experiment, 0.01).model.parameters
    recipe = recipe_of(model)
    slopes = slopes_of_sentence(experiment)
    for weight in ("W_E", "blocks.0.attn.W_Q", "blocks.1.ln2.w", "blocks.0.mlp.b_in"):
        for index in steepest(slopes[weight], 3):
            x, g = float(model.parameters[weight][index]), float(slopes[weight][index])
            expected = adamw_step(recipe, weight, x, g, 0.01).after
            assert moved[weight][index] == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("name", SENTENCES)
def test_a_small_step_lowers_the_loss_and_a_huge_one_does_not(name):
    for text in SENTENCES[name]:
        experiment = Experiment(load(shipped()[name]), text)
        before = mean_surprise(experiment)
        after = [mean_surprise(all_moved(experiment, rate)) for rate in (0.0, 1e-4, 1e-3, 1.0)]
        assert after[0] == pytest.approx(before)
        assert before > after[1] > after[2]
        assert after[3] > before


def test_a_step_leaves_out_what_was_set_by_hand(make):
    plain = make("paper")
    forced = plain.force(Force.parse("blocks.0.resid_pre[1,0]=9"))
    assert mean_surprise(forced) != pytest.approx(mean_surprise(plain))
    after = [mean_surprise(all_moved(experiment, 0.01)) for experiment in (plain, forced)]
    assert after[0] == pytest.approx(after[1])


def test_the_parameters_that_move_are_counted(make):
    run = make("paper")
    assert n_moved(run, all_moved(run, 0.0)) == 0
    assert 0 < n_moved(run, all_moved(run, 0.001)) < n_parameters(run.model.config)
