"""Printing JSON that every reader of JSON can read."""

from __future__ import annotations

import json
import math
import sys
from typing import Any

import numpy as np


def print_json(value: Any) -> None:
    """Prints one line of strict JSON; only ASCII where the stream may not hold more."""
    encoding = (getattr(sys.stdout, "encoding", None) or "").lower().replace("-", "")
    print(json.dumps(jsonable(value), ensure_ascii=encoding != "utf8", allow_nan=False))


def jsonable(value: Any) -> Any:
    """The value as strict JSON can hold it: arrays as lists, ∞ and NaN as strings."""
    if isinstance(value, np.ndarray):
        plain = value.tolist()
        # Nearly every array is finite, and then no number needs to be looked at.
        return plain if value.dtype.kind != "f" or np.isfinite(value).all() else jsonable(plain)
    if isinstance(value, dict):
        return {key: jsonable(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [jsonable(part) for part in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value
