import json
import shutil
import struct
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from engine.config import Config, init_parameters, parameter_shapes
from engine.errors import EngineError
from engine.model import run
from engine.store import (
    Model,
    checkpoint_steps,
    find,
    load,
    load_checkpoint,
    n_parameters,
    read_config,
    save,
    save_checkpoint,
    shipped,
)
from engine.tokenizer import Tokenizer

TOKENIZER = Tokenizer.train({}, whole=["el", "gato", "come", "pez"])
POST = Config(8, 2, 4, 16, 2, 12, len(TOKENIZER))
PRE = replace(POST, norm="pre", positions="learned", tied=False, act_fn="gelu_new")
TRAINING = {"preset": "mini-es", "seed": 0, "steps": 10, "train_loss": 1.5, "n_tokens": 640}


def model_of(config: Config = POST, training: dict[str, Any] | None = None) -> Model:
    parameters = init_parameters(config, np.random.default_rng(0))
    return Model("tiny", None, config, parameters, TOKENIZER, training or {})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "tiny"
    save(model_of(training=TRAINING), path)
    return path


@pytest.mark.parametrize("config", [POST, PRE], ids=["post", "pre"])
def test_a_saved_model_comes_back(tmp_path: Path, config: Config) -> None:
    model = model_of(config, TRAINING)
    save(model, tmp_path / "new" / "tiny")
    loaded = load(tmp_path / "new" / "tiny")
    assert (loaded.name, loaded.config, loaded.tokenizer) == ("tiny", config, TOKENIZER)
    assert loaded.training == TRAINING
    assert loaded.parameters.keys() == parameter_shapes(config).keys()
    for name, values in loaded.parameters.items():
        assert values.dtype == np.float64
        assert values.base is None
        assert not values.flags.writeable
        np.testing.assert_array_equal(values, model.parameters[name])
    assert run(loaded.config, loaded.parameters, [0, 1])["probs"].value.shape[0] == 2


def test_weights_are_float32_on_disk(folder: Path) -> None:
    assert {x.dtype for x in load_file(folder / "model.safetensors").values()} == {
        np.dtype(np.float32)
    }


def test_weights_that_do_not_lie_in_order_are_written_in_order(tmp_path: Path) -> None:
    model = model_of()
    turned = {name: np.asfortranarray(values) for name, values in model.parameters.items()}
    save(replace(model, parameters=turned), tmp_path / "tiny")
    np.testing.assert_array_equal(
        load(tmp_path / "tiny").parameters["W_E"], model.parameters["W_E"]
    )


def test_training_notes_are_optional(folder: Path) -> None:
    (folder / "training.json").unlink()
    assert load(folder).training == {}


def test_the_name_is_that_of_the_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    assert load(Path()).name == "tiny"


def test_saving_again_replaces_the_files_and_leaves_nothing_behind(folder: Path) -> None:
    before = sorted(path.name for path in folder.iterdir())
    save(replace(model_of(training={"seed": 7})), folder)
    assert load(folder).training == {"seed": 7}
    assert sorted(path.name for path in folder.iterdir()) == before


def test_a_save_that_fails_leaves_the_old_model(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {path: path.read_bytes() for path in folder.iterdir()}

    def full_disk(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Tokenizer, "save", full_disk)
    with pytest.raises(EngineError) as caught:
        save(model_of(PRE), folder)
    assert caught.value.code == "unwritable"
    assert {path: path.read_bytes() for path in folder.iterdir()} == files


def test_a_model_that_could_not_be_loaded_is_not_saved(tmp_path: Path) -> None:
    model = model_of()
    for name, values, code in [
        ("W_E", np.zeros((2, 2)), "tensor_shape"),
        ("W_X", np.zeros(1), "extra_tensor"),
        ("W_E", np.full((len(TOKENIZER), 8), 1e300), "tensor_not_finite"),
    ]:
        with pytest.raises(EngineError) as caught:
            save(replace(model, parameters={**model.parameters, name: values}), tmp_path / "no")
        assert caught.value.code == code
    assert not (tmp_path / "no").exists()


# --- Broken folders ------------------------------------------------------------------------------


def settings(**changes: Any) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        config = json.loads((folder / "config.json").read_text()) | changes
        kept = {name: value for name, value in config.items() if value is not ...}
        (folder / "config.json").write_text(json.dumps(kept))

    return change


def content(name: str, data: bytes) -> Callable[[Path], None]:
    return lambda folder: (folder / name).write_bytes(data) and None


def tensors(**changes: Any) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        weights = load_file(folder / "model.safetensors") | changes
        kept = {name: value for name, value in weights.items() if value is not ...}
        save_file(kept, folder / "model.safetensors")

    return change


def cut(name: str, n_bytes: int) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        data = (folder / name).read_bytes()
        (folder / name).write_bytes(data[:n_bytes])

    return change


def without(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).unlink()


def huge_header(folder: Path) -> None:
    with (folder / "model.safetensors").open("wb") as file:
        file.write(struct.pack("<Q", 2**25))
        file.truncate(2**26)


def huge_vocabulary(folder: Path) -> None:
    with (folder / "vocab.json").open("r+b") as file:
        file.truncate(2**40)


def a_folder_for_weights(folder: Path) -> None:
    (folder / "model.safetensors").unlink()
    (folder / "model.safetensors").mkdir()


WEIGHTS = "model.safetensors"
W_E = (len(TOKENIZER), 8)
BROKEN: list[tuple[str, Callable[[Path], None], str]] = [
    ("no folder", shutil.rmtree, "missing_folder"),
    ("no settings", without("config.json"), "missing_file"),
    ("no weights", without(WEIGHTS), "missing_file"),
    ("no vocabulary", without("vocab.json"), "missing_file"),
    ("no merges", without("merges.txt"), "missing_file"),
    ("weights are a folder", a_folder_for_weights, "missing_file"),
    ("settings are no JSON", content("config.json", b"{"), "not_json"),
    ("settings are bytes", content("config.json", b"\xff\xfe\x00"), "not_json"),
    ("settings are deep", content("config.json", b"[" * 10**6), "not_json"),
    ("settings are a list", content("config.json", b"[1]"), "not_json"),
    ("settings are a giant number", content("config.json", b"9" * 9999), "not_json"),
    ("a setting is missing", settings(d_mlp=...), "missing_setting"),
    ("a setting is unknown", settings(d_mpl=3), "unknown_setting"),
    ("d_model 0", settings(d_model=0), "bad_setting"),
    ("d_model -8", settings(d_model=-8), "bad_setting"),
    ("d_model 8.0", settings(d_model=8.0), "bad_setting"),
    ("d_model true", settings(d_model=True), "bad_setting"),
    ("d_model text", settings(d_model="8"), "bad_setting"),
    ("d_model list", settings(d_model=[8]), "bad_setting"),
    ("d_model null", settings(d_model=None), "bad_setting"),
    ("n_heads giant", settings(n_heads=10**12), "bad_setting"),
    ("n_heads large", settings(n_heads=10**6), "tensor_shape"),
    ("n_layers large", settings(n_layers=10**7), "missing_tensor"),
    ("n_ctx large", settings(n_ctx=10**6), "bad_setting"),
    ("eps nan", settings(eps=float("nan")), "bad_setting"),
    ("eps 0", settings(eps=0), "bad_setting"),
    ("act_fn unknown", settings(act_fn="swish"), "bad_setting"),
    ("act_fn a list", settings(act_fn=["relu"]), "bad_setting"),
    ("norm unknown", settings(norm="batch"), "bad_setting"),
    ("causal 1", settings(causal=1), "bad_setting"),
    ("d_vocab other", settings(d_vocab=len(TOKENIZER) + 1), "vocab_differs"),
    ("vocabulary no JSON", content("vocab.json", b"<html>"), "bad_vocab"),
    ("vocabulary empty", content("vocab.json", b"{}"), "no_start_token"),
    ("vocabulary cut", cut("vocab.json", 100), "bad_vocab"),
    ("vocabulary giant", huge_vocabulary, "huge_file"),
    ("merges garbage", content("merges.txt", b"a b c\n"), "bad_merge"),
    ("merges bytes", content("merges.txt", b"\xff\xff"), "unreadable_file"),
    ("weights empty", content(WEIGHTS, b""), "bad_weights"),
    ("weights garbage", content(WEIGHTS, bytes(range(256)) * 9), "bad_weights"),
    ("weights a pickle", content(WEIGHTS, b"\x80\x04]\x94." + b"\0" * 99), "bad_weights"),
    ("weights cut in the header", cut(WEIGHTS, 100), "bad_weights"),
    ("weights cut in the numbers", cut(WEIGHTS, 4000), "bad_weights"),
    ("weights without a last byte", cut(WEIGHTS, -1), "bad_weights"),
    ("header giant", huge_header, "huge_header"),
    ("tensor missing", tensors(W_E=...), "missing_tensor"),
    ("tensor extra", tensors(W_U=np.zeros((8, 3), np.float32)), "extra_tensor"),
    ("tensor turned", tensors(W_E=np.zeros(W_E[::-1], np.float32)), "tensor_shape"),
    ("tensor float64", tensors(W_E=np.zeros(W_E)), "tensor_type"),
    ("tensor of integers", tensors(W_E=np.zeros(W_E, np.int32)), "tensor_type"),
    ("tensor of NaN", tensors(W_E=np.full(W_E, np.nan, np.float32)), "tensor_not_finite"),
    ("tensor infinite", tensors(W_E=np.full(W_E, -np.inf, np.float32)), "tensor_not_finite"),
]


@pytest.mark.parametrize(("break_it", "code"), [b[1:] for b in BROKEN], ids=[b[0] for b in BROKEN])
def test_a_broken_folder_is_one_engine_error(
    folder: Path, break_it: Callable[[Path], None], code: str
) -> None:
    break_it(folder)
    with pytest.raises(EngineError) as caught:
        load(folder)
    assert caught.value.code == code
    assert "path" in caught.value.params


@pytest.mark.parametrize("name", ["\0", "x" * 5000, "no/such", ""])
def test_paths_that_are_none(name: str, tmp_path: Path) -> None:
    with pytest.raises(EngineError) as caught:
        find(name + "/nowhere")
    assert caught.value.code == "unknown_model"
    with pytest.raises(EngineError):
        load(tmp_path / (name or "nothing"))


# --- Names and checkpoints -----------------------------------------------------------------------


def test_find_takes_a_name_or_a_folder(folder: Path) -> None:
    assert find(folder) == find(str(folder)) == folder
    for name, path in shipped().items():
        assert find(name) == path
        assert read_config(path).n_ctx > 1


def test_an_unknown_model_comes_with_the_known_ones() -> None:
    with pytest.raises(EngineError) as caught:
        find("no-such-model")
    assert caught.value.params == {"name": "no-such-model", "known": tuple(shipped())}


def test_n_parameters_counts_every_number() -> None:
    for config in (POST, PRE):
        assert n_parameters(config) == sum(x.size for x in model_of(config).parameters.values())


def test_checkpoints_are_listed_in_order_and_loaded(folder: Path) -> None:
    assert checkpoint_steps(folder) == []
    rng = np.random.default_rng(1)
    kept = {step: init_parameters(POST, rng) for step in (1000, 0, 12, 2_000_000)}
    for step, parameters in kept.items():
        save_checkpoint(folder, POST, step, parameters)
    for stray in ("step-1.safetensors", "step-000005.txt", ".saving-x", "step-00000a.safetensors"):
        (folder / "checkpoints" / stray).write_bytes(b"")
    assert checkpoint_steps(folder) == [0, 12, 1000, 2_000_000]
    assert (folder / "checkpoints" / "step-000012.safetensors").is_file()
    model = load(folder)
    earlier = load_checkpoint(model, 12)
    assert (earlier.step, model.step, earlier.config) == (12, None, POST)
    assert earlier.parameters["W_E"].dtype == np.float64
    np.testing.assert_allclose(earlier.parameters["W_E"], kept[12]["W_E"], rtol=1e-3, atol=1e-7)


def test_a_checkpoint_that_cannot_be_used_is_an_engine_error(folder: Path) -> None:
    model = load(folder)
    for asked in (model, replace(model, folder=None)):
        with pytest.raises(EngineError) as caught:
            load_checkpoint(asked, 3)
        assert caught.value.code == "missing_checkpoint"
    save_checkpoint(folder, POST, 3, model.parameters)
    cut("checkpoints/step-000003.safetensors", 500)(folder)
    with pytest.raises(EngineError) as caught:
        load_checkpoint(model, 3)
    assert caught.value.code == "bad_weights"
    too_large = {name: np.full(x.shape, 1e6) for name, x in model.parameters.items()}
    with pytest.raises(EngineError) as caught:
        save_checkpoint(folder, POST, 4, too_large)
    assert caught.value.code == "tensor_not_finite"
    assert checkpoint_steps(folder) == [3]


@pytest.mark.parametrize("notes", [b"seed: 1", b"1", b"\xff\xfe", b"[" * 10**6])
def test_broken_notes_are_no_reason_to_refuse_a_model(folder: Path, notes: bytes) -> None:
    (folder / "training.json").write_bytes(notes)
    assert load(folder).training == {}
