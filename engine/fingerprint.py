"""Which model it is: a short text that another training of it does not have."""

from __future__ import annotations

import json
from hashlib import sha256
from weakref import WeakKeyDictionary

import numpy as np

from engine.store import Model

# Of each model once; forgotten with it.
_known: WeakKeyDictionary[Model, str] = WeakKeyDictionary()


def fingerprint(model: Model) -> str:
    """Six hexadecimal digits of the settings and the weights.

    The weights count as they are on disk, in float32: so a model has the same fingerprint
    before it was saved.
    """
    if model not in _known:
        digest = sha256(json.dumps(model.config.to_dict(), sort_keys=True).encode())
        for name, values in sorted(model.parameters.items()):
            digest.update(name.encode())
            digest.update(np.ascontiguousarray(values, "<f4").tobytes())
        _known[model] = digest.hexdigest()[:6]
    return _known[model]
