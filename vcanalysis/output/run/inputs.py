"""What a run reads, known by hashes: so that a change under way, or since, is told."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from collections.abc import Iterable, Mapping
from pathlib import Path

from vcanalysis.core.errors import CheckFailed, InputError
from vcanalysis.output.run.cache import code_digest, data_files, digest

KEY_FILE = ".hash-key"
CODE = "the code or its reference data"
_KEY_BYTES = 32
_PUBLIC = hashlib.sha256(b"vcanalysis: children who do not exist").digest()


def hash_key(folder: Path, *, synthetic: bool) -> bytes:
    """Give the key of the hashes of a council's files, made on first use.

    It is kept beside the council's reports, so that hashes can be compared between its runs but not matched
    with files elsewhere. Invented data need no secret: their key is public, and anyone can check the hashes.

    Parameters
    ----------
    folder : Path
        The council's reports.
    synthetic : bool
        Whether no child in the council exists.

    Raises
    ------
    InputError
        If the key there is damaged.
    """
    if synthetic:
        return _PUBLIC
    path = folder / KEY_FILE
    if not path.exists():
        _make_key(path)
    key = path.read_bytes()
    if len(key) != _KEY_BYTES:
        raise InputError(f"{path} is damaged. Put its copy back, or delete it: a new one will be made.")
    return key


def file_hashes(council: Path, key: bytes) -> dict[str, str]:
    """Give the keyed hash of every file of a council folder that an evaluation may read, by name."""
    return {path.name: _keyed(path, key) for path in data_files(council)}


def all_hashes(council: Path, key: bytes, others: Iterable[Path]) -> dict[str, str]:
    """Give the hash of all that a run reads: data by name, notebooks and other files by path, and the code.

    Parameters
    ----------
    council : Path
        The council folder.
    key : bytes
        Key of the hashes of its files.
    others : iterable of Path
        Notebooks, and files that parameters name.
    """
    told = {str(path): digest(path.read_bytes()) for path in others}
    return {**file_hashes(council, key), **told, CODE: code_digest()}


def differing(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """Name what was changed, lost or added.

    Examples
    --------
    >>> differing({"needs.parquet": "a", "costs.parquet": "b"}, {"needs.parquet": "a", "costs.parquet": "c"})
    ['costs.parquet']
    """
    return [name for name in {**before, **after} if before.get(name) != after.get(name)]


def must_be_unchanged(before: Mapping[str, str], after: Mapping[str, str]) -> None:
    """Refuse a run whose parts may have read different things.

    Raises
    ------
    CheckFailed
        Naming what was changed.
    """
    changed = [Path(name).name for name in differing(before, after)]
    if changed:
        raise CheckFailed(
            f"Changed while it was being read: {', '.join(changed)}. Nothing was published. Run again."
        )


def _make_key(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    try:
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(_KEY_BYTES))
        os.link(part, path)  # whole or not at all, and never over that of another run
    except FileExistsError:  # another run was first
        pass
    except OSError:  # a file system without links
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _keyed(path: Path, key: bytes) -> str:
    with path.open("rb") as content:
        inner = hashlib.file_digest(content, "sha256").digest()
    return hmac.new(key, inner, "sha256").hexdigest()[:32]
