"""Keyed pseudonyms, made with a key that never enters the council folder.

The same child has the same pseudonym in every import with the same key; without the key nobody can find
the identifier behind it.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
import stat
import zlib
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import pandas as pd

from vcanalysis.core.errors import InputError
from vcanalysis.core.paths import home

_MIN_BYTES = 32
_LENGTH = 16
_MIN_DISTINCT = 10  # a random key has more; one typed or filled by hand often has not
_NOISE = 0.6  # share of its length to which 64 random hexadecimal letters can be packed is 0.7


@dataclass(frozen=True)
class Pseudonymiser:
    """Turns identifiers into pseudonyms by HMAC-SHA256.

    Parameters
    ----------
    secret : bytes
        The key, at least 32 bytes.
    made_at : Path or None
        Where the key was made, if it was made just now.

    Examples
    --------
    >>> ours = Pseudonymiser(b"0" * 32)
    >>> a, b = ours.replace(pd.Series(["123", "123"]), kind="child")
    >>> a == b, len(a), "123" in a
    (True, 16, False)
    """

    secret: bytes = field(repr=False)
    made_at: Path | None = None

    @property
    def key_id(self) -> str:
        """Name of the key, safe to publish: tells whether two imports used the same key."""
        return hashlib.sha256(b"vcanalysis key id\0" + self.secret).hexdigest()[:8]

    def replace(self, ids: pd.Series, *, kind: str) -> pd.Series:
        """Replace identifiers; an empty one stays missing.

        Parameters
        ----------
        ids : Series of str
            Identifiers as in the extract.
        kind : str
            What they identify: the same number gives a child and a home different pseudonyms.
        """
        codes, distinct = pd.factorize(ids.where(ids.ne("")))
        begun = hmac.new(self.secret, f"{kind}\0".encode(), "sha256")
        made = pd.array([_ended(begun, value) for value in distinct.tolist()], dtype="str")
        return pd.Series(made.take(codes, allow_fill=True), index=ids.index, dtype="str")


def _ended(begun: hmac.HMAC, value: str) -> str:
    """End a code that was begun with key and kind: the key is worked in once, not for every identifier."""
    code = begun.copy()
    code.update(value.encode())
    return code.hexdigest()[:_LENGTH]


def default_key_file() -> Path:
    """Give the key file in the user's configuration folder."""
    base = os.environ.get("APPDATA") if os.name == "nt" else os.environ.get("XDG_CONFIG_HOME")
    return (Path(base) if base else Path.home() / ".config") / "vcanalysis" / "pseudonym.key"


def load_key(file: str | Path | None = None, *, outside: Path | None = None) -> Pseudonymiser:
    """Read the key, or make it on first use.

    Parameters
    ----------
    file : str or Path, optional
        The key file; by default `vcanalysis/pseudonym.key` in the user's configuration folder.
    outside : Path, optional
        A folder the key must not lie in, beside the clone of the workbench.

    Raises
    ------
    InputError
        If the key lies in a repository or in `outside`, others than its owner may read it, or it is short or
        of few different characters.
    """
    place = Path(file).expanduser() if file else default_key_file()
    _refuse_place(place.resolve(), outside)
    if not place.exists():
        return _make(place)
    if not place.is_file():
        raise InputError(f"The key {place} is no file. Name a file for the key with --key.")
    if os.name == "posix" and stat.S_IMODE(place.stat().st_mode) & 0o077:
        raise InputError(f"Others may read the key {place}. Run: chmod 600 {place}")
    secret = place.read_bytes().strip()
    if len(secret) < _MIN_BYTES:
        raise InputError(
            f"The key {place} has {len(secret)} bytes; at least {_MIN_BYTES} are needed. Restore it from a copy, "
            "or name another file with --key to have one made."
        )
    if is_weak(secret):
        raise InputError(
            f"The key {place} is no random text and could be guessed. Restore it from a copy, or name "
            "another file with --key to have one made."
        )
    return Pseudonymiser(secret)


def is_weak(secret: bytes) -> bool:
    """Say whether a key could be guessed: few characters, a pattern that repeats or counts on, or words.

    A random key is noise (bytes), or noise written in hexadecimal or in base 64, which mixes capitals, small
    letters and digits and has no long run of small letters.

    Examples
    --------
    >>> is_weak(b"0123456789" * 4), is_weak(b"passwordforthecouncilofanyshire1234")
    (True, True)
    >>> is_weak(secrets.token_hex(32).encode()), is_weak(secrets.token_bytes(32))
    (False, False)
    """
    if len(set(secret)) < _MIN_DISTINCT or (secret + secret).find(secret, 1) < len(secret):
        return True
    steps = {(b - a) % 256 for a, b in pairwise(secret)}
    if len(steps) < _MIN_DISTINCT or len(zlib.compress(secret, 9)) < _NOISE * len(secret):
        return True
    if re.fullmatch(rb"[0-9a-fA-F]+", secret) or not re.fullmatch(rb"[\x20-\x7e]+", secret):
        return False
    mixed = all(
        len(re.findall(kind, secret)) >= few for kind, few in ((rb"[A-Z]", 3), (rb"[a-z]", 3), (rb"\d", 1))
    )
    return not mixed or bool(re.search(rb"[a-z]{12}|\s", secret))


def _refuse_place(place: Path, outside: Path | None) -> None:
    forbidden = [home().resolve()] + ([outside.resolve()] if outside else [])
    in_repository = any((parent / ".git").exists() for parent in place.parents)
    if in_repository or any(folder in place.parents for folder in forbidden):
        raise InputError(
            f"The key {place} lies in a repository or council folder, where it could be passed on with the data. "
            "Keep it elsewhere and name it with --key."
        )


def _make(place: Path) -> Pseudonymiser:
    secret = secrets.token_hex(_MIN_BYTES).encode()
    try:
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise InputError(
            f"The key {place} cannot be made: {error.strerror}. Name a file with --key."
        ) from None
    with os.fdopen(handle, "wb") as stream:
        stream.write(secret + b"\n")
    return Pseudonymiser(secret, made_at=place)
