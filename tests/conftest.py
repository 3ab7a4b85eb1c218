"""Settings for all tests."""

import engine  # noqa: F401 (what it sets up for NumPy has to be set before NumPy is loaded)

# isort: split
import pytest
from hypothesis import settings

# A busy machine makes single examples slow; how long one takes is no property of the code.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


@pytest.fixture(autouse=True)
def data_folder(tmp_path_factory, monkeypatch):
    """A data folder of its own for every test: none ever touches that of the person."""
    folder = tmp_path_factory.mktemp("data")
    for name in ("XDG_DATA_HOME", "LOCALAPPDATA", "HOME"):
        monkeypatch.setenv(name, str(folder))
    return folder
