import math
import statistics

from tests.lessons.answers.registry import answer


def four(about):
    return [about[name] for name in "abcd"]


@answer("ln-one")
def one_of_four(question, scene):
    about = question.about
    numbers = four(about)
    size = statistics.pstdev(numbers)
    return (numbers[about["i"]] - statistics.mean(numbers)) / size * about["gain"] + about["bias"]


@answer("ln-order")
def order(question, scene):
    numbers = four(question.about)
    mean, size = statistics.mean(numbers), statistics.pstdev(numbers)

    def said(text):
        """The numbers behind the colon."""
        return [float(x) for x in text.rpartition(": ")[2].replace("−", "-").split(", ")]

    steps = (
        [mean],
        [x - mean for x in numbers],
        [statistics.pvariance(numbers)],
        [size],
        [round((x - mean) / size, 2) for x in numbers],
    )
    texts = [said(choice.text) for choice in question.choices]
    places = []
    for step in steps:
        fits = [
            i
            for i, text in enumerate(texts)
            if len(text) == len(step)
            and all(math.isclose(a, b, abs_tol=1e-9) for a, b in zip(text, step, strict=True))
        ]
        assert len(fits) == 1
        places += fits
    return tuple(places)


def layer_norm(xs, scene):
    """The first LayerNorm of the model, in plain Python."""
    trace = scene.experiment.trace
    mean = statistics.fmean(xs)
    squares = statistics.fmean((x - mean) ** 2 for x in xs)
    size = math.sqrt(squares + scene.experiment.model.config.eps)
    gains, biases = (trace[f"blocks.0.ln1.{name}"].value.tolist() for name in "wb")
    return [(x - mean) / size * w + b for x, w, b in zip(xs, gains, biases, strict=True)]


def entering(question, scene):
    """The numbers of a piece before the first LayerNorm, summed anew where there is a sum."""
    trace, pos = scene.experiment.trace, question.about["pos"]
    if scene.experiment.model.config.norm == "pre":
        return trace["blocks.0.resid_pre"].value[pos].tolist()
    rows = (trace[f"blocks.0.{name}"].value[pos].tolist() for name in ("resid_pre", "attn_out"))
    return [a + b for a, b in zip(*rows, strict=True)]


@answer("ln-run")
def of_the_run(question, scene):
    return layer_norm(entering(question, scene), scene)[question.about["dim"]]


@answer("ln-whose-mean")
def whose_mean(question, scene):
    about = question.about
    return statistics.fmean(about[f"n{about['which']}{i}"] for i in range(3))


@answer("ln-same")
def same(question, scene):
    by, xs = question.about["by"], entering(question, scene)
    changed = {
        "times": [x * by for x in xs],
        "plus": [x + by for x in xs],
        "one": [xs[0] + by, *xs[1:]],
        "negate": [-x for x in xs],
    }[question.about["change"]]
    pairs = zip(layer_norm(changed, scene), layer_norm(xs, scene), strict=True)
    return max(abs(a - b) for a, b in pairs) < 0.005
