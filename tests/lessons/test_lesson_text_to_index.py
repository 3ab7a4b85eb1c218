"""Tokens, merges and ids are the tokenizer's own."""

import pytest

from engine.experiment import Experiment
from engine.words import split
from lessons.figures.published import GPT2, PAPER
from lessons.figures.registry import figures
from lessons.figures.text_to_index import N_BYTES
from lessons.figures.text_to_index_merges import merges_of, piece_text, word_at
from lessons.scene import Scene, shipped_model

WORDS = ["gato", "árbol", "gatosaurio", "cat", "catosaurus", "🙂", "¿", "2024", "x"]


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("name", ["mini-es", "mini-en"])
def test_merges_are_those_of_the_tokenizer(name, word):
    tokenizer = shipped_model(name).tokenizer
    steps = merges_of(tokenizer.ranks, f" {word}")
    replayed = tokenizer.replay(word)
    assert [step.pieces for step in steps] == [step.pieces for step in replayed]
    assert [step.pair for step in steps] == [step.pair for step in replayed]
    ids = [tokenizer.vocab[symbol] for symbol in _symbols(tokenizer, steps[-1].pieces)]
    assert ids == tokenizer.encode(word)


def _symbols(tokenizer, pieces):
    shown = {tokenizer.piece(i): token for i, token in enumerate(tokenizer.tokens[:-1])}
    return [shown[piece] for piece in pieces]


def test_every_token_belongs_to_the_word_that_it_is_cut_from():
    experiment = Experiment(shipped_model("mini-es"), "¿El gatosaurio, 3 veces? 🙂 del ")
    tokenizer = experiment.model.tokenizer
    read: list[str] = []
    before = None
    for pos in range(1, len(experiment.pieces)):
        word = word_at(experiment, pos)
        piece = experiment.pieces[pos].label
        assert piece in merges_of(tokenizer.ranks, word)[-1].pieces
        if word != before:
            read.append(word)
        before = word
    assert read == split("¿El gatosaurio, 3 veces? 🙂 del")
    assert word_at(experiment, 0) == ""


def test_the_road_shows_the_ids_that_the_model_reads():
    experiment = Experiment(shipped_model("mini-es"), "el gato come el pez")
    sentence, *_ = figures()["road"].show(Scene(experiment, "es"))
    ids = [int(cell.text) for cell in sentence.below]
    assert ids == experiment.trace["tokens"].value.tolist()


def test_the_source_sentence_has_the_numbers_0_to_4():
    experiment = Experiment(shipped_model("mini-es"), "")
    sentence, _ = figures()["toy-index"].show(Scene(experiment, "es"))
    words, numbers = ([cell.text for cell in row[1:]] for row in sentence.rows)
    assert words == ["el", "gato", "come", "un", "pez"]
    assert numbers == ["0", "1", "2", "3", "4"]


def test_what_is_close_in_the_list_is_not_what_is_used_alike():
    """The index is a label: the neighbours by number are not those by use."""
    experiment = Experiment(shipped_model("mini-es"), "el perro")
    _, table, *_ = figures()["index-illusion"].show(Scene(experiment, "es"))
    by_number, by_use = ({row[i].text for row in table.rows} for i in (0, 2))
    assert by_number != by_use
    numbers = [int(row[3].text) for row in table.rows]
    assert max(numbers) - min(numbers) > len(numbers)  # used alike, and far apart in the list


def test_50257_are_the_tokens_of_gpt2_and_not_of_the_paper():
    """Correction 4: GPT-2 has its bytes, 50,000 merges and one mark; the paper about 37,000."""
    assert GPT2.d_vocab == N_BYTES + 50_000 + 1
    assert (PAPER.d_vocab, PAPER.d_model) == (37_000, 512)
    experiment = Experiment(shipped_model("mini-es"), "")
    scene = Scene(experiment, "es")
    table, _ = figures()["table-size"].show(scene)
    sizes = {row[0].text: row[3].text for row in table.rows}
    assert sizes["Transformer de 2017"] == scene.words.whole(37_000 * 512)
    assert sizes["GPT-2 (el pequeño)"] == scene.words.whole(50_257 * 768)


def test_pieces_show_their_space():
    assert [piece_text(piece) for piece in (" ", " gat", "o")] == ["␠", "␠gat", "o"]
