import math

from tests.lessons.answers.registry import answer


def place(question, text):
    return [choice.text for choice in question.choices].index(text)


def chance(scene, pos):
    """What the token at a position was given before it came: softmax of the logits by hand."""
    logits = scene.experiment.trace["logits"].value[pos - 1].tolist()
    return 1 / sum(math.exp(x - logits[scene.ids[pos]]) for x in logits)


@answer("learning-order")
def learning_order(question, scene):
    words = {
        "es": ("El modelo lee", "apuesta del 100", "le tocó", "hacia atrás", "se mueve un poco"),
        "en": (
            "The model reads",
            "bet of 100",
            "that gives the loss",
            "backwards",
            "moves a little",
        ),
    }[scene.lang]
    texts = [choice.text for choice in question.choices]
    return tuple(next(i for i, text in enumerate(texts) if word in text) for word in words)


@answer("learning-moves")
def learning_moves(question, scene):
    """What training leaves alone is a count of something, a label, or what was typed."""
    fixed = ("Cuánt", "How many", "en el vocabulario", "in the vocabulary", "palabras de tu")
    fixed += ("words of your",)
    texts = [choice.text for choice in question.choices]
    return tuple(i for i, text in enumerate(texts) if not any(word in text for word in fixed))


@answer("learning-highest-loss")
def learning_highest_loss(question, scene):
    start, n = question.about["start"], question.about["n"]
    losses = {-math.log(chance(scene, pos)): pos for pos in range(start, start + n)}
    return place(question, scene.quoted[losses[max(losses)]])


@answer("learning-average")
def learning_average(question, scene):
    n = question.about["n"]
    return -math.log(math.prod(chance(scene, pos) for pos in range(1, n + 1))) / n


@answer("learning-truth")
def learning_truth(question, scene):
    about = question.about
    if about["claim"] == "compared":
        return chance(scene, about["a"]) < chance(scene, about["b"])
    # What is emergent was programmed by nobody, what is random means nothing, a label never moves.
    return about["claim"] in ("nobody", "chance")
