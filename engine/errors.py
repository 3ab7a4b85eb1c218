"""The one kind of error that the engine raises for what it is given.

The engine holds no sentences for people: an error carries a code and its particulars, and
whoever speaks to a person (in whichever language) writes the sentence.
"""

from __future__ import annotations


class EngineError(ValueError):
    """Something given to the engine cannot be used.

    code: which kind of trouble, a stable identifier ("unknown_step", "missing_file" ...).
    params: the particulars: names, values, limits.
    """

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params

    def __str__(self) -> str:
        particulars = ", ".join(f"{name}={value!r}" for name, value in self.params.items())
        return f"{self.code} ({particulars})" if particulars else self.code
