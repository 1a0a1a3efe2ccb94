"""Kernels: a private process for every notebook, forked with its libraries loaded where that can be.

Loading the libraries takes most of the time of a short notebook. A fork server loads them once; every
kernel is then a fresh copy of that process, as isolated as a new one. Messages go over sockets in a
private folder, never over the network. Where processes cannot be forked, kernels start plainly.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning import KernelProvisionerFactory, LocalProvisioner
from traitlets.config import Config

from vcanalysis.output.run.serve import serve

KINDS = ("fast", "plain")
_INLINE = "module://matplotlib_inline.backend_inline"
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
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
    "stepmix",
    "vcanalysis.intake.council",
    "vcanalysis.output.plots",
    "vcanalysis.output.results",
    "vcanalysis.core.facts",
    "vcanalysis.analysis.profile",
    "vcanalysis.analysis.spending",
    "vcanalysis.analysis.association",
    "vcanalysis.analysis.demand",
    "vcanalysis.analysis.middle",
    "vcanalysis.analysis.savings",
)
_live: set[Any] = set()  # processes of kernels that this run started
_GROUP = "jupyter_client.kernel_provisioners"
_KILL = getattr(signal, "SIGKILL", signal.SIGTERM)


def default_kind() -> str:
    """Give the kind of kernel for this machine: "fast" where processes can be forked."""
    return "fast" if "forkserver" in multiprocessing.get_all_start_methods() else "plain"


def prepare(kind: str) -> None:
    """Start the fork server, if the kind needs one: it loads the libraries in the background."""
    if kind != "fast":
        return
    from multiprocessing import forkserver

    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(_PRELOAD))
    with _environment({**_ONE_THREAD, "MPLBACKEND": "agg", "PYTHONHASHSEED": "0"}):
        forkserver.ensure_running()  # type: ignore[attr-defined]


@contextmanager
def kernel_options(kind: str) -> Iterator[dict[str, Any]]:
    """Give papermill the options for one kernel, in a private folder that goes with it.

    Parameters
    ----------
    kind : str
        "fast" or "plain".
    """
    factory = KernelProvisionerFactory.instance()
    for name, cls in (("fast", "ForkedProvisioner"), ("plain", "QuietProvisioner")):
        entry = EntryPoint(f"vcanalysis-{name}", f"{__name__}:{cls}", _GROUP)
        factory.provisioners.setdefault(entry.name, entry)
    # a short path: the names of sockets may have about 100 characters
    with tempfile.TemporaryDirectory(prefix="vc-", ignore_cleanup_errors=True) as folder:
        manager: dict[str, Any] = {"connection_file": str(Path(folder) / "kernel.json")}
        if os.name == "posix":
            manager |= {"transport": "ipc", "ip": str(Path(folder) / "k")}
        yield {
            "kernel_manager_class": FastManager if kind == "fast" else PlainManager,
            "config": Config({"KernelManager": manager}),
        }


class PlainManager(AsyncKernelManager):
    """Starts kernels of this very Python, whatever kernels the machine has installed."""

    _provisioner = "vcanalysis-plain"

    @property
    def kernel_spec(self) -> KernelSpec:
        """The kernel: this Python, one thread, figures inline, none of the user's own start-up files."""
        private = str(Path(self.connection_file).parent / "ipython")
        return KernelSpec(
            argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}", *_ARGUMENTS],
            display_name="Python 3",
            language="python",
            env={**_ONE_THREAD, "MPLBACKEND": _INLINE, "PYTHONHASHSEED": "0", "IPYTHONDIR": private},
            metadata={"kernel_provisioner": {"provisioner_name": self._provisioner}},
        )


class FastManager(PlainManager):
    """Starts kernels as copies of the fork server."""

    _provisioner = "vcanalysis-fast"


_ARGUMENTS = ("--HistoryManager.enabled=False",)


class QuietProvisioner(LocalProvisioner):
    """Starts a process whose own noise does not reach the terminal."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Start the kernel."""
        info = await super().launch_kernel(
            cmd, **{**kwargs, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        )
        _live.add(self.process)
        return info


class ForkedProvisioner(LocalProvisioner):
    """Asks the fork server for a kernel."""

    process: Any = None

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Fork the kernel; `cmd` is that of a plain one, of which the arguments are kept."""
        arguments = cmd[cmd.index("-f") :]
        self.process = ForkedKernel(arguments, kwargs["env"], str(kwargs.get("cwd") or Path.cwd()))
        self.pid, self.pgid = self.process.pid, None
        _live.add(self.process)
        return self.connection_info

    async def wait(self) -> int | None:
        """Wait until the kernel has ended."""
        while self.process is not None and self.process.poll() is None:
            await asyncio.sleep(0.01)
        code, self.process = (self.process.poll() if self.process else 0), None
        return code


class ForkedKernel:
    """A forked kernel with the few methods of a process that jupyter_client calls."""

    stdin = stdout = stderr = None

    def __init__(self, arguments: list[str], env: dict[str, str], cwd: str) -> None:
        context = multiprocessing.get_context("forkserver")
        self._process = context.Process(target=serve, args=(arguments, env, cwd), daemon=True)
        self._process.start()

    @property
    def pid(self) -> int:
        """Process id."""
        return self._process.pid or 0

    def poll(self) -> int | None:
        """Exit code, or None while it runs."""
        return self._process.exitcode

    def wait(self) -> int | None:
        """Wait for the end and give the exit code."""
        self._process.join()
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        """Send a signal to the kernel and all that it started."""
        if self.poll() is not None:
            return
        try:
            os.killpg(self.pid, number)  # it leads a group of its own once it has begun
        except (ProcessLookupError, PermissionError):
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(_KILL)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)


def end_all() -> None:
    """End every kernel that still runs: nothing is left behind when a run is given up."""
    while _live:
        process = _live.pop()
        if process.poll() is None:
            process.kill()


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
