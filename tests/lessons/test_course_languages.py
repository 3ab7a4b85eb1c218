"""A lesson or a language is added by files alone: no code changes.

A copy of the program gets a third language, made of the English files, and one more lesson; then it
is run as it stands.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import lessons
import tui
from lessons.languages import languages, models_of, of_model, spoken

ROOT = Path(lessons.__file__).parent.parent
NEW = "xx"
LESSON_TOML = """
terms = ["glimpse"]
sources = ["None"]

[[card]]
id = "look"
figure = "looks"

[[card]]
id = "check"
role = "check"
guess = { kind = "pick", answer = "one" }
"""
LESSON = """# A lesson more
By the end you can say that nothing was programmed for it.

## look | A card
The last word of the sentence is {last}: a [glimpse](#glimpse).

## check | Another
One question.

? Which one?
- one | The first
- two | The second
! The first.

# terms
## glimpse | glimpse
A short look.
> This is one.

# next | Next
There is no more.
"""
SCRIPT = """
import sys
from random import Random
from engine.experiment import Experiment
from lessons.course import course
from lessons.figures.registry import figures
from lessons.findings.registry import filled_plain
from lessons.languages import languages, models_of
from lessons.probes import known_probes
from lessons.quiz.registry import generators
from lessons.scene import Scene, shipped_model
from tui.cli import main

assert languages() == ("es", "en", "xx"), languages()
whole = course("xx")
assert whole.lessons[0].title == "In the third language"
assert whole.lessons[-1].title == "A lesson more"
scene = Scene(Experiment(shipped_model(f"mini-{models_of('xx')}"), "the cat eats the fish"), "xx")
for lesson in whole.lessons:
    for card in lesson.cards:
        assert filled_plain(card.prose, scene)
        if card.figure:
            figures()[card.figure].show(Scene(scene.experiment, "xx", card.set))
assert sum(one.ask(scene, Random(1)) is not None for one in generators().values()) > 40
for probe in known_probes(scene.experiment.model):
    assert probe.name["xx"] == probe.name["en"] != ""
    assert probe.told["xx"] == probe.told["en"] != ""
for line in (
    ["lesson", "a-lesson-more", "--lang", "xx"],
    ["lesson", "why-transformers", "--lang", "xx"],
    ["glossary", "glimpse", "--lang", "xx"],
    ["quiz", "--n", "2", "--markdown", "--lang", "xx"],
    ["predict", "the cat eats", "--lang", "xx"],
):
    assert not main(line), line
"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """The two upper floors of the program, with a third language and a 27th lesson."""
    folder = tmp_path_factory.mktemp("program")
    for package in (lessons, tui):
        source = Path(package.__file__).parent
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(source, folder / source.name, ignore=ignored)
    for top in (folder / "lessons" / "content", folder / "tui" / "text"):
        for path in list(top.rglob("*")):
            parts = path.name.split(".")
            if path.is_file() and "en" in parts[:-1]:
                name = ".".join(NEW if part == "en" else part for part in parts)
                shutil.copy(path, path.with_name(name))
    content = folder / "lessons" / "content"
    with (content / "languages.toml").open("a", encoding="utf-8") as file:
        file.write(f'\n[{NEW}]\nlocale = "{NEW}"\nmodels = "en"\n')
    first = content / "why-transformers" / f"{NEW}.md"
    title, _, rest = first.read_text(encoding="utf-8").partition("\n")
    assert title.startswith("# ")
    first.write_text(f"# In the third language\n{rest}", encoding="utf-8")
    added = content / "a-lesson-more"
    added.mkdir()
    (added / "lesson.toml").write_text(LESSON_TOML, encoding="utf-8")
    for lang in (*languages(), NEW):
        (added / f"{lang}.md").write_text(LESSON, encoding="utf-8")
    with (content / "index.toml").open("a", encoding="utf-8") as file:
        file.write('\n[[lesson]]\nid = "a-lesson-more"\nminutes = 1\nneeds = ["summary"]\n')
    return folder


def test_a_language_and_a_lesson_need_no_code(copy, tmp_path):
    path = os.pathsep.join([str(copy), str(ROOT)])
    environ = os.environ | {"PYTHONPATH": path, "XDG_DATA_HOME": str(tmp_path), "NO_COLOR": "1"}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], env=environ, cwd=copy, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert "A lesson more" in done.stdout
    assert "In the third language" in done.stdout


def test_every_language_has_every_file():
    """What one language has, each has: files of the same names, apart from the language's."""
    for top in (ROOT / "lessons" / "content", ROOT / "tui" / "text"):
        names = {}
        for path in top.rglob("*"):
            parts = path.name.split(".")
            for lang in set(parts[:-1]) & set(languages()):
                rest = tuple("*" if part == lang else part for part in parts)
                names.setdefault(lang, set()).add((path.parent, rest))
        assert names.keys() == set(languages())
        assert len({frozenset(found) for found in names.values()}) == 1


@pytest.mark.parametrize(
    ("locale", "lang"),
    [("es_MX.UTF-8", "es"), ("Spanish_Spain", "es"), ("en_GB", "en"), ("C", "en"), ("est", "en")],
)
def test_a_locale_tells_the_language(locale, lang):
    assert spoken(locale) == lang


def test_models_of_a_language():
    assert [models_of(lang) for lang in languages()] == list(languages())
    assert of_model("mini-bidi-en") == "en"
    assert of_model("/some/where/my-mini") is None
