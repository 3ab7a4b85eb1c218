"""How long one training step takes, beside PyTorch eager autograd on the same model and batch.

    python tests/bench/bench_train_step.py [mini] [paper]

A step is: forward over 64 sentences, cross-entropy, backward, AdamW, in float32. The PyTorch
side is what an experienced user would write for speed without compiling: fused LayerNorm,
scaled_dot_product_attention, cross_entropy, the fused AdamW. Both sides start from the same
parameters and see the same batch; the losses of the first steps are compared before any clock
starts. Afterwards the engine's step is taken apart by operation, to show where its time goes.
"""

import sys
from collections import defaultdict
from time import perf_counter

import engine  # noqa: F401 (what it sets up for NumPy has to be set before NumPy is loaded)

# isort: split
import numpy as np
from stopwatch import conditions, interleaved, report, torch_or_exit

from engine.adamw import Recipe
from engine.config import Config, init_parameters
from engine.model import forward
from engine.ops import CrossEntropy
from engine.trace import Leaf
from engine.train import Batch, Trainer

torch = torch_or_exit()
F = torch.nn.functional

N_SENTENCES, N_TOKENS, D_VOCAB = 64, 24, 2700
SIZES = {
    "mini": Config(16, 2, 8, 64, 2, 64, D_VOCAB),
    "paper": Config(64, 8, 8, 256, 6, 64, D_VOCAB),
}
RECIPE = Recipe(steps=10**6, learning_rate=1e-3)


class TorchModel(torch.nn.Module):
    """The same model as modules, from the same parameters."""

    def __init__(self, config, parameters):
        super().__init__()
        self.config = config
        tensors = {name: torch.from_numpy(x.copy()) for name, x in parameters.items()}
        self.W_E = torch.nn.Parameter(tensors["W_E"])
        pair = torch.arange(config.d_model) // 2
        angle = torch.arange(config.n_ctx)[:, None] / 10000.0 ** (2 * pair / config.d_model)
        angle[:, 0::2], angle[:, 1::2] = angle[:, 0::2].sin(), angle[:, 1::2].cos()
        self.register_buffer("positions", angle)
        self.blocks = torch.nn.ModuleList(
            TorchBlock(config, tensors, f"blocks.{i}") for i in range(config.n_layers)
        )

    def forward(self, ids):
        x = F.embedding(ids, self.W_E) * self.config.d_model**0.5
        x = x + self.positions[: ids.shape[-1]]
        for block in self.blocks:
            x = block(x)
        return x @ self.W_E.T


class TorchBlock(torch.nn.Module):
    """Post-LN block; the projections to q, k and v are one matrix, as is usual."""

    def __init__(self, config, tensors, block):
        super().__init__()
        self.n_heads = config.n_heads
        weights = [tensors[f"{block}.attn.W_{x}"].permute(0, 2, 1).flatten(0, 1) for x in "QKV"]
        biases = [tensors[f"{block}.attn.b_{x}"].flatten() for x in "QKV"]
        self.qkv = linear(torch.cat(weights), torch.cat(biases))
        self.out = linear(
            tensors[f"{block}.attn.W_O"].flatten(0, 1).T, tensors[f"{block}.attn.b_O"]
        )
        self.mlp_in = linear(tensors[f"{block}.mlp.W_in"].T, tensors[f"{block}.mlp.b_in"])
        self.mlp_out = linear(tensors[f"{block}.mlp.W_out"].T, tensors[f"{block}.mlp.b_out"])
        self.ln1 = torch.nn.LayerNorm(config.d_model, eps=config.eps)
        self.ln2 = torch.nn.LayerNorm(config.d_model, eps=config.eps)

    def forward(self, x):
        batch, n, _ = x.shape
        q, k, v = self.qkv(x).view(batch, n, 3, self.n_heads, -1).permute(2, 0, 3, 1, 4)
        z = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = self.ln1(x + self.out(z.transpose(1, 2).flatten(2)))
        return self.ln2(x + self.mlp_out(F.relu(self.mlp_in(x))))


def linear(weight, bias):
    layer = torch.nn.Linear(weight.shape[1], weight.shape[0])
    layer.weight.data, layer.bias.data = weight.contiguous(), bias.contiguous()
    return layer


class TorchStep:
    """A training step in eager PyTorch."""

    def __init__(self, config, parameters):
        self.model = TorchModel(config, parameters)
        groups = [
            {"params": [x for x in self.model.parameters() if (x.ndim > 1) == matrices], **decay}
            for matrices, decay in (
                (True, {"weight_decay": RECIPE.weight_decay}),
                (False, {"weight_decay": 0.0}),
            )
        ]
        betas = (RECIPE.beta1, RECIPE.beta2)
        self.optimiser = torch.optim.AdamW(
            groups, RECIPE.learning_rate, betas, RECIPE.eps, fused=True
        )
        self.step = 0

    def __call__(self, ids, targets):
        self.step += 1
        for group in self.optimiser.param_groups:
            group["lr"] = RECIPE.learning_rate_at(self.step)
        self.optimiser.zero_grad(set_to_none=True)
        loss = F.cross_entropy(self.model(ids).flatten(0, 1), targets)
        loss.backward()
        self.optimiser.step()
        return loss.item()


def batch_for(config, rng):
    """Sentences of 12 to 36 tokens, cut or filled up to 24; what fills has no weight."""
    ids, targets = rng.integers(0, config.d_vocab, (2, N_SENTENCES, N_TOKENS))
    lengths = rng.integers(12, 37, (N_SENTENCES, 1))
    counted = np.arange(N_TOKENS) < lengths
    return Batch(ids, targets, (counted / counted.sum()).astype(np.float32))


def bench(name, rounds, calls):
    config, rng = SIZES[name], np.random.default_rng(0)
    parameters, batch = init_parameters(config, rng), batch_for(config, rng)
    ignored = np.where(batch.weights > 0, batch.targets, -100)  # cross_entropy's mark for "skip"
    in_torch = torch.from_numpy(batch.ids), torch.from_numpy(ignored).flatten()

    trainer = Trainer(config, RECIPE, parameters)
    torch_step = TorchStep(config, parameters)
    for _ in range(5):  # updates included: a wrong one would part the losses
        np.testing.assert_allclose(trainer.learn(batch), torch_step(*in_torch), rtol=1e-4)

    n = sum(x.size for x in parameters.values())
    print(f"{name}: one step, {N_SENTENCES} sentences of {N_TOKENS} tokens, {n:,} parameters")
    sides = {"engine": lambda: trainer.learn(batch), "PyTorch": lambda: torch_step(*in_torch)}
    ratio = report(interleaved(sides, rounds, calls), target=1.0)
    if ratio > 1.0:
        show_where_the_time_goes(config, parameters, batch)


def show_where_the_time_goes(config, parameters, batch):
    """Prints milliseconds by operation, each run alone with its inputs at hand."""
    tape = forward(config, parameters, batch.ids)
    tape.leaf("targets", batch.targets, ("pos",), "input")
    tape.record("losses", CrossEntropy(), "logits", "targets", axes=("pos",))
    spent = defaultdict(lambda: np.zeros(2))
    for step in tape.steps.values():
        if not isinstance(step.op, Leaf):
            inputs = [tape.steps[name].value for name in step.inputs]
            grad = np.ones_like(step.value)
            spent[f"{step.kind} {step.name.rsplit('.', 1)[-1]}"] += (
                quickest(step.op.forward, *inputs),
                quickest(step.op.backward, grad, step.value, *inputs),
            )
    print("  where the engine's time goes, in ms    forward  backward")
    for label, (there, back) in sorted(spent.items(), key=lambda item: -item[1].sum())[:16]:
        print(f"    {label:<34} {1e3 * there:8.2f}  {1e3 * back:8.2f}")
    print(f"    {'all operations':<34} {1e3 * sum(x.sum() for x in spent.values()):8.2f}")


def quickest(call, *args):
    """Seconds of the fastest of a few calls."""
    laps = []
    for _ in range(5):
        start = perf_counter()
        call(*args)
        laps.append(perf_counter() - start)
    return min(laps)


if __name__ == "__main__":
    print(conditions(torch))
    for size in sys.argv[1:] or SIZES:
        bench(size, rounds=15, calls=8 if size == "mini" else 3)
