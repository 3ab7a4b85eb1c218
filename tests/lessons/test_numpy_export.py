"""A run as a standalone Python file: it gives the same numbers, and a linter likes it."""

import ast
import runpy
import subprocess
import sys
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from engine.config import CHOICES, Config, init_parameters
from engine.experiment import Experiment
from engine.expr import Ref
from engine.store import Model, load, shipped
from engine.whatif import Force
from lessons.numpy_export import to_python
from tests.engine.ablated import left_out_of

ROOT = Path(__file__).parents[2]
TEXT = "el gato come el pez"
SWITCHES = ("causal", "tied", "scale_embed")
WHOLE = CHOICES | {"norm": ("post", "pre")}
WHOLE_CONFIGS = [
    dict(zip((*WHOLE, *SWITCHES), values, strict=True))
    for values in product(*WHOLE.values(), *[(True, False)] * len(SWITCHES))
]
CONFIGS = [*WHOLE_CONFIGS, *left_out_of(WHOLE_CONFIGS)]


def of_config(tokenizer, settings, text=TEXT):
    """A random model with these settings, of sizes that all differ."""
    sizes = {"d_model": 6, "n_heads": 2, "d_head": 3, "d_mlp": 8, "n_layers": 2, "n_ctx": 16}
    config = Config(**(sizes | {"d_vocab": len(tokenizer)} | settings))
    rng = np.random.default_rng(3)
    parameters = {name: x.astype(float) for name, x in init_parameters(config, rng).items()}
    for name, x in parameters.items():  # biases and gains that do something
        if name.rsplit(".", 1)[-1][0] in "bw":
            x += rng.standard_normal(x.shape)
    return Experiment(Model("random", None, config, parameters, tokenizer), text)


def overwritten(experiment, values):
    """The experiment with numbers forced, as `Trace.force` takes them."""
    changed = Experiment(experiment.model, experiment.text)
    changed.__dict__["trace"] = experiment.trace.force(values)
    return changed


def shaken(experiment, seed):
    """The experiment with some steps overwritten: a cell, a row, all of it, with many numbers."""
    rng = np.random.default_rng(seed)
    steps = list(experiment.trace)
    values = {}
    for kind, place in enumerate(rng.choice(len(steps), 4, replace=False)):
        step = steps[place]
        whole = step.value.dtype.kind == "i"
        if whole or kind == 0 or not step.value.ndim:
            cell = tuple(int(rng.integers(n)) for n in step.value.shape)
            values[Ref(step.name, cell)] = 1 if whole else rng.standard_normal()
        elif kind == 1:
            values[step.name] = np.broadcast_to(
                rng.standard_normal(step.value.shape[-1]), step.value.shape
            )
        elif kind == 2:
            values[step.name] = 0.25
        else:
            values[step.name] = rng.standard_normal(step.value.shape)
    return overwritten(experiment, values)


def steps_of(source, folder):
    """The steps that a file computes, in this process."""
    path = folder / "run.py"
    path.write_text(source, encoding="utf-8")
    found = runpy.run_path(str(path), run_name="lesson")
    found["run"]()
    return found["steps"]


def same(steps, trace):
    assert set(steps.keys()) == {step.name for step in trace}
    for step in trace:
        assert steps[step.name].shape == step.value.shape
        assert (steps[step.name].dtype.kind == "i") == (step.value.dtype.kind == "i")
        np.testing.assert_allclose(
            steps[step.name], step.value, rtol=1e-9, atol=1e-9, err_msg=step.name
        )


def python(*arguments):
    """Runs a program in an interpreter that sees nothing of this one's settings."""
    done = subprocess.run(
        [sys.executable, "-I", *arguments], capture_output=True, text=True, encoding="utf-8"
    )
    assert done.stderr == ""
    return done.stdout


# --- The same numbers ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["mini-es", "paper-es"])
def test_a_shipped_model_in_a_fresh_interpreter(name, tmp_path):
    text = "El gato se subió al árbol porque tenía miedo del"
    experiment = Experiment(load(shipped()[name]), text)
    path = tmp_path / "run.py"
    path.write_text(to_python(experiment), encoding="utf-8")
    python(path, "--save", tmp_path / "steps.npz")
    with np.load(tmp_path / "steps.npz") as steps:
        same(steps, experiment.trace)


@pytest.mark.parametrize("norm", CHOICES["norm"])
def test_every_configuration(tokenizer, norm, tmp_path):
    for settings in CONFIGS:
        if settings["norm"] == norm:
            experiment = of_config(tokenizer, settings)
            same(steps_of(to_python(experiment), tmp_path), experiment.trace)


@pytest.mark.parametrize("seed", range(24))
def test_what_is_overwritten_in_every_configuration(tokenizer, seed, tmp_path):
    for settings in CONFIGS[seed::24]:
        experiment = shaken(of_config(tokenizer, settings), seed)
        same(steps_of(to_python(experiment), tmp_path), experiment.trace)


@pytest.mark.parametrize(
    "values",
    [
        {"mask": 0},
        {"mask": np.tri(6) - 1},
        {"sqrt_d_head": 1},
        {"d_head": 9},
        {"pos_embed": 0},
        {"positions": 2},
        {"tokens": 1},
        {Ref("tokens", (2,)): 3},
        {"W_E": 0.1},
        {Ref("W_E", (1, 2)): -7.25, Ref("blocks.1.ln2.b", (0,)): 1e-300},
        {"blocks.0.attn.pattern": np.full((2, 6, 6), 1 / 6)},
        {Ref("logits", (5, 1)): 1e308},
        {"sqrt_d_model": 0},
    ],
    ids=str,
)
def test_leaves_and_constants_can_be_overwritten(tokenizer, values, tmp_path):
    experiment = overwritten(of_config(tokenizer, {}), values)
    same(steps_of(to_python(experiment), tmp_path), experiment.trace)


def test_random_parts_of_a_step_are_overwritten_exactly(tokenizer, tmp_path):
    rng = np.random.default_rng(0)
    plain = of_config(tokenizer, {})
    shape = plain.trace["blocks.0.attn.z"].value.shape
    for share in (0.02, 0.2, 0.6, 0.95):
        for numbers in (np.zeros(shape), rng.integers(0, 2, shape).astype(float)):
            cells = np.argwhere(rng.random(shape) < share).tolist()
            values = {Ref("blocks.0.attn.z", tuple(c)): numbers[tuple(c)] for c in cells}
            experiment = overwritten(plain, values)
            same(steps_of(to_python(experiment), tmp_path), experiment.trace)


def test_texts_of_all_kinds(any_run, tmp_path):
    same(steps_of(to_python(any_run), tmp_path), any_run.trace)


# --- What is written -----------------------------------------------------------------------------


def test_only_numpy_and_the_standard_library_are_imported(tokenizer):
    for act in CHOICES["act_fn"]:
        tree = ast.parse(to_python(of_config(tokenizer, {"act_fn": act})))
        imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import)]
        assert not any(isinstance(node, ast.ImportFrom) for node in ast.walk(tree))
        names = {alias.name for node in imports for alias in node.names}
        assert names <= {"base64", "io", "math", "numpy", "sys"}
        assert ("math" in names) == (act != "relu")


def test_a_linter_and_a_formatter_find_nothing(tokenizer, make, tmp_path):
    sources = [to_python(of_config(tokenizer, settings)) for settings in CONFIGS]
    sources += [
        to_python(shaken(of_config(tokenizer, settings), seed))
        for seed, settings in enumerate(CONFIGS[::7])
    ]
    plain = of_config(tokenizer, {})
    noise = np.random.default_rng(0).standard_normal((6, 8))
    sources.append(to_python(overwritten(plain, {"blocks.0.mlp.pre": noise[:, :8]})))
    sources.append(to_python(overwritten(plain, {"W_E": plain.trace["W_E"].value * 2})))
    nasty = [
        "",
        '"""',
        "\\",
        "a \"b\" 'c'",
        '"' * 9,
        "{x} $y ${z}",
        "字" * 90,
        "\x00\x1b\u202e",
        "#if",
    ]
    sources += [to_python(make("paper", text)) for text in nasty]
    for i, source in enumerate(sources):
        (tmp_path / f"run_{i}.py").write_text(source, encoding="utf-8")
    for settings in (["--isolated"], ["--config", str(ROOT / "pyproject.toml")]):
        for order in (["check", "--no-cache"], ["format", "--check", "--no-cache"]):
            done = subprocess.run(
                [sys.executable, "-m", "ruff", *order, *settings, str(tmp_path)],
                capture_output=True,
                text=True,
            )
            assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]


def test_nothing_is_written_that_this_run_does_not_need(tokenizer):
    plain = to_python(of_config(tokenizer, {}))
    for word in ("FORCED", "gelu", "W_U", "W_pos", "ln_final", "$", "#if", "#end", "#else"):
        assert word not in plain.partition("WEIGHTS =")[0]
    bare = of_config(tokenizer, {"norm": "none", "residual": False, "scale_attn": False})
    for word in ("EPS", "layer_norm", "resid_mid", "D_HEAD", "sqrt_d_head", "scores_scaled"):
        assert word in plain
        assert word not in to_python(bare).partition("WEIGHTS =")[0]
    other = of_config(tokenizer, {"norm": "pre", "positions": "none", "scale_embed": False})
    assert "D_MODEL" not in to_python(other)
    assert "pos_embed" not in to_python(other)
    assert "ln_final" in to_python(other)


def test_equal_cells_are_written_in_one_line(tokenizer):
    plain = of_config(tokenizer, {})
    head_off = {Ref("blocks.0.attn.z", (p, 1, e)): 0 for p, e in np.ndindex(6, 3)}
    assert "(np.s_[:, 1], 0.0)," in to_python(overwritten(plain, head_off))
    row = {Ref("blocks.0.resid_mid", (2, d)): 0.5 for d in range(6)}
    assert "(np.s_[2], 0.5)," in to_python(overwritten(plain, row))
    assert "(np.s_[...], 2)," in to_python(overwritten(plain, {"tokens": 2}))
    part = {Ref("blocks.0.resid_mid", (2, d)): 0.5 for d in (1, 2, 3)}
    assert "(np.s_[2, 1:4], 0.5)," in to_python(overwritten(plain, part))


def test_the_changes_are_named_as_they_were_made(make):
    changes = ["blocks.0.attn.z[*,1,*]=0", "blocks.0.resid_mid=blocks.0.attn_out"]
    source = to_python(make().force(*map(Force.parse, changes)))
    assert "".join(f"#     {change}\n" for change in changes) in source


def test_what_a_person_reads(make):
    source = to_python(make("paper", "el gato come pez"))
    docstring = ast.get_docstring(ast.parse(source))
    assert "el gato come pez" in docstring
    assert "model is paper" in docstring
    assert '" gato"),' in source
    for name in ("q = ", "attn_scores = ", "pattern = ", "z = ", "resid_mid = ", "mlp_out = "):
        assert name in source
    assert max(map(len, source.splitlines())) <= 88


def test_what_is_printed(make, tmp_path):
    experiment = make("gpt2", "el gato come pez")
    path = tmp_path / "run.py"
    path.write_text(to_python(experiment), encoding="utf-8")
    printed = python(path)
    for step in experiment.trace:
        line = f"{step.name}  {step.value.shape}"
        assert (line in printed.splitlines()) == (step.kind != "weight")
    value = experiment.trace["blocks.0.resid_mid"].value
    part = printed.partition("blocks.0.resid_mid  ")[2].partition("\n\n")[0]
    assert f"{value[0, 0]:.4g}" in part
    assert f"{value[-1, -1]:.4g}" in part
    best = experiment.trace["probs"].value[-1].max()
    assert f"{best:.4f}" in printed.splitlines()[-5]

    one = python(path, "blocks.0.attn.pattern")
    numbers = one.partition("\n")[2].replace("[", " ").replace("]", " ").split()
    np.testing.assert_allclose(
        np.array(numbers, float), experiment.trace["blocks.0.attn.pattern"].value.ravel(), atol=1e-9
    )
    assert python(path, "W_pos").startswith("W_pos  (64, 6)")
    wrong = subprocess.run([sys.executable, path, "nothing"], capture_output=True, text=True)
    assert wrong.returncode == 1
    assert wrong.stderr.count("\n") == 1


def test_weights_are_as_narrow_as_they_can_be(tokenizer):
    experiment = of_config(tokenizer, {})
    parameters = {
        name: x.astype(np.float16).astype(float) for name, x in experiment.model.parameters.items()
    }
    half = Model("half", None, experiment.model.config, parameters, tokenizer)
    assert len(to_python(Experiment(half, TEXT))) < len(to_python(experiment)) - 500
