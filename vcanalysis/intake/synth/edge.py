"""The edge of care: children with a plan at home, some of whom come into care, some of whom get intensive support.

Who enters is one of the children in care anyway, so that the two tables agree; everybody else has an id of their own.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from vcanalysis.intake.synth.arrays import NEVER, YEAR, Array, dates, day
from vcanalysis.intake.synth.people import People, pseudonyms
from vcanalysis.intake.synth.settings import SynthSettings
from vcanalysis.intake.synth.spells import Spells

CASES_PER_CHILD = 2.0
PLANS = ("child in need", "child protection", "pre-proceedings", "return home")
PLAN_SHARES = (0.45, 0.33, 0.10, 0.12)
LOG_PLAN = np.array([-0.5, 0.1, 0.8, 0.3])
AGE_EDGES = np.array([1.0, 5.0, 10.0, 14.0])  # years
LOG_AGE = np.array([0.3, -0.2, -0.2, 0.1, 0.3, 0.0])  # the last: unaccompanied children
LOG_EARLIER = 0.15  # for each earlier plan
NEED_MEAN, NEED_SD = 13.0, 5.0
FADES = (
    (0.0, 1.5),
    (90.0, 1.0),
    (180.0, 0.6),
    (730.0, 0.0),
)  # days since the opening, and the hazard from there on
HORIZON = 365
_TEAMS, _TEAM_SD = 6, 0.15
_OFFERING = 4  # of three, too few supported children of 700 enter care to be published
_UASC, _SERVED_SHARE, _UNRATED = 0.02, 0.65, 0.05


def log_need(need: Array) -> Array:
    """Give the log hazard of a total need: steep in the middle, level at the ends."""
    return 1.2 * np.tanh((need - NEED_MEAN) / 8)


def hazard_days(until: Array) -> Array:
    """Give the days to a day since the opening, each weighed by how the hazard fades."""
    total = np.zeros(len(until))
    for (start, weight), (end, _) in zip(FADES, [*FADES[1:], (float(NEVER), 0.0)], strict=True):
        total += weight * np.clip(until - start, 0, end - start)
    return total


def _day_of(weighed: Array) -> Array:
    """Give the day since the opening by which so many weighed days have passed; NEVER where they never do."""
    edges = np.array([start for start, _ in FADES])
    return np.where(weighed >= hazard_days(edges)[-1], NEVER, np.interp(weighed, hazard_days(edges), edges))


def _entrants(settings: SynthSettings, spells: Spells, people: People) -> tuple[Array, Array, Array, Array]:
    """Give who came into care for the first time in the window: child, first day, day of leaving, kind by age."""
    _, first = np.unique(spells.child, return_index=True)
    rows = first[spells.entry[first] >= day(settings.data_from)]
    child, entry = spells.child[rows], spells.entry[rows]
    return child, entry, spells.exit[rows], _kind((entry - people.birth[child]) / YEAR, people.uasc[child])


def _kind(age: Array, uasc: Array) -> Array:
    return np.where(uasc, len(AGE_EDGES) + 1, np.searchsorted(AGE_EDGES, age, side="right"))


def _link(wanted: Array, kind: Array, entry: Array, of: Array) -> Array:
    """Give each case that enters the next entrant of its kind not yet taken, else the last before; -1 for none."""
    found = np.full(len(wanted), -1)
    for each in np.unique(kind):
        cases, free = np.flatnonzero(kind == each), np.flatnonzero(of == each)
        ahead = free[np.argsort(-entry[free], kind="stable")].tolist()  # the next is last
        past: list[int] = []
        for case in cases[np.argsort(wanted[cases], kind="stable")].tolist():
            while ahead and entry[ahead[-1]] < wanted[case]:
                past.append(ahead.pop())
            if ahead or past:
                found[case] = (ahead or past).pop()
    return found


def edge_table(
    rng: np.random.Generator, settings: SynthSettings, spells: Spells, people: People
) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Give the table `edge` and the truth behind it.

    Four of six teams offer family group conferences from the start of the programme on, to children in greater need
    first: a comparison that leaves out need is wrong.
    """
    who, entry, leave, kinds = _entrants(settings, spells, people)
    if not len(who):
        return pd.DataFrame({"child_id": []}), {}
    end = day(settings.end)
    cases = _cases(rng, settings, people, (who, entry, kinds))
    rate = settings.edge_entry_per_year / YEAR * np.exp(cases["log_hazard"])
    served, start, enters = _course(rng, settings, cases, rate)
    # Entries up to the end of the data are those of children in care; later ones are not known.
    known = cases["opened"] + enters < end
    row = np.full(len(rate), -1)
    row[known] = _link((cases["opened"] + enters)[known], cases["kind"][known], entry, kinds)
    linked = row >= 0
    opened = cases["opened"] + np.where(linked, entry[row] - np.floor(cases["opened"] + enters), 0).astype(
        int
    )
    child = np.where(linked, who[row], cases["model"])
    served &= opened + start < end
    days = {
        "opened": opened,
        "birth": np.minimum(np.where(linked, people.birth[child], cases["birth"]), opened),
        "lasts": np.where(linked, enters, NEVER),
        "start": np.where(served, opened + start, NEVER),
        "entered": np.where(linked, entry[row], NEVER),
        "returned": np.where(linked, leave[row], NEVER),
    }
    table = _table(rng, people, cases, child, days, end)
    table["child_id"] = np.where(linked, people.child_id[child], table["child_id"])
    kept = ~(known & ~linked) & (opened < end)  # an entry for which no child is left is no case
    made = table[kept].sort_values(["child_id", "opened"], kind="stable", ignore_index=True)
    mine = served & kept
    return made, _truth(settings, rate[mine], start[mine])


def _cases(
    rng: np.random.Generator, settings: SynthSettings, people: People, entrants: tuple[Array, Array, Array]
) -> dict[str, Array]:
    """Draw who the children are: like those who come into care, so that only what is planted tells them apart."""
    who, entry, kinds = entrants
    size = round(CASES_PER_CHILD * settings.children)
    alone = rng.random(size) < _UASC * (kinds.max() > len(AGE_EDGES))
    pools = [np.flatnonzero(kinds <= len(AGE_EDGES)), np.flatnonzero(kinds > len(AGE_EDGES))]
    pools = [pool if len(pool) else np.arange(len(who)) for pool in pools]
    like = np.where(alone, rng.choice(pools[1], size), rng.choice(pools[0], size))
    opened = rng.integers(day(settings.data_from), day(settings.end), size)
    age = np.maximum(entry[like] - people.birth[who[like]] - rng.integers(0, 60, size), 0)
    plan = rng.choice(len(PLANS), size, p=PLAN_SHARES)
    need = np.clip(np.round(rng.normal(NEED_MEAN, NEED_SD, size)), 0, 36)
    earlier, team = rng.poisson(0.8, size), rng.integers(0, _TEAMS, size)
    log_hazard = LOG_PLAN[plan] + LOG_AGE[kinds[like]] + log_need(need) + LOG_EARLIER * earlier
    return {
        "model": who[like],
        "kind": kinds[like],
        "opened": opened,
        "birth": opened - age,
        "plan": plan,
        "need": need,
        "earlier": earlier,
        "team": team,
        "log_hazard": log_hazard + rng.normal(0, _TEAM_SD, _TEAMS)[team],
    }


def _course(
    rng: np.random.Generator, settings: SynthSettings, cases: dict[str, Array], rate: Array
) -> tuple[Array, Array, Array]:
    """Draw who is supported, from which day since the opening, and on which day the child enters care.

    Support starts some weeks after the opening, for those still at home.
    """
    size = len(rate)
    offered = (cases["team"] < _OFFERING) & (cases["opened"] >= day(pd.Timestamp(settings.programme_start)))
    sought = _SERVED_SHARE * np.exp(0.5 * np.tanh((cases["need"] - NEED_MEAN) / 5))
    served = offered & (rng.random(size) < sought)
    start = rng.integers(14, 61, size)
    drawn = rng.exponential(size=size) / rate
    before = hazard_days(start.astype(float))
    after = before + (drawn - before) / settings.edge_hazard_ratio
    enters = _day_of(np.where(served & (drawn > before), after, drawn))
    return served & (enters > start), start, enters


def _table(
    rng: np.random.Generator,
    people: People,
    cases: dict[str, Array],
    child: Array,
    days: dict[str, Array],
    end: int,
) -> pd.DataFrame:
    """Write the cases as rows, each with an id of its own."""
    size, served = len(child), days["start"] < NEVER
    open_days = np.round(240 * np.exp(0.5 * rng.standard_normal(size)))
    closed = days["opened"] + np.minimum(open_days, days["lasts"]).astype(np.int64)
    ended = np.minimum(days["start"] + rng.integers(56, 120, size), days["entered"])
    month = days["birth"].astype("datetime64[D]").astype("datetime64[M]").astype("datetime64[ns]")
    return pd.DataFrame(
        {
            "child_id": rng.permutation(pseudonyms(rng, size)),
            "opened": dates(days["opened"]),
            "closed": _known(closed, end),
            "plan": np.array(PLANS)[cases["plan"]],
            "panel_flag": rng.random(size) < 1 / (1 + np.exp(0.5 - cases["log_hazard"])),
            "need_total": pd.Series(cases["need"]).where(rng.random(size) >= _UNRATED),
            "earlier_plans": cases["earlier"],
            "team": pseudonyms(rng, _TEAMS, digits=6)[cases["team"]],
            "birth_month": month,
            "sex": np.where(people.male[child], "M", "F"),
            "ethnicity": people.ethnicity[child],
            "disability": people.disability[child],
            "uasc": people.uasc[child],
            "intervention": pd.Series("family group conference", index=range(size)).where(served),
            "intervention_from": _known(days["start"], end),
            "intervention_to": _known(np.where(served, ended, NEVER), end),
            "entered_care": _known(days["entered"], end),
            "returned": _known(days["returned"], end),
        }
    )


def _known(days: Array, end: int) -> pd.Series:
    return pd.Series(dates(np.minimum(days, end))).where(pd.Series(days < end))


def _truth(settings: SynthSettings, rate: Array, start: Array) -> dict[str, Any]:
    """Give what is planted: the effect, and the entries averted in a year of those who had the support."""
    year = hazard_days(start + float(HORIZON)) - hazard_days(start.astype(float))
    without, with_ = (1 - np.exp(-ratio * rate * year) for ratio in (1.0, settings.edge_hazard_ratio))
    return {
        "entry_per_year_of_a_middling_case": settings.edge_entry_per_year,
        "hazard_ratio_of_the_intervention": settings.edge_hazard_ratio,
        "children_supported": len(rate),
        "entries_averted_in_a_year": round(float((without - with_).sum()), 6),
    }
