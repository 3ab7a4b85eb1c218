import math

from tests.lessons.answers.registry import answer

ATTN = "blocks.0.attn"


@answer("softmax-weight")
def softmax_weight(question, scene):
    about = question.about
    scores = scene.experiment.trace[f"blocks.{about['block']}.attn.attn_scores_scaled"].value
    row = scores[about["head"], about["query"]].tolist()
    if scene.experiment.model.config.causal:
        row = row[: about["query"] + 1]
    # Softmax by differences: 1 over the sum of e to what each is above the one asked for.
    return 1 / sum(math.exp(x - row[about["key"]]) for x in row)


def weights(scene, query):
    """A row of weights from the Query and the Keys."""
    q, k = (scene.experiment.trace[f"{ATTN}.{x}"].value[:, 0].tolist() for x in "qk")
    last = query if scene.experiment.model.config.causal else len(k) - 1
    scores = [math.fsum(a * b for a, b in zip(q[query], key, strict=True)) for key in k[: last + 1]]
    root = math.sqrt(len(q[0]))
    powers = [math.exp((x - max(scores)) / root) for x in scores]
    return [power / math.fsum(powers) for power in powers]


@answer("softmax-which-row")
def softmax_which_row(question, scene):
    row = weights(scene, question.about["query"])
    text = " · ".join("<0.01" if x < 0.005 else ">0.99" if x >= 0.995 else f"{x:.2f}" for x in row)
    return [choice.text for choice in question.choices].index(text)


@answer("softmax-times")
def softmax_times(question, scene):
    low, high = question.about["low"], question.about["high"]
    together = math.exp(low) + math.exp(high)
    return (math.exp(high) / together) / (math.exp(low) / together)


@answer("softmax-missing")
def softmax_missing(question, scene):
    row = weights(scene, question.about["query"])
    return 1 - math.fsum(x for i, x in enumerate(row) if i != question.about["key"])


@answer("softmax-heaviest")
def softmax_heaviest(question, scene):
    row = weights(scene, question.about["looker"])
    return (question.about["looker"], row.index(max(row)))
