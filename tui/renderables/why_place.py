"""What a number is and where it stands, in words: "Mezcla de los valores. Bloque 1 de 2 ...". Pure.

Read off the axes of its step, so that a step that nobody foresaw is placed all the same.
"""

from __future__ import annotations

import re

from engine.expr import Ref
from lessons.why_names import Names, Spot, short_name
from tui.messages import Words

_BETWEEN = " · "
_NAMED = {"block", "head", "n_heads", "pos", "query", "key"}


def what(ref: Ref, texts: Words) -> str:
    """What a number is, by the name of its step."""
    name = re.sub(r"^ln(\d+|_final)\.", "ln.", short_name(ref.name))
    return texts(f"what.{name}" if f"what.{name}" in texts.sentences else "what.other")


def place(ref: Ref, names: Names, texts: Words, untold: frozenset[str] = frozenset()) -> str:
    """Where a number stands; empty for a number that stands alone.

    untold: axes that are passed over, because whoever reads does not know them yet.
    """
    spots = [spot for spot in names.spots(ref) if spot.axis not in untold]
    tables = [spot for spot in spots if spot.axis not in _NAMED]
    is_table = names.experiment.trace[ref.name].kind == "weight" and len(tables) == 2
    told: list[str] = []
    for spot in spots:
        if is_table and spot in tables:
            told.append(_of_table(spot, "row" if spot is tables[0] else "column", texts))
        elif spot.axis == "key" and told:
            told[-1] += f" {_told(spot, texts)}"  # "«gato» mira a «el»" is one thing
        else:
            told.append(_told(spot, texts))
    joined = _BETWEEN.join(told)
    return joined[:1].upper() + joined[1:]


def _told(spot: Spot, texts: Words) -> str:
    axis = "head" if spot.axis == "n_heads" else spot.axis
    key = f"place.{axis}" if f"place.{axis}" in texts.sentences else "place.number"
    return texts(key, n=spot.n, total=spot.total, token=spot.token)


def _of_table(spot: Spot, side: str, texts: Words) -> str:
    if spot.axis == "n_ctx":
        return _told(spot, texts)
    key = f"place.{side}_token" if spot.token else f"place.{side}"
    return texts(key, n=spot.n, total=spot.total, token=spot.token)
