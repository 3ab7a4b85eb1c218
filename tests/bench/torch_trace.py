"""The forward pass in PyTorch eager, every intermediate kept: as one writes it, and tuned."""

import torch


class _Forward:
    """From ids to probabilities; how a block computes is left to the two kinds below."""

    def __init__(self, config, parameters):
        self.config = config
        self.weights = {name: torch.tensor(x) for name, x in parameters.items()}
        self.W_E = self.weights["W_E"]
        self.blocks = [
            (
                f"blocks.{i}",
                {
                    name.removeprefix(f"blocks.{i}."): x
                    for name, x in self.weights.items()
                    if name.startswith(f"blocks.{i}.")
                },
            )
            for i in range(config.n_layers)
        ]

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
        steps["logits"] = resid @ self.W_E.T
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

    def _layer_norm(self, steps, ln, x, w, b):
        centered = steps[f"{ln}.centered"] = x - x.mean(-1, keepdim=True)
        variance = centered.square().mean(-1, keepdim=True)
        scale = steps[f"{ln}.scale"] = (variance + self.config.eps).sqrt()
        normalized = steps[f"{ln}.normalized"] = centered / scale
        return torch.addcmul(b, normalized, w)


class Plain(_Forward):
    """The same products of the same arrays, written as the field writes them: with einsum."""

    def _block(self, steps, block, w, resid_pre, mask):
        attn = f"{block}.attn"
        for x in "QKV":
            steps[f"{attn}.{x.lower()}"] = (
                torch.einsum("pd,hdk->phk", resid_pre, w[f"attn.W_{x}"]) + w[f"attn.b_{x}"]
            )
        q, k, v = (steps[f"{attn}.{x}"] for x in "qkv")
        scores = steps[f"{attn}.attn_scores"] = torch.einsum("qhd,khd->hqk", q, k)
        scaled = steps[f"{attn}.attn_scores_scaled"] = scores / self.config.d_head**0.5
        masked = steps[f"{attn}.attn_scores_masked"] = scaled + mask
        pattern = steps[f"{attn}.pattern"] = torch.softmax(masked, -1)
        z = steps[f"{attn}.z"] = torch.einsum("hqk,khd->qhd", pattern, v)
        attn_out = torch.einsum("phk,hkd->pd", z, w["attn.W_O"]) + w["attn.b_O"]
        steps[f"{block}.attn_out"] = attn_out
        resid_mid = steps[f"{block}.resid_mid"] = resid_pre + attn_out
        x = self._layer_norm(steps, f"{block}.ln1", resid_mid, w["ln1.w"], w["ln1.b"])
        steps[f"{block}.normalized_resid_mid"] = x
        pre = steps[f"{block}.mlp.pre"] = x @ w["mlp.W_in"] + w["mlp.b_in"]
        post = steps[f"{block}.mlp.post"] = torch.relu(pre)
        mlp_out = steps[f"{block}.mlp_out"] = post @ w["mlp.W_out"] + w["mlp.b_out"]
        resid_post = steps[f"{block}.resid_post"] = x + mlp_out
        out = self._layer_norm(steps, f"{block}.ln2", resid_post, w["ln2.w"], w["ln2.b"])
        steps[f"{block}.normalized_resid_post"] = out
        return out


class Tuned(_Forward):
    """The same, written to be fast: weights laid out in advance, biases fused into products."""

    def __init__(self, config, parameters):
        super().__init__(config, parameters)
        for _, own in self.blocks:
            # [n_heads, d_model, d_head] as one matrix [d_model, n_heads * d_head].
            for x in "QKV":
                own[x] = own[f"attn.W_{x}"].permute(1, 0, 2).flatten(1).contiguous()
                own[f"b_{x}"] = own[f"attn.b_{x}"].flatten()
            own["O"] = own["attn.W_O"].flatten(0, 1)

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
