"""The fork server: a process that loads the notebooks' libraries once, for all kernels to start from.

This module is light, so that the loading can begin before anything else does.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator
from contextlib import contextmanager

KINDS = ("fast", "plain")
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
# nothing here may start a thread, and not matplotlib_inline: loaded early it draws no figure
_PRELOAD = (
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "ipykernel.zmqshell",
    "pandas",
    "pyarrow.parquet",
    "scipy.stats",
    "matplotlib.pyplot",
    "seaborn",
    "statsmodels.api",
    "statsmodels.formula.api",
    "sklearn.mixture",
    "sklearn.cluster",
    "vcanalysis.intake.opening",
    "vcanalysis.output.plots",
    "vcanalysis.output.results",
    "vcanalysis.core.facts",
    "vcanalysis.analysis.profile",
    "vcanalysis.analysis.spending",
    "vcanalysis.analysis.association",
    "vcanalysis.analysis.demand",
    "vcanalysis.analysis.middle",
    "vcanalysis.analysis.matching",
    "vcanalysis.analysis.savings",
    "vcanalysis.analysis.change",
    "vcanalysis.analysis.claims",
    "vcanalysis.analysis.stability",
    "vcanalysis.analysis.stepdown",
    "vcanalysis.analysis.value",
)


def default_kind() -> str:
    """Give the kind of kernel for this machine: "fast" where processes can be forked."""
    return "fast" if "forkserver" in multiprocessing.get_all_start_methods() else "plain"


def prepare(kind: str) -> None:
    """Start the fork server, if the kind needs one: it loads the libraries in the background."""
    if kind != "fast":
        return
    from multiprocessing import forkserver, resource_tracker

    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(_PRELOAD))
    with _environment({"PYTHONWARNINGS": "ignore"}):
        resource_tracker.ensure_running()  # it would complain of what killed kernels left
    with _environment({**ONE_THREAD, "MPLBACKEND": "agg", "PYTHONHASHSEED": "0"}):
        forkserver.ensure_running()  # type: ignore[attr-defined]


@contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
