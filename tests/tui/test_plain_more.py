"""The dialogue beside the walk and the course: two runs, what hangs on what, training, files."""

import re
import subprocess
import sys

import pytest

from engine.experiment import Experiment
from engine.expr import Ref
from engine.parts import Part
from engine.share import from_line
from engine.store import load
from engine.whatif import Force
from tests.tui.plain_helper import UNSPEAKABLE, said, talk
from tui.messages import LANGUAGES, words
from tui.own_models import find_model
from tui.plain.dialogue import OTHERS, SCREEN
from tui.plain.speech import spelled

SENTENCE = "The cat climbed the tree because it was afraid of the"
OTHER = "The mouse climbed the tree because it was afraid of the"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Where the dialogue is begun, and saves."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def last(*lines, **begin):
    """What is said to the last of some lines."""
    reply = talk(lines, **{"text": SENTENCE, **begin})[len(lines)]
    assert not UNSPEAKABLE.search(reply)
    assert 0 < reply.count("\n") <= SCREEN
    return said(reply)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_help_names_everything_that_can_be_done_besides(lang):
    told = last("?", lang=lang).casefold()
    for verb in OTHERS:
        phrase = words("plain_more", lang)(f"verb.{verb}").split(",")[0]
        assert re.search(rf"\b{phrase}\b", told), verb


def test_another_sentence_is_put_beside_this_one():
    told = last(f"compare {OTHER}")
    assert told.startswith("They part at: pieces.")
    first, second = told.split("Second,")
    assert SENTENCE in first
    assert "“dog” 9" in first
    assert OTHER in second
    assert "expects: “cat” 7" in second
    assert "Stage 2, pieces: 8.3%." in second  # 1 of 12


def test_a_model_and_the_run_without_changes_are_compared_as_well():
    told = last("compare paper-en")
    assert "paper-en expects" in told
    assert last("compare") == words("plain_more", "en")("trouble.compare")
    told = last("what if 1", "compare")
    assert told.startswith("They part at: position.")
    first, second = told.split("Second,")
    assert "“dog” 9" not in first
    assert "“dog” 9" in second
    assert "“pizza”" in last("s the cat eats pizza", "compare dog")  # one word is a sentence


def test_what_the_prediction_hangs_on_is_told_by_row_and_number():
    told = last("stage pattern", "depends")
    assert told.startswith("What the logit of “dog” hangs on most at stage 14, softmax:")
    found = re.findall(r"Row (\d+), number (\d+)\. .*? changes by ([+−][\d.]+)\.", told)
    changes = [float(change.replace("−", "-")) for _, _, change in found]
    assert len(changes) == 3
    assert sorted(changes, key=abs, reverse=True) == changes

    # It is so: when that number grows, the logit moves by so much.
    row, col = (int(x) - 1 for x in found[0][:2])
    run, little = Experiment(load(find_model("mini-en")), SENTENCE), 1e-6
    number = Ref("blocks.0.attn.pattern", (0, row, col))
    grown = run.with_forced((Force(Part.of(number), run.trace.value(number) + little),))
    logits = [one.trace["logits"].value[-1] for one in (run, grown)]
    best = logits[0].argmax()
    slope = (logits[1][best] - logits[0][best]) / little
    assert 0.01 * slope == pytest.approx(changes[0], rel=0.1)


def test_where_nothing_can_grow_the_nearest_station_that_has_numbers_is_told():
    assert "stage 4, table" in last("stage 1", "depends")
    assert "stage 39, LayerNorm" in last("stage 42", "depends")


def test_the_training_is_told_moment_by_moment():
    replies = talk(["training", "m", "m", "moment 1"], text=SENTENCE)
    told = "".join(map(said, replies[1:4]))
    assert [int(n) for n in re.findall(r"(\d+): step", told)] == list(range(1, 25))
    assert "24: step 5000, expects “dog” 91%." in told
    assert "You are here." in told
    first = re.search(r" 1: step 0, expects (\S+ \S+)\.", told)[1]
    assert f"now expects: {first}," in said(replies[4])
    assert "keeps no moments" in last("model mini-bidi-en", "training")


def test_the_run_is_saved_as_a_program_a_page_or_a_table(folder):
    told = last("save run.py", "save run.html", "stage pattern", "save CSV", "save run.py")
    assert told == words("plain_more", "en")("trouble.taken", text="run.py")
    ran = subprocess.run([sys.executable, "run.py"], capture_output=True, text=True, cwd=folder)
    assert "dog" in ran.stdout
    assert "<html" in (folder / "run.html").read_text("utf-8")
    [table] = folder.glob("*.csv")
    assert table.name == "the-cat-climbed-the-tree-because-it-was.csv"
    assert len(table.read_text("utf-8").splitlines()) == 13
    how = words("plain_more", "en")("trouble.save")
    for wrong in ("save", "save run.txt", "save my work"):
        assert last(wrong) == how
    assert "cannot" in last("save nowhere/run.py")
    assert last("l softmax", "save csv") == words("plain", "en")("trouble.no_rows")
    assert len(list(folder.iterdir())) == 3


def test_a_run_is_shared_in_one_line():
    line = talk(["what if 1", "share"], text=SENTENCE)[2].splitlines()[-2]
    assert from_line(line).text == SENTENCE
    assert "No positions" in said(talk(["what if"], share=line)[1])


@pytest.mark.parametrize(
    ("lang", "known", "word", "note"),
    [
        ("en", "the cat eats", "xylophones", "does not know the word “xylophones”"),
        ("es", "el gato come", "pizza", "no conoce la palabra «pizza»"),
    ],
)
def test_an_unknown_word_is_named(lang, known, word, note):
    assert note in last(f"s {known} {word}", lang=lang)
    assert note.split("“")[0].split("«")[0] not in last(f"s {known}", lang=lang)


def test_signs_become_words_where_an_encoding_lacks_them():
    assert spelled("7×10⁻⁶ · ‖x‖ ≤ √(σ² + ε), ½", "ascii") == (
        "7x10^-6 * ||x|| <= sqrt(sigma^2 + epsilon), 1/2"
    )
