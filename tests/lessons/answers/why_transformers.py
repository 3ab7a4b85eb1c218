import re

from tests.lessons.answers.registry import answer


@answer("recurrence-waits")
def recurrence_waits(question, scene):
    # Reads in single file until the word is reached.
    read = 0
    for _ in scene.labels[1 : question.about["word"]]:
        read += 1
    return read


@answer("fading-left")
def fading_left(question, scene):
    left = 1.0
    for _ in scene.experiment.pieces[2 : question.about["word"] + 1]:
        left -= left * (1 - question.about["keep"])
    return left


@answer("lanes-steps")
def lanes_steps(question, scene):
    words = len(scene.experiment.pieces) - 1
    steps = {"own": words, "double": words + words, "attention": 1}
    shown = [int(re.match(r"\d+", choice.text)[0]) for choice in question.choices]
    return tuple(shown.index(steps[lane]) for lane in question.about["lanes"].split(","))


@answer("faded-more")
def faded_more(question, scene):
    left = {}
    for pos in range(1, question.about["last"] + 1):
        left = {before: 0.9 * part for before, part in left.items()} | {pos: 1.0}
    return left[question.about["first"]] > left[question.about["second"]]
