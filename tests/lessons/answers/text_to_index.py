from itertools import pairwise

from engine.bpe import to_symbols
from engine.words import split
from tests.lessons.answers.registry import answer


def moments(tokenizer, word):
    """The pieces of a word, merge after merge, trying the merges from the first on."""
    pieces = list(to_symbols(word))
    found = [list(pieces)]
    changed = True
    while changed:
        changed = False
        pairs = set(pairwise(pieces))
        for left, right in tokenizer.merges:
            if (left, right) in pairs:
                i = 0
                while i < len(pieces) - 1:
                    if pieces[i] == left and pieces[i + 1] == right:
                        pieces[i : i + 2] = [left + right]
                    i += 1
                found.append(list(pieces))
                changed = True
                break
    return found


@answer("pieces-whole")
def pieces_whole(question, scene):
    tokenizer = scene.experiment.model.tokenizer
    whole = [
        scene.words.token(word)
        for word in question.about["words"].split(",")
        if len(tokenizer.encode(word)) == 1
    ]
    return tuple(i for i, choice in enumerate(question.choices) if choice.text in whole)


@answer("pieces-count")
def pieces_count(question, scene):
    text = scene.experiment.normal_text.rstrip(" ")
    tokenizer = scene.experiment.model.tokenizer
    return 1 + sum(len(moments(tokenizer, word)[-1]) for word in split(text))


@answer("merge-states")
def merge_states(question, scene):
    tokenizer = scene.experiment.model.tokenizer
    written = [
        " ".join(piece.replace("Ġ", "␠") for piece in pieces)
        for pieces in moments(tokenizer, " " + question.about["word"])
    ]
    shown = [choice.text for choice in question.choices]
    assert set(shown) <= set(written)
    return tuple(shown.index(text) for text in written if text in shown)


@answer("id-at-position")
def id_at_position(question, scene):
    word = scene.labels[question.about["pos"]]
    assert str(scene.ids[question.about["pos"]]) in question.worked
    assert word in question.worked
    return len(scene.labels[1 : question.about["pos"] + 1]), 0


@answer("id-claim")
def id_claim(question, scene):
    tokenizer, pos = scene.experiment.model.tokenizer, question.about["word"]
    word, index = scene.labels[pos], scene.ids[pos]
    again = tokenizer.encode(f"a, {word} {word}")
    stays = again[-1] == again[-2] == index
    return {
        "near": False,
        "more": False,
        "moved": not stays,
        "same": stays,
        "place": tokenizer.tokens.index(tokenizer.tokens[index]) == index,
    }[question.about["claim"]]
