"""Read a savings scenario from a TOML file."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from vcanalysis.analysis.savings.inputs import INPUTS, Correlation, Input, known_input
from vcanalysis.analysis.savings.presetting import shrunk_effect
from vcanalysis.analysis.savings.scenario import Optimism, Scenario
from vcanalysis.core.errors import InputError
from vcanalysis.core.facts import assumption, fact
from vcanalysis.core.paths import data_file


def load_scenario(path: str | Path | None = None) -> Scenario:
    """Read a scenario.

    Parameters
    ----------
    path : str or Path, optional
        A TOML file; `data/assumptions/savings.toml` of the workbench when absent.

    Returns
    -------
    Scenario
        Checked. Inputs listed under `from_council` hold no value until `with_values` gives one.

    Raises
    ------
    InputError
        If the file is missing or not TOML, the price year is missing, an input is missing, unknown or outside
        its range (a negative yield, a rate over 1), a preset is unknown or its design too weak for the central
        case, or the horizon goes beyond the discount rates.

    Notes
    -----
    An input is written out (central, low, high), or named: `assumption = "id"`, or `preset = "id"` with `base` where
    the preset is a difference. `use = "optimistic"` takes only the high end from the preset, unshrunk.

    Examples
    --------
    >>> load_scenario().missing()
    ('candidates', 'residential_gbp_week')
    """
    file = Path(path) if path is not None else data_file("assumptions/savings.toml")
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError:
        raise InputError(
            f"{file.name}: the scenario file was not found. Give the path of a TOML file."
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(
            f"{file.name}: this is not TOML ({error}). See data/assumptions/savings.toml."
        ) from None
    return _scenario(content, file.name)


def _scenario(content: Mapping[str, Any], file: str) -> Scenario:
    settings, discount = content.get("scenario", {}), content.get("discount", {})
    for name in ("id", "title", "price_year", "start", "horizon_years"):
        if name not in settings:
            raise InputError(f"{file}: {name} is missing under [scenario]. Add it.")
    later = tuple(settings.get("from_council", ()))
    inputs = {name: _input(name, table, later, file) for name, table in content.get("inputs", {}).items()}
    try:
        rates = tuple((int(r["from"]), int(r["to"]), _rate(r)) for r in discount.get("rates", ()))
        pairs = tuple(Correlation(**pair) for pair in content.get("correlation", ()))
        optimism = Optimism(**content.get("optimism", {}))
        start, years = pd.Timestamp(settings["start"]), int(settings["horizon_years"])
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"{file}: {error} is not as in data/assumptions/savings.toml.") from None
    about = (str(settings["id"]), str(settings["title"]), str(settings["price_year"]), start, years)
    ordered = {name: inputs[name] for name in [*INPUTS, *inputs] if name in inputs}
    told = {"step": str(settings.get("step", "month")), "optimism": optimism, "file": file}
    return Scenario(*about, ordered, pairs, rates, str(discount.get("source", "")), **told)  # type: ignore[arg-type]


def _input(name: str, table: Mapping[str, Any], later: tuple[str, ...], file: str) -> Input:
    known_input(name, file)
    if "assumption" in table:
        row = assumption(str(table["assumption"]))
        return Input(
            row.central, row.low, row.high, row.unit, row.reason, f"assumption {table['assumption']}"
        )
    if "preset" in table:
        return _of_preset(name, table, file)
    if name in later and "central" not in table:
        return Input(math.nan, math.nan, math.nan, str(table.get("unit", "")), "", "the council's own data")
    central, low, high = _numbers(name, table, ("central", "low", "high"), file)
    return Input(central, low, high, *_words(table))


def _of_preset(name: str, table: Mapping[str, Any], file: str) -> Input:
    """Take the input from a preset: as the central case, or as the high end beside a central and a low value."""
    base = float(table["base"]) if "base" in table else None
    if table.get("use", "central") == "central":
        return shrunk_effect(str(table["preset"]), base=base, use="central").as_input(
            str(table.get("unit", "share"))
        )
    if table["use"] != "optimistic":
        raise InputError(
            f"{file}: [inputs.{name}] use {table['use']!r} is refused. Write central or optimistic."
        )
    central, low = _numbers(name, table, ("central", "low"), file)
    return Input(central, low, shrunk_effect(str(table["preset"]), base=base).raw, *_words(table))


def _numbers(name: str, table: Mapping[str, Any], wanted: tuple[str, ...], file: str) -> list[float]:
    try:
        return [float(table[key]) for key in wanted]
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(
            f"{file}: [inputs.{name}] needs the numbers {', '.join(wanted)} ({error})."
        ) from None


def _words(table: Mapping[str, Any]) -> list[str]:
    return [str(table.get(key, "")) for key in ("unit", "reason", "source")]


def _rate(row: Mapping[str, Any]) -> float:
    """Give a discount rate, from the row itself or from the fact it names."""
    return fact(str(row["fact"])).value if "fact" in row else float(row["rate"])
