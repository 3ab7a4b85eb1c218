"""The same model in PyTorch, written independently: every step and every gradient agree."""

from itertools import product

import numpy as np
import pytest

from engine.adamw import Recipe, is_matrix
from engine.batches import pack
from engine.config import Config, init_parameters
from engine.model import forward, run
from engine.ops import CrossEntropy
from engine.trace import backward
from engine.train import Trainer
from tests.engine.ablated import ablated, name_of_ablated

torch = pytest.importorskip(
    "torch", reason="PyTorch is missing: pip install -e '.[parity]' to compare with it"
)
F = torch.nn.functional
torch.set_num_threads(1)  # the arrays are tiny, and the tests already run side by side
pytestmark = pytest.mark.parity

SIZES = {
    "d_model": 12, "n_heads": 3, "d_head": 4, "d_mlp": 20, "n_layers": 2, "n_ctx": 16, "d_vocab": 31
}  # fmt: skip
CHOICES = {
    "norm": ("post", "pre"),
    "positions": ("sinusoidal", "learned", "none"),
    "act_fn": ("relu", "gelu", "gelu_new"),
    "causal": (True, False),
    "tied": (True, False),
    "scale_embed": (True, False),
}
ACTIVATIONS = {
    "relu": F.relu,
    "gelu": F.gelu,
    "gelu_new": lambda x: F.gelu(x, approximate="tanh"),
}
WHOLE = [
    Config(**SIZES, **dict(zip(CHOICES, chosen, strict=True)))
    for chosen in product(*CHOICES.values())
]
ABLATED = [pytest.param(config, id=name_of_ablated(config)) for config in ablated(WHOLE)]
ALL = [
    *(pytest.param(c, id="-".join(str(getattr(c, name)) for name in CHOICES)) for c in WHOLE),
    *ABLATED,
]
# Enough for any two settings to meet in every combination, and every way to leave something out.
SOME = [*ALL[: len(WHOLE) : 5], *ABLATED]


def weights_for(config):
    rng = np.random.default_rng(5)
    return {
        name: x + 0.3 * rng.standard_normal(x.shape)
        for name, x in init_parameters(config, rng).items()
    }


def in_torch(config, w, ids):
    """Every step after the leaves, by PyTorch's own functions: {name: tensor}. ids [..., pos]."""
    steps = {}
    n = ids.shape[-1]

    def layer_norm(ln, x, name):
        steps[f"{ln}.centered"] = x - x.mean(-1, keepdim=True)
        steps[f"{ln}.scale"] = (x.var(-1, keepdim=True, unbiased=False) + config.eps).sqrt()
        steps[f"{ln}.normalized"] = F.layer_norm(x, x.shape[-1:], eps=config.eps)
        steps[name] = F.layer_norm(x, x.shape[-1:], w[f"{ln}.w"], w[f"{ln}.b"], config.eps)
        return steps[name]

    def attention(block, x):
        attn = f"{block}.attn"
        heads = {}
        for letter in "QKV":
            matrix = w[f"{attn}.W_{letter}"].permute(0, 2, 1).flatten(0, 1)
            flat = F.linear(x, matrix, w[f"{attn}.b_{letter}"].flatten())
            name = f"{attn}.{letter.lower()}"
            steps[name] = flat.unflatten(-1, (config.n_heads, config.d_head))
            heads[letter] = steps[name].transpose(-2, -3)
        scores = heads["Q"] @ heads["K"].mT
        steps[f"{attn}.attn_scores"] = scores
        if config.scale_attn:
            scores = steps[f"{attn}.attn_scores_scaled"] = scores / config.d_head**0.5
        ahead = torch.ones(n, n, dtype=torch.bool).triu(1) & config.causal
        masked = scores.masked_fill(ahead, -torch.inf)
        steps[f"{attn}.attn_scores_masked"] = masked
        steps[f"{attn}.pattern"] = F.softmax(masked, -1)
        z = F.scaled_dot_product_attention(
            *heads.values(), attn_mask=~ahead, scale=None if config.scale_attn else 1.0
        ).transpose(-2, -3)
        steps[f"{attn}.z"] = z
        steps[f"{block}.attn_out"] = F.linear(
            z.flatten(-2), w[f"{attn}.W_O"].flatten(0, 1).T, w[f"{attn}.b_O"]
        )
        return steps[f"{block}.attn_out"]

    def mlp(block, x):
        pre = F.linear(x, w[f"{block}.mlp.W_in"].T, w[f"{block}.mlp.b_in"])
        steps[f"{block}.mlp.pre"] = pre
        post = steps[f"{block}.mlp.post"] = ACTIVATIONS[config.act_fn](pre)
        out = F.linear(post, w[f"{block}.mlp.W_out"].T, w[f"{block}.mlp.b_out"])
        steps[f"{block}.mlp_out"] = out
        return out

    def add(name, x, new):
        if config.residual:
            new = steps[name] = x + new
        return new

    x = steps["embed"] = F.embedding(ids, w["W_E"])
    if config.scale_embed:
        steps["sqrt_d_model"] = torch.tensor(config.d_model, dtype=x.dtype).sqrt()
        x = steps["embed_scaled"] = x * config.d_model**0.5
    if config.positions == "learned":
        steps["pos_embed"] = w["W_pos"][:n]
        x = x + w["W_pos"][:n]
    elif config.positions == "sinusoidal":
        even = torch.arange(0, config.d_model, 2, dtype=x.dtype)
        angle = torch.arange(n, dtype=x.dtype)[:, None] * 10000.0 ** (-even / config.d_model)
        steps["pos_embed"] = torch.stack([angle.sin(), angle.cos()], -1).flatten(-2)
        x = x + steps["pos_embed"]
    if config.scale_attn:
        steps["sqrt_d_head"] = torch.tensor(config.d_head, dtype=x.dtype).sqrt()
    for i in range(config.n_layers):
        block = f"blocks.{i}"
        steps[f"{block}.resid_pre"] = x
        if config.norm == "post":
            x = add(f"{block}.resid_mid", x, attention(block, x))
            x = layer_norm(f"{block}.ln1", x, f"{block}.normalized_resid_mid")
            x = add(f"{block}.resid_post", x, mlp(block, x))
            x = layer_norm(f"{block}.ln2", x, f"{block}.normalized_resid_post")
        elif config.norm == "pre":
            normal = layer_norm(f"{block}.ln1", x, f"{block}.normalized_resid_pre")
            x = add(f"{block}.resid_mid", x, attention(block, normal))
            normal = layer_norm(f"{block}.ln2", x, f"{block}.normalized_resid_mid")
            x = add(f"{block}.resid_post", x, mlp(block, normal))
        else:
            x = add(f"{block}.resid_mid", x, attention(block, x))
            x = add(f"{block}.resid_post", x, mlp(block, x))
    if config.norm == "pre":
        x = layer_norm("ln_final", x, "ln_final.out")
    steps["logits"] = F.linear(x, w["W_E"] if config.tied else w["W_U"].T)
    steps["probs"] = F.softmax(steps["logits"], -1)
    return steps


@pytest.mark.parametrize("config", ALL)
def test_every_step_equals_pytorch(config):
    weights = weights_for(config)
    ids = np.random.default_rng(3).integers(0, config.d_vocab, 12)
    tensors = {name: torch.from_numpy(x.copy()) for name, x in weights.items()}
    expected = in_torch(config, tensors, torch.from_numpy(ids))
    trace = run(config, weights, ids.tolist())
    assert {step.name for step in trace if step.inputs} == set(expected)
    for name, tensor in expected.items():
        np.testing.assert_allclose(
            trace[name].value, tensor.numpy(), rtol=1e-6, atol=1e-6, err_msg=name
        )


@pytest.mark.parametrize("config", SOME)
def test_gradients_of_a_training_loss_equal_pytorch(config):
    rng = np.random.default_rng(4)
    weights = weights_for(config)
    ids, targets = rng.integers(0, config.d_vocab, (2, 5, 9))
    counts = rng.uniform(0, 1, ids.shape) * (rng.uniform(size=ids.shape) > 0.2)
    counts /= counts.sum()

    tape = forward(config, weights, ids)
    tape.leaf("targets", targets, ("pos",), "input")
    tape.record("losses", CrossEntropy(), "logits", "targets", axes=("pos",))
    gradients = backward(tape.steps, {"losses": counts}, keep="weight")

    tensors = {name: torch.from_numpy(x.copy()).requires_grad_() for name, x in weights.items()}
    logits = in_torch(config, tensors, torch.from_numpy(ids))["logits"]
    losses = F.cross_entropy(
        logits.flatten(0, 1), torch.from_numpy(targets).flatten(), reduction="none"
    )
    loss = losses @ torch.from_numpy(counts).flatten()
    loss.backward()

    ours = (tape.steps["losses"].value * counts).sum()
    np.testing.assert_allclose(ours, loss.item(), rtol=1e-9)
    assert set(gradients) == set(weights)
    for name, gradient in gradients.items():
        theirs = tensors[name].grad.numpy()
        scale = np.abs(theirs).max()
        # Keys' biases shift all scores of a query alike, which softmax does not see: their
        # gradient is zero but for rounding, so that only its size can be compared.
        if name.endswith("b_K"):
            assert scale < 1e-12
            assert np.abs(gradient).max() < 1e-12
        else:
            np.testing.assert_allclose(gradient, theirs, atol=1e-5 * scale, rtol=1e-5, err_msg=name)


@pytest.mark.parametrize("config", [SOME[0], ABLATED[0], ABLATED[-1]])
def test_fifty_steps_of_training_equal_pytorch(config):
    """The loss curve, and every parameter at its end, with PyTorch's own AdamW in float64."""
    recipe = Recipe(steps=50, learning_rate=0.01, warmup=10, weight_decay=0.05)
    rng = np.random.default_rng(8)
    texts = [rng.integers(0, config.d_vocab, n).tolist() for n in (5, 9, 9, 12)]
    start = weights_for(config)
    for i in range(config.n_layers):
        start[f"blocks.{i}.attn.b_K"][...] = 0  # its gradient is rounding, and held at 0 here
    trainer = Trainer(config, recipe, start, np.float64)

    theirs = {
        name: torch.tensor(x, requires_grad=not name.endswith("b_K")) for name, x in start.items()
    }
    moved = {name: x for name, x in theirs.items() if x.requires_grad}
    groups = [
        {"params": [x for name, x in moved.items() if is_matrix(name) == decays], **decay}
        for decays, decay in (
            (True, {"weight_decay": recipe.weight_decay}),
            (False, {"weight_decay": 0.0}),
        )
    ]
    betas = (recipe.beta1, recipe.beta2)
    optimizer = torch.optim.AdamW(groups, recipe.learning_rate, betas, recipe.eps)
    ours, there = [], []
    for step in range(1, recipe.steps + 1):
        batch = pack(texts)
        ours.append(trainer.learn(batch))
        for group in optimizer.param_groups:
            group["lr"] = recipe.learning_rate_at(step)
        optimizer.zero_grad()
        logits = in_torch(config, theirs, torch.from_numpy(batch.ids))["logits"]
        losses = F.cross_entropy(
            logits.flatten(0, 1), torch.from_numpy(batch.targets).flatten(), reduction="none"
        )
        loss = (losses * torch.from_numpy(batch.weights).flatten()).sum()
        loss.backward()
        optimizer.step()
        there.append(loss.item())
    assert ours[-1] < ours[0] - 0.5
    np.testing.assert_allclose(ours, there, rtol=1e-9)
    for name, x in trainer.parameters.by_name.items():
        np.testing.assert_allclose(x, theirs[name].detach().numpy(), 1e-5, 1e-7, err_msg=name)
