"""Gather the trials of every `trials_<analysis>.py` beside this file."""

from __future__ import annotations

import importlib
from functools import cache
from pathlib import Path

from tests.validity.laboratory import Trial

HERE = Path(__file__).parent


@cache
def trials() -> dict[str, Trial]:
    """Give all trials by name, file by file.

    Raises
    ------
    ValueError
        If two trials have the same name.
    """
    found: dict[str, Trial] = {}
    for path in sorted(HERE.glob("trials_*.py")):
        for trial in importlib.import_module(f"tests.validity.{path.stem}").TRIALS:
            if trial.name in found:
                raise ValueError(f"two trials are called {trial.name!r}; the second is in {path.name}")
            found[trial.name] = trial
    return found
