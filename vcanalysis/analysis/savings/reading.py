"""Read a savings scenario from a TOML file."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from vcanalysis.analysis.savings.inputs import INPUTS, Correlation, Input, Optimism, in_prices_of, known_input
from vcanalysis.analysis.savings.presetting import shrunk_effect
from vcanalysis.analysis.savings.scenario import Scenario
from vcanalysis.analysis.savings.settings import as_day, check, check_price_year
from vcanalysis.core.doors import door
from vcanalysis.core.errors import InputError
from vcanalysis.core.facts import assumption, fact
from vcanalysis.core.paths import data_file


@door("vc.savings.load_scenario('my_scenario.toml')", takes=(str, Path, type(None)))
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
        If the file is missing or not TOML, the price year is missing or not in the price index, a name is unknown, an
        input is missing or outside its range (a negative yield, a rate over 1), a preset is unknown or its design too
        weak for the central case, or the horizon goes beyond the discount rates. What is allowed: `settings.ALLOWED`.

    Notes
    -----
    An input is written out (central, low, high), or named: `assumption = "id"`, or `preset = "id"` with `base` where
    the preset is a difference. `use = "optimistic"` takes only the high end from the preset, unshrunk. Pounds are of
    the `price_year` of their own row, or else of the scenario's, and are brought to it by the GDP deflator.
    What `held` lists was set by hand: the council's own numbers do not take its place.

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
    check("file", content, file)
    settings, discount = dict(content.get("scenario", {})), content.get("discount", {})
    if "start" in settings:
        settings["start"] = as_day(settings["start"])
    check("scenario", settings, file)
    check("discount", discount, file)
    check_price_year(settings["price_year"], file)
    later, year = tuple(settings.pop("from_council", ())), settings["price_year"]
    held = tuple(settings.pop("held", ()))
    found = {name: _input(name, table, later, file) for name, table in content.get("inputs", {}).items()}
    return Scenario(
        **settings,
        inputs={name: in_prices_of(name, found[name], year) for name in INPUTS if name in found},
        rates=tuple(_rate(row, file) for row in discount.get("rates", ())),
        rates_source=discount.get("source", ""),
        correlations=tuple(_pair(pair, file) for pair in content.get("correlation", ())),
        optimism=_optimism(content.get("optimism", {}), file),
        held=held,
        file=file,
    )


def _pair(pair: Mapping[str, Any], file: str) -> Correlation:
    check("correlation", pair, file)
    return Correlation(**pair)


def _optimism(table: Mapping[str, Any], file: str) -> Optimism:
    check("optimism", table, file)
    return Optimism(**table)


def _input(name: str, table: Mapping[str, Any], later: tuple[str, ...], file: str) -> Input:
    known_input(name, file)
    check("input", table, f"{file}: [inputs.{name}]")
    if "price_year" in table:
        check_price_year(table["price_year"], f"{file}: [inputs.{name}]")
    if "assumption" in table:
        row = assumption(table["assumption"])
        about = (row.unit, row.reason, f"assumption {row.id}", row.price_year)
        return Input(row.central, row.low, row.high, *about)
    if "preset" in table:
        return _of_preset(name, table, file)
    if name in later and "central" not in table:
        return Input(math.nan, math.nan, math.nan, str(table.get("unit", "")), "", "the council's own data")
    central, low, high = _numbers(name, table, ("central", "low", "high"), file)
    return Input(central, low, high, *_words(table))


def _of_preset(name: str, table: Mapping[str, Any], file: str) -> Input:
    """Take the input from a preset: as the central case, or as the high end beside a central and a low value."""
    base, use = table.get("base"), table.get("use", "central")
    if use == "central":
        return shrunk_effect(table["preset"], base=base, use=use).as_input(table.get("unit", "share"))
    central, low = _numbers(name, table, ("central", "low"), file)
    return Input(central, low, shrunk_effect(table["preset"], base=base).raw, *_words(table))


def _numbers(name: str, table: Mapping[str, Any], wanted: tuple[str, ...], file: str) -> list[float]:
    absent = [key for key in wanted if key not in table]
    if absent:
        raise InputError(f"{file}: [inputs.{name}] needs the numbers {', '.join(wanted)}. Add {absent[0]}.")
    return [float(table[key]) for key in wanted]


def _words(table: Mapping[str, Any]) -> list[str]:
    return [table.get(key, "") for key in ("unit", "reason", "source", "price_year")]


def _rate(row: Mapping[str, Any], file: str) -> tuple[int, int, float]:
    """Give years and rate; the rate from the row itself or from the fact it names."""
    if isinstance(row, Mapping) and "fact" in row:
        row = {**row, "rate": fact(str(row["fact"])).value}
    check("rates", row, file)
    return row["from"], row["to"], float(row["rate"])
