"""The model once more, on its own: every array of a run by name, with nothing of the engine.

Written from the papers with NumPy alone, to be what the engine is held against. It takes any
object that has the settings of `config.json` as attributes.
"""

import math

import numpy as np


def plain_forward(config, weights, ids, change=lambda name, array, run: None):
    """{name: array} of one sentence.

    change(name, array, run) is called for every array as soon as it is there, with the arrays
    before it, and may write into it: so any number of the run can be overwritten, and what
    follows may be infinite or nan.
    """
    with np.errstate(all="ignore"):
        return _forward(config, weights, ids, change)


def _forward(config, weights, ids, change):
    run = {}

    def keep(name, value):
        array = np.array(value)
        change(name, array, run)
        run[name] = array
        return array

    # Vaswani et al. 2017, section 3.4: a row of the table for each token, times the root.
    w = {name: keep(name, value) for name, value in weights.items()}
    ids = keep("tokens", ids)
    x = keep("embed", w["W_E"][ids])
    if config.scale_embed:
        root = keep("sqrt_d_model", np.sqrt(keep("d_model", float(config.d_model))))
        x = keep("embed_scaled", x * root)

    # Section 3.5; learned positions as in Radford et al. 2018.
    n = len(ids)
    if config.positions == "sinusoidal":
        place = keep("positions", np.arange(n, dtype=float))
        waves = np.zeros((n, config.d_model))
        for i in range(config.d_model):
            angle = place / 10000 ** ((i - i % 2) / config.d_model)
            waves[:, i] = np.cos(angle) if i % 2 else np.sin(angle)
        x = x + keep("pos_embed", waves)
    elif config.positions == "learned":
        x = x + keep("pos_embed", w["W_pos"][keep("positions", np.arange(n))])

    mask = np.zeros((n, n))
    for query in range(n if config.causal else 0):
        mask[query, query + 1 :] = -np.inf
    mask = keep("mask", mask)
    root = 1.0
    if config.scale_attn:
        root = keep("sqrt_d_head", np.sqrt(keep("d_head", float(config.d_head))))

    block = {"post": _PaperBlock, "pre": _Gpt2Block, "none": _BareBlock}[config.norm]
    for i in range(config.n_layers):
        x = keep(f"blocks.{i}.resid_pre", x)
        x = block(config, w, keep, f"blocks.{i}", mask, root)(x)
    if config.norm == "pre":
        x = _Block(config, w, keep, "", mask, root).layer_norm("ln_final", x, "ln_final.out")

    if config.tied:
        logits = keep("logits", np.einsum("pd,vd->pv", x, w["W_E"]))
    else:
        logits = keep("logits", np.einsum("pd,dv->pv", x, w["W_U"]))
    keep("probs", _softmax(logits))
    return run


class _Block:
    """One block: what its parts compute."""

    def __init__(self, config, weights, keep, name, mask, root):
        self.config, self.w, self.keep, self.name = config, weights, keep, name
        self.mask, self.root = mask, root

    def attention(self, x):
        """Section 3.2."""
        attn, w, keep = f"{self.name}.attn", self.w, self.keep
        made = {}
        for letter in "QKV":
            sums = np.einsum("pd,hdk->phk", x, w[f"{attn}.W_{letter}"])
            made[letter] = keep(f"{attn}.{letter.lower()}", sums + w[f"{attn}.b_{letter}"])
        scores = keep(f"{attn}.attn_scores", np.einsum("qhk,shk->hqs", made["Q"], made["K"]))
        if self.config.scale_attn:
            scores = keep(f"{attn}.attn_scores_scaled", scores / self.root)
        masked = keep(f"{attn}.attn_scores_masked", scores + self.mask)
        pattern = keep(f"{attn}.pattern", _softmax(masked))
        z = keep(f"{attn}.z", np.einsum("hqs,shk->qhk", pattern, made["V"]))
        sums = np.einsum("phk,hkd->pd", z, w[f"{attn}.W_O"])
        return keep(f"{self.name}.attn_out", sums + w[f"{attn}.b_O"])

    def mlp(self, x):
        """Section 3.3; the soft corners of Hendrycks and Gimpel 2016."""
        mlp, w, keep = f"{self.name}.mlp", self.w, self.keep
        pre = np.einsum("pd,dm->pm", x, w[f"{mlp}.W_in"]) + w[f"{mlp}.b_in"]
        post = keep(f"{mlp}.post", _ACTIVATIONS[self.config.act_fn](keep(f"{mlp}.pre", pre)))
        sums = np.einsum("pm,md->pd", post, w[f"{mlp}.W_out"])
        return keep(f"{self.name}.mlp_out", sums + w[f"{mlp}.b_out"])

    def layer_norm(self, ln, x, out):
        """Ba et al. 2016, section 3."""
        centered = self.keep(f"{ln}.centered", x - np.mean(x, axis=-1, keepdims=True))
        variance = np.mean(np.square(centered), axis=-1, keepdims=True)
        scale = self.keep(f"{ln}.scale", np.sqrt(variance + self.config.eps))
        normalized = self.keep(f"{ln}.normalized", centered / scale)
        return self.keep(out, normalized * self.w[f"{ln}.w"] + self.w[f"{ln}.b"])

    def add(self, step, x, new):
        """He et al. 2015, section 3; without it only what is new goes on."""
        return self.keep(f"{self.name}.{step}", x + new) if self.config.residual else new


class _PaperBlock(_Block):
    """Sublayer, sum, LayerNorm; twice."""

    def __call__(self, x):
        name = self.name
        x = self.add("resid_mid", x, self.attention(x))
        x = self.layer_norm(f"{name}.ln1", x, f"{name}.normalized_resid_mid")
        x = self.add("resid_post", x, self.mlp(x))
        return self.layer_norm(f"{name}.ln2", x, f"{name}.normalized_resid_post")


class _Gpt2Block(_Block):
    """LayerNorm, sublayer, sum; twice (Radford et al. 2019, section 2.3)."""

    def __call__(self, x):
        name = self.name
        normal = self.layer_norm(f"{name}.ln1", x, f"{name}.normalized_resid_pre")
        x = self.add("resid_mid", x, self.attention(normal))
        normal = self.layer_norm(f"{name}.ln2", x, f"{name}.normalized_resid_mid")
        return self.add("resid_post", x, self.mlp(normal))


class _BareBlock(_Block):
    """Sublayer, sum; twice."""

    def __call__(self, x):
        x = self.add("resid_mid", x, self.attention(x))
        return self.add("resid_post", x, self.mlp(x))


def _softmax(x):
    powers = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return powers / np.sum(powers, axis=-1, keepdims=True)


def _gelu(x):
    return x * np.vectorize(lambda z: (1 + math.erf(z / math.sqrt(2))) / 2)(x)


def _gelu_new(x):
    return x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * np.power(x, 3)))) / 2


_ACTIVATIONS = {"relu": lambda x: x * (x > 0), "gelu": _gelu, "gelu_new": _gelu_new}
