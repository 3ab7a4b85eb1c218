"""The cell under the cursor, in words.

Each stage has one sentence, or one for each case (a place that is masked, a neuron that is off).
Which case it is and what fills the sentence is decided here; the sentences are content.
"""

from __future__ import annotations

import math
from collections.abc import Collection

import numpy as np

from engine.experiment import Experiment
from engine.expr import Ref
from engine.ops import Array, Einsum, Operand
from engine.trace import Step
from lessons.exhibits import Exhibit
from lessons.facts import entering
from lessons.has_read import kind_read
from lessons.labels import read_labels
from lessons.prose import Prose
from lessons.rounding import written
from lessons.stages import WITHOUT, Stage, is_layer_norm
from lessons.words import number, weight


def readout(
    stage: Stage,
    exhibit: Exhibit,
    experiment: Experiment,
    row: int,
    col: int,
    prose: Prose,
    known: Collection[str] | None = None,
) -> str:
    """One line on the cell at (row, col) of what `exhibit` gave for this stage and run.

    Empty where there is no cell. Which head or position is shown follows from the cell's address.
    known: the ids of the terms that the reader has met; all of them if left out.
    """
    ref = exhibit.ref(row, col)
    if ref is None:
        return ""
    step = experiment.trace[ref.name]
    labels = _labels(experiment, prose)
    tokens = prose.words.tokens(labels)
    value = float(step.value[ref.index])
    values = {
        "value": str(int(value)) if exhibit.scale == "plain" else number(value),
        "weight": weight(value),
        "share": prose.words.share(value),
        "col": exhibit.cols[col],
        "d_vocab": str(experiment.model.config.d_vocab),
        "d_joined": str(len(exhibit.cols)),
    }
    if "head" in step.axes:
        values["head"] = str(ref.index[step.axes.index("head")] + 1)
    if stage.view in ("bars", "choice"):
        values |= {
            "candidate": prose.words.token(exhibit.rows[row]),
            "at": tokens[ref.index[0]],
            "rank": str(row + 1),
        }
    elif exhibit.row_axis == "query":
        values |= {"query": tokens[row], "key": tokens[col]}
    else:
        # Where a sentence tells the position or the id anyway, the token needs no other sign.
        told_apart = stage.view == "matrix" and not stage.key.startswith("position")
        token = tokens[row] if told_apart else prose.words.token(labels[row])
        id = int(experiment.trace["tokens"].value[row])
        values |= {"token": token, "pos": str(row), "id": str(id)}

    if step.forced is not None and step.forced[ref.index]:
        case = "forced_id" if exhibit.scale == "plain" else "forced"
        return prose.read(case, values, known)
    values |= _origin(stage, step, ref, experiment, tokens, prose)
    case = _case(stage, ref, experiment, row)
    made = written(step.op, _operands(step, ref, experiment), value)
    if made.operands:
        values |= {
            "value": made.result,
            **dict(zip(("before", "added"), made.operands, strict=False)),
        }
    sentence = prose.read(case, values, known)
    return sentence if made.exact else prose.words.rounded.format(sentence=sentence)


def _origin(
    stage: Stage,
    step: Step,
    ref: Ref,
    experiment: Experiment,
    tokens: tuple[str, ...],
    prose: Prose,
) -> dict[str, str]:
    """Numbers of earlier steps that the sentence mentions."""
    trace = experiment.trace
    if stage.key == "z":
        query, head, _ = ref.index
        weights = trace[step.inputs[0]].value[head, query]
        most = int(np.argmax(weights))
        return {"looks_at": tokens[most], "looks_share": prose.words.share(weights[most])}
    if is_layer_norm(stage):
        return {"entered": number(float(entering(stage, trace).value[ref.index]))}
    return {}


def _operands(step: Step, ref: Ref, experiment: Experiment) -> list[float]:
    """The numbers that a cell was made from, one of each input, where that is so."""
    if isinstance(step.op, Einsum):
        return []  # made from many numbers: the sentence names none of them
    inputs = (experiment.trace[name].value for name in step.inputs)
    return [_paired(value, ref) for value in inputs if _fits(value, step.value)]


def _case(stage: Stage, ref: Ref, experiment: Experiment, row: int) -> str:
    """Which sentence tells this cell."""
    if stage.view == "pieces":
        return f"pieces_{_kind_of_piece(experiment, row)}"
    if stage.view == "choice":
        return "choice_other" if row else "choice_first"
    if stage.view == "bars":
        looks = "causal" if experiment.model.config.causal else "bidirectional"
        return f"{stage.key.partition('_')[0]}_{looks}"
    if is_layer_norm(stage):
        return "ln"
    key = stage.key.partition(WITHOUT)[0]
    name = key.partition("_")[0]
    if name in ("masked", "pattern"):
        return f"{name}_{_pair(ref, experiment)}"
    if key in ("attn_scores", "scaled"):
        return f"{key}_self" if ref.index[-2] == ref.index[-1] else key
    if key == "activation_relu":
        return "activation_relu_on" if experiment.trace.value(ref) > 0 else "activation_relu_off"
    if name == "activation":
        return "activation_gelu"
    if name == "position":
        return "position"
    if key == "lookup" and kind_read(experiment.model) == "nothing":
        return "lookup_random"
    return "sum_none" if key.startswith("sum_none") else key


def _pair(ref: Ref, experiment: Experiment) -> str:
    """Whether a query may look at a key, may not, or both are the same token."""
    masked = ref.name.replace(".pattern", ".attn_scores_masked")
    if experiment.trace.value(Ref(masked, ref.index)) == -math.inf:
        return "closed"
    return "self" if ref.index[-2] == ref.index[-1] else "open"


def _kind_of_piece(experiment: Experiment, pos: int) -> str:
    tokenizer = experiment.model.tokenizer
    token = int(experiment.trace["tokens"].value[pos])
    if token == tokenizer.start_id:
        return "start"
    piece = tokenizer.piece(token)
    if "<0x" in piece:
        return "part"
    if not piece.strip(" "):
        return "space"
    return "word" if piece.startswith(" ") else "joined"


def _labels(experiment: Experiment, prose: Prose) -> tuple[str, ...]:
    ids = [int(i) for i in experiment.trace["tokens"].value]
    return read_labels(experiment.model.tokenizer, ids, prose.words.marks)


def _fits(value: Array, result: Array) -> bool:
    """Whether each number of the result was made from one number of this operand."""
    if value.ndim not in (0, result.ndim):
        return False
    return all(a in (1, b) for a, b in zip(value.shape, result.shape, strict=False))


def _paired(value: Array, ref: Ref) -> float:
    """The number of an operand that NumPy's broadcasting pairs with the cell."""
    return Operand("", value).at(ref.index).value
