"""The commands of `desdecero`, one small file each, and the table that lists them."""

from tui.commands import (
    export,
    generate,
    lessons,
    models,
    predict,
    progress,
    quiz,
    trace,
    train,
    why,
)
from tui.commands.base import Command

# In the order of --help. A new command is a new file and a line here.
COMMANDS: tuple[Command, ...] = (
    trace.COMMAND,
    why.COMMAND,
    predict.COMMAND,
    generate.COMMAND,
    lessons.LESSONS,
    lessons.LESSON,
    lessons.GLOSSARY,
    quiz.COMMAND,
    progress.COMMAND,
    models.COMMAND,
    train.COMMAND,
    export.COMMAND,
)
