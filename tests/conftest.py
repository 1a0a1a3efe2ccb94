"""What every test shares: where the project is, and the real files beside it, if they are there."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).parents[1]
# make stored reference numbers with packages that are no dependency
collect_ignore = ["impact_reference.py", "peers_reference.py"]

# Examples are drawn the same way each time, and a slow machine is no failure.
settings.register_profile("workbench", deadline=None, derandomize=True)
settings.load_profile("workbench")


@pytest.fixture(scope="session")
def root():
    """Folder of the project."""
    return ROOT


@pytest.fixture(scope="session")
def shared():
    """Folder with real files that are never committed; the test is skipped where it is absent."""
    folder = Path(os.environ.get("VC_SHARED", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip("the shared files are not beside the project; name their folder in VC_SHARED")
    return folder


@pytest.fixture(autouse=True)
def _no_shell_is_left():
    """Showing a figure makes a shell, in which later tests of this process would be taken for a notebook."""
    yield
    shells = sys.modules.get("IPython.core.interactiveshell")
    if shells is not None:
        shells.InteractiveShell.clear_instance()


def pytest_collection_finish():
    """Let the collector pass over what was imported, which stays to the end: a tenth of the time of small tests."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Spread the trials of validity over the workers, those of one run together; any other file stays on one."""
    if config.getoption("dist", None) != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    class Scheduler(LoadFileScheduling):
        def _split_scope(self, nodeid):
            alone = nodeid.startswith("tests/test_validity.py::")
            return nodeid.rpartition("@")[2] if alone else super()._split_scope(nodeid)

    return Scheduler(config, log)
