"""The TOML file of a needs framework: its parts, read one by one, each refused in one clear line."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from vcanalysis.core.errors import InputError
from vcanalysis.core.expressions import Condition, parse_condition
from vcanalysis.core.scoring import OVERDUE_DAYS, Band, Framework


def build_framework(content: Mapping[str, Any], source: bytes = b"") -> Framework:
    """Build a framework from the content of its file, without checking its bands.

    Raises
    ------
    InputError
        If a part is missing, unknown or contradicts another.
    """
    head = _part(content, "framework", "the file")
    where = f"Framework {head.get('id', '(without id)')}"
    outcomes = {str(k): tuple(map(str, v)) for k, v in _part(content, "outcomes", where).items()}
    domains = tuple(d for group in outcomes.values() for d in group)
    titles = {d: str(content.get("titles", {}).get(d, d.replace("_", " "))) for d in domains}
    levels = _read_levels(head, where)
    _check_domains(domains, content, where)
    names = [*(f"n{k}" for k in range(len(levels))), "nA", "total", "mean", "peak", "age"]

    def condition(text: object, place: str) -> Condition:
        return parse_condition(str(text), names=names, domains=domains, where=f"{where}, {place}")

    return Framework(
        id=_text(head, "id", where),
        title=_text(head, "title", where),
        version=_text(head, "version", where),
        digest=hashlib.sha256(source).hexdigest()[:16],
        levels=levels,
        domains=domains,
        domain_titles=titles,
        domain_shorts={d: str(content.get("short", {}).get(d, titles[d])) for d in domains},
        outcomes=outcomes,
        weights=_read_weights(content, domains, where),
        band_rules=_read_bands(content, condition, where),
        match=_choice(head.get("match", "exclusive"), ("exclusive", "first"), "match", where),
        vetoes={str(k): condition(v, f"veto {k}") for k, v in content.get("veto", {}).items()},
        min_domains_share=_number(head.get("min_domains_share", 0.8), 0, 1, "min_domains_share", where),
        action_level=int(_number(head.get("action_level", 2), 0, len(levels) - 1, "action_level", where)),
        overdue_days=int(_number(head.get("overdue_days", OVERDUE_DAYS), 1, 3660, "overdue_days", where)),
        strengths={str(k): bool(v) for k, v in content.get("strengths", {}).items()},
    )


def _part(content: Mapping[str, Any], name: str, where: str) -> Mapping[str, Any]:
    part = content.get(name)
    if not isinstance(part, Mapping) or not part:
        raise InputError(
            f"{where}: the section [{name}] is missing. See data/frameworks/vcw-default-12.toml."
        )
    return part


def _text(head: Mapping[str, Any], name: str, where: str) -> str:
    value = head.get(name)
    if not isinstance(value, str) or not value.strip():
        raise InputError(f"{where}: [framework] {name} is missing; write it as a text in quotes.")
    return value


def _choice(value: object, allowed: tuple[str, ...], name: str, where: str) -> str:
    if value not in allowed:
        raise InputError(f"{where}: {name} is {value!r}; allowed are {', '.join(allowed)}.")
    return str(value)


def _number(value: object, low: float, high: float, name: str, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise InputError(f"{where}: {name} is {value!r}; allowed is a number from {low:g} to {high:g}.")
    return float(value)


def _read_levels(head: Mapping[str, Any], where: str) -> tuple[str, ...]:
    """Read the labels, or number the levels of a scale that has none, from 0 to `top_level`."""
    if "top_level" in head:
        return tuple(str(k) for k in range(int(_number(head["top_level"], 1, 40, "top_level", where)) + 1))
    labels = tuple(map(str, head.get("levels", ())))
    if not 2 <= len(labels) <= 41 or len(set(labels)) < len(labels):
        raise InputError(
            f"{where}: levels must be 2 to 41 different labels, lowest need first; found {len(labels)}."
        )
    return labels


def _check_domains(domains: tuple[str, ...], content: Mapping[str, Any], where: str) -> None:
    twice = [name for name, times in Counter(domains).items() if times > 1]
    if twice:
        raise InputError(f"{where}: domain {twice[0]} is listed more than once; each belongs to one outcome.")
    wrong = [name for name in domains if not name.isidentifier()]
    if wrong:
        raise InputError(f"{where}: domain {wrong[0]!r} must be letters, digits and _, as in school_life.")
    for section in ("titles", "short", "weights"):
        strange = [name for name in content.get(section, {}) if name not in domains]
        if strange:
            raise InputError(
                f"{where}, [{section}]: there is no domain {strange[0]!r}; domains are {', '.join(domains)}."
            )


def _read_weights(content: Mapping[str, Any], domains: tuple[str, ...], where: str) -> tuple[float, ...]:
    given = content.get("weights", {})
    usual = content["framework"].get("default_weight", 1.0)
    weights = tuple(_number(given.get(d, usual), 0, 1e6, f"the weight of {d}", where) for d in domains)
    if not sum(weights) > 0:
        raise InputError(f"{where}: all weights are 0; give at least one domain a weight.")
    return weights


def _read_bands(
    content: Mapping[str, Any], condition: Callable[[object, str], Condition], where: str
) -> tuple[Band, ...]:
    rows = content.get("band", [])
    names = [str(row.get("name", "")) for row in rows]
    if not rows or "" in names or len(set(names)) < len(names):
        raise InputError(f"{where}: every [[band]] needs a name of its own; found {names}.")
    strange = sorted({key for row in rows for key in row} - {"name", "when", "completes", "note"})
    if strange:
        raise InputError(
            f"{where}: a [[band]] has no {strange[0]!r}; allowed are name, when, completes, note."
        )
    missing = [row["name"] for row in rows if "when" not in row]
    if missing:
        raise InputError(
            f'{where}, band {missing[0]}: `when` is missing; write a condition such as "n3 >= 2".'
        )
    return tuple(
        Band(
            row["name"],
            condition(row["when"], f"band {row['name']}"),
            condition(row["completes"], f"band {row['name']}") if "completes" in row else None,
            str(row.get("note", "")),
        )
        for row in rows
    )
