"""The forked process that becomes a kernel. It imports nothing that the fork server has not loaded."""

from __future__ import annotations

import multiprocessing
import os
import random
import sys
import threading


def serve(arguments: list[str], env: dict[str, str], cwd: str) -> None:
    """Be a kernel until told to stop.

    Parameters
    ----------
    arguments : list of str
        Arguments of the kernel: ``-f`` and its connection file.
    env : dict
        The whole environment of the kernel.
    cwd : str
        Folder it works in.
    """
    from ipykernel.kernelapp import IPKernelApp

    os.setsid()
    os.environ.clear()
    os.environ.update(env)
    os.chdir(cwd)
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.dup2(silent, 2)
    random.seed()
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()
    threading.Thread(target=_follow_the_runner, daemon=True).start()
    if "pandas" in sys.modules:  # loaded outside a kernel, it would fit its tables to a terminal
        sys.modules["pandas"].set_option("display.max_columns", 20)
    app = IPKernelApp.instance()
    app.initialize(arguments)
    assert app.shell is not None
    app.shell.enable_matplotlib("inline")  # pyplot was loaded before: without this no figure is shown
    app.start()


def _follow_the_runner() -> None:
    """End with the runner, however it ends: the fork server lives for as long as any kernel does."""
    runner = multiprocessing.parent_process()
    if runner is not None:
        runner.join()
        os._exit(1)
