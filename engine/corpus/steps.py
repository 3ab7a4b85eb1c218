"""What a compiled grammar is made of: say words, pick a value, branch.

Each step can be drawn by chance (`draw`, here) or tried in every way that fits a given text
(search.py); both read the same tables, so a sample and its probability cannot disagree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from engine.corpus.invented import Inventor
from engine.corpus.lexicon import Value, Words
from engine.corpus.meaning import Choice, Coin
from engine.corpus.table import Table, WorldError

Variables = list[Value]
Random = Callable[[], float]
Sequence = tuple["Step", ...]
Guard = tuple[int, frozenset[str], bool]  # variable, traits of which one is wanted, wanted or not
LIMIT = 63  # tokens of a text: with the start token they fill a context of 64


class Say:
    """Emits words that depend on the variables so far, and on nothing else.

    `reads` tells which variables, so that the words of a world can be surveyed; `longest` is
    how many words it can be.
    """

    __slots__ = ("longest", "reads", "words")

    def __init__(
        self, words: Callable[[Variables], Words], reads: tuple[int, ...], longest: int
    ) -> None:
        self.words = words
        self.reads = reads
        self.longest = longest

    def draw(self, variables: Variables, said: list[str], random: Random) -> float:
        said += self.words(variables)
        return 0.0


class Pick:
    """Binds a variable to a value of a pool, or of what is related to another variable."""

    __slots__ = ("inventor", "longest", "related", "slot", "source", "table")

    def __init__(
        self,
        slot: int,
        inventor: Inventor,
        table: Table[Choice] | None,
        related: Callable[[Value], Table[Choice] | None] | None = None,
        source: int = 0,
    ) -> None:
        self.slot = slot
        self.inventor = inventor
        self.table = table
        self.related = related
        self.source = source
        self.longest = 0

    def choices(self, variables: Variables) -> Table[Choice]:
        """The table to pick from; WorldError if the subject has none."""
        table = self.table
        if self.related is not None:
            table = self.related(variables[self.source].kind)
        if table is None:
            raise WorldError(f"nothing is related to {variables[self.source].lemma!r} here")
        return table

    def draw(self, variables: Variables, said: list[str], random: Random) -> float:
        table = self.table or self.choices(variables)
        i = table.draw(random)
        item = table.items[i]
        if isinstance(item, Coin):
            variables[self.slot], log_prob = self.inventor.draw(item, random)
            return log_prob + table.logs[i]
        variables[self.slot] = item
        return table.logs[i]


class Alternative:
    """One way on, with its weight and the guards that allow it."""

    __slots__ = ("guards", "steps", "weight")

    def __init__(self, weight: float, guards: tuple[Guard, ...], steps: Sequence) -> None:
        self.weight = weight
        self.guards = guards
        self.steps = steps


class Branch:
    """Chooses one of several sequences among those that the variables so far allow.

    An alternative is allowed if its guards hold and every relation it picks from has a line for
    the subject. With `bounded`, it must also fit in what is left of LIMIT.
    """

    __slots__ = ("_key", "_tables", "alternatives", "bounded", "longest", "name", "reads")

    def __init__(self, name: str, alternatives: tuple[Alternative, ...], bounded: bool) -> None:
        self.name = name
        self.alternatives = alternatives
        self.bounded = bounded
        needs = [length(alternative.steps) for alternative in alternatives]
        free = [n for n, a in zip(needs, alternatives, strict=True) if not a.guards]
        self.longest = min(free, default=LIMIT + 1) if bounded else max(needs)
        reads: set[int] = set()
        for alternative in alternatives:
            reads |= {slot for slot, _, _ in alternative.guards} | reading(alternative.steps)
        self.reads = tuple(sorted(reads))
        self._tables: dict[object, Table[Sequence]] = {}
        self._key = _keyed(self.reads)

    def table(self, variables: Variables, length_so_far: int) -> Table[Sequence]:
        """The allowed sequences; WorldError if there are none."""
        key: object = self._key(variables)
        if self.bounded:
            key = (key, length_so_far)
        table = self._tables.get(key)
        if table is None:
            table = self._tables[key] = self._build(variables, LIMIT - length_so_far)
        return table

    def _build(self, variables: Variables, room: int) -> Table[Sequence]:
        known = {slot: variables[slot].kind for slot in self.reads}
        table = Table(
            (alternative.steps, alternative.weight)
            for alternative in self.alternatives
            if allowed(alternative, known)
            and (not self.bounded or length(alternative.steps) <= room)
        )
        if not table.items:
            raise WorldError(f"rule {self.name}: nothing is allowed for {list(known.values())}")
        return table

    def draw(self, variables: Variables, said: list[str], random: Random) -> float:
        table = self.table(variables, len(said))
        i = table.draw(random)
        log_prob = table.logs[i]
        for step in table.items[i]:
            log_prob += step.draw(variables, said, random)
        return log_prob


Step = Say | Pick | Branch


def _keyed(reads: tuple[int, ...]) -> Callable[[Variables], object]:
    """A function from the variables to what tells two situations of a branch apart."""
    if not reads:
        return lambda variables: None
    if len(reads) == 1:
        only = reads[0]
        return lambda variables: variables[only].kind
    if len(reads) == 2:
        one, two = reads
        return lambda variables: (variables[one].kind, variables[two].kind)
    return lambda variables: tuple([variables[slot].kind for slot in reads])


def length(steps: Iterable[Step]) -> int:
    """How many words a sequence needs at most (a bounded branch counts its shortest way)."""
    return sum(step.longest for step in steps)


def reading(steps: Sequence) -> set[int]:
    """The variables, bound before a sequence, that decide whether it is possible."""
    reads: set[int] = set()
    bound: set[int] = set()
    for step in steps:
        if isinstance(step, Pick):
            if step.related is not None and step.source not in bound:
                reads.add(step.source)
            bound.add(step.slot)
        elif isinstance(step, Branch):
            reads |= set(step.reads) - bound
    return reads


def allowed(alternative: Alternative, known: dict[int, Value]) -> bool:
    """Whether its guards hold and its sequence is possible; unknown variables count as fine."""
    for slot, traits, wanted in alternative.guards:
        if slot in known and known[slot].traits.isdisjoint(traits) is wanted:
            return False
    return possible(alternative.steps, known)


def possible(steps: Sequence, known: dict[int, Value]) -> bool:
    """Whether every pick and branch of a sequence has something to choose."""
    for step in steps:
        if isinstance(step, Pick):
            related = step.related
            if related and step.source in known and related(known[step.source]) is None:
                return False
            known = {slot: value for slot, value in known.items() if slot != step.slot}
        elif isinstance(step, Branch) and not any(
            allowed(alternative, known) for alternative in step.alternatives
        ):
            return False
    return True
