"""What the lesson says of training, held against the trainings of the minis."""

from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest

from engine.batches import pack
from engine.experiment import Experiment
from engine.store import load, shipped
from engine.train import loss
from lessons.figures.closeness import closeness
from lessons.figures.common_words import known_words
from lessons.figures.how_embeddings_learn import ON_MAP, kind_distances, map_axes
from lessons.figures.parts import Beside, Plot, Scatter, Table
from lessons.figures.registry import figures
from lessons.figures.training_moments import (
    N_MOMENTS,
    corrected,
    experiment_at,
    losses,
    mean_surprise,
    student,
    surprises,
)
from lessons.findings.registry import found
from lessons.scene import Scene

SENTENCES = {
    "es": ("el gato come el pez", "El gato se subió al árbol porque tenía miedo del perro"),
    "en": ("the cat eats the fish", "The cat climbed the tree because it was afraid of the dog"),
}
CAT = {"es": ("gato", "perro", "queso", "come"), "en": ("cat", "dog", "cheese", "eats")}


@pytest.fixture
def scene(lang):
    return Scene(Experiment(load(shipped()[f"mini-{lang}"]), SENTENCES[lang][0]), lang)


def turned(scene, name, **knobs):
    return figures()[name].show(Scene(scene.experiment, scene.lang, knobs))


def rows(figure):
    (table,) = (part for part in figure if isinstance(part, Table))
    return table.rows


def test_the_cat_ends_up_nearer_to_the_dog_than_to_cheese_or_eating(scene, lang):
    model = scene.experiment.model
    cat, dog, cheese, eats = (
        model.parameters["W_E"][model.tokenizer.encode(word)[0]] for word in CAT[lang]
    )
    near = np.linalg.norm(cat - dog)
    assert near < np.linalg.norm(cat - cheese)
    assert near < np.linalg.norm(cat - eats)


def test_corrections_bring_two_alike_together_and_later_tell_them_apart(scene, lang):
    school = student(scene)
    cat, dog = (school.model.tokenizer.encode(word) for word in CAT[lang][:2])
    near = [
        closeness(experiment_at(scene, moment), cat, dog) for moment in range(len(school.steps))
    ]
    best = int(np.argmax(near))
    assert abs(near[0]) < 0.1
    assert school.steps[best] < 0.25 * school.steps[-1]
    assert near[best] > 0.95
    assert 0.7 < near[-1] < near[best] - 0.05


def test_words_of_a_kind_are_no_closer_at_first_and_closer_in_the_end(scene):
    school = student(scene)
    words = tuple(word for word in known_words(school.model) if word.kind in ON_MAP)
    same, other = kind_distances(school.at(0).parameters["W_E"], words)
    assert same == pytest.approx(other, rel=0.05)
    same, other = kind_distances(school.at(N_MOMENTS - 1).parameters["W_E"], words)
    assert same < 0.8 * other


def test_training_lowers_the_loss_on_the_sentences_of_the_course(scene, lang):
    for text in SENTENCES[lang]:
        curve = losses(student(scene), text)
        assert len(curve) == len(student(scene).steps)
        assert curve[-1] < 0.5 * curve[0]


def test_the_loss_does_not_fall_at_every_moment(scene):
    assert found("learn_path", scene) == "wavers"


def test_the_loss_shown_is_the_average_of_the_column(scene):
    column = [row[3].text for row in rows(turned(scene, "learning-guesses"))]
    average = np.mean([float(text) for text in column])
    assert average == pytest.approx(mean_surprise(scene.experiment), abs=0.01)


def test_a_word_that_gets_everything_has_no_loss(scene):
    experiment = scene.experiment
    ids = [int(i) for i in experiment.trace["tokens"].value]
    trace = experiment.trace.force({"logits": certain(experiment, ids)})
    assert trace["probs"].value[0, ids[1]] == 1.0
    assert surprises(SimpleNamespace(trace=trace)) == [0.0] * (len(ids) - 1)


def certain(experiment, ids):
    logits = np.full_like(experiment.trace["logits"].value, -1e9)
    for pos, id in enumerate(ids[1:]):
        logits[pos, id] = 0.0
    return logits


def test_corrections_on_one_sentence_learn_it_by_heart_and_spoil_another(scene, lang):
    model = scene.experiment.model
    ids = tuple(piece.id for piece in scene.experiment.pieces)
    curve = [corrected(model, ids, times).loss for times in range(11)]
    assert all(after <= before for before, after in pairwise(curve))
    assert curve[10] < 0.1
    other = pack([[piece.id for piece in Experiment(model, SENTENCES[lang][1]).pieces]])
    spoiled = corrected(model, ids, 10).parameters
    assert loss(model.config, spoiled, other) > 1.5 * loss(model.config, model.parameters, other)


def test_a_correction_moves_other_parameters_than_the_row_of_the_last_word(scene):
    model = scene.experiment.model
    ids = tuple(piece.id for piece in scene.experiment.pieces)
    after = corrected(model, ids, 1)
    elsewhere = [
        name
        for name, value in after.parameters.items()
        if name != "W_E" and (value != model.parameters[name]).any()
    ]
    assert len(elsewhere) > 5
    assert after.moved > 0.5 * sum(value.size for value in model.parameters.values())


def test_the_points_of_the_map_move_and_its_axes_do_not(scene):
    axes = map_axes(student(scene).model)
    maps = [turned(scene, "learning-map", moment=moment) for moment in (0, N_MOMENTS - 1)]
    first, last = (next(part for part in one if isinstance(part, Scatter)) for one in maps)
    assert [point.label for point in first.points] == [point.label for point in last.points]
    assert all((a.x, a.y) != (b.x, b.y) for a, b in zip(first.points, last.points, strict=True))
    assert map_axes(student(scene).model) is axes


def test_the_curve_is_marked_at_the_moment_that_is_shown(scene):
    for moment in (0, 7, N_MOMENTS - 1):
        figure = turned(scene, "learning-loss", moment=moment)
        (beside,) = (part for part in figure if isinstance(part, Beside))
        (plot,) = (part for part in beside.parts if isinstance(part, Plot))
        assert plot.mark == moment
        assert plot.xs[plot.mark] == student(scene).steps[moment]


def test_a_model_without_moments_is_shown_by_a_mini_and_it_is_said(lang):
    model = load(shipped()[f"paper-{lang}"])
    scene = Scene(Experiment(model, SENTENCES[lang][0]), lang)
    assert not student(scene).own
    assert student(scene).model.name == f"mini-{lang}"
    for name in ("learning-guesses", "learning-loss", "learning-map", "learning-neighbours"):
        assert f"mini-{lang}" in turned(scene, name, moment=3)[0].text


def test_a_model_that_looks_both_ways_is_shown_by_one_that_predicts(lang, make):
    scene = Scene(make("bidirectional"), lang)
    assert student(scene).model.config.causal
