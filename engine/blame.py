"""How much a result hangs on every number of a run: the gradient of one chosen number."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.ops import Array, CrossEntropy, Softmax
from engine.trace import Trace


@dataclass(frozen=True, slots=True)
class Target:
    """The number to be explained by what it hangs on.

    kind: "logit", the score of `token` after position `pos`; or "loss", the surprise at it in
    nats: -log of the probability that the model gave it.
    """

    kind: str
    pos: int
    token: int

    def value(self, trace: Trace) -> float:
        """The number itself."""
        logits = trace["logits"].value[self.pos]
        if self.kind == "logit":
            return float(logits[self.token])
        return float(CrossEntropy().forward(logits, np.array(self.token)))

    def blame(self, trace: Trace) -> dict[str, Array]:
        """d target / d every number of the run, by step, in the shape of each step.

        The loss hangs on the logits by softmax minus 1 at the true token; from there on both are
        the run's own derivative.
        """
        logits = trace["logits"].value
        seed = np.zeros_like(logits)
        if self.kind == "loss":
            seed[self.pos] = Softmax().forward(logits[self.pos])
            seed[self.pos, self.token] -= 1.0
        else:
            seed[self.pos, self.token] = 1.0
        return trace.backward({"logits": seed})


def predicted(trace: Trace) -> Target:
    """The logit of the likeliest next token, after the last position."""
    logits = trace["logits"].value
    return Target("logit", len(logits) - 1, int(logits[-1].argmax()))


def true_next(trace: Trace, pos: int | None = None) -> Target | None:
    """The loss of the token that follows position `pos` in the sentence.

    Left out, or where nothing follows: of the sentence's last token, after the one before it.
    None for a sentence of one token, where nothing was to be told.
    """
    ids = trace["tokens"].value
    if len(ids) < 2:
        return None
    at = len(ids) - 2 if pos is None else min(pos, len(ids) - 2)
    return Target("loss", at, int(ids[at + 1]))
