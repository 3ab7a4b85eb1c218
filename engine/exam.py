"""Examinations: how well a model knows the texts of its world, or texts it has never read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine.batches import Rows, blank_out, pack
from engine.config import Config
from engine.errors import EngineError
from engine.ops import Array
from engine.tokenizer import Tokenizer
from engine.train import Batch, loss

_SIDE_BY_SIDE = 64


@dataclass(frozen=True)
class Exam:
    """Texts that no training uses.

    rows: token ids, start and end token included. log_prob: of all of them together, in nats, for
    one who knows by heart how they are made; None where nobody does.
    """

    rows: Sequence[Sequence[int] | Array]
    log_prob: float | None = None


@dataclass(frozen=True, slots=True)
class Examination:
    """How well a model knows its texts, in nats a token, on texts that it was not taught.

    held_out_loss: its surprise. entropy_floor: the surprise of one who knows the grammar by
    heart, from the probability with which each text was derived. A few texts can be derived in
    two ways, so a perfect model could be lower by some ten-thousandths. None for texts of people,
    whose grammar nobody knows, and for a model that fills in blanks.
    """

    held_out_loss: float
    entropy_floor: float | None


def examine(
    config: Config, parameters: Mapping[str, Array], tokenizer: Tokenizer, exam: Exam
) -> Examination:
    """Measures loss and floor over the same texts, so that their luck cancels."""
    rows = sorted(exam.rows, key=len)
    blanks = np.random.default_rng(len(rows))
    surprise, n_asked = 0.0, 0
    with np.errstate(all="ignore"):  # a training that diverges is examined too
        for i in range(0, len(rows), _SIDE_BY_SIDE):
            batch = task(config, tokenizer, rows[i : i + _SIDE_BY_SIDE], blanks)
            n = int(np.count_nonzero(batch.weights))
            surprise += loss(config, parameters, batch) * n
            n_asked += n
    known = exam.log_prob if config.causal else None
    return Examination(surprise / n_asked, None if known is None else -known / n_asked)


def task(config: Config, tokenizer: Tokenizer, rows: Rows, rng: np.random.Generator) -> Batch:
    """What a model is asked about some texts: each next token, or the blanked ones.

    Raises EngineError (`no_blank`) if it is to fill in blanks and its vocabulary has no token for
    one.
    """
    if config.causal:
        return pack(rows)
    if tokenizer.blank_id is None:
        raise EngineError("no_blank")
    return blank_out(rows, tokenizer.blank_id, rng)
