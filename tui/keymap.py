"""Keys that a person has chosen in place of the usual ones: a file in the data folder.

    theme = "Y"
    stage_next = ["right", "n"]
    "compare.turn" = "f6"

At the left are the ids that `desdecero keys` prints; what is not named stays as it is. A line that
cannot be followed is told, and the others count.
"""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path

from textual.keys import KEY_NAME_REPLACEMENTS, Keys, format_key

from engine.errors import EngineError

Keymap = Mapping[str, tuple[str, ...]]
"""For the id of an action, the keys that call it, as Textual names them."""

MODIFIERS = ("ctrl", "shift", "alt", "super", "hyper", "meta")
MOST_BYTES = 100_000
_KNOWN = {key.value for key in Keys}

_chosen: dict[str, tuple[str, ...]] = {}


def use(keymap: Keymap) -> None:
    """From now on these are the keys; there is one keymap in a process, as there is one person."""
    _chosen.clear()
    _chosen.update(keymap)


def chosen() -> Keymap:
    """What the person has chosen; empty where all keys are the usual ones."""
    return _chosen


def chosen_key(action_id: str) -> str:
    """The first key that the person chose for an action; empty where it is the usual one."""
    return _chosen.get(action_id, ("",))[0]


def read_keymap(path: Path, usual: Sequence[Keymap]) -> tuple[Keymap, list[EngineError]]:
    """What the file at `path` changes, and what cannot be followed in it; nothing for no file.

    usual: for each screen, the actions that can be called in it. Where a chosen key is taken there
    by another action, it would not be clear what it does: it is not used, and told.
    """
    if not path.exists():
        return {}, []
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ValueError(str(path))
        lines = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        return {}, [EngineError("keys_unreadable", path=path, reason=error)]
    before = {name: keys for screen in usual for name, keys in screen.items()}
    chosen: dict[str, tuple[str, ...]] = {}
    troubles: list[EngineError] = []
    for name, value in lines.items():
        try:
            keys = _keys(name, value, before)
        except EngineError as error:
            troubles.append(error)
        else:
            if keys != before[name]:
                chosen[name] = keys
    for screen in usual:
        troubles += _without_clashes(chosen, screen)
    return chosen, troubles


def _keys(name: str, value: object, known: Keymap) -> tuple[str, ...]:
    """Raises EngineError for an action or a key that there is not."""
    if name not in known:
        raise EngineError("keys_no_action", name=name)
    written = [value] if isinstance(value, str) else value
    if not isinstance(written, list) or not written:
        raise EngineError("keys_no_key", name=name, key=value)
    return tuple(_key(name, key) for key in written)


def _key(name: str, written: object) -> str:
    """A key as Textual names it: "?" is "question_mark". Raises EngineError."""
    *modifiers, last = str(written).split("+") if len(str(written)) > 1 else [str(written)]
    if not isinstance(written, str) or not set(modifiers) <= set(MODIFIERS):
        raise EngineError("keys_no_key", name=name, key=written)
    if len(last) == 1 and last.isprintable():
        if not last.isalnum():
            named = unicodedata.name(last, "").lower().replace("-", "_").replace(" ", "_")
            last = "space" if last == " " else KEY_NAME_REPLACEMENTS.get(named, named)
    elif last not in _KNOWN and len(format_key(last)) != 1:
        raise EngineError("keys_no_key", name=name, key=written)
    return "+".join([*modifiers, last])


def _without_clashes(chosen: dict[str, tuple[str, ...]], screen: Keymap) -> list[EngineError]:
    """Takes out of `chosen` what means two things on a screen."""
    troubles = []
    for name in [name for name in chosen if name in screen]:
        for other, usual in screen.items():
            shared = set(chosen[name]) & set(chosen.get(other, usual))
            if other != name and shared:
                del chosen[name]
                key = sorted(shared)[0]
                troubles.append(EngineError("keys_clash", key=key, name=name, other=other))
                break
    return troubles
