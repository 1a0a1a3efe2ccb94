"""Downloading official statistics to the user's own machine, by the public API of Explore Education Statistics.

The API (version 1, documented at api.education.gov.uk/statistics/docs) needs no key: publications are searched by
title, their data sets listed, and each data set given as CSV. What is asked for is a list,
`data/reference/statistics_downloads.csv`; a file address of one's own goes beside it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from vcanalysis.core.errors import InputError
from vcanalysis.core.paths import data_file
from vcanalysis.intake.statistics.fetching import Fetcher

API = "https://api.education.gov.uk/statistics/v1"
_PAGE = 20
_MOST_PAGES = 100


def wanted() -> list[dict[str, str]]:
    """Give what is downloaded: publication, data_set (its title), file, note.

    Examples
    --------
    >>> wanted()[0]["publication"]
    'Children looked after in England including adoptions'
    """
    with data_file("reference/statistics_downloads.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def download_all(
    folder: Path,
    *,
    api: str = "",
    addresses: Mapping[str, str] | None = None,
    fetch: Fetcher | None = None,
) -> Iterator[str]:
    """Download what is wanted, saying of each file what came of it.

    Parameters
    ----------
    folder : Path
        Where files are put; one that is there is not fetched again. Delete it to fetch anew.
    api : str
        Base of the public API; the real one when empty.
    addresses : mapping of str to str, optional
        Files by address of their own: file name to https address.
    fetch : Fetcher, optional
        How the service is asked.

    Yields
    ------
    str
        One line a file: fetched, there already, or not offered, with the data sets there are.

    Raises
    ------
    InputError
        If the service cannot be asked, or offers none of what is wanted.
    """
    ask, base = fetch or Fetcher(), api or API
    there = 0
    for title, rows in _by_publication().items():
        missing = [row for row in rows if not (folder / row["file"]).is_file()]
        there += len(rows) - len(missing)
        yield from (f"{row['file']}: there already" for row in rows if row not in missing)
        offered = data_sets(title, api=base, fetch=ask) if missing else {}
        for row in missing:
            number = _find(row["data_set"], offered)
            if number is None:
                yield f"{row['file']}: not offered. There are: {'; '.join(sorted(offered)) or 'none'}"
                continue
            ask.file(f"{base}/data-sets/{quote(number, safe='')}/csv", folder / row["file"])
            there += 1
            yield f"{row['file']}: fetched"
    for name, address in (addresses or {}).items():
        ask.file(address, folder / _plain_name(name))
        there += 1
        yield f"{name}: fetched"
    if not there:
        raise InputError(
            "The service offers none of the data sets wanted. See data/reference/statistics_downloads.csv."
        )


def data_sets(publication: str, *, api: str = API, fetch: Fetcher) -> dict[str, str]:
    """Give the data sets of a publication: title to id.

    Parameters
    ----------
    publication : str
        Its title, as published.
    api : str
        Base of the public API.
    fetch : Fetcher
        How the service is asked.

    Raises
    ------
    InputError
        If there is no publication of that title.
    """
    found = {row["title"]: row["id"] for row in _pages(f"{api}/publications", {"search": publication}, fetch)}
    number = _find(publication, found)
    if number is None:
        raise InputError(
            f"The service has no publication {publication!r}. Found: {'; '.join(found) or 'none'}."
        )
    address = f"{api}/publications/{quote(number, safe='')}/data-sets"
    return {row["title"]: row["id"] for row in _pages(address, {}, fetch)}


def _by_publication() -> dict[str, list[dict[str, str]]]:
    table: dict[str, list[dict[str, str]]] = {}
    for row in wanted():
        table.setdefault(row["publication"], []).append(row)
    return table


def _pages(address: str, query: Mapping[str, str], fetch: Fetcher) -> Iterator[dict[str, str]]:
    """Give the rows of all pages of a list."""
    for page in range(1, _MOST_PAGES + 1):
        asked = urlencode({**query, "page": page, "pageSize": _PAGE})
        answer = fetch.json(f"{address}?{asked}")
        yield from _rows(answer)
        if page >= int(answer.get("paging", {}).get("totalPages", 1)):
            return


def _rows(answer: Any) -> list[dict[str, str]]:
    rows = answer.get("results") if isinstance(answer, dict) else None
    if not isinstance(rows, list) or not all(isinstance(r, dict) and {"id", "title"} <= set(r) for r in rows):
        raise InputError(
            "The service answers in a form that is not known. A newer version of this package may know it."
        )
    return [{"id": str(row["id"]), "title": str(row["title"])} for row in rows]


def _find(title: str, offered: Mapping[str, str]) -> str | None:
    """Find a title whatever its capitals and spaces."""
    plain = {" ".join(name.lower().split()): number for name, number in offered.items()}
    return plain.get(" ".join(title.lower().split()))


def _plain_name(name: str) -> str:
    if Path(name).name != name or name.startswith("."):
        raise InputError(f"{name[:40]!r} is no plain file name. Give one such as lait.parquet.")
    return name
