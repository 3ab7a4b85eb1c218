"""What an experiment says, in one language, filled from its run."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from lessons.content_error import ContentError
from lessons.prose import prose
from lessons.trials.trial import Arm, Finding, Result, Trial
from lessons.words import number


@dataclass(frozen=True)
class Told:
    """The texts of one language. Get it with `told(lang)`."""

    lang: str
    texts: Mapping[str, Mapping[str, str]]
    held_out: str
    train: str
    trouble: str
    asked: str

    def title(self, trial: Trial) -> str:
        """The heading of an experiment."""
        return self.texts[trial.id]["title"]

    def question(self, trial: Trial) -> str:
        """What is compared, and the question to guess at before it runs."""
        return self.texts[trial.id]["question"]

    def arm(self, trial: Trial, arm: Arm) -> str:
        """The name of one of the models that are compared."""
        return self.texts[trial.id][arm.id]

    def measured(self, trial: Trial, name: str) -> str:
        """What a number that the experiment measures is."""
        return self.texts[trial.id][name]

    def finding(self, trial: Trial, finding: Finding) -> tuple[str, ...]:
        """The sentences of a finding. Raises ContentError where a text lacks one."""
        values = {name: self._shown(value) for name, value in finding.values.items()}
        try:
            return tuple(self.texts[trial.id][key].format_map(values) for key in finding.keys)
        except KeyError as error:
            raise ContentError(f"trials/{self.lang}.toml: {trial.id} lacks {error}") from error

    def table(self, trial: Trial, results: Sequence[Result]) -> list[list[str]]:
        """Heading and one row for each arm: its name, both losses, and what was measured."""
        names = list(results[0].measured)
        head = ["", self.train, self.held_out, *(self.measured(trial, name) for name in names)]
        return [head, *(self._row(trial, result, names) for result in results)]

    def _row(self, trial: Trial, result: Result, names: Sequence[str]) -> list[str]:
        label = self.arm(trial, result.arm)
        if result.trouble is not None:
            return [label, self.trouble.format(step=self._shown(result.trouble.params["step"]))]
        numbers = [result.train_loss, result.held_out_loss, *(result.measured[x] for x in names)]
        return [label, *map(self._shown, numbers)]

    def _shown(self, value: object) -> str:
        """A number as the course writes it."""
        if isinstance(value, int):
            return prose(self.lang).words.whole(value)
        return number(value) if isinstance(value, float) else str(value)


@cache
def told(lang: str) -> Told:
    """What the experiments say in a language. Raises ContentError for a file that lacks a part."""
    path = files("lessons") / "content" / "trials" / f"{lang}.toml"
    texts = tomllib.loads(path.read_text(encoding="utf-8"))
    try:
        return Told(
            lang,
            {name: part for name, part in texts.items() if isinstance(part, dict)},
            **{name: texts[name] for name in ("held_out", "train", "trouble", "asked")},
        )
    except KeyError as error:
        raise ContentError(f"trials/{lang}.toml lacks {error}") from error
