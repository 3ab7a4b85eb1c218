"""The texts of a training on disk: kept as they are, and refused when they are damaged."""

import struct

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from engine.errors import EngineError
from engine.plain_text import learn_tokenizer
from engine.texts import encode_lines, split
from engine.texts_file import TEXTS, load_texts, save_texts

SENTENCES = [
    f"{who} {does}" for who in ("el gato", "la niña") for does in ("ve", "come", "va", "nada")
]
TOKENIZER = learn_tokenizer(SENTENCES)
D_VOCAB, N_CTX = len(TOKENIZER), 16


def as_lists(texts):
    return [text.tolist() for text in texts]


@pytest.fixture
def parts():
    return split(encode_lines(SENTENCES, TOKENIZER, N_CTX))


def test_texts_are_kept(tmp_path, parts):
    save_texts(tmp_path / "new", *parts)
    found = load_texts(tmp_path / "new", D_VOCAB, N_CTX)
    for kept, part in zip(found, parts, strict=True):
        assert kept is not None
        assert as_lists(kept) == as_lists(part)
        assert not kept.ids.flags.writeable
    assert [path.name for path in (tmp_path / "new").iterdir()] == [TEXTS]


def test_texts_may_be_kept_without_any_held_out(tmp_path, parts):
    save_texts(tmp_path, parts[0], None)
    train, held_out = load_texts(tmp_path, D_VOCAB, N_CTX)
    assert as_lists(train) == as_lists(parts[0])
    assert held_out is None


def refused(folder, code="bad_texts", d_vocab=D_VOCAB, n_ctx=N_CTX):
    with pytest.raises(EngineError) as caught:
        load_texts(folder, d_vocab, n_ctx)
    assert caught.value.code == code
    assert caught.value.params["path"] == folder / TEXTS


def with_tensor(name, change):
    def break_it(path):
        tensors = load_file(path)
        tensors[name] = change(tensors[name].copy())
        save_file(tensors, path)

    return break_it


def put(at, value):
    def change(x):
        x[at] = value
        return x

    return change


@pytest.mark.parametrize(
    "break_it",
    [
        with_tensor("train.ids", put(1, D_VOCAB)),
        with_tensor("train.ids", put(1, -1)),
        with_tensor("train.ids", put(0, 0)),  # a text without its start
        with_tensor("train.ids", lambda x: x.astype(np.int64)),
        with_tensor("train.ids", lambda x: x.astype(np.float32)),
        with_tensor("train.ids", lambda x: x[None]),
        with_tensor("train.ids", lambda x: x[:-1]),
        with_tensor("held_out.starts", put(0, 1)),
        with_tensor("held_out.starts", put(1, 0)),
        with_tensor("held_out.starts", put(1, 2**62)),
        with_tensor("held_out.starts", put(1, -(2**63))),
        with_tensor("held_out.starts", lambda x: x[:0]),
        with_tensor("held_out.starts", lambda x: x[:1]),
        with_tensor("held_out.starts", lambda x: x.astype(np.int32)),
        lambda path: save_file({"held_out.ids": np.zeros(3, np.int32)}, path),
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(path.read_bytes()[:-7]),
        lambda path: path.write_bytes(struct.pack("<Q", 2**60) + path.read_bytes()[8:]),
        lambda path: path.write_bytes(b"el gato come"),
    ],
)
def test_a_damaged_file_is_refused(tmp_path, parts, break_it):
    save_texts(tmp_path, *parts)
    break_it(tmp_path / TEXTS)
    refused(tmp_path)


def test_texts_for_another_model_are_refused(tmp_path, parts):
    refused(tmp_path, "missing_file")
    save_texts(tmp_path, *parts)
    for d_vocab, n_ctx in ((D_VOCAB - 1, N_CTX), (D_VOCAB + 1, N_CTX)):
        refused(tmp_path, d_vocab=d_vocab, n_ctx=n_ctx)
    refused(tmp_path, n_ctx=3)


def test_a_folder_that_cannot_be_written_is_told(tmp_path, parts):
    (tmp_path / "file").write_text("")
    with pytest.raises(EngineError) as caught:
        save_texts(tmp_path / "file", *parts)
    assert caught.value.code == "unwritable"
