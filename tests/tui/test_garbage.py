"""No key waits for a search for garbage, and yet all garbage is found."""

import gc
from collections.abc import Iterator
from time import monotonic

import pytest

from tui.garbage import QUIET, Garbage


class Node:
    """One of a circle, which only a search can find."""

    alive = 0

    def __init__(self) -> None:
        self.me = self
        Node.alive += 1

    def __del__(self) -> None:
        Node.alive -= 1


@pytest.fixture
def garbage() -> Iterator[Garbage]:
    found = Garbage()
    found.begin()
    yield found
    found.end()
    gc.collect()


def test_what_has_outlived_a_search_is_not_searched_again(garbage: Garbage) -> None:
    keep = [Node() for _ in range(1000)]
    gc.collect()
    assert gc.get_freeze_count() > len(keep)
    assert not any(isinstance(x, Node) for x in gc.get_objects())
    del keep


def test_a_pause_finds_all_garbage_once(garbage: Garbage) -> None:
    gc.collect()
    before, node = Node.alive, Node()
    gc.collect()  # it outlives this, and is taken as there to stay
    del node
    gc.collect()
    assert Node.alive == before + 1
    garbage.quiet(monotonic())
    assert Node.alive == before + 1
    pressed = monotonic() - 2 * QUIET
    garbage._searched = pressed - 1
    garbage.quiet(pressed)
    assert Node.alive == before
    searched = garbage._searched
    garbage.quiet(pressed)
    assert garbage._searched == searched


def test_after_the_app_all_is_as_python_has_it() -> None:
    before = list(gc.callbacks)
    garbage = Garbage()
    garbage.begin()
    assert gc.callbacks != before
    garbage.end()
    assert gc.callbacks == before
    assert gc.get_freeze_count() == 0
