"""The forked process that becomes a kernel. It imports nothing that the fork server has not loaded."""

from __future__ import annotations

import os
import random
import sys


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
    # the fork server is the parent: when the runner goes, it goes, and the kernel must follow
    app = IPKernelApp.instance(parent_handle=os.getppid())
    app.initialize(arguments)
    assert app.shell is not None
    app.shell.enable_matplotlib("inline")  # pyplot was loaded before: without this no figure is shown
    app.start()
