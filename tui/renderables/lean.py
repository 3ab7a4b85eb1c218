"""The same picture in fewer bytes, for a terminal at the end of a slow line. Pure.

Textual says both colours of every piece of text and takes them back after it, and it sends all of
a widget that has changed. Here the screen is remembered, and only the cells that differ are sent,
each with what differs from the look before. Of a blank only its ground is seen, and only that
counts. What is not understood is sent as it is, and from then on nothing is remembered.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from rich.cells import cell_len

Look = tuple[str, str, tuple[str, ...]]
"""Codes of the text's colour, of its ground, and of everything else; empty for the usual."""
PLAIN: Final[Look] = "", "", ()

_PIECES: Final = re.compile(r"(\x1b\[[\d;]*[mH]|\r?\n|[\x00-\x1f\x7f-\x9f])")
_OURS: Final = re.compile(r"\x1b\[[\d;]*[mH]")
_HARMLESS: Final = re.compile(r"\x1b\[\?(?:2026|25)[hl]")
"""A frame begins or ends; the cursor is shown or hidden."""
_LINES: Final = {"4", "7", "9", "21", "53"}
"""Underline, reverse and other lines are seen where there is nothing else."""
_HALF: Final = "▀"
_JUMP: Final = 6
"""Cells between two changes from which on a jump is shorter than to send them again."""


class Lean:
    """Shortens what is written, write after write: it remembers what the terminal shows."""

    def __init__(self) -> None:
        self._look: Look = PLAIN
        self._rows: dict[int, tuple[list[str], list[Look | None]]] = {}

    def forget(self) -> None:
        """The terminal may show anything now: its size has changed, for instance."""
        self._rows.clear()

    def shortened(self, data: str) -> str:
        """What to write for `data`: the terminal shows the same after it."""
        if _HARMLESS.sub("", data).count("\x1b") != len(_OURS.findall(data)):
            self.forget()
            out = data if self._look == PLAIN else "\x1b[0m" + data
            self._look = PLAIN
            return out
        heads = _HARMLESS.findall(data)
        body = _HARMLESS.sub("", data)
        begins = [x for x in heads if x.endswith("h") == ("2026" in x)]
        ends = [x for x in heads if x not in begins]
        return "".join([*begins, self._cells(body), *ends])

    def _cells(self, data: str) -> str:
        """The changed cells of a text with nothing but looks, places and line ends."""
        out: list[str] = []
        x = y = 0
        placed = False  # where the cursor stands before the first move is not known
        shown: tuple[int, int] | None = None
        look = PLAIN
        for piece in _PIECES.split(data):
            if not piece:
                continue
            if piece[0] == "\x1b":
                if piece[-1] == "m":
                    look = look_of(piece[2:-1], look)
                else:
                    row, _, col = piece[2:-1].partition(";")
                    x, y, placed = int(col or 1) - 1, int(row or 1) - 1, True
            elif piece in ("\n", "\r\n"):
                x, y = 0, y + 1
            elif not placed or not piece.isprintable() or cell_len(piece) != len(piece):
                # Wide signs, joined ones, or none at all: sent, and the line is not remembered.
                if placed and shown != (x, y):
                    out.append(f"\x1b[{y + 1};{x + 1}H")
                out += [change(self._look, look), piece]
                self._look, shown = look, None
                self._rows.pop(y, None) if placed else self.forget()
                x += cell_len(piece)
            else:
                same = look[0][2:] == look[1][2:] and look[0][:2] == "38"
                if same and not piece.strip(_HALF):
                    piece = " " * len(piece)  # both halves in one colour
                for at, text, seen in self._changed(x, y, piece, look):
                    if shown != (at, y):
                        out.append(_way(shown, at, y))
                    out += [change(self._look, seen), text]
                    self._look, shown = seen, (at + len(text), y)
                x += len(piece)
        if placed and shown != (x, y):
            out.append(f"\x1b[{y + 1};{x + 1}H")
        return "".join(out)

    def _changed(self, x: int, y: int, text: str, look: Look) -> list[tuple[int, str, Look]]:
        """The parts of a text that differ from what is there: place, text, look; takes note."""
        if y not in self._rows:
            self._rows[y] = [], []
        signs, looks = self._rows[y]
        end = x + len(text)
        if len(signs) < end:
            more = end - len(signs)
            signs += [""] * more
            looks += [None] * more
        lined = not _LINES.isdisjoint(look[2])
        bare: Look = look if lined else ("", look[1], ())
        new = [bare if sign == " " else look for sign in text]
        if looks[x:end] == new and "".join(signs[x:end]) == text:
            return []
        at = [i for i in range(len(text)) if looks[x + i] != new[i] or signs[x + i] != text[i]]
        signs[x:end], looks[x:end] = text, new
        runs: list[list[int]] = []
        for i in at:
            if runs and i - runs[-1][1] < _JUMP:
                runs[-1][1] = i
            else:
                runs.append([i, i])
        found = []
        for first, last in runs:
            part = text[first : last + 1]
            seen = look
            if not lined and part.isspace() and _LINES.isdisjoint(self._look[2]):
                seen = self._look[0], look[1], self._look[2]
            found.append((x + first, part, seen))
        return found


def _way(start: tuple[int, int] | None, x: int, y: int) -> str:
    """The sequence that leads to a cell from another one."""
    if start is not None and start[1] == y and x > start[0]:
        return f"\x1b[{x - start[0]}C"
    return f"\x1b[{y + 1};{x + 1}H"


@lru_cache(maxsize=4096)
def look_of(codes: str, before: Look) -> Look:
    """The look after a sequence of codes."""
    ink, ground, more = before
    parts = codes.split(";")
    at = 0
    while at < len(parts):
        code = parts[at] or "0"
        if code in ("38", "48"):
            size = 5 if parts[at + 1 : at + 2] == ["2"] else 3
            colour = ";".join(parts[at : at + size])
            ink, ground = (colour, ground) if code == "38" else (ink, colour)
            at += size
            continue
        number = int(code)
        if number == 0:
            ink, ground, more = PLAIN
        elif number == 39 or 30 <= number <= 37 or 90 <= number <= 97:
            ink = "" if number == 39 else code
        elif number == 49 or 40 <= number <= 47 or 100 <= number <= 107:
            ground = "" if number == 49 else code
        elif code not in more:
            more = (*more, code)
        at += 1
    return ink, ground, more


@lru_cache(maxsize=16384)
def change(now: Look, wanted: Look) -> str:
    """The shortest sequence that makes one look another."""
    if now == wanted:
        return ""
    if wanted == PLAIN:
        return "\x1b[0m"
    whole = ";".join(["0", *wanted[2], *filter(None, wanted[:2])])
    if set(now[2]) <= set(wanted[2]):
        codes = [code for code in wanted[2] if code not in now[2]]
        if now[0] != wanted[0]:
            codes.append(wanted[0] or "39")
        if now[1] != wanted[1]:
            codes.append(wanted[1] or "49")
        whole = min(whole, ";".join(codes), key=len)
    return f"\x1b[{whole}m"
