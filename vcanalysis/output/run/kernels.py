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
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import EntryPoint
from pathlib import Path
from types import ModuleType
from typing import Any

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning import KernelProvisionerFactory, LocalProvisioner
from traitlets.config import Config

from vcanalysis.output.run.preload import ONE_THREAD
from vcanalysis.output.run.serve import serve

_INLINE = "module://matplotlib_inline.backend_inline"
_live: set[Any] = set()  # processes of kernels that this run started
_starting = threading.Lock()
_NOBODY = {"JPY_SESSION_NAME": "", "VSCODE_PID": ""}  # a run has nobody who could move a slider
_GROUP = "jupyter_client.kernel_provisioners"
_KILL = getattr(signal, "SIGKILL", signal.SIGTERM)


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
            env={
                **ONE_THREAD,
                **_NOBODY,
                "MPLBACKEND": _INLINE,
                "PYTHONHASHSEED": "0",
                "IPYTHONDIR": private,
            },
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
        with _without_main():
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


@contextmanager
def _without_main() -> Iterator[None]:
    """Hide the running script: multiprocessing would run it again in the kernel to find the target."""
    with _starting:
        main = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            yield
        finally:
            sys.modules["__main__"] = main


def end_all() -> None:
    """End every kernel that still runs: nothing is left behind when a run is given up."""
    while _live:
        process = _live.pop()
        if process.poll() is None:
            process.kill()
