"""How long a trace takes, beside PyTorch eager keeping the same intermediates.

    python tests/bench/bench_trace.py

A sentence of 12 tokens goes through `paper-es`, in float64, on both sides in turn within one run,
so that a busy machine slows both. The PyTorch side is
written to be fast: inference mode, weights laid out in advance as one matrix product wants
them, biases fused into the products. It keeps every step that the trace keeps, under the same
names, and both sides are compared number by number before any clock starts.
"""

import timeit
from collections import defaultdict

import engine  # noqa: F401 (what it sets up for NumPy has to be set before NumPy is loaded)

# isort: split
import numpy as np
from stopwatch import conditions, interleaved, report, torch_or_exit

from engine.experiment import Experiment
from engine.model import run
from engine.store import load, shipped

MODEL = load(shipped()["paper-es"])
TEXT = "El gato se subió al árbol porque tenía miedo del perro"
IDS = [piece.id for piece in Experiment(MODEL, TEXT).pieces]

torch = torch_or_exit()


class TorchTrace:
    """The same forward pass in PyTorch eager, every intermediate kept."""

    def __init__(self, config, parameters):
        self.config = config
        tensors = {name: torch.tensor(x) for name, x in parameters.items()}
        self.W_E = tensors["W_E"]
        self.unembed = self.W_E.T
        self.blocks = []
        for i in range(config.n_layers):
            own = {
                name.removeprefix(f"blocks.{i}."): x
                for name, x in tensors.items()
                if name.startswith(f"blocks.{i}.")
            }
            # [n_heads, d_model, d_head] as one matrix [d_model, n_heads * d_head].
            for x in "QKV":
                own[x] = own[f"attn.W_{x}"].permute(1, 0, 2).flatten(1).contiguous()
                own[f"b_{x}"] = own[f"attn.b_{x}"].flatten()
            own["O"] = own["attn.W_O"].flatten(0, 1)
            self.blocks.append((f"blocks.{i}", own))

    def __call__(self, ids):
        with torch.inference_mode():
            return self._forward(torch.tensor(ids))

    def _forward(self, ids):
        steps = {}
        n, config = len(ids), self.config
        steps["embed"] = self.W_E[ids]
        steps["embed_scaled"] = steps["embed"] * config.d_model**0.5
        steps["pos_embed"] = self._sinusoid(n)
        resid = steps["embed_scaled"] + steps["pos_embed"]
        mask = torch.full((n, n), -torch.inf, dtype=torch.float64).triu(1)
        for block, weights in self.blocks:
            steps[f"{block}.resid_pre"] = resid
            resid = self._block(steps, block, weights, resid, mask)
        steps["logits"] = resid @ self.unembed
        steps["probs"] = torch.softmax(steps["logits"], -1)
        return steps

    def _sinusoid(self, n):
        d_model = self.config.d_model
        pair = torch.arange(d_model) // 2
        wavelengths = 10000.0 ** (2 * pair.double() / d_model)
        angle = torch.arange(n, dtype=torch.float64)[:, None] / wavelengths
        out = torch.empty_like(angle)
        out[:, 0::2] = angle[:, 0::2].sin()
        out[:, 1::2] = angle[:, 1::2].cos()
        return out

    def _block(self, steps, block, w, resid_pre, mask):
        n, (heads, d_head) = len(resid_pre), w["attn.b_Q"].shape
        attn = f"{block}.attn"
        q, k, v = (torch.addmm(w[f"b_{x}"], resid_pre, w[x]).view(n, heads, d_head) for x in "QKV")
        steps[f"{attn}.q"], steps[f"{attn}.k"], steps[f"{attn}.v"] = q, k, v
        scores = torch.bmm(q.transpose(0, 1), k.permute(1, 2, 0))
        steps[f"{attn}.attn_scores"] = scores
        scaled = steps[f"{attn}.attn_scores_scaled"] = scores / d_head**0.5
        masked = steps[f"{attn}.attn_scores_masked"] = scaled + mask
        pattern = steps[f"{attn}.pattern"] = torch.softmax(masked, -1)
        z = torch.bmm(pattern, v.transpose(0, 1)).transpose(0, 1)
        steps[f"{attn}.z"] = z
        attn_out = torch.addmm(w["attn.b_O"], z.reshape(n, -1), w["O"])
        steps[f"{block}.attn_out"] = attn_out
        resid_mid = steps[f"{block}.resid_mid"] = resid_pre + attn_out
        x = self._layer_norm(steps, f"{block}.ln1", resid_mid, w["ln1.w"], w["ln1.b"])
        steps[f"{block}.normalized_resid_mid"] = x
        pre = steps[f"{block}.mlp.pre"] = torch.addmm(w["mlp.b_in"], x, w["mlp.W_in"])
        post = steps[f"{block}.mlp.post"] = torch.relu(pre)
        mlp_out = torch.addmm(w["mlp.b_out"], post, w["mlp.W_out"])
        steps[f"{block}.mlp_out"] = mlp_out
        resid_post = steps[f"{block}.resid_post"] = x + mlp_out
        out = self._layer_norm(steps, f"{block}.ln2", resid_post, w["ln2.w"], w["ln2.b"])
        steps[f"{block}.normalized_resid_post"] = out
        return out

    def _layer_norm(self, steps, ln, x, w, b):
        centered = steps[f"{ln}.centered"] = x - x.mean(-1, keepdim=True)
        variance = centered.square().mean(-1, keepdim=True)
        scale = steps[f"{ln}.scale"] = (variance + self.config.eps).sqrt()
        normalized = steps[f"{ln}.normalized"] = centered / scale
        return torch.addcmul(b, normalized, w)


def main():
    config, parameters, ids = MODEL.config, MODEL.parameters, IDS
    in_torch = TorchTrace(config, parameters)

    trace, steps = run(config, parameters, ids), in_torch(ids)
    recorded = made_here(trace)
    assert {step.name for step in recorded} == set(steps)
    for step in recorded:
        np.testing.assert_allclose(step.value, steps[step.name].numpy(), rtol=1e-9, atol=1e-9)

    print(conditions(torch))
    print(f"a trace of {len(IDS)} tokens: {len(recorded)} steps, {config.n_layers} blocks, float64")
    sides = {"engine": lambda: run(config, parameters, ids), "PyTorch": lambda: in_torch(ids)}
    ratio = report(interleaved(sides, rounds=30, calls=40), target=1.0)
    if ratio > 1.0:
        show_where_the_time_goes(trace, parameters, ids)


def show_where_the_time_goes(trace, parameters, ids):
    """Prints microseconds by operation, and what is left for the recording itself."""
    spent = defaultdict(float)
    for step in made_here(trace):
        inputs = [trace[name].value for name in step.inputs]
        spent[step.kind] += quickest(step.op.forward, *inputs)
    whole = quickest(run, MODEL.config, parameters, ids)
    spent["recording"] = whole - sum(spent.values())
    print("  where the engine's time goes, in microseconds")
    for kind, seconds in sorted(spent.items(), key=lambda item: -item[1]):
        print(f"    {kind:<12} {1e6 * seconds:8.0f}")


def quickest(call, *args):
    return min(timeit.repeat(lambda: call(*args), number=20, repeat=10)) / 20


def made_here(trace):
    """The steps that an operation made from the sentence, without those that are settings."""
    return [s for s in trace if s.inputs and s.name not in ("sqrt_d_model", "sqrt_d_head")]


if __name__ == "__main__":
    main()
