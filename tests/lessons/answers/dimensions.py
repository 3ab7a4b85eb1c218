import re

from lessons.figures.dimensions_models import PUBLISHED
from tests.lessons.answers.registry import answer


@answer("dimensions-count")
def dimensions_count(question, scene):
    tokens = scene.experiment.model.tokenizer.encode(scene.experiment.normal_text.rstrip(" "))
    n = min(1 + len(tokens), scene.experiment.model.config.n_ctx)
    return float(sum(question.about["width"] for _ in range(n)))


@answer("dimensions-table")
def dimensions_table(question, scene):
    total = sum(len(row) for row in scene.experiment.model.parameters["W_E"].tolist())
    texts = [re.sub(r"\D", "", choice.text) for choice in question.choices]
    return texts.index(str(total * question.about["times"]))


@answer("dimensions-who")
def dimensions_who(question, scene):
    """By what stays when the sentence changes, and what stays when training goes on."""
    words = {
        "es": {"Alguien": "Cuántos números", "entrenamiento": "en W_E:", "Depende": ""},
        "en": {"Somebody": "How many numbers", "Training": "in W_E:", "depends": ""},
    }[scene.lang]

    def decider(left):
        return next(who for who, sign in words.items() if sign in left)

    return tuple(
        next(i for i, choice in enumerate(question.choices) if decider(left) in choice.text)
        for left in question.left
    )


@answer("dimensions-truth")
def dimensions_truth(question, scene):
    about = question.about
    if about["claim"] == "published":
        sizes = {one.name: one.millions for one in PUBLISHED}
        return sizes[about["wide"]] > sizes[about["narrow"]]
    if about["claim"] in ("equal", "letters"):
        table = scene.experiment.model.parameters["W_E"]
        a, b = (len(table[scene.ids[about[key]]]) for key in ("a", "b"))
        return a == b if about["claim"] == "equal" else a > b
    # A single number has no name; nobody but a person chooses d_model; labels are no quantities.
    return about["claim"] in ("whole", "free")
