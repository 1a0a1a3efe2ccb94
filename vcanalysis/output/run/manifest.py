"""The manifest: everything needed to say where a report came from, and to make it again."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vcanalysis.core.paths import home
from vcanalysis.output import protocol
from vcanalysis.output.run.cache import data_files, digest, versions
from vcanalysis.output.run.inputs import CODE

if TYPE_CHECKING:
    from vcanalysis.intake.council import Council

_LOCKS = ("uv.lock", "requirements.lock", "requirements.txt", "pylock.toml")


def describe(council: Council, key: bytes, hashes: Mapping[str, str]) -> dict[str, Any]:
    """Say which data, code and environment a run uses.

    Parameters
    ----------
    council : Council
        The council, opened.
    key : bytes
        Key of the hashes of its files.
    hashes : mapping
        Of all that the run reads, as from `vcanalysis.output.run.inputs.all_hashes`.
    """
    where = Path(council.path)
    return {
        "format": 1,
        "council": {
            "name": council.name,
            "code": council.code,
            "label": council.label,
            "caveat": council.caveat,
            "synthetic": council.synthetic,
            "simulated": list(council.simulated),
            "price_year": council.price_year,
            "data_from": f"{council.start:%Y-%m-%d}",
            "data_to": f"{council.end - timedelta(days=1):%Y-%m-%d}",
        },
        "protocol": {"hash": digest(protocol.source(where).read_bytes()), **protocol.read(where)},
        "inputs": {
            "key_id": digest(key)[:8],
            "files": {path.name: hashes[path.name] for path in data_files(where)},
        },
        "code": {"digest": hashes[CODE], **_commit()},
        "environment": {"versions": versions(), "lock": _lock_hash(), "threads": 1},
    }


def run_id(keys: Mapping[str, str]) -> str:
    """Name a run by what went into it: the same inputs give the same name."""
    return digest(repr(sorted(keys.items())).encode())[:10]


def seeds(parameters: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Give the seeds that notebooks were run with."""
    return {name: given["seed"] for name, given in parameters.items() if "seed" in given}


def _lock_hash() -> str:
    found = next((home() / name for name in _LOCKS if (home() / name).is_file()), None)
    return "" if found is None else digest(found.read_bytes())


def _commit() -> dict[str, Any]:
    def git(*words: str) -> str:
        done = subprocess.run(["git", "-C", str(home()), *words], capture_output=True, text=True, check=True)
        return done.stdout.strip()

    try:
        return {"commit": git("rev-parse", "HEAD"), "changed": bool(git("status", "--porcelain", "-uno"))}
    except (OSError, subprocess.CalledProcessError):
        return {}
