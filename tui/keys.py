"""All tables of keys, screen by screen: what the keymap can change, and what it is checked with."""

from __future__ import annotations

from dataclasses import dataclass

from tui.actions import Action, help_table
from tui.keymap import Keymap
from tui.screens import compare_keys, through_keys, train_keys


@dataclass(frozen=True, slots=True)
class Table:
    """The keys of a screen.

    name: says in the words which screen it is. owner: what the ids begin with, where the screen
    has a table of its own. words: the table of what they do.
    """

    name: str
    owner: str
    words: str
    actions: tuple[Action, ...]

    def keymap(self) -> Keymap:
        """The usual keys, by id."""
        return {self.id_of(x): x.keys for x in self.actions if x.keys and x.call}

    def id_of(self, action: Action) -> str:
        """The id by which the keymap calls an action of this screen."""
        return f"{self.owner}{action.id}"


def tables() -> tuple[Table, ...]:
    """Every screen with keys of its own, in the order in which one meets them."""
    return (
        Table("walk", "", "app", help_table("walk")[1]),
        Table("lesson", "", "lesson", help_table("lesson")[1]),
        Table("quiz", "", "quiz", help_table("quiz")[1]),
        Table("compare", "compare.", "compare", compare_keys.KEYS),
        Table("through", "through.", "time", through_keys.KEYS),
        Table("train", "train.", "train", train_keys.KEYS),
        Table("train_step", "train_step.", "train", train_keys.STEP_KEYS),
        Table("trials", "trials.", "train", train_keys.TRIAL_KEYS),
    )
