"""A part of a step: the cells that are forced, copied or compared together."""

from __future__ import annotations

import re
from dataclasses import dataclass

from engine.errors import EngineError
from engine.expr import Ref

# A name begins with a letter, so that no number is one.
_PART = re.compile(r"([A-Za-z]\w*(?:\.\w+)*)(?:\s*\[([^\[\]]*)\])?", re.ASCII)
_PLACE = re.compile(r"-?[0-9]{1,9}|\*")


@dataclass(frozen=True, slots=True)
class Part:
    """Some cells of a step: a number picks one place of an axis, None takes all of it.

    Written `blocks.0.attn.z[*,1,*]` (head 1 of every position); without brackets, the whole step.
    """

    name: str
    index: tuple[int | None, ...] = ()

    def __str__(self) -> str:
        if not self.index:
            return self.name
        return f"{self.name}[{','.join('*' if i is None else str(i) for i in self.index)}]"

    @classmethod
    def parse(cls, text: str) -> Part:
        """Reads what `str(part)` writes. Raises EngineError (`bad_part`)."""
        text = text.strip()
        match = _PART.fullmatch(text)
        places = [] if match is None or match[2] is None else match[2].split(",")
        index = [place.strip() for place in places]
        if match is None or not all(_PLACE.fullmatch(place) for place in index):
            raise EngineError("bad_part", text=text)
        return cls(match[1], tuple(None if place == "*" else int(place) for place in index))

    @classmethod
    def of(cls, target: Ref | Part | str) -> Part:
        """The part that an address or the name of a step stands for."""
        if isinstance(target, Part):
            return target
        return cls(target.name, target.index) if isinstance(target, Ref) else cls(target)

    @property
    def where(self) -> tuple[int | slice, ...]:
        """What NumPy takes between brackets for these cells."""
        return tuple(slice(None) if i is None else i for i in self.index)

    def check(self, shape: tuple[int, ...]) -> None:
        """Raises EngineError (`index_outside`) unless a step of `shape` has these cells."""
        inside = not self.index or (
            len(self.index) == len(shape)
            and all(i is None or 0 <= i < n for i, n in zip(self.index, shape, strict=True))
        )
        if not inside:
            raise EngineError("index_outside", ref=str(self), shape=shape)
