"""The dialogue: a line is read, done, and answered, and then comes the next one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TextIO

from engine.errors import EngineError
from tui.messages import LANGUAGES
from tui.plain import changes, lists, quiz
from tui.plain.beside import compare
from tui.plain.between import Between
from tui.plain.depends import depends
from tui.plain.keep import save, share
from tui.plain.lesson import LessonRoom, enter_lesson
from tui.plain.reader import PAGE, Reader
from tui.plain.rows import row_text
from tui.plain.session import Session, Texts
from tui.plain.training import training
from tui.plain.trouble import PlainError
from tui.plain.verbs import integers, read
from tui.plain.walk import WalkRoom
from tui.plain.why import WhyRoom

LONGEST = 1 << 16
"""Letters of a line that are read."""
MOST_PARTS = 64
"""So many times that is read of a line; one that is longer still has no end."""
SCREEN = 24
"""Lines that are said at once, at the most."""
FIRST = 12
"""Lines of a long account that are said before "more" is."""
HEARD = 40
"""Letters of a line that are said again."""

OTHERS: Mapping[str, Callable[[Session, str], Texts]] = {
    "compare": compare,
    "depends": depends,
    "training": training,
    "save": save,
    "share": share,
}


class Dialogue:
    """Reads lines and answers them until there are none, or one says to quit.

    told: what was said meanwhile by the progress file. echo: whether what is typed is written
    again, because no terminal has shown it.
    """

    def __init__(self, session: Session, between: Between, told: Texts, echo: bool) -> None:
        self.session = session
        self._between, self._told, self._echo = between, told, echo
        self._reader = Reader()
        self._over = False

    def run(self, source: TextIO, greeting: Texts) -> None:
        """The whole dialogue."""
        with self._between.lock:
            first = self._safely(lambda: self.session.room.arrive())
            self._say(self._fitted([*greeting, *first]))
        while not self._over:
            line = _line_of(source)
            if not line:
                self.session.speaker.say(["\t"])
                return
            with self._between.lock:
                if self._echo:
                    self.session.speaker.echo(line.rstrip("\r\n"))
                self._say(self.answer(line))

    def _say(self, texts: Texts) -> None:
        """Say something and what the progress file has to say, keep where one is, and ask."""
        session = self.session
        session.speaker.say(texts)
        if self._over:
            return
        session.note()
        session.speaker.say(self._told)
        self._told.clear()
        session.speaker.prompt(session.words(f"room.{session.room.name}"))

    def answer(self, line: str) -> Texts:
        """What is said to a line."""
        clean = line.strip("\ufeff").strip()
        return self._fitted(self._safely(lambda: self._done(clean)))

    def _fitted(self, told: Texts) -> Texts:
        """What has room on a screen; the rest is read when it is asked for."""
        speaker = self.session.speaker
        if sum(max(len(speaker.lines(text)), 1) for text in told) <= SCREEN:
            return told
        self._reader = Reader(told)
        return self._reader.read(self.session.words, speaker, SCREEN - 1)

    def _safely(self, do: Callable[[], Texts]) -> Texts:
        try:
            return do()
        except (EngineError, PlainError) as trouble:
            return [self.session.error(trouble)]

    def _done(self, line: str) -> Texts:
        session = self.session
        taken = session.room.takes(line) if line else None
        if taken is not None:
            return taken
        verb, rest = read(line)
        if verb != "more":
            self._reader = Reader()
        if verb in ("more", "row", "table", "again", "help", "quit", "lang"):
            return self._about(verb, rest)
        told = session.room.do(verb, rest)
        return self._common(verb, rest) if told is None else told

    # What is done everywhere

    def _about(self, verb: str, rest: str) -> Texts:
        """What is about the dialogue itself."""
        session, room, said = self.session, self.session.room, self.session.words
        if verb == "again":
            return room.arrive()
        if verb == "table":
            return room.table()
        if verb == "help":
            keys = (f"help.{room.name}", "help.all", "help.more")
            return [line for key in keys for line in said(key).splitlines()]
        if verb == "quit":
            self._over = True
            return [said("bye.said")]
        if verb == "lang":
            return self._language(rest)
        if verb == "row":
            n = integers(rest)
            if len(n) != 1:
                raise PlainError("trouble.row")
            return [row_text(room.reader.row(n[0]), said, LONGEST)]
        reader = self._reader if self._reader.rest else room.reader
        return reader.read(said, session.speaker) if reader.rest else [said("more.none")]

    def _language(self, wish: str) -> Texts:
        session = self.session
        here = LANGUAGES.index(session.lang)
        lang = wish.casefold()[:2] if wish else LANGUAGES[(here + 1) % len(LANGUAGES)]
        if lang not in LANGUAGES:
            raise PlainError("trouble.lang", names=", ".join(LANGUAGES))
        session.lang = lang
        return session.room.arrive()

    def _common(self, verb: str, rest: str) -> Texts:
        """What is done in every room that does not do something else at that."""
        session = self.session
        if verb in ("quiz", "exam", "review"):
            return quiz.begin(session, verb)
        if verb == "course":
            return self._paged(lists.course_told(session))
        if verb == "lesson":
            return self._lesson(rest)
        if verb == "glossary":
            return self._paged(lists.glossary_told(session, rest))
        if verb == "progress":
            return lists.progress_told(session)
        if verb == "walk":
            return self._walk()
        if verb in ("why", "set"):
            return self._number(verb, rest)
        if verb in OTHERS:
            return self._paged(OTHERS[verb](session, rest), FIRST)
        change = changes.CHANGES.get(verb)
        if change is not None:
            return self._changed(lambda: change(session, rest))
        if verb in ("stage", "block", "word", "inside"):
            return self._to_station(verb, rest)
        return [self._not_understood(verb, rest)]

    def _changed(self, change: Callable[[], Texts]) -> Texts:
        """A change of the run; rows that were read before it are read anew."""
        before = self.session.run
        told = change()
        if self.session.run is not before:
            self.session.room.arrive()
        return told

    def _paged(self, told: Texts, lines: int = PAGE) -> Texts:
        self._reader = Reader(filter(None, told))
        return self._reader.read(self.session.words, self.session.speaker, lines)

    def _lesson(self, wish: str) -> Texts:
        session = self.session
        if wish:
            return enter_lesson(session, lists.lesson_of(session, wish).id)
        return enter_lesson(session, session.journey.lesson_in(session.course).id)

    def _walk(self) -> Texts:
        """Go to the walk; from a card, to the station that shows its exhibit in full."""
        session = self.session
        ground = session.rooms[0]
        if isinstance(ground, LessonRoom) and ground.view.free_place.stage != "text":
            session.place = ground.view.free_place
        return session.go(ground if isinstance(ground, WalkRoom) else WalkRoom(session))

    def _to_station(self, verb: str, rest: str) -> Texts:
        """Go to the walk at a station, unless there is none such."""
        ground = self.session.rooms[0]
        walk = ground if isinstance(ground, WalkRoom) else WalkRoom(self.session)
        told = walk.do(verb, rest) or []
        self.session.rooms[:] = [walk]
        return told

    def _number(self, verb: str, rest: str) -> Texts:
        """Open a number, or set it by hand."""
        from engine.expr import Ref

        session, room = self.session, self.session.room
        if verb == "set":
            here = room.ref if isinstance(room, WhyRoom) and room.run is session.run else None
            return self._changed(lambda: changes.set_number(session, rest, here))
        numbers = integers(rest)
        if numbers:
            return session.open(*room.cell(numbers))
        if not rest:
            raise PlainError("trouble.why")
        try:
            ref = Ref.parse(rest.replace(" ", ""))
        except ValueError as error:
            raise EngineError("bad_ref", text=rest) from error
        return session.open(session.run, ref)

    def _not_understood(self, verb: str, rest: str) -> str:
        said = self.session.words
        if verb:
            return said("trouble.not_here")
        short = rest if len(rest) <= HEARD else rest[:HEARD] + "…"
        key = "trouble.sentence" if len(rest.split()) > 2 else "trouble.unknown"
        return said(key, text=short)


def _line_of(source: TextIO) -> str:
    """The next line, of a long one the beginning; nothing at the end, or of one without an end."""
    line = rest = source.readline(LONGEST)
    for _ in range(MOST_PARTS):
        if len(rest) < LONGEST or rest.endswith("\n"):
            return line
        rest = source.readline(LONGEST)
    return ""
