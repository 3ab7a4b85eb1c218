"""How large the wheel is, beside the models that are in it.

    python tests/bench/bench_wheel.py

The wheel is built in a folder of its own, from the files of this checkout, with the build backend
that pyproject.toml names (pip, no network where hatchling is installed). Beside it stand the same
models in a zip by themselves: what the wheel has besides is code, the course and the words.
"""

import io
import subprocess
import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZIP_DEFLATED, ZipFile

ROOT = Path(__file__).parents[2]
MODELS = "engine/models/"
TARGET = 1.5
"""At most so many times the models."""


def build(folder):
    """The path of a wheel of this checkout."""
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "-q"]
    done = subprocess.run([*command, "-w", folder, str(ROOT)], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"no wheel could be built (pip install hatchling):\n{done.stderr.strip()}")
    (wheel,) = Path(folder).glob("*.whl")
    return wheel


def models_alone(wheel):
    """Bytes of a zip with the models of the wheel only."""
    packed = io.BytesIO()
    with ZipFile(wheel) as whole, ZipFile(packed, "w", ZIP_DEFLATED) as part:
        for name in whole.namelist():
            if name.startswith(MODELS):
                part.writestr(name, whole.read(name))
    return packed.tell()


def parts(wheel):
    """Bytes in the wheel by what they are for."""
    found = Counter()
    with ZipFile(wheel) as whole:
        for entry in whole.infolist():
            top = entry.filename.split("/")[0]
            found["models" if entry.filename.startswith(MODELS) else top] += entry.compress_size
    return found


def main():
    with TemporaryDirectory() as folder:
        wheel = build(folder)
        size, models, found = wheel.stat().st_size, models_alone(wheel), parts(wheel)
    print(f"wheel   {size / 1e6:6.2f} MB")
    print(f"models  {models / 1e6:6.2f} MB by themselves")
    ratio = size / models
    met = "met" if ratio <= TARGET else "missed"
    print(f"ratio   {ratio:6.2f}      (target {TARGET:.2f}: {met})")
    for name, n in found.most_common():
        print(f"  {n / 1e6:6.2f} MB {name}")


if __name__ == "__main__":
    main()
