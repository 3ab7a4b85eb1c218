from tests.lessons.answers.late_tools import best_at, label, matched, ordered, place_of, table
from tests.lessons.answers.registry import answer


@answer("summary-path")
def summary_path(question, scene):
    last = scene.experiment.model.config.n_layers - 1
    steps = {
        "ids": "tokens",
        "embed": "embed",
        "position": "blocks.0.resid_pre",
        "attention": "blocks.0.attn_out",
        "mlp": "blocks.0.mlp_out",
        "repeat": f"blocks.{last}.resid_post",
        "logits": "logits",
        "probs": "probs",
    }
    computed = list(scene.experiment.trace.steps)
    return ordered(question, lambda name: computed.index(steps[name]))


@answer("summary-pieces")
def summary_pieces(question, scene):
    told = table(scene.lang, "summary-pieces")
    names = {told[name]: name for name in told if f"{name}_does" in told}
    return tuple(place_of(question, told[f"{names[text]}_does"]) for text in question.left)


@answer("summary-sizes")
def summary_sizes(question, scene):
    trace, block = scene.experiment.trace, f"blocks.{question.about['block']}"
    shapes = {
        "vectors": trace[f"{block}.resid_pre"].value.shape,
        "query": trace[f"{block}.attn.q"].value[:, 0].shape,
        "pattern": trace[f"{block}.attn.pattern"].value[0].shape,
        "hidden": trace[f"{block}.mlp.pre"].value.shape,
        "logits": trace["logits"].value[0].shape,
    }
    texts = {name: " × ".join(map(str, shape)) for name, shape in shapes.items()}
    found = tuple(place_of(question, texts[name]) for name in question.about["left"].split())
    assert found == matched(question)
    return found


@answer("summary-learned")
def summary_learned(question, scene):
    block = question.about["block"]
    names = {"W_E": "W_E", "positions_learned": "W_pos", "gain": f"blocks.{block}.ln1.w"}
    names |= {x: f"blocks.{block}.attn.{x}" for x in ("W_Q", "W_V")}
    names["W_in"] = f"blocks.{block}.mlp.W_in"
    config, told = scene.experiment.model.config, table(scene.lang, "summary-learned")
    places = {"block": block + 1, "n_layers": config.n_layers, "n_heads": config.n_heads}
    places |= {"d_model": config.d_model, "d_mlp": config.d_mlp}
    return tuple(
        sorted(
            place_of(question, told[name].format(**places))
            for name in question.about["names"].split()
            if names.get(name) in scene.experiment.model.parameters
        )
    )


@answer("summary-tell")
def summary_tell(question, scene):
    told, trace = table(scene.lang, "summary-tell"), scene.experiment.trace
    pos = scene.experiment.asked
    (top,) = best_at(scene, pos, 1)
    where = table(scene.lang, "where-it-predicts")
    causal = scene.experiment.model.config.causal
    n, d_model = trace["embed"].value.shape
    n_heads = len(trace["blocks.0.attn.pattern"].value)
    blocks = [name for name in trace.steps if name.endswith(".mlp_out")]
    share = scene.words.share(float(trace["probs"].value[pos].max()))
    keys = ["text", "looks_back" if causal else "looks_both", "mlp", "repeat", "predict"]
    if "pos_embed" not in trace.steps:
        keys[0] = "text_no_position"
    if len(blocks) == 1:
        keys[3] = "single"
    lines = " ".join(told[key] for key in keys)
    return lines.format(
        n=n,
        d_model=d_model,
        n_heads=n_heads,
        n_layers=len(blocks),
        d_vocab=scene.words.whole(len(scene.experiment.model.tokenizer)),
        where=where["after" if causal else "instead"].format(token=scene.quoted[pos]),
        top=label(scene, top),
        share=share,
    )


@answer("summary-facts")
def summary_facts(question, scene):
    about, trace, model = question.about, scene.experiment.trace, scene.experiment.model
    fact, claim = about["fact"], about["claim"]
    if fact == "largest":
        row = trace[f"blocks.{about['block']}.attn.pattern"].value[about["head"], about["query"]]
        return (sum(x > 0 for x in row.tolist()) > 1) == (claim == "mix")
    if fact == "heads":
        _, read, _ = model.parameters[f"blocks.{about['block']}.attn.W_Q"].shape
        return (read == model.config.d_model) == (claim == "whole")
    if fact == "position":
        pos, dim = about["pos"], about["dim"]
        embed = float(model.parameters["W_E"][scene.ids[pos], dim])
        scale = model.config.d_model**0.5 if model.config.scale_embed else 1.0
        place = float(trace["pos_embed"].value[pos, dim])
        enters = float(trace["blocks.0.resid_pre"].value[pos, dim])
        shown = embed * scale + place if claim == "added" else embed * scale * place
        return abs(shown - enters) < 1e-9
    if fact in ("mask", "no-mask"):
        pattern = trace["blocks.0.attn.pattern"].value[:, about["query"], about["key"]]
        return bool((pattern > 0).any())
    return {"ids": "label", "proof": "change"}[fact] == claim
