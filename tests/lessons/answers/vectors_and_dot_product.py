import math
import re

from tests.lessons.answers.registry import answer


def numbers(text):
    return [int(x) for x in text.replace("−", "-").split(",")]


def turned(a, b, double=1.0):
    """The dot product and the cosine from lengths alone: |a + b|² is a·a + 2 a·b + b·b."""
    b = [double * y for y in b]
    long_a, long_b = math.hypot(*a), math.hypot(*b)
    both = math.hypot(*(x + y for x, y in zip(a, b, strict=True)))
    product = (both**2 - long_a**2 - long_b**2) / 2
    return product, product / (long_a * long_b)


@answer("dot-small")
def dot_small(question, scene):
    return float(round(turned(*(numbers(question.about[key]) for key in "ab"))[0]))


@answer("dot-words")
def dot_words(question, scene):
    """From the weights, with tenths as whole numbers."""
    model, about = scene.experiment.model, question.about
    size = math.sqrt(model.config.d_model) if model.config.scale_embed else 1.0
    total = 0
    for i in range(about["start"], about["start"] + 3):
        rows = (model.parameters["W_E"][scene.ids[about[key]]] for key in "ab")
        first, second = (round(10 * size * float(row[i])) for row in rows)
        total += first * second
    return total / 100


@answer("dot-cosine")
def dot_cosine(question, scene):
    """The cosine of the difference of the two arrows' directions."""
    (a1, a2), (b1, b2) = (numbers(question.about[key]) for key in "ab")
    return math.cos(math.atan2(a2, a1) - math.atan2(b2, b1))


@answer("dot-positive")
def dot_positive(question, scene):
    """Two arrows point in similar directions when their sum is longer than their difference."""
    found = []
    for place, choice in enumerate(question.choices):
        a, b = map(numbers, re.findall(r"\(([^)]*)\)", choice.text))
        together = math.hypot(*(x + y for x, y in zip(a, b, strict=True)))
        if together > math.hypot(*(x - y for x, y in zip(a, b, strict=True))) + 1e-9:
            found.append(place)
    return tuple(found)


@answer("dot-truth")
def dot_truth(question, scene):
    table, about = scene.experiment.model.parameters["W_E"], question.about
    a, b = ([float(x) for x in table[scene.ids[about[key]]]] for key in "ab")
    product, cosine = turned(a, b)
    longer, same_cosine = turned(a, b, 2.0)
    return {
        "positive-alike": product > 0,
        "positive-against": product < 0,
        "negative-alike": product > 0,
        "negative-against": product < 0,
        "longer": math.isclose(longer, 2 * product, rel_tol=1e-6),
        "longer-same": math.isclose(longer, product, rel_tol=1e-6),
        "cosine-same": math.isclose(same_cosine, cosine, rel_tol=1e-6),
        "cosine-longer": math.isclose(same_cosine, 2 * cosine, rel_tol=1e-6),
        "itself": turned(a, a)[0] < 0,
        "turned": math.isclose(turned(a, b, -1.0)[0], -product, rel_tol=1e-6),
    }[about["claim"]]
