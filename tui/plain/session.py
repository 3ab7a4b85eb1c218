"""What a dialogue knows: the run, the language, what was seen and said, and where one is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field

import lessons.course
from engine.errors import EngineError
from engine.experiment import Experiment
from engine.expr import Ref
from lessons.course import Course
from lessons.figures.parts import Figure
from lessons.prose import Prose, prose
from lessons.taught import taught
from tui.learner import Learner
from tui.messages import Words, error_sentence, shown
from tui.plain.reader import Reader
from tui.plain.speech import Speaker, dashed
from tui.plain.told import told
from tui.plain.trouble import PlainError
from tui.screens.lesson_state import Journey
from tui.screens.lesson_view import scene_of
from tui.screens.progress_journey import events_between, run_settings
from tui.screens.walk_history import History
from tui.screens.walk_state import Place

Texts = list[str]


@dataclass
class Session:
    """The state of a dialogue; only its rooms and `changes` assign to it.

    place: where one is on the walk. rooms: where one is, the last one on top; the first one is the
    walk or the lesson.
    """

    run: Experiment
    lang: str
    journey: Journey
    learner: Learner
    speaker: Speaker
    place: Place = field(default_factory=Place)
    rooms: list[Room] = field(default_factory=list)
    history: History = field(default_factory=History)
    _noted: Journey = field(default_factory=Journey)

    def __post_init__(self) -> None:
        self.history = History(self.run.forced)
        self._noted = self.journey

    @property
    def words(self) -> Words:
        """The sentences of the dialogue."""
        return told(self.lang)

    @property
    def course(self) -> Course:
        """The course in the present language."""
        return lessons.course.course(self.lang)

    @property
    def prose(self) -> Prose:
        """What is said of stations, in the present language."""
        return prose(self.lang)

    @property
    def taught(self) -> Experiment:
        """The run that the course is told about."""
        return taught(self.run, self.lang)

    @property
    def room(self) -> Room:
        """Where one is."""
        return self.rooms[-1]

    def error(self, trouble: EngineError | PlainError) -> str:
        """One sentence on what went wrong."""
        if isinstance(trouble, PlainError):
            typed = {"text": shown(trouble.values["text"])} if "text" in trouble.values else {}
            return self.words(trouble.key, **{**trouble.values, **typed})
        return error_sentence(trouble, self.lang)

    def enter(self, room: Room) -> Texts:
        """Go into a room over the present one."""
        self.rooms.append(room)
        return room.arrive()

    def go(self, ground: Room) -> Texts:
        """Go to the walk or to a lesson, out of every room."""
        self.rooms[:] = [ground]
        return ground.arrive()

    def leave(self) -> Texts:
        """Go out of a room; where one is then is said in a line, and not all again."""
        self.rooms.pop()
        return self.room.where()

    def open(self, run: Experiment, ref: Ref) -> Texts:
        """Open the arithmetic of a number. Raises EngineError."""
        from tui.plain.why import WhyRoom

        return self.enter(WhyRoom(self, run, ref))

    def columns(self, figure: Figure) -> Texts:
        """A figure in columns, for whoever asks: lines that stand as they are."""
        from tui.renderables.figure_text import figure_text

        lines = figure_text(figure, self.speaker.width, lang=self.lang, pictures=False)
        if not any(lines):
            raise PlainError("trouble.no_rows")
        return ["\t" + dashed(line) for line in lines]

    def note(self) -> None:
        """Have what happened, and where one is, kept in the progress file."""
        events = events_between(self._noted, self.journey)
        self._noted = self.journey
        if events:
            self.learner.take(*events)
        left = {"left": dict(self.journey.cards)} if self.journey.lesson else {}
        place = self.rooms[0].kept if self.rooms else {}
        settings = {**run_settings(self.run), **left, "language": self.lang, "place": place}
        self.learner.set(settings)

    def term_text(self, name: str) -> Texts:
        """A term of the glossary: by its id."""
        from tui.export.lesson_text import term_text

        return [" ".join(term_text(self.course.term(name), scene_of(self.taught, self.lang)))]


class Room(ABC):
    """A place in the dialogue: the walk, a lesson, a quiz, the arithmetic of a number.

    name: which of [room] stands before what is typed, and which help is given.
    """

    name: str

    def __init__(self, session: Session) -> None:
        self.session = session
        self.reader = Reader()

    @property
    def words(self) -> Words:
        """The sentences of the dialogue."""
        return self.session.words

    @property
    def kept(self) -> dict[str, object]:
        """The place as the progress file keeps it; of the ground only."""
        return {}

    @abstractmethod
    def arrive(self) -> Texts:
        """What is said here, from the beginning."""

    def where(self) -> Texts:
        """Where one is again, in a line; what is read here is as it is now."""
        return self.arrive()[:1]

    def takes(self, line: str) -> Texts | None:
        """What a line means that is no command where an answer is waited for; None for nothing."""
        return None

    def do(self, verb: str, rest: str) -> Texts | None:
        """What a verb does here; None for what is not done here. Raises PlainError, EngineError."""
        return None

    def table(self) -> Texts:
        """What is shown here in columns, for whoever asks. Raises Trouble."""
        raise PlainError("trouble.no_rows")

    def run_of(self, number: int) -> Experiment:
        """The run of that number; see `Cell.run`."""
        return self.session.run

    def cell(self, numbers: list[int]) -> tuple[Experiment, Ref]:
        """The number at a row and column as they are read. Raises Trouble."""
        row = self.reader.row(numbers[0])
        if len(numbers) == 1 and len(row.entries) > 1:
            raise PlainError("trouble.which", n=row.n, last=len(row.entries))
        column = numbers[1] if len(numbers) > 1 else 1
        if len(numbers) > 2 or not 1 <= column <= len(row.entries):
            raise PlainError("trouble.no_column", n=row.n, last=len(row.entries))
        entry = row.entries[column - 1]
        if entry.ref is None:
            raise PlainError("trouble.not_open", text=entry.text)
        return self.run_of(entry.run), entry.ref

    def read(self, taken: int = 0) -> Texts:
        """What comes next of what is read here, beside so many lines."""
        return self.reader.read(self.words, self.session.speaker, 22 - taken)

    def lines(self, texts: Texts) -> int:
        """How many lines some paragraphs take."""
        return sum(len(self.session.speaker.lines(text)) for text in texts)
