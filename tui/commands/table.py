"""The table of the commands of `desdecero`.

Only what prints something needs it: the app starts without.
"""

from tui.commands import (
    completion,
    doctor,
    experiment,
    export,
    generate,
    keys,
    lessons,
    models,
    moments,
    predict,
    progress,
    quiz,
    serve,
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
    moments.COMMAND,
    train.COMMAND,
    experiment.COMMAND,
    export.COMMAND,
    serve.COMMAND,
    keys.COMMAND,
    completion.COMMAND,
    doctor.COMMAND,
)
