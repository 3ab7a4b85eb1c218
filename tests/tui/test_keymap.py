"""Keys that the person has chosen: everywhere in place of the usual ones, or told why not."""

import json
import re

import pytest
from textual.widgets import Static

from tui.actions import by_id
from tui.app import DesdeCero
from tui.cli import main
from tui.data import keys_path
from tui.keymap import chosen_key, read_keymap, use
from tui.keys import tables
from tui.messages import LANGUAGES, error_sentence, words
from tui.renderables.signs import sign_of, signs_of

USUAL = [table.keymap() for table in tables()]


@pytest.fixture(autouse=True)
def _usual_keys():
    yield
    use({})


@pytest.fixture
def keys_file():
    path = keys_path()
    path.parent.mkdir(parents=True)
    return path


def read(path, text):
    path.write_text(text, encoding="utf-8")
    return read_keymap(path, USUAL)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_printed_keys_are_a_file_that_changes_nothing(lang, keys_file, capsys):
    assert main(["keys", "--lang", lang]) == 0
    printed = capsys.readouterr().out
    assert read(keys_file, printed) == ({}, [])
    ids = {name for screen in USUAL for name in screen}
    told = re.findall(r'^"?([a-z_.]+)"? = .*  # (\S.*)$', printed, re.MULTILINE)
    assert {name for name, _ in told} == ids
    assert len(told) == len(ids)
    assert not [name for name, does in told if does == name]  # each says what it does


def test_what_was_changed_is_printed_as_changed(keys_file, capsys):
    keys_file.write_text('theme = "Y"\nno_such = "x"\n', encoding="utf-8")
    assert main(["keys", "--lang", "en"]) == 0
    printed = capsys.readouterr().out
    assert 'theme = "Y"' in printed
    assert "no action called no_such" in printed


@pytest.mark.parametrize(
    ("line", "keys"),
    [
        ('theme = "?x"', None),
        ('theme = "Ñ"', ("Ñ",)),
        ('theme = "Y"', ("Y",)),
        ('theme = "@"', ("at",)),
        ('theme = "ctrl+t"', ("ctrl+t",)),
        ('theme = ["f5", "alt+t"]', ("f5", "alt+t")),
        ('theme = "f99"', None),
        ('theme = ""', None),
        ("theme = []", None),
        ("theme = 3", None),
        ("theme = {a = 1}", None),
        ('theme = "hyperspace+t"', None),
        ('thème = "t"', None),
        ('"compare.turn" = "z"', ("z",)),
        ("\x00", None),
        ("theme =", None),
    ],
)
def test_a_line_is_followed_or_told(line, keys, keys_file):
    found, troubles = read(keys_file, line)
    assert list(found.values()) == ([] if keys is None else [keys])
    assert len(troubles) == (keys is None)
    for trouble in troubles:
        for lang in LANGUAGES:
            assert trouble.code not in error_sentence(trouble, lang)


def test_a_file_that_is_no_text_or_too_long_is_told(keys_file):
    for content in (b"\xff\xfe", b"#" * 200_000):
        keys_file.write_bytes(content)
        found, (trouble,) = read_keymap(keys_file, USUAL)
        assert not found
        assert trouble.code == "keys_unreadable"


def test_no_key_means_two_things_on_a_screen(keys_file):
    found, (trouble,) = read(keys_file, 'theme = "n"\nmodel = "1"')
    assert found == {"model": ("1",)}
    assert (trouble.code, trouble.params["key"]) == ("keys_clash", "n")
    # Two that change places do not clash, nor do keys of different screens.
    assert read(keys_file, 'theme = "b"\nblame = "T"') == ({"theme": ("b",), "blame": ("T",)}, [])
    assert read(keys_file, '"compare.turn" = "n"') == ({"compare.turn": ("n",)}, [])


def test_signs_are_those_of_a_keyboard():
    pairs = {"ctrl+p": "Ctrl+P", "f5": "F5", "question_mark": "?", "left": "←", "n": "n", "N": "N"}
    assert {key: sign_of(key) for key in pairs} == pairs
    use({"block_next": ("pageup",)})
    assert signs_of(by_id("block_next"), words("app", "es")) == "RePág"
    assert chosen_key("theme") == ""


async def test_the_app_has_the_chosen_keys(keys_file):
    lines = {"theme": "Y", "contents": ["t"], "train": ["Q"], "nothing": "x"}
    text = "\n".join(f"{name} = {json.dumps(value)}" for name, value in lines.items())
    keys_file.write_text(text, encoding="utf-8")
    app = DesdeCero(text="el gato come")
    async with app.run_test(size=(80, 24)) as pilot:
        while len(app.screen_stack) < 2:
            await pilot.pause()
        before = app.theme
        await pilot.press("T")
        assert app.theme == before
        await pilot.press("Y")
        assert app.theme != before
        await pilot.press("question_mark")
        helped = "\n".join(str(x.render()) for x in app.screen.query(Static))
        assert re.search(r"\bQ\b", helped)
        assert "nothing" in "".join(x.message for x in app._notifications)
