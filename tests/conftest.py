"""Settings for all tests."""

import engine  # noqa: F401 (what it sets up for NumPy has to be set before NumPy is loaded)

# isort: split
from itertools import count

import pytest
from hypothesis import settings

# A busy machine makes single examples slow; how long one takes is no property of the code.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


@pytest.fixture(scope="session")
def data_folders(tmp_path_factory):
    """Paths where there is nothing yet, as many as one takes."""
    above = tmp_path_factory.mktemp("data")
    return (above / str(n) for n in count())


@pytest.fixture(autouse=True)
def data_folder(data_folders, monkeypatch):
    """A data folder of its own for every test, not there yet: none touches that of the person."""
    folder = next(data_folders)
    for name in ("XDG_DATA_HOME", "LOCALAPPDATA", "HOME"):
        monkeypatch.setenv(name, str(folder))
    return folder
