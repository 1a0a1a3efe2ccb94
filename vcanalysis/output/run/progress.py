"""Progress of a run: a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import threading
from pathlib import Path
from typing import Any

import nbformat


class Progress:
    """Says how far a run has come, on the error stream.

    Parameters
    ----------
    notebooks : list of Path
        What will be run.
    show : bool
        Whether to say anything.
    """

    def __init__(self, notebooks: list[Path], *, show: bool) -> None:
        self._cells = {p.stem: len(nbformat.read(p, as_version=4).cells) for p in notebooks}
        self._reached = dict.fromkeys(self._cells, 0)
        self._lock = threading.Lock()
        self._done, self._show = 0, show
        self._bar: Any = None
        if show and sys.stderr.isatty():
            from tqdm import tqdm

            layout = "{percentage:3.0f}% |{bar}| {elapsed} {desc}"
            self._bar = tqdm(total=sum(self._cells.values()), bar_format=layout, leave=False)

    def reach(self, name: str, cell: int) -> None:
        """Say that a notebook has come to a cell."""
        if self._bar is None:
            return
        with self._lock:
            self._bar.set_description_str(name, refresh=False)
            self._bar.update(max(cell - self._reached[name], 0))
            self._reached[name] = max(cell, self._reached[name])

    def finish(self, name: str, seconds: float, *, reused: bool) -> None:
        """Say that a notebook is done."""
        with self._lock:
            self._done += 1
            if self._bar is not None:
                self._bar.update(self._cells[name] - self._reached[name])
                self._reached[name] = self._cells[name]
            elif self._show:
                how = "unchanged" if reused else f"{seconds:.1f} s"
                print(f"[{self._done}/{len(self._cells)}] {name} {how}", file=sys.stderr, flush=True)

    def close(self) -> None:
        """Remove the bar."""
        if self._bar is not None:
            self._bar.close()
