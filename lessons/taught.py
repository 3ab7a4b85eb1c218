"""The run that the course is told about.

A lesson explains every part of a transformer on the learner's own run, and a question asks about
any of them. Where the learner's model lacks a part, a model that comes with the program reads the
same sentence instead.
"""

from __future__ import annotations

from functools import lru_cache

from engine.experiment import Experiment
from lessons.languages import models_of
from lessons.scene import shipped_model


def taught(experiment: Experiment, lang: str) -> Experiment:
    """The run itself, or that of its sentence in the small model of a language.

    One object for the same run, so that it runs once. Raises EngineError if that model cannot be
    read.
    """
    return experiment if experiment.model.config.whole else _in_mini(experiment.text, lang)


@lru_cache(maxsize=4)
def _in_mini(text: str, lang: str) -> Experiment:
    return Experiment(shipped_model(f"mini-{models_of(lang)}"), text)
