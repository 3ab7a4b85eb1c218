"""What a stage's prose is filled with: the names and numbers of the run that is shown.

Prose never holds a number of its own. It holds placeholders, and this file is the list of them.
"""

from __future__ import annotations

import numpy as np

from engine.experiment import Experiment
from engine.trace import Step, Trace
from lessons.has_read import facts_read
from lessons.labels import predicted_labels, read_labels
from lessons.stages import Stage, is_layer_norm
from lessons.words import Words, number, root

ALWAYS = {
    "n_chars": "how many characters were typed",
    "n_tokens": "how many tokens the model reads, the start token included",
    "start": "the start token",
    "first": "the first token read",
    "last": "the last token read",
    "last_id": "its number in the vocabulary",
    "last_pos": "its position",
    "asked_pos": "the position whose prediction is asked for",
    "max_id": "the highest number in the vocabulary",
    "d_model": "numbers in a token's vector",
    "d_head": "numbers in a head's vector",
    "d_joined": "numbers of all heads side by side",
    "d_mlp": "neurons",
    "d_vocab": "tokens in the vocabulary",
    "n_heads": "heads in a block",
    "n_layers": "blocks",
    "n_ctx": "the longest text, in tokens",
    "eps": "the small number of LayerNorm",
    "root_d_head": "the square root of d_head, with its value; where scores are divided, the run's",
    "unembed": "the table that gives the logits",
}
OF_STEP = {"x": "the step that goes in", "out": "the step that comes out"}
OF_BLOCK = {
    "block": "the block, counted from 1",
    "block_before": "the block before it; 0 for the first",
}
OF_HEAD = {"head": "the head, counted from 1"}
SPECIAL = {
    "root_d_model": "the square root of d_model, where the embedding is scaled",
    "n_on": "neurons of the last token above 0",
    "looks_at": "the token that the last one looks at most, in this head",
    "looks_share": "with which share of its attention",
    "at": "the token after which candidates are listed",
    "top": "the most probable candidate",
    "top_prob": "its probability",
    "files": "the files that the model learned from",
    "n_texts": "how many texts of a person's own it learned from",
    "model_before": "the model that it was before it went on learning",
}
FACTS = ALWAYS | OF_STEP | OF_BLOCK | OF_HEAD | SPECIAL


def facts(
    stage: Stage, experiment: Experiment, words: Words, head: int = 0, at: int | None = None
) -> dict[str, str]:
    """The placeholders that make sense at this stage, filled from the run.

    head, at: as in `exhibit`. Tokens come quoted.
    """
    config, trace = experiment.model.config, experiment.trace
    root_d_head = trace["sqrt_d_head"].value.item() if config.scale_attn else config.d_head**0.5
    ids = [int(i) for i in trace["tokens"].value]
    tokens = words.tokens(read_labels(experiment.model.tokenizer, ids, words.marks))
    found = {
        "n_chars": str(len(experiment.text)),
        "n_tokens": str(len(ids)),
        "start": words.start,
        "first": tokens[0],
        "last": tokens[-1],
        "last_id": str(ids[-1]),
        "last_pos": str(len(ids) - 1),
        "asked_pos": str(experiment.asked),
        "max_id": str(config.d_vocab - 1),
        "d_joined": str(config.n_heads * config.d_head),
        "eps": number(config.eps),
        "root_d_head": root(config.d_head, root_d_head),
        "unembed": "W_Eᵀ" if config.tied else "W_U",
    }
    for size in ("d_model", "d_head", "d_mlp", "d_vocab", "n_heads", "n_layers", "n_ctx"):
        found[size] = words.whole(getattr(config, size))
    if stage.focus is not None and trace[stage.focus].inputs:
        found["x"] = _short(entering(stage, trace).name)
        found["out"] = _short(stage.focus)
    if stage.block is not None:
        found |= {"block": str(stage.block + 1), "block_before": str(stage.block)}
    if stage.by_head:
        found["head"] = str(head + 1)
    return found | _special(stage, experiment, words, tokens, head, at)


def entering(stage: Stage, trace: Trace) -> Step:
    """The step that goes into a stage: into a whole LayerNorm, not only into its last step.

    Raises EngineError for a stage that shows no computed step.
    """
    step = trace[stage.focus or ""]
    # Back from LayerNorm's result: normalized, centered, and what was centered.
    for _ in range(3 if is_layer_norm(stage) else 1):
        step = trace[step.inputs[0]]
    return step


def _special(
    stage: Stage,
    experiment: Experiment,
    words: Words,
    tokens: tuple[str, ...],
    head: int,
    at: int | None,
) -> dict[str, str]:
    """What only one kind of stage speaks of."""
    trace = experiment.trace
    if stage.key == "text":
        return facts_read(experiment.model, words)
    if stage.key == "embed_scaled":
        value = trace["sqrt_d_model"].value.item()
        return {"root_d_model": root(experiment.model.config.d_model, value)}
    if stage.key.startswith("activation") and stage.focus is not None:
        return {"n_on": str(int((trace[stage.focus].value[-1] > 0).sum()))}
    if stage.key == "z" and stage.focus is not None:
        weights = trace[trace[stage.focus].inputs[0]].value[head, -1]
        most = int(np.argmax(weights))
        return {"looks_at": tokens[most], "looks_share": words.share(weights[most])}
    if stage.view in ("bars", "choice"):
        place = experiment.asked if at is None or stage.view == "choice" else at
        probs = trace["probs"].value[place]
        best = int(np.argmax(probs))
        (label,) = predicted_labels(experiment.model.tokenizer, [best], words.marks)
        top, top_prob = words.token(label), words.share(probs[best])
        return {"at": tokens[place], "top": top, "top_prob": top_prob}
    return {}


def _short(step: str) -> str:
    """A step's own name, without the block that it belongs to, as formulas write it."""
    return "ln_final" if step == "ln_final.out" else step.rsplit(".", 1)[-1]
