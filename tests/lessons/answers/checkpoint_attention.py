import math
import re

from engine.parts import Part
from engine.whatif import Force
from tests.lessons.answers.registry import answer
from tests.lessons.answers.softmax import weights

ATTN = "blocks.0.attn"


@answer("checkpoint-explain")
def checkpoint_explain(question, scene):
    looker, other = question.about["looker"], question.about["other"]
    text = question.answer
    places = [text.index(scene.quoted[looker]), text.index(scene.quoted[other]), text.index("√d_k")]
    assert places == sorted(places)
    numbers = [float(x) for x in re.findall(r"0\.\d+", text)]
    assert any(abs(x - weights(scene, looker)[other]) <= 0.005 for x in numbers)
    return text


@answer("checkpoint-roles")
def checkpoint_roles(question, scene):
    said = {
        "es": {
            "q": ("busca", "da la fila"),
            "k": ("etiqueta", "consultas"),
            "v": ("contenido", "mezcla"),
        },
        "en": {
            "q": ("looks for", "gives the row"),
            "k": ("label", "queries"),
            "v": ("content", "the mix"),
        },
    }[scene.lang]
    names = {"es": {"La consulta": "q", "La clave": "k", "El valor": "v"}}.get(
        scene.lang, {"The query": "q", "The key": "k", "The value": "v"}
    )
    places = []
    for left in question.left:
        letter = next(letter for start, letter in names.items() if left.startswith(start))
        (place,) = [
            place
            for place, choice in enumerate(question.choices)
            if any(part in choice.text for part in said[letter])
        ]
        places.append(place)
    return tuple(places)


@answer("checkpoint-order")
def checkpoint_order(question, scene):
    # The order in which the run recorded the steps; softmax is two of them.
    marks = {
        f"{ATTN}.q": "W_Q",
        f"{ATTN}.attn_scores": {"es": "con cada clave", "en": "with each key"}[scene.lang],
        f"{ATTN}.attn_scores_scaled": "√d_k",
        f"{ATTN}.pattern": {"es": "la exponencial", "en": "Take e^x"}[scene.lang],
        f"{ATTN}.pattern ": {"es": "cada exponencial", "en": "each e^x"}[scene.lang],
        f"{ATTN}.z": {"es": "cada valor", "en": "each value"}[scene.lang],
    }
    recorded = list(scene.experiment.trace.steps)
    order = sorted(marks, key=lambda name: (recorded.index(name.strip()), name))
    return tuple(
        next(i for i, choice in enumerate(question.choices) if marks[name] in choice.text)
        for name in order
    )


@answer("checkpoint-seen-by")
def checkpoint_seen_by(question, scene):
    word = question.about["word"]
    rows = {pos: weights(scene, pos) for pos in range(scene.n) if pos != word}
    looks = {pos: row[word] for pos, row in rows.items() if word < len(row)}
    return (max(looks, key=looks.get), word)


@answer("checkpoint-by-hand")
def checkpoint_by_hand(question, scene):
    # Two weights: the first is the logistic function of the distance.
    about = question.about
    first = 1 / (1 + math.exp((about["s2"] - about["s1"]) / math.sqrt(about["d_k"])))
    return about["v2"] + first * (about["v1"] - about["v2"])


@answer("checkpoint-diagnose")
def checkpoint_diagnose(question, scene):
    # Which mistake gives the weights of the prompt.
    looker = question.about["looker"]
    run = scene.experiment
    seen = range(looker + 1 if run.model.config.causal else scene.n)
    undivided = run.force(Force(Part("sqrt_d_head"), 1.0)).trace[f"{ATTN}.pattern"].value
    scores = run.trace[f"{ATTN}.attn_scores_scaled"].value[0]
    row = [scores[looker, i] for i in seen]
    column = [math.exp(scores[i, looker]) for i in seen]
    rows = {
        "√d_k": [undivided[0, looker, i] for i in seen],
        "e^x": [x / sum(row) for x in row],
        {"es": "quien mira", "en": "the one that looks"}[scene.lang]: [
            x / sum(column) for x in column
        ],
    }
    prompt = question.prompt.replace("\u00a0", " ")
    (mark,) = [mark for mark, made in rows.items() if f", {listed(scene, made)}." in prompt]
    (place,) = [i for i, choice in enumerate(question.choices) if mark in choice.text]
    return place


def listed(scene, row):
    return ", ".join(f"{scene.quoted[i]} {short(x)}" for i, x in enumerate(row))


def short(x):
    if 0 < x < 0.005:
        return "<0.01"
    return ">0.99" if 0.995 <= x < 1 else f"{x:.2f}".replace("-", "−")
