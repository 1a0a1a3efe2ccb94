"""A synthetic council-year panel: invented councils that differ and move as published ones do, with planted truth.

How far councils lie apart, how far one moves from year to year and how much of that lasts is measured on published
panels, over all councils (`data/reference/panel_calibration.csv`); what links money with children is planted here.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from vcanalysis.core.errors import InputError
from vcanalysis.core.measures import measures
from vcanalysis.intake.panel import Panel
from vcanalysis.intake.statistics.assemble import LONG
from vcanalysis.intake.statistics.rules import flags
from vcanalysis.intake.synth import panel_draws as draws
from vcanalysis.intake.synth.panel_money import add_money
from vcanalysis.intake.synth.panel_prevention import add_prevention

FIRST, LAST = 2016, 2025
RELEASE = "synthetic"
_STARTED = (
    ("2018-02", 2019, 5),
    ("2019", 2020, 1),
)  # as published of the real programme: when, first year, councils
_HIDDEN_BELOW = 6  # of children: published percentages of fewer are suppressed


def draw_panel(
    *,
    councils: int = 150,
    seed: int = 2026,
    effects: Mapping[str, float] | None = None,
    prevention: float = 0.0,
    errors: bool = True,
    complete: bool = False,
) -> Panel:
    """Draw a synthetic panel of councils from 2016 to 2025 with the columns of the published one.

    Parameters
    ----------
    councils : int
        How many, 12 or more; six of them, of middling size, are in the programme.
    seed : int
        Seed of all randomness.
    effects : mapping of str to float, optional
        True effect of the programme on a measure, in its unit, in every year from the first treated one; none by
        default. An effect on `looked_after_gbp_child_week` changes the spend it is worked out of.
    prevention : float
        True elasticity of children in care to what was spent on family support a year before: -0.2 makes care fall
        by a fifth of a per cent for each per cent more. None by default, and then no number differs.
    errors : bool
        Whether two keying errors of the kind published panels hold are planted, in `truth["errors"]`.
    complete : bool
        Whether measures start in 2016; by default they start when the published ones do, and percentages
        of fewer than 6 children are hidden.

    Returns
    -------
    Panel
        `truth` holds effects, prevention, treated (frame), need and need_slope (what spend follows of it),
        deprivation (by council), efficiency (log spend that nothing explains, by council) and errors.

    Raises
    ------
    InputError
        If there are fewer than 12 councils, an effect is on a measure that is unknown or not drawn by year, or that
        of prevention is no number from -1 to 1.

    Examples
    --------
    >>> panel = draw_panel(councils=20, effects={"sdq_mean": -1.0})
    >>> panel.synthetic, len(panel.frame), len(panel.programme)
    (True, 200, 6)
    """
    if councils < 12:
        raise InputError(f"A panel of {councils} councils is refused. Draw 12 or more.")
    planted = _effects(effects)
    rng = np.random.default_rng(seed)
    nation = draws.draw_nation_of_councils(rng, councils, range(FIRST, LAST + 1))
    programme = _programme(nation, rng)
    values = draws.draw_measures(rng, nation)
    truth = add_money(values, nation, rng, _lift(planted, programme, nation))
    add_prevention(values, nation, prevention)
    _add_effects(values, planted, programme, nation)
    keyed = _plant_errors(values, nation, rng) if errors else []
    frame, long = _as_frames(values, nation, complete=complete)
    truth |= {"effects": planted, "prevention": prevention, "treated": programme, "errors": keyed}
    return Panel(
        frame=frame,
        long=long,
        log=flags(frame, pd.DataFrame()),
        synthetic=True,
        source="synthetic panel",
        programme=programme,
        neighbours=draws.nearest(nation),
        truth=truth,
    )


def _effects(effects: Mapping[str, float] | None) -> dict[str, float]:
    known = measures()
    for name in effects or {}:
        if name not in known or name.startswith("imd2019"):
            raise InputError(
                f"No effect can be planted on {name[:40]!r}. Name a measure of the panel's dictionary."
            )
    return dict(effects or {})


def _programme(nation: draws.Nation, rng: np.random.Generator) -> pd.DataFrame:
    """Choose councils of the middle half by size, at random."""
    order = np.argsort(nation.size)
    middle = order[len(order) // 4 : max(3 * len(order) // 4, len(order) // 4 + 6)]
    chosen = rng.choice(middle, size=sum(count for *_, count in _STARTED), replace=False)
    rows = [(started, first) for started, first, count in _STARTED for _ in range(count)]
    table = pd.DataFrame(rows, columns=["started", "first_treated"])
    names = {"council_code": [nation.codes[k] for k in chosen], "council": [nation.names[k] for k in chosen]}
    return pd.DataFrame(names).join(table)


def _treated(programme: pd.DataFrame, nation: draws.Nation) -> np.ndarray:
    """Give a council-by-year table: 1 where the programme runs."""
    first = programme.set_index("council_code")["first_treated"].reindex(nation.codes).fillna(9999)
    return (nation.years[None, :] >= first.to_numpy()[:, None]).astype("float64")


def _lift(effects: Mapping[str, float], programme: pd.DataFrame, nation: draws.Nation) -> np.ndarray:
    """Give what the programme adds to spend a child and week."""
    return effects.get("looked_after_gbp_child_week", 0.0) * _treated(programme, nation)


def _add_effects(
    values: dict[str, np.ndarray], effects: Mapping[str, float], programme: pd.DataFrame, nation: draws.Nation
) -> None:
    known = measures()
    for name, size in effects.items():
        if name != "looked_after_gbp_child_week":
            moved = values[name] + size * _treated(programme, nation)
            values[name] = np.clip(moved, known[name].low, known[name].high)


def _plant_errors(
    values: dict[str, np.ndarray], nation: draws.Nation, rng: np.random.Generator
) -> list[dict[str, object]]:
    """Plant two errors: an outturn keyed in the wrong unit, and a year with half of the spend."""
    first, second = rng.choice(len(values["looked_after_gbp"]), size=2, replace=False)
    values["ro3_looked_after_gbp"][first, -1] = round(values["ro3_looked_after_gbp"][first, -1] / 1e4, -3)
    for name in ("looked_after_gbp", "looked_after_gbp_week", "looked_after_gbp_child_week"):
        values[name][second, -1] *= 0.5
    values["looked_after_gbp_resident_child"][second, -1] *= 0.5
    return [
        {"council_code": nation.codes[first], "year": LAST, "measure": "ro3_looked_after_gbp"},
        {"council_code": nation.codes[second], "year": LAST, "measure": "looked_after_gbp"},
    ]


def _as_frames(
    values: dict[str, np.ndarray], nation: draws.Nation, *, complete: bool
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give the wide and the long form."""
    shape = (len(nation.codes), len(nation.years))
    year = np.tile(nation.years, shape[0])
    keys = {
        "council_code": np.repeat(nation.codes, shape[1]),
        "council": np.repeat(nation.names, shape[1]),
        "region": np.repeat(nation.regions, shape[1]),
        "year": year,
    }
    columns, reasons = {}, {}
    for m in measures().values():
        cells = values[m.measure].ravel().astype("float64")
        why = np.full(cells.shape, "", dtype=object)
        if not complete:
            why[_hidden(cells, m.unit, values.get(m.of))] = "c: suppressed"
            why[year < (LAST if m.measure.startswith("ro3_") else m.since)] = "not published for the year"
        columns[m.measure] = np.where(why == "", cells, np.nan)
        reasons[m.measure] = why
    frame = pd.DataFrame({**keys, **columns}).astype(
        dict.fromkeys(("council_code", "council", "region"), "str")
    )
    return frame, _long(frame, reasons)


def _hidden(cells: np.ndarray, unit: str, counted: np.ndarray | None) -> np.ndarray:
    if unit != "%" or counted is None:
        return np.zeros(cells.shape, dtype=bool)
    children = cells / 100 * counted.ravel()
    return (children > 0.5) & (children < _HIDDEN_BELOW - 0.5)


def _long(frame: pd.DataFrame, reasons: dict[str, np.ndarray]) -> pd.DataFrame:
    long = frame.drop(columns=["council", "region"]).melt(["council_code", "year"], var_name="measure")
    why = np.concatenate([reasons[name] for name in reasons])
    long = long.assign(
        reason=pd.Series(why, index=long.index, dtype="str"), release=RELEASE, source="synthetic panel"
    )
    return long[list(LONG)].sort_values(["council_code", "year", "measure"], ignore_index=True)
