"""A server extension for JupyterLab: printed sentences break between words, where its own look cuts through them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

CSS = ".jp-RenderedText pre { word-break: normal; overflow-wrap: anywhere; }\n"
NAME = __name__


def write_look(folder: Path) -> Path:
    """Write the style sheet into a folder of its own, and give that.

    Parameters
    ----------
    folder : Path
        A private folder.
    """
    own = folder / "custom"
    own.mkdir(exist_ok=True)
    (own / "custom.css").write_text(CSS, encoding="utf-8")
    return own


def _load_jupyter_server_extension(server: Any) -> None:
    """Let JupyterLab find our style sheet after the user's own, which goes before it."""
    server.web_app.settings["static_custom_path"].append(str(write_look(Path(server.runtime_dir))))
