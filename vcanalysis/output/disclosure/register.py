"""The register of releases: what was published before, so that no two releases tell of a few children.

It holds exact counts and stays in the council's own folder of reports, readable by its owner alone.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from vcanalysis.core.errors import CheckFailed, InputError
from vcanalysis.output.disclosure.families import cell_of, counted, is_elsewhere
from vcanalysis.output.disclosure.gate import tables_of
from vcanalysis.output.disclosure.policy import STRICT, Policy
from vcanalysis.output.disclosure.policy import policy as find_policy
from vcanalysis.output.records import Results

REGISTER = ".releases.jsonl"
_ONE = 0.5  # child: of shares ten figures are kept


@dataclass(frozen=True, slots=True)
class Release:
    """What was published of a quarter.

    Parameters
    ----------
    quarter : str
        Such as "2019Q4".
    run : str
        Name of the run.
    policy : str
        Profile it kept to.
    digest : str
        Hash of its published results.
    figures : dict
        Of every figure, by its id and the time it is of: how many children it counts, its base, and what was shown
        (nothing of a hidden one).
    bands : dict
        Of every set of tables, by its topic and time: the categories that it was shown by, hidden cells included.
    data : str
        Hash of all that the run read of the council: where it is the same, no child can lie between two releases.
    """

    quarter: str
    run: str
    policy: str
    digest: str
    figures: dict[str, list[object]]
    bands: dict[str, list[str]] = field(default_factory=dict)
    data: str = ""


def release_of(
    raw: Results, shown: Results, *, quarter: str, run: str, policy: str, digest: str, data: str = ""
) -> Release:
    """Describe a release for the register."""
    exact = tables_of(raw, find_policy(policy)).exact
    figures: dict[str, list[object]] = {
        f"{r.id} of {r.period}" if r.period else r.id: [
            exact[r.id] if r.id in exact else counted(raw[r.id]),
            exact[r.id] if r.id in exact else raw[r.id].n or 0,
            r.value,
            r.low,
            r.high,
            r.n,
        ]
        for r in shown
        if r.id in exact or not is_elsewhere(raw[r.id])
    }
    return Release(quarter, run, policy, digest, figures, _bands(raw, shown), data)


def _bands(raw: Results, shown: Results) -> dict[str, list[str]]:
    """Give the categories of the tables shown; what is published does not name their families, the raw cells do."""
    topics = {r.id.rpartition(".")[0] for r in raw if cell_of(r)}
    found: dict[str, set[str]] = {}
    for record in shown:
        topic = record.id.rpartition(".")[0]
        if topic in topics:
            found.setdefault(f"{topic} of {record.period}", set()).update(record.group.split("; "))
    return {name: sorted(categories) for name, categories in found.items()}


def read_register(folder: Path) -> list[Release]:
    """Read the releases of a council; none where there is no register.

    Raises
    ------
    InputError
        If the register is damaged: a release is not held against half of what went before.
    """
    path = folder / REGISTER
    if not path.is_file():
        return []
    try:
        return [Release(**json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines() if line]
    except (ValueError, TypeError):
        raise InputError(
            f"{path} is damaged, so it cannot be said what was published before. Put its last copy back."
        ) from None


def enter(folder: Path, release: Release) -> None:
    """Enter a release, once."""
    if any(r.digest == release.digest and r.quarter == release.quarter for r in read_register(folder)):
        return
    _write(folder, [*read_register(folder), release])


def strike(folder: Path, quarter: str) -> int:
    """Strike out the releases of a quarter that never left the council; say how many."""
    before = read_register(folder)
    left = [r for r in before if r.quarter != quarter]
    if len(left) < len(before):
        _write(folder, left)
    return len(before) - len(left)


def _write(folder: Path, releases: Iterable[Release]) -> None:
    fresh = folder / f"{REGISTER}.new"
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.writelines(json.dumps(asdict(r)) + "\n" for r in releases)
    fresh.replace(folder / REGISTER)


def differing(earlier: Iterable[Release], now: Release, policy: Policy = STRICT) -> list[str]:
    """Find figures that two releases of a quarter show apart though only a few children lie between them.

    Parameters
    ----------
    earlier : iterable of Release
        What was published before.
    now : Release
        What is to be published.
    policy : Policy
        From how many children on (`apart`) a difference tells of nobody.

    Returns
    -------
    list of str
        Ids of the figures. One shown alike in both tells nothing, and is none of them. One that counts as many children
        in both and is yet shown otherwise is, unless the data are the same: the price of one child may have been
        corrected. So is one hidden in either alone, and tables of the same children by other bands, whatever they
        count: the one less the other may leave a few.

    Examples
    --------
    >>> one, other = (Release("2019Q4", r, "strict", r, {"in_care": [n, n, 5 * round(n / 5), None, None, None]})
    ...               for r, n in (("a", 272), ("b", 273)))
    >>> differing([one], other)
    ['in_care']
    """
    before = [r for r in earlier if r.quarter == now.quarter]
    found = [
        name.split(" of ")[0]
        for release in before
        for name, figure in now.figures.items()
        if name in release.figures
        and _tells_of_few(release.figures[name], figure, policy.apart, alike=_alike(release, now))
    ]
    return [*dict.fromkeys(found), *_banded_otherwise(before, now)]


def _alike(one: Release, other: Release) -> bool:
    """Whether two releases are of the same data by the same profile: figures of other profiles hide other cells."""
    return bool(one.data) and (one.data, one.policy) == (other.data, other.policy)


def _banded_otherwise(earlier: Iterable[Release], now: Release) -> list[str]:
    found = [
        f"{name.split(' of ')[0]}, by other bands"
        for release in earlier
        for name, bands in now.bands.items()
        if release.bands.get(name, bands) != bands
    ]
    return list(dict.fromkeys(found))


def revised_by_few(earlier: Iterable[Release], now: Release, policy: Policy = STRICT) -> frozenset[str]:
    """Find figures of a time before that the reports of other quarters show a few children apart.

    A series tells every quarter again, with what was recorded late: beside the report before, one child would show.

    Parameters
    ----------
    earlier : iterable of Release
        What was published before.
    now : Release
        What is to be published.
    policy : Policy
        From how many children on (`apart`) a difference tells of nobody.

    Examples
    --------
    >>> figures = lambda n: {"series.came.2019q2 of 2019Q2": [n, n, 5 * round(n / 5), None, None, 0]}
    >>> one, other = (Release(q, q, "strict", q, figures(n)) for q, n in (("2019Q3", 22), ("2019Q4", 23)))
    >>> sorted(revised_by_few([one], other))
    ['series.came.2019q2']
    """
    found = (
        name.split(" of ")[0]
        for release in earlier
        if release.quarter != now.quarter
        for name, figure in now.figures.items()
        if name in release.figures
        and any(end is not None for end in figure[2:])  # else it is hidden already
        and _tells_of_few(release.figures[name], figure, policy.apart, alike=True)
    )
    return frozenset(found)


def _tells_of_few(one: list[object], other: list[object], apart: int, *, alike: bool) -> bool:
    """Whether two figures are shown unlike and count a few children apart, or as many where the data are not alike."""
    between = [abs(float(a) - float(b)) for a, b in zip(one[:2], other[:2], strict=True)]  # type: ignore[arg-type]
    few = any(_ONE <= d < apart for d in between) or not (alike or any(d >= _ONE for d in between))
    return few and one[2:] != other[2:]


def must_not_differ(earlier: Iterable[Release], now: Release, policy: Policy = STRICT) -> None:
    """Refuse a release that, beside an earlier one of its quarter, would tell of a few children.

    Raises
    ------
    CheckFailed
        Naming a figure, never a number.
    """
    found = differing(earlier, now, policy)
    if found:
        raise CheckFailed(
            f"{now.quarter} was published before, and {len(found)} figures now differ though fewer than {policy.apart} "
            f"children may lie between, such as {found[0]}, or are of tables by other bands: both together could tell "
            "of a few. "
            "Leave the earlier report as it is; if it never left the council, run again with --unsent."
        )
