"""How much a result hangs on every number of a run: the gradient of one chosen number."""

from __future__ import annotations

import sys
from dataclasses import dataclass

import numpy as np

from engine.ops import Array, CrossEntropy, Softmax
from engine.trace import Trace


@dataclass(frozen=True, slots=True)
class Target:
    """The number to be explained by what it hangs on.

    kind: "logit", the score of `token` after position `pos`; or "loss", the surprise at it in
    nats: -log of the probability that stands in the run, forced or not.
    """

    kind: str
    pos: int
    token: int

    def value(self, trace: Trace) -> float:
        """The number itself."""
        if self.kind == "logit":
            return float(trace["logits"].value[self.pos, self.token])
        if self._vanishes(trace):
            logits = trace["logits"].value[self.pos]
            return float(CrossEntropy().forward(logits, np.array(self.token)))
        with np.errstate(all="ignore"):  # a forced probability may be 0 or less
            return -float(np.log(trace["probs"].value[self.pos, self.token]))

    def blame(self, trace: Trace) -> dict[str, Array]:
        """d target / d every number of the run, by step, in the shape of each step."""
        name = "probs" if self.kind == "loss" and not self._vanishes(trace) else "logits"
        values = trace[name].value
        seed = np.zeros_like(values)
        if self.kind == "logit":
            seed[self.pos, self.token] = 1.0
        elif name == "probs":
            with np.errstate(all="ignore"):
                seed[self.pos, self.token] = -1.0 / values[self.pos, self.token]
        else:
            # The same slope without a quotient: softmax, minus 1 at the token.
            seed[self.pos] = Softmax().forward(values[self.pos])
            seed[self.pos, self.token] -= 1.0
        return trace.backward({name: seed})

    def _vanishes(self, trace: Trace) -> bool:
        """Whether the probability is too small to divide by, and nobody forced it to be."""
        probs, place = trace["probs"], (self.pos, self.token)
        by_hand = probs.forced is not None and bool(probs.forced[place])
        return not by_hand and bool(probs.value[place] < sys.float_info.min)


def predicted(trace: Trace, pos: int | None = None) -> Target:
    """The logit of the likeliest token at a position; after the last one if left out."""
    logits = trace["logits"].value
    at = len(logits) - 1 if pos is None else pos
    return Target("logit", at, int(logits[at].argmax()))


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
