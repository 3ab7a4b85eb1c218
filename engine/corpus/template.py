"""Templates, as they are written in grammar.toml, read into small parts.

    the words of the language        said as they are
    {the S}                          the noun S with a determiner
    {comer.state S}  {ser.pres 1s}   a verb in a tense, agreeing with S, or in a fixed person
    {A~S}  {contento~S}              an adjective, or an agreeing word, agreeing with S
    {#time}                          a word of a category, one that never changes
    {W}                              the same, picked before
    {the O=eat S}                    pick O from what S eats, and say it;  {O=eat S} only picks
    {S=hero}  {S=#pet}  {S=hero.p}    pick from a pool, or a category; `.p` for the plural
    {@rule}  {@rule S=C}             another rule, here with C in the place of its S
    {@rule!}                         ... if what is left of the text's length allows it
    [muy|3 poco|]                    alternatives, with weights (1 if not given)

Variables begin with a capital. Whatever is picked must be said somewhere in the text.
A line of a rule is `weight ?S:trait|trait ?S:!trait template`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from engine.corpus.table import WorldError


@dataclass(frozen=True)
class Slot:
    """What stands between braces: `[head] [variable=pool] [argument]`."""

    head: str = ""
    variable: str = ""
    pool: str = ""
    plural: bool = False
    argument: str = ""


@dataclass(frozen=True)
class Call:
    rule: str
    arguments: tuple[tuple[str, str], ...]
    bounded: bool


@dataclass(frozen=True)
class Group:
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Line:
    """One weighted alternative; a guard is (variable, traits, wanted)."""

    weight: float
    guards: tuple[tuple[str, frozenset[str], bool], ...]
    parts: tuple[Part, ...]


Part = str | Slot | Call | Group
_PIECE = re.compile(r"\{[^{}]*\}|[\[\]|.,;:?!¿¡]|[^\s\[\]|{}.,;:?!¿¡]+")
_GUARD = re.compile(r"\?([A-Z]\w*):(!?)(\S+)$")


def read_rule(name: str, text: str) -> tuple[Line, ...]:
    """The lines of a rule. Raises WorldError, naming the line, if one cannot be read."""
    lines = (line.strip() for line in text.splitlines())
    try:
        return tuple(_line(line) for line in lines if line and not line.startswith("//"))
    except (WorldError, ValueError) as error:
        raise WorldError(f"rule {name}: {error}") from error


def _line(text: str) -> Line:
    weight, _, rest = text.partition(" ")
    guards = []
    while rest.lstrip().startswith("?"):
        field, _, rest = rest.lstrip().partition(" ")
        match = _GUARD.match(field)
        if not match:
            raise WorldError(f"not a guard: {field}")
        guards.append((match[1], frozenset(match[3].split("|")), not match[2]))
    pieces = _PIECE.findall(rest)
    if "".join(pieces) != "".join(rest.split()) and "{" not in rest:
        raise WorldError(f"cannot read {rest!r}")
    stream = iter(pieces)
    parts, end = _parts(stream)
    if end:
        raise WorldError(f"a stray {end!r} in {text!r}")
    return Line(float(weight), tuple(guards), parts)


def _parts(stream: Iterator[str]) -> tuple[tuple[Part, ...], str]:
    """The parts up to the end, or up to a `|` or `]`, which is returned with them."""
    parts: list[Part] = []
    for piece in stream:
        if piece in ("|", "]"):
            return tuple(parts), piece
        if piece == "[":
            parts.append(_group(stream))
        else:
            parts.append(_braces(piece[1:-1]) if piece.startswith("{") else piece)
    return tuple(parts), ""


def _group(stream: Iterator[str]) -> Group:
    lines = []
    end = "|"
    while end == "|":
        parts, end = _parts(stream)
        weight = 1.0
        if parts and isinstance(parts[0], str) and parts[0].isdigit():
            weight, parts = float(parts[0]), parts[1:]
        lines.append(Line(weight, (), parts))
    if end != "]":
        raise WorldError("a bracket is not closed")
    return Group(tuple(lines))


def _braces(text: str) -> Slot | Call:
    fields = text.split()
    if not fields:
        raise WorldError("empty braces")
    if fields[0].startswith("@"):
        renamed = (field.partition("=") for field in fields[1:])
        arguments = tuple((inside, outside) for inside, _, outside in renamed)
        return Call(fields[0].strip("@!"), arguments, fields[0].endswith("!"))
    if fields[0].startswith("#"):
        return Slot("Word", "Word", fields[0])
    pick = next((field for field in fields if "=" in field), "")
    if not pick:
        head, *argument = fields
        return Slot(head, argument=" ".join(argument))
    i = fields.index(pick)
    variable, _, pool = pick.partition("=")
    pool, dot, number = pool.partition(".")
    if dot and number != "p":
        raise WorldError(f"cannot read {text!r}")
    return Slot(" ".join(fields[:i]), variable, pool, bool(dot), " ".join(fields[i + 1 :]))
