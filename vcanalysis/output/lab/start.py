"""JupyterLab on this machine alone: no port but one on the loopback address, kernels on sockets in a private folder.

Nothing is asked of the network: the news, the look for updates and the catalogue of extensions are switched off.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from vcanalysis.core.errors import CheckFailed, InputError
from vcanalysis.output.lab.look import NAME as LOOK

HOST = "127.0.0.1"
_ROOM = 40  # characters: a longer folder leaves too few for the name of a socket
_QUIET = {"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True}}
_STOPPING_SECONDS = 10.0


def open_lab(start: Path, *, port: int | None = None, browser: bool = True) -> None:
    """Open JupyterLab at a notebook, and stay until it ends.

    Parameters
    ----------
    start : Path
        The notebook; its folder is all that JupyterLab shows.
    port : int, optional
        Port on the loopback address; a free one when left out.
    browser : bool
        Whether to open the browser.

    Raises
    ------
    InputError
        If the port is taken or cannot be.
    CheckFailed
        If JupyterLab ends with an error.
    """
    if port is not None:
        _must_be_free(port)
    with private_folder() as folder:
        done = _run(command(start, port=port, browser=browser), environment(folder, os.environ))
    if done:
        raise CheckFailed(f"JupyterLab ended with code {done}.")


def command(start: Path, *, port: int | None = None, browser: bool = True) -> list[str]:
    """Give the words that start JupyterLab.

    Examples
    --------
    >>> "--KernelManager.transport=ipc" in command(Path("00_where_do_i_start.ipynb")) or os.name != "posix"
    True
    """
    words = [
        sys.executable, "-m", "jupyterlab", str(start),
        f"--ServerApp.root_dir={start.parent}",
        f"--LabApp.default_url=/lab/tree/{quote(start.name)}",  # where the printed address leads
        f"--ServerApp.ip={HOST}", "--ServerApp.allow_remote_access=False",
        "--ServerApp.answer_yes=True", "--Application.log_level=WARN",
        "--LabApp.extension_manager=readonly", "--LabApp.custom_css=True",
    ]  # fmt: skip
    if os.name == "posix":
        words.append("--KernelManager.transport=ipc")
        if os.geteuid() == 0:  # a container has no other user
            words.append("--ServerApp.allow_root=True")
    if port is not None:
        words += [f"--ServerApp.port={port}", "--ServerApp.port_retries=0"]
    return words if browser else [*words, "--no-browser"]


def environment(folder: Path, given: Mapping[str, str]) -> dict[str, str]:
    """Give JupyterLab's environment: what it runs with lies in a private folder, and it asks for no news.

    Parameters
    ----------
    folder : Path
        A folder that only its owner can read.
    given : mapping of str to str
        Environment to start from.
    """
    (folder / "labconfig").mkdir()
    (folder / "labconfig" / "page_config.json").write_text(json.dumps(_QUIET), encoding="utf-8")
    (folder / "jupyter_server_config.d").mkdir()
    look = {"ServerApp": {"jpserver_extensions": {LOOK: True}}}
    (folder / "jupyter_server_config.d" / "look.json").write_text(json.dumps(look), encoding="utf-8")
    own = [str(folder), given["JUPYTER_CONFIG_PATH"]] if given.get("JUPYTER_CONFIG_PATH") else [str(folder)]
    return {
        **given,
        "JUPYTER_RUNTIME_DIR": str(folder),
        "JUPYTER_CONFIG_PATH": os.pathsep.join(own),
    }


@contextmanager
def private_folder() -> Iterator[Path]:
    """Give a folder that only its owner can read, with a path short enough for sockets; it goes when all is done."""
    usual = tempfile.gettempdir()
    short = "/tmp" if len(usual) > _ROOM and os.name == "posix" else usual
    with tempfile.TemporaryDirectory(prefix="vc-", dir=short, ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def _must_be_free(port: int) -> None:
    if not 1024 <= port <= 65_535:
        raise InputError(f"Port {port} is refused. Give a number from 1024 to 65535.")
    with socket.socket() as trial:
        if os.name == "posix":  # a port that was left a moment ago is free
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((HOST, port))
        except OSError:
            raise InputError(
                f"Port {port} is taken. Give another with --port, or none: a free one is found."
            ) from None


def _run(words: list[str], env: dict[str, str]) -> int:
    """Run until it ends; where we are stopped it is asked to end its kernels first."""
    lab = subprocess.Popen(words, env=env)
    try:
        return lab.wait()
    except KeyboardInterrupt:
        lab.terminate()
        try:
            lab.wait(_STOPPING_SECONDS)
        except subprocess.TimeoutExpired:
            lab.kill()
        return 0
