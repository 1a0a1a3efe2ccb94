"""What `council.toml` says: who the council is and what about its data is not real."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pandas as pd

from vcanalysis.core.errors import InputError


def read_meta(folder: Path) -> dict[str, Any]:
    """Read `council.toml`.

    Raises
    ------
    InputError
        If the folder or the file is missing, or the file is not TOML.
    """
    if not folder.is_dir():
        raise InputError(f"There is no folder {folder}. Give a council folder, such as data/demo.")
    file = folder / "council.toml"
    if not file.is_file():
        raise InputError(
            f"{folder} is no council folder: it holds no council.toml. Make one with: vcanalysis import OUT "
            "--ssda903 PATH"
        )
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{file} cannot be read as TOML: {error}.") from None


def meta_day(meta: dict[str, Any], name: str, folder: Path) -> pd.Timestamp | None:
    """Read a day of `council.toml`; None when it is empty.

    Raises
    ------
    InputError
        If it is not written as yyyy-mm-dd.

    Examples
    --------
    >>> meta_day({"data_to": "2020-01-01"}, "data_to", Path("x")).year
    2020
    """
    text = str(meta.get(name) or "")
    if not text:
        return None
    try:
        return pd.to_datetime(text, format="%Y-%m-%d")
    except ValueError:
        raise InputError(
            f"{folder / 'council.toml'}: {name} is {text!r}. Write a date as yyyy-mm-dd."
        ) from None


def meta_names(meta: dict[str, Any], name: str, folder: Path) -> tuple[str, ...]:
    """Read a list of names of `council.toml`; empty when it is not there.

    Raises
    ------
    InputError
        If it is no list of texts.

    Examples
    --------
    >>> meta_names({"framework_providers": ["a1", "b2"]}, "framework_providers", Path("x"))
    ('a1', 'b2')
    """
    found = meta.get(name, [])
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise InputError(
            f'{folder / "council.toml"}: {name} is no list of names. Write it as {name} = ["0bcbe3", "1f22a0"].'
        )
    return tuple(found)


def label(name: str, *, synthetic: bool, simulated: tuple[str, ...]) -> str:
    """Name a council with what is not real about it.

    Examples
    --------
    >>> label("Demo council", synthetic=True, simulated=())
    'Demo council (synthetic)'
    >>> label("Anyshire", synthetic=False, simulated=("needs", "costs"))
    'Anyshire, needs and costs simulated'
    """
    if synthetic:
        return f"{name} (synthetic)"
    return f"{name}, {_join(simulated)} simulated" if simulated else name


def caveat(name: str, *, synthetic: bool, simulated: tuple[str, ...]) -> str:
    """Say in one sentence what is synthetic or simulated; nothing when all is recorded.

    Examples
    --------
    >>> caveat("Anyshire", synthetic=False, simulated=("costs",))
    'Costs are simulated: findings that rest on them show the method, not Anyshire.'
    """
    if synthetic:
        return f"{name} is synthetic: no child in it exists."
    if simulated:
        what = _join(simulated).capitalize()
        return f"{what} are simulated: findings that rest on them show the method, not {name}."
    return ""


def _join(names: tuple[str, ...]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)
