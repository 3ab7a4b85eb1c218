"""How much of a step is changed at once: a cell, its row, its column, its head, the whole step."""

from __future__ import annotations

from engine.expr import Ref
from engine.parts import Part
from engine.trace import Trace


def extents(trace: Trace, ref: Ref) -> dict[str, Part]:
    """The parts of a step that hold the cell at `ref`, the smallest first, each once.

    "row" runs along the last axis: the vector of a position, all that a query looks at. "column"
    is there where the last two axes are query and key: all that is looked at in one place.
    """
    axes = trace[ref.name].axes
    index = ref.index
    found = {"cell": Part(ref.name, index)}
    if index:
        found["row"] = Part(ref.name, (*index[:-1], None))
    if axes[-2:] == ("query", "key"):
        found["column"] = Part(ref.name, (*index[:-2], None, index[-1]))
    if "head" in axes:
        at = axes.index("head")
        found["head"] = Part(ref.name, tuple(i if k == at else None for k, i in enumerate(index)))
    found["step"] = Part(ref.name)
    sizes = {name: trace[ref.name].value[part.where].size for name, part in found.items()}
    # What holds no other cell, or all of them under another name, would only be said twice.
    if sizes.get("head") == sizes["step"]:
        del found["head"]
    return {name: part for name, part in found.items() if name == "cell" or sizes[name] > 1}
