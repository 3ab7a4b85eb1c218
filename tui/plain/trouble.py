"""What cannot be done, as one sentence of plain.*.toml."""

from __future__ import annotations


class PlainError(Exception):
    """Raised by whoever cannot do what was typed. `key` names the sentence."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key, values)
        self.key = key
        self.values = values
