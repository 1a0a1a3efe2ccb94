"""Needs frameworks: read from a TOML file, and every case they can meet checked before use."""

from __future__ import annotations

import difflib
import math
import tomllib
from dataclasses import dataclass
from functools import cache
from itertools import combinations_with_replacement, product
from pathlib import Path

import numpy as np
import pandas as pd

from vcanalysis.core.errors import InputError
from vcanalysis.core.expressions import Condition
from vcanalysis.core.framework_file import build_framework
from vcanalysis.core.paths import data_file
from vcanalysis.core.scoring import SCORES, Band, Framework

__all__ = [
    "SCORES",
    "Band",
    "Finding",
    "Framework",
    "build_framework",
    "cases",
    "frameworks",
    "load_framework",
    "validate",
]

_MOST_CASES = 500_000
_AGES = range(26)


@dataclass(frozen=True, slots=True)
class Finding:
    """Cases that no band covers (`bands` empty), or that more than one band covers.

    `case` holds the values of the variables that the bands read, such as ``{"n2": 0, "n3": 1}``.
    """

    case: tuple[tuple[str, float], ...]
    bands: tuple[str, ...]

    @property
    def is_hole(self) -> bool:
        """Whether no band covers the case."""
        return not self.bands


def frameworks() -> list[str]:
    """List the frameworks that come with the workbench.

    Examples
    --------
    >>> "vcw-default-12" in frameworks()
    True
    """
    return sorted(path.stem for path in data_file("frameworks").glob("*.toml"))


def load_framework(name_or_path: str | Path) -> Framework:
    """Read a framework and check it.

    Parameters
    ----------
    name_or_path : str or Path
        Name of a framework of the workbench (a file in `data/frameworks`), or path of a TOML file.

    Returns
    -------
    Framework

    Raises
    ------
    InputError
        If the file is missing or malformed, or its bands leave a reachable case out or cover one twice.

    Examples
    --------
    >>> load_framework("vcw-default-12").levels[3]
    'Immediate or intensive action'
    """
    path = Path(name_or_path)
    if path.suffix != ".toml":
        path = data_file(f"frameworks/{name_or_path}.toml")
    if not path.is_file():
        near = difflib.get_close_matches(str(name_or_path), frameworks(), n=1, cutoff=0.4)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise InputError(
            f"There is no framework {str(name_or_path)!r}.{hint} Frameworks are: {', '.join(frameworks())}; "
            "or give the path of a .toml file."
        )
    return _load(path.resolve(), path.stat().st_mtime_ns)


@cache
def _load(path: Path, _changed: int) -> Framework:
    content = path.read_bytes()
    try:
        framework = build_framework(tomllib.loads(content.decode("utf-8")), content)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(
            f"{path.name} is not TOML: {error}. Compare data/frameworks/vcw-default-12.toml."
        ) from None
    findings = validate(framework)
    if findings:
        raise InputError(_refusal(framework, findings))
    return framework


def _refusal(framework: Framework, findings: list[Finding]) -> str:
    kind = findings[0].is_hole
    alike = [f for f in findings if f.is_hole == kind]
    names = ", ".join(name for name, _ in alike[0].case)
    shown = ", ".join("(" + ", ".join(f"{v:g}" for _, v in f.case) + ")" for f in alike[:6])
    more = f" and {len(alike) - 6:,} more" if len(alike) > 6 else ""
    if kind:
        return (
            f"Framework {framework.id}: no band covers ({names}) = {shown}{more}. Add a band, or a `completes` "
            "rule to the band that should take them."
        )
    return (
        f"Framework {framework.id}: bands {' and '.join(alike[0].bands)} both cover ({names}) = {shown}{more}. "
        'Sharpen the rules, or write match = "first" so that the first band that holds counts.'
    )


def cases(framework: Framework) -> pd.DataFrame:
    """List every assessment a framework can meet, once for each set of domains that its bands cannot tell apart.

    Returns
    -------
    DataFrame
        One row per case, with the levels in the columns of the domains (missing where not rated, as far as
        `min_domains_share` allows) and `age_years` where a band reads the age.

    Raises
    ------
    InputError
        If there are too many cases to check.

    Examples
    --------
    >>> full = cases(load_framework("vcw-default-12")).dropna()
    >>> len(full)
    455
    """
    alike = _alike_domains(framework)
    symbols = [*range(len(framework.levels)), np.nan]
    count = math.prod(math.comb(len(group) + len(symbols) - 1, len(group)) for group in alike)
    if count > _MOST_CASES:
        raise InputError(
            f"Framework {framework.id} has {count:,} cases, more than can be checked ({_MOST_CASES:,}). "
            "Name fewer domains in its bands, or give domains equal weights."
        )
    sets = [list(combinations_with_replacement(symbols, len(group))) for group in alike]
    order = [domain for group in alike for domain in group]
    rows = [sum(parts, ()) for parts in product(*sets)]
    frame = pd.DataFrame(rows, columns=order, dtype="float64")[list(framework.domains)]
    frame = frame[frame.notna().sum(axis=1) >= framework.fewest_domains]
    if "age" in _names_read(framework):
        frame = frame.merge(pd.DataFrame({"age_years": [float(a) for a in _AGES]}), how="cross")
    return frame.reset_index(drop=True)


def _alike_domains(framework: Framework) -> list[list[str]]:
    """Group the domains a band cannot tell apart: not named by it, and of equal weight if totals count."""
    conditions = _conditions(framework)
    named = set().union(*(c.domains for c in conditions))
    weighed = _names_read(framework) & {"total", "mean"}
    groups: dict[object, list[str]] = {}
    for domain, weight in zip(framework.domains, framework.weights, strict=True):
        key = domain if domain in named else (weight if weighed else 1.0)
        groups.setdefault(key, []).append(domain)
    return list(groups.values())


def _conditions(framework: Framework) -> list[Condition]:
    return [c for band in framework.band_rules for c in (band.when, band.completes) if c is not None]


def _names_read(framework: Framework) -> set[str]:
    return set().union(*(c.names for c in _conditions(framework)))


def validate(framework: Framework) -> list[Finding]:
    """Hold every reachable case against the bands.

    Returns
    -------
    list of Finding
        Cases without a band first, then, where `match` is "exclusive", cases with more than one.

    Examples
    --------
    >>> validate(load_framework("vcw-default-12"))
    []
    """
    frame = cases(framework)
    values = framework.values(frame)
    held = np.array([band.holds(values, len(frame)) for band in framework.band_rules])
    times = held.sum(axis=0)
    wrong = times == 0 if framework.match == "first" else times != 1
    named = sorted(set().union(*(c.domains for c in _conditions(framework))))
    read = [*sorted(_names_read(framework)), *named]
    found = {
        Finding(
            tuple((name, round(float(values[name][row]), 6)) for name in read),
            tuple(band.name for band, holds in zip(framework.band_rules, held[:, row], strict=True) if holds),
        )
        for row in np.flatnonzero(wrong)
    }
    return sorted(found, key=lambda f: (len(f.bands), [str(v).zfill(8) for _, v in f.case]))
