import math

import numpy as np

from lessons.words import number
from tests.lessons.answers.late_tools import layer_norm, ordered, place_of
from tests.lessons.answers.registry import answer


@answer("block-order")
def block_order(question, scene):
    model, block = scene.experiment.model, f"blocks.{question.about['block']}"
    read_by = "pre" if model.config.norm == "pre" else "mid"
    norms = ("resid_pre", "resid_mid") if read_by == "pre" else ("resid_mid", "resid_post")
    steps = {"attn": "attn_out", "sum1": "resid_mid", "mlp": "mlp_out", "sum2": "resid_post"}
    steps |= {f"ln{i}": f"normalized_{step}" for i, step in enumerate(norms, 1)}
    computed = list(scene.experiment.trace.steps)
    return ordered(question, lambda name: computed.index(f"{block}.{steps[name]}"))


@answer("block-second-sum")
def block_second_sum(question, scene):
    about, model = question.about, scene.experiment.model
    block, pos, dim = f"blocks.{about['block']}", about["pos"], about["dim"]
    trace, weights = scene.experiment.trace, model.parameters
    mid = trace[f"{block}.resid_mid"].value[pos].tolist()
    ln = "ln1" if model.config.norm == "post" else "ln2"
    gain, bias = (weights[f"{block}.{ln}.{x}"].tolist() for x in "wb")
    normalized = layer_norm(mid, gain, bias, model.config.eps)
    hidden = trace[f"{block}.mlp.post"].value[pos].tolist()
    column = weights[f"{block}.mlp.W_out"][:, dim].tolist()
    mlp = math.fsum(a * b for a, b in zip(hidden, column, strict=True))
    road = normalized if model.config.norm == "post" else mid
    return road[dim] + mlp + float(weights[f"{block}.mlp.b_out"][dim])


@answer("block-handover")
def block_handover(question, scene):
    about = question.about
    enters = scene.experiment.trace[f"blocks.{about['block'] + 1}.resid_pre"].value
    return place_of(question, number(float(enters[about["pos"], about["dim"]])))


@answer("block-facts")
def block_facts(question, scene):
    about, trace = question.about, scene.experiment.trace
    weights = scene.experiment.model.parameters
    n_layers = scene.experiment.model.config.n_layers
    if about["fact"] == "norm":
        # In post-LN what leaves the block is normalised; in pre-LN there is one LayerNorm more.
        return about["claim"] == ("pre" if "ln_final.w" in weights else "post")
    if about["fact"] == "matrices":
        pairs = [(f"blocks.{i}.attn.W_Q", f"blocks.{i + 1}.attn.W_Q") for i in range(n_layers - 1)]
        same = all(np.array_equal(weights[a], weights[b]) for a, b in pairs)
        return same == (about["claim"] == "shared")
    block, leaves = f"blocks.{about['block']}", "resid_post"
    if about["fact"] == "size":
        return len(trace[f"{block}.{leaves}"].value[about["pos"]]) == about["size"]
    query, key = about["query"], about["key"]
    if about["claim"] == "attention":
        return bool(trace[f"{block}.attn.pattern"].value[:, query, key].max() > 0)
    # What the network gives for a word can be computed from that word's vector alone.
    x = trace[f"{block}.normalized_resid_mid"].value[query]
    hidden = x @ weights[f"{block}.mlp.W_in"] + weights[f"{block}.mlp.b_in"]
    return not np.allclose(hidden, trace[f"{block}.mlp.pre"].value[query])
