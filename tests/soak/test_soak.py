"""A short soak; the long one is `python -m tests.soak SEED`."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from threading import Thread

import pytest

from tests.soak.deeds import LEAVING, Deed, action_keys, deeds
from tests.soak.driver import key_event
from tests.soak.quick import quick_training
from tests.soak.soak import LAST, Soak, SoakError
from tui.screens.walk import WalkScreen

MANY = 20_000
SHORT = 100


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_no_key_breaks_it(
    seed: int, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    monkeypatch.chdir(tmp_path_factory.mktemp("here"))  # what is saved goes here
    with quick_training(monkeypatch):
        seen = Soak(seed, SHORT).run()
    assert seen.done == SHORT
    assert len(seen.screens) > 1


def test_a_seed_says_all_that_is_done() -> None:
    found = list(islice(deeds(1), MANY))
    assert found == list(islice(deeds(1), MANY))
    assert found != list(islice(deeds(2), MANY))
    kinds = Counter(deed.kind for deed in found)
    assert set(kinds) == {"key", "paste", "resize", "click", "scroll", "wait", LEAVING}
    assert {deed.text for deed in found if deed.kind == "key"} >= {*action_keys(), "f5", "ñ"}
    assert Deed("resize", size=(1, 1)) in found
    assert "q" not in {deed.text for deed in found}  # two of them end the program


def test_keys_come_as_from_a_terminal() -> None:
    events = [key_event(name) for name in ("a", "ñ", "full_stop", "space", "enter", "f1", "?")]
    told = [(event.key, event.character) for event in events]
    assert told == [
        ("a", "a"), ("ñ", "ñ"), ("full_stop", "."), ("space", " "), ("enter", "\r"), ("f1", None),
        ("question_mark", "?"),
    ]  # fmt: skip


def breaks(*_: object) -> None:
    raise ZeroDivisionError("made up")


def breaks_beside(*_: object) -> None:
    thread = Thread(target=breaks)
    thread.start()
    thread.join()


@pytest.mark.parametrize("broken", [breaks, breaks_beside])
def test_what_goes_wrong_is_told_with_the_keys_before(
    broken: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(WalkScreen, "action_moment_end", broken)
    keys = ["escape", "right", *[","] * LAST, "<"]
    monkeypatch.setattr("tests.soak.soak.deeds", lambda _: (Deed("key", key) for key in keys))
    with pytest.raises(SoakError) as failure:
        Soak(1, len(keys)).run()
    told = str(failure.value)
    assert "ZeroDivisionError: made up" in told
    assert f"the last of them:\n{', ' * (LAST - 1)}<\n" in told.replace("escape right ", "")
    assert "Walk, 80x24:" in told
    assert "El gato" in told or "The cat" in told
