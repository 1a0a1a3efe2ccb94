"""Read an outcomes contract from its settings file, or refuse it in one line."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

from vcanalysis.analysis.contracts.terms import (
    BASELINES,
    CLOCKS,
    KINDS,
    Contract,
    Guardrail,
    Metric,
    Rate,
    round_half_up,
)
from vcanalysis.core.errors import InputError
from vcanalysis.core.limits import Limit, check_part, shown
from vcanalysis.core.paths import data_file

EXAMPLE = "data/contracts/birmingham-52-weeks.toml"
_TEXT = Limit("Give a text.", kinds=(str,))
_POUNDS = Limit("Give pounds, 0 or more, to the penny.", 0, 1e9)
_DAY = Limit("Write a day without quotes: 2018-04-01.", kinds=(date,))
_WEEKS = Limit("Give a whole number of weeks from 0 to 1,040.", 0, 1040, whole=True)
_SHARE = Limit("Give a share from 0 to 1.", 0, 1)
_WHOLE = ("window_weeks", "grace_days", "clawback_weeks", "cap_child_units")
_ROWS = Limit(f"See {EXAMPLE}.", kinds=(list,))
ALLOWED: dict[str, dict[str, Limit]] = {
    "file": {"contract": Limit(f"See {EXAMPLE}.", kinds=(dict,)), "metric": _ROWS, "guardrail": _ROWS},
    "contract": {
        **dict.fromkeys(("id", "title", "payer", "provider", "source", "url", "note"), _TEXT),
        "start": _DAY,
        "end": _DAY,
        "cap_gbp": _POUNDS,
        "cap_child_gbp": _POUNDS,
        "index_rate": Limit("Give a share from -0.1 to 0.2, such as 0.02.", -0.1, 0.2),
        "index_month": Limit("Give a month from 1 to 12.", 1, 12, whole=True),
    },
    "metric": {
        **dict.fromkeys(("id", "definition", "validation"), _TEXT),
        "kind": Limit(f"Write one of {', '.join(KINDS)}.", kinds=(str,), words=KINDS),
        "clock": Limit(f"Write one of {', '.join(CLOCKS)}.", kinds=(str,), words=CLOCKS),
        "baseline_method": Limit(f"Write one of {', '.join(BASELINES)}.", kinds=(str,), words=BASELINES),
        "window_weeks": Limit("Give a whole number of weeks from 1 to 1,040.", 1, 1040, whole=True),
        "grace_days": Limit("Give a whole number of days from 0 to 365.", 0, 365, whole=True),
        "baseline": Limit("Give days or points, 0 or more.", 0, 10_000),
        "target": Limit("Give a number, 0 or more.", 0, 1e9),
        "cap_child_units": Limit("Give a whole number, 1 or more.", 1, 1e6, whole=True),
        "clawback_weeks": _WEEKS,
        "clawback_share": _SHARE,
        "rate": _ROWS,
    },
    "rate": {"gbp": _POUNDS, "band": _TEXT, "from": _DAY, "to": _DAY},
    "guardrail": {
        "kind": _TEXT,
        "limit_per_100_years": Limit("Give events per 100 child-years, 0 or more.", 0, 1e5),
        "hold_weeks": _WEEKS,
    },
}
NEEDED = {
    "file": ("contract", "metric"),
    "contract": ("id", "title", "payer", "provider", "start", "end"),
    "metric": ("id", "definition", "kind", "window_weeks", "rate"),
    "rate": ("gbp",),
    "guardrail": ("kind", "limit_per_100_years"),
}


def contract_names() -> list[str]:
    """List the published contracts that come with the workbench.

    Examples
    --------
    >>> contract_names()
    ['birmingham-52-weeks', 'cheshire-west-weekly', 'essex-days-saved']
    """
    return sorted(path.stem for path in data_file("contracts").glob("*.toml"))


def read_contract(name_or_path: str | Path) -> Contract:
    """Read a contract and check it.

    Parameters
    ----------
    name_or_path : str or Path
        Name of a contract of the workbench (a file in `data/contracts`), or path of a TOML file.

    Returns
    -------
    Contract

    Raises
    ------
    InputError
        If the file is missing or not TOML, a name is unknown or missing, a value is not allowed, the contract ends
        before it starts, two metrics have one id, two prices hold for one band on one day, or two terms contradict each
        other (a baseline missing or idle, half a clawback, one harm watched twice, a child's cap above the whole).

    Examples
    --------
    >>> read_contract("birmingham-52-weeks").metrics[0].clock
    'restart'
    """
    path = Path(name_or_path)
    if path.suffix != ".toml":
        path = data_file(f"contracts/{name_or_path}.toml")
    if not path.is_file():
        near = difflib.get_close_matches(str(name_or_path), contract_names(), n=1, cutoff=0.4)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise InputError(
            f"There is no contract {str(name_or_path)!r}.{hint} Contracts are: {', '.join(contract_names())}; or give "
            "the path of a .toml file."
        )
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path.name} is not TOML: {error}. Compare {EXAMPLE}.") from None
    return build_contract(content, where=path.name)


def build_contract(content: Mapping[str, Any], *, where: str = "contract") -> Contract:
    """Make a contract of the content of a settings file.

    Parameters
    ----------
    content : mapping
        Tables `contract`, `metric` (each with `rate`) and `guardrail`; names and limits are those of `ALLOWED`.
    where : str
        File, for messages.

    Raises
    ------
    InputError
        As `read_contract`.

    Examples
    --------
    >>> build_contract({"contract": {"id": "x"}, "metric": []})
    Traceback (most recent call last):
    vcanalysis.core.errors.InputError: contract: title is missing under [contract]. Add it.
    """
    _check("file", content, where)
    said = dict(content["contract"])
    _check("contract", said, where)
    if said["end"] < said["start"]:
        raise InputError(f"{where}: the contract ends before it starts. Check start and end.")
    metrics = tuple(_metric(table, where) for table in content["metric"])
    names = [m.id for m in metrics]
    if not names or len(set(names)) < len(names):
        raise InputError(
            f"{where}: {len(names)} metrics, {len(set(names))} ids. Give each [[metric]] an id of its own."
        )
    guarded = [
        table["kind"] for table in content.get("guardrail", ()) if isinstance(table, dict) and "kind" in table
    ]
    if len(set(guarded)) < len(guarded):
        raise InputError(f"{where}: two guardrails watch one kind of harm. Leave one of them.")
    if said.get("cap_child_gbp", 0) > said.get("cap_gbp", float("inf")):
        raise InputError(f"{where}: cap_child_gbp is more than cap_gbp. Check both.")
    for name in ("cap_gbp", "cap_child_gbp"):
        if name in said:
            said[name.replace("gbp", "pence")] = _pence(said.pop(name), name, where)
    return Contract(
        **said, metrics=metrics, guardrails=tuple(_guardrail(t, where) for t in content.get("guardrail", ()))
    )


def _check(part: str, values: object, where: str) -> None:
    check_part(values, ALLOWED[part], part=part, needed=NEEDED[part], where=where, example=EXAMPLE)


def _metric(table: Any, where: str) -> Metric:
    _check("metric", table, where)
    rates = tuple(_rate(row, where) for row in table["rate"])
    if not rates:
        raise InputError(f"{where}: metric {table['id']!r} has no price. Add a [[metric.rate]].")
    _refuse_overlaps(rates, table["id"], where)
    _refuse_idle(table, where)
    whole = {
        n: int(table[n])
        for n in ("window_weeks", "grace_days", "clawback_weeks", "cap_child_units")
        if n in table
    }
    said = {name: value for name, value in table.items() if name != "rate"}
    return Metric(**{**said, **whole, "rates": rates})


def _refuse_idle(table: Mapping[str, Any], where: str) -> None:
    """Refuse terms that would be read and never used, and a baseline that is wanted and not given."""
    cohort = table["kind"] in ("days_vs_baseline", "score_change")
    share, weeks = table.get("clawback_share", 0), table.get("clawback_weeks", 0)
    wrong = ""
    if table["kind"] == "days_vs_baseline" and not table.get("baseline"):
        wrong = "is paid against a baseline and has none. Add baseline, in days"
    elif not cohort and table.get("baseline"):
        wrong = f"has a baseline, and one of kind {table['kind']} is paid against none. Leave baseline out"
    elif table["kind"] == "milestone" and bool(share) != bool(weeks):
        wrong = "takes back nothing. Give both clawback_weeks and clawback_share, or neither"
    elif table["kind"] == "weekly" and (share or weeks):
        wrong = (
            "is paid by the week, of which nothing is taken back. Leave clawback_weeks and clawback_share out"
        )
    elif cohort and weeks:
        wrong = "has clawback_weeks, which only a milestone uses. Leave it out; clawback_share is enough"
    if wrong:
        raise InputError(f"{where}: metric {table['id']!r} {wrong}.")


def _rate(table: Any, where: str) -> Rate:
    _check("rate", table, where)
    pence = _pence(table["gbp"], "gbp", where)
    return Rate(pence, table.get("band", "all"), table.get("from"), table.get("to"))


def _guardrail(table: Any, where: str) -> Guardrail:
    _check("guardrail", table, where)
    return Guardrail(table["kind"], float(table["limit_per_100_years"]), int(table.get("hold_weeks", 0)))


def _pence(pounds: float, name: str, where: str) -> int:
    pence = round_half_up(100 * pounds)
    if abs(100 * pounds - pence) > 1e-6:
        raise InputError(
            f"{where}: {name} {shown(pounds)} is refused. Give pounds to the penny, such as 120.50."
        )
    return pence


def _refuse_overlaps(rates: tuple[Rate, ...], metric: str, where: str) -> None:
    """Refuse two prices for one band on one day, and a price that ends before it begins."""
    spans = sorted((r.band, r.valid_from or date.min, r.valid_to or date.max) for r in rates)
    bands = {band for band, _, _ in spans}
    mixed = "all" in bands and len(bands) > 1
    twice = any(one[0] == two[0] and two[1] <= one[2] for one, two in pairwise(spans))
    if mixed or twice or any(first > last for _, first, last in spans):
        raise InputError(
            f"{where}: metric {metric!r} has two prices for one band on one day, or one that ends before it begins. "
            "Check band, from and to of each [[metric.rate]]."
        )
