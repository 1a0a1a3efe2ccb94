"""Run a command, and say how long it took and how much memory it needed."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import psutil

_HEAD = (
    "# Benchmarks",
    "",
    "Written by `make bench` (`python -m benchmarks`): every comparison is made in one run on one machine,",
    "so that the ratio holds where the seconds do not.",
)


@dataclass(frozen=True)
class Cost:
    """What a command cost: seconds by the clock, and the most memory it and its children held at once."""

    seconds: float
    megabytes: float


def run(command: list[str], **env: str) -> Cost:
    """Run a command to its end, with one thread per process; its failure is ours."""
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    start = time.perf_counter()
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env={**os.environ, **threads, **env}
    )
    peak = [0.0]
    watcher = threading.Thread(target=_watch, args=(process, peak), daemon=True)
    watcher.start()
    _, said = process.communicate()
    seconds = time.perf_counter() - start
    watcher.join()
    if process.returncode:
        sys.exit(f"{' '.join(command[:4])} failed: {said.decode(errors='replace')[-400:]}")
    return Cost(seconds, peak[0])


def _watch(process: subprocess.Popen[bytes], peak: list[float]) -> None:
    while process.poll() is None:
        try:
            top = psutil.Process(process.pid)
            held = sum(p.memory_info().rss for p in [top, *top.children(recursive=True)])
            peak[0] = max(peak[0], held / 1e6)
        except psutil.Error:
            pass
        time.sleep(0.1)


def write_readme(path: Path, lines: dict[str, list[str]], machine: str, day: date) -> None:
    """Write the figures, each table with its machine and date; tables not measured now stay as they are."""
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg()) if hasattr(os, "getloadavg") else "unknown"
    measured = (
        f"Measured on {day:%d %B %Y}: {os.cpu_count()} processors, {psutil.virtual_memory().total / 1e9:.0f} GB, "
        f"{machine}; load of the last 1, 5 and 15 minutes {load}."
    )
    tables = _tables(path) | {title: [measured, "", *rows] for title, rows in lines.items()}
    said = [*_HEAD]
    for title, rows in tables.items():
        said += ["", f"## {title}", "", *rows]
    path.write_text("\n".join(said) + "\n", encoding="utf-8")


def _tables(path: Path) -> dict[str, list[str]]:
    """Read the tables written before, by title."""
    if not path.is_file():
        return {}
    parts = path.read_text(encoding="utf-8").split("\n## ")[1:]
    return {title: rows.strip().splitlines() for title, _, rows in (part.partition("\n") for part in parts)}
