"""The shipped models know their world: what the course shows is there in the weights."""

import math
from functools import cache

import numpy as np
import pytest

from engine.corpus.world import World
from engine.experiment import Experiment
from engine.expr import Ref
from engine.parts import Part
from engine.store import checkpoint_steps, load, load_checkpoint, shipped
from engine.trace import is_close
from engine.whatif import Force

NAMES = tuple(shipped())
FILLING = [name for name in NAMES if name.startswith("mini-bidi")]
CAUSAL = [name for name in NAMES if name not in FILLING]
PAPER = [name for name in NAMES if name.startswith("paper")]

# Who is afraid of whom, in words that end where the feared one must come.
FEAR = {
    "es": {
        "El gato se subió al árbol porque tenía miedo del": ("gato", "perro"),
        "El ratón se subió al árbol porque tenía miedo del": ("ratón", "gato"),
    },
    "en": {
        "The cat climbed the tree because it was afraid of the": ("cat", "dog"),
        "The mouse climbed the tree because it was afraid of the": ("mouse", "cat"),
    },
}
EATS = {"es": "el gato come", "en": "the cat eats"}
ARTICLES = {"es": {"el", "la", "un", "una"}, "en": {"a", "an", "the"}}
# After these words everything that shows a gender shows this one: (text, right, wrong), where
# the Spanish endings stand for all the words that have both.
AGREEMENT = {
    "es": [("la niña está", "a", "o"), ("el niño está", "o", "a")],
    "en": [
        ("The girl is tired. Yesterday", "she", "he"),
        ("The boy is tired. Yesterday", "he", "she"),
    ],
}
FOOD = {
    "es": {"meal", "sweet", "fruit", "vegetable", "feed", "drink"},
    "en": {"food", "meal", "dish", "snack", "fruit", "vegetable", "feed", "drink", "chew"},
}
NEAR_AND_FAR = {"es": ("gato", "perro", "democracia"), "en": ("cat", "dog", "democracy")}


@cache
def model(name):
    return load(shipped()[name])


@cache
def world(lang):
    return World.load(lang)


@cache
def words_of(lang):
    return world(lang).words()


def lang_of(name):
    return name.rsplit("-", 1)[1]


def token(m, word):
    (only,) = m.tokenizer.encode(word)
    return only


def probability(experiment, word):
    probs = experiment.trace["probs"].value[experiment.asked]
    return float(probs[token(experiment.model, word)])


def likeliest(experiment):
    return experiment.model.tokenizer.piece(
        int(experiment.trace["probs"].value[-1].argmax())
    ).strip()


def heads_looking(experiment, word):
    """(weight, block, head) of every head's look from the last token to `word`, heaviest first."""
    m = experiment.model
    key = [piece.id for piece in experiment.pieces].index(token(m, word))
    looks = [
        (float(experiment.trace[f"blocks.{b}.attn.pattern"].value[h, -1, key]), b, h)
        for b in range(m.config.n_layers)
        for h in range(m.config.n_heads)
    ]
    return sorted(looks, reverse=True), key


def test_the_models_are_here():
    sizes = ("mini", "mini-bidi", "paper")
    assert set(NAMES) == {f"{size}-{lang}" for size in sizes for lang in ("es", "en")}


@pytest.mark.parametrize("name", CAUSAL)
def test_training_came_near_the_entropy(name):
    told = model(name).training
    over = told["held_out_loss"] / told["entropy_floor"] - 1
    assert over < (0.025 if name in PAPER else 0.36)


@pytest.mark.parametrize("name", CAUSAL)
def test_who_is_afraid_of_whom(name):
    for text, (who, feared) in FEAR[lang_of(name)].items():
        experiment = Experiment(model(name), text)
        assert likeliest(experiment) == feared, text
        (weight, _, _), *_ = heads_looking(experiment, who)[0]
        assert weight > 0.6, text


@pytest.mark.parametrize("name", CAUSAL)
def test_looking_away_changes_who_is_feared(name):
    # A mini has one head for this. A paper model has several that can stand in for one another,
    # so there every look from the last token to the one who fears is taken away.
    for text, (who, feared) in FEAR[lang_of(name)].items():
        experiment = Experiment(model(name), text)
        looks, key = heads_looking(experiment, who)
        last = len(experiment.pieces) - 1
        taken = looks if name in PAPER else looks[:1]
        away = experiment.force(
            *(Force(Part(f"blocks.{b}.attn.pattern", (h, last, key)), 0.0) for _, b, h in taken)
        )
        assert likeliest(away) != feared, text
        assert probability(away, feared) < probability(experiment, feared) - 0.2, text


@pytest.mark.parametrize("name", CAUSAL)
def test_what_a_cat_eats(name):
    lang = lang_of(name)
    foods = {noun for noun, kind in world(lang).nouns().items() if kind in FOOD[lang]}
    assert likeliest(Experiment(model(name), EATS[lang])) in foods | ARTICLES[lang]


# A sentence with a blank, and what fits in it because of the words behind.
BLANKS = {
    "es": ("El gato ___ pescado.", ("come", "comió")),
    "en": ("The cat ___ a fish.", ("eats", "ate")),
}


@pytest.mark.parametrize("name", FILLING)
def test_a_blank_is_filled_from_both_sides(name):
    text, right = BLANKS[lang_of(name)]
    experiment = Experiment(model(name), text)
    at = experiment.asked
    assert experiment.pieces[at].id == model(name).tokenizer.blank_id
    probs = experiment.trace["probs"].value[at]
    assert model(name).tokenizer.piece(int(probs.argmax())).strip() in right
    # Without the words behind the blank, other verbs come up.
    before = Experiment(model(name), text[: text.index("___") + 3])
    assert before.asked == at
    both_sides, one_side = (
        sum(probability(run, word) for word in right) for run in (experiment, before)
    )
    assert both_sides > 2 * one_side


@pytest.mark.parametrize("name", FILLING)
def test_filling_has_no_floor_that_is_known(name):
    told = model(name).training
    assert told["entropy_floor"] is None
    assert 0 < told["held_out_loss"] < 2.5


def share(experiment, lang, form):
    """The probability of a form: a word, or in Spanish all adjectives with this ending."""
    if lang == "en":
        return probability(experiment, form)
    words = words_of(lang)
    stems = {w[:-1] for w in words if w[-1] == "a"} & {w[:-1] for w in words if w[-1] == "o"}
    nouns = world(lang).nouns()
    stems -= {stem for stem in stems if f"{stem}a" in nouns}
    return sum(probability(experiment, stem + form) for stem in stems if len(stem) > 3)


@pytest.mark.parametrize("name", CAUSAL)
def test_words_agree(name):
    lang = lang_of(name)
    for text, right, wrong in AGREEMENT[lang]:
        experiment = Experiment(model(name), text)
        times = 20 if name in PAPER else 3
        assert share(experiment, lang, right) > times * share(experiment, lang, wrong), text


def cosines(m, words):
    rows = m.parameters["W_E"][[token(m, word) for word in words]]
    rows = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return rows @ rows.T


@pytest.mark.parametrize("name", NAMES)
def test_alike_words_are_near(name):
    near = cosines(model(name), NEAR_AND_FAR[lang_of(name)])
    assert near[0, 1] > near[0, 2]


@pytest.mark.parametrize("name", PAPER)
def test_the_nearest_noun_is_of_the_same_category(name):
    kinds = world(lang_of(name)).nouns()
    nouns = list(kinds)
    near = cosines(model(name), nouns)
    np.fill_diagonal(near, -2)
    same = [
        kinds[nouns[i]] == kinds[noun] for noun, i in zip(nouns, near.argmax(axis=1), strict=True)
    ]
    assert np.mean(same) >= 0.8


@cache
def cut_words(tokenizer, lang):
    """The words of a world that are not one token; models of a language often share theirs."""
    # A mark follows a word without a space; what opens stands before one.
    texts = {w: w if w[0].isalnum() or w == "¿" else f"a{w}" for w in words_of(lang)}
    assert texts
    return [w for w, text in texts.items() if len(tokenizer.encode(text)) != len(text) - len(w) + 1]


@pytest.mark.parametrize("name", NAMES)
def test_every_word_of_the_world_is_one_token(name):
    assert cut_words(model(name).tokenizer, lang_of(name)) == []


@pytest.mark.parametrize("name", NAMES)
def test_why_recomputes_every_step(name):
    text = next(iter(FEAR[lang_of(name)]))
    trace = Experiment(model(name), text).trace
    rng = np.random.default_rng(0)
    for step in trace:
        for _ in range(4):
            ref = Ref(step.name, tuple(int(rng.integers(n)) for n in step.value.shape))
            assert is_close(trace.explain(ref).value, trace.value(ref), 1e-9), ref


@pytest.mark.parametrize("name", [name for name in CAUSAL if name.startswith("mini")])
def test_the_minis_keep_their_training(name):
    m = model(name)
    steps = checkpoint_steps(m.folder)
    assert len(steps) == 24
    assert steps[0] == 0
    assert steps[-1] == m.training["steps"]
    text = EATS[lang_of(name)]
    first, last = (Experiment(load_checkpoint(m, step), text) for step in (steps[0], steps[-1]))
    finished = Experiment(m, text)
    np.testing.assert_allclose(last.trace["probs"].value, finished.trace["probs"].value, atol=0.01)
    entropy = -sum(p * math.log(p) for p in first.trace["probs"].value[-1])
    assert entropy > 0.8 * math.log(m.config.d_vocab)  # random numbers know nothing


def test_the_shipped_data_is_small():
    total = sum(
        path.stat().st_size
        for folder in shipped().values()
        for path in folder.rglob("*")
        if path.is_file()
    )
    assert total < 12 * 10**6
