"""Part of docs/findings_real_panel.md: did the programme work, by the same code as notebook 13."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from tests.findings_words import said
from vcanalysis.analysis import impact
from vcanalysis.core.measures import measure
from vcanalysis.core.numbers import write_number
from vcanalysis.core.real_terms import real_terms

SPEND = "looked_after_gbp_child_week"
FAMILIES = {
    SPEND: "money",
    "looked_after_per_10k": "children",
    "sdq_mean": "children",
    "three_or_more_placements_pct": "children",
    "long_term_stable_pct": "children",
    "foster_pct": "placements",
    "residential_pct": "placements",
}


def settings_of(name: str) -> impact.Settings:
    """Give the outcome's name and unit."""
    one = measure(name)
    unit = one.unit.replace("%", "percentage points")
    return impact.Settings(name=one.label[:1].lower() + one.label[1:], measure=unit, seed=2019)


def findings(panel: Any, _made: Any) -> list[str]:
    """Write the part."""
    last = int(panel.frame["year"].max())
    table = real_terms(panel.without_flagged("jump from year to year"), SPEND, to=last)
    starts = panel.programme.set_index("council")["first_treated"].to_dict()
    about: dict[str, Any] = {"unit": "council", "time": "year", "first_treated": starts}
    plan = {name: settings_of(name) for name in FAMILIES}
    found = impact.several_effects(table, **about, outcomes=plan, families=FAMILIES)
    powers = {name: impact.minimum_effect(table, **about, outcome=name, settings=plan[name]) for name in plan}
    return [
        "## Did the programme work?",
        "",
        f"**{found.headline()}.** Five councils from the year ending March 2019 and one from 2020, against those",
        "that never started; money in pounds of the last year. Imputation of what would have been; 95% intervals from",
        "999 deals of the programme over councils; chance and the share with its family (Holm) by the same deals.",
        "",
        "| outcome | smallest that four in five find | effect | chance alone | with its family | before the start |",
        "|---|---|---|---|---|---|",
        *_rows(found, powers),
        "",
        "Foster care and children's homes are published by council from 2020 on only: there is no year before.",
        *_wider(found, powers),
        "",
        *_checks(table, about, found, plan),
        *_one_by_one(table, starts, plan),
        *_compared(table, starts, found),
    ]


def _rows(found: impact.Effects, powers: dict[str, impact.Power]) -> list[str]:
    words = found.words()
    rows = []
    for place, (name, one) in enumerate(found.by_outcome.items()):
        chance, family = words["chance alone"][place], words["with its family"][place]
        least = said(powers[name].minimum)
        cells = (measure(name).label, least, said(one.overall), chance, family, said(one.event.before))
        rows.append(f"| {' | '.join(cells)} |")
    return rows


def _wider(found: impact.Effects, powers: dict[str, impact.Power]) -> list[str]:
    """Say where the interval reaches further from its effect than the smallest that was foretold."""
    ends = {name: one.overall for name, one in found.by_outcome.items() if one.overall.has_interval}
    wide = [
        measure(name).label
        for name, one in ends.items()
        if (one.high or 0.0) - (one.low or 0.0) > 2 * (powers[name].minimum.value or np.inf)
    ]
    if not wide:
        return []
    return [
        "The smallest effect is foretold from councils that never start. The six differ more among themselves than",
        f"those do in: {'; '.join(wide)}. There the interval reaches further, and less could be found than foretold.",
    ]


def left_out(table: pd.DataFrame, design: Any) -> str:
    """Name the years and the councils that a design leaves out, all of them."""
    years = sorted(set(table["year"]) - set(design.times.astype(int)))
    lost = sorted(set(table["council"]) - set(design.units), key=str)
    said = [f"not measured in: {', '.join(map(str, years))}"] if years else []
    return "; ".join([*said, f"without every year: {', '.join(lost)}"] if lost else said)


def _checks(
    table: pd.DataFrame, about: dict[str, Any], found: impact.Effects, plan: dict[str, impact.Settings]
) -> list[str]:
    """Say what other choices, a second opinion and violated trends give."""
    mine = plan[SPEND]
    variants = {
        "last year before alone": mine.but(estimator="group-time"),
        "changed a year before": mine.but(anticipation=1),
        "weighted by children": mine.but(weights="looked_after_n"),
        "same region": mine.but(within="region"),
    }
    how = {**about, "outcome": SPEND, "settings": mine}
    choices = [
        *impact.other_choices(table, **how, variants=variants),
        impact.synthetic_did(table, **how).effect,
    ]
    values = [one.value for one in choices if one.value is not None]
    main, bounds = found[SPEND], impact.trend_bounds(table, **how)
    ends = " to ".join(write_number(end, "GBP") for end in (min(values), max(values)))
    lines = [
        f"{impact.choices_headline(choices)}: spend a child and week moves from {ends} over estimators, weights, "
        f"regions, a start a year earlier, and without each council.",
        f"Weighted councils and years (synthetic difference in differences): {said(choices[-1])}.",
        f"If councils would have moved apart as far in a year as before: {said(bounds.by_multiple[2])}.",
        _later(table, how, found[SPEND]),
        f"Errors clustered by council would say {said(main.beside[0])}, too narrow for six; wild bootstrap "
        f"{100 * (main.wild_p or 1):.0f}%. Without deals (Welch's t): {said(main.welch)}.",
        *(
            f"{measure(name).label}: {len(one.design.controls)} councils beside; {left_out(table, one.design)}."
            for name, one in found.by_outcome.items()
            if one.overall.estimable
        ),
    ]
    return [*(f"- {line}" for line in lines), ""]


def _later(table: pd.DataFrame, how: dict[str, Any], as_declared: impact.StaggeredEffect) -> str:
    """Say what a later first year of the last council would give: its month is not published."""
    last = max(how["first_treated"].values())
    starts = {name: start + (start == last) for name, start in how["first_treated"].items()}
    moved = impact.staggered_effect(table, **{**how, "first_treated": starts})
    names = ", ".join(name for name, start in how["first_treated"].items() if start == last)
    return (
        f"The month in which {names} started is not published. With {last + 1:g} as its first year instead of "
        f"{last:g}: {said(moved.overall)}, instead of {said(as_declared.overall)}."
    )


def _one_by_one(table: pd.DataFrame, starts: dict[str, float], plan: dict[str, impact.Settings]) -> list[str]:
    """Give each council beside its synthetic control, for the rate in care and the SDQ score."""
    rows = [
        "| council by itself | children looked after per 10,000 | rank | mean SDQ score | rank |",
        "|---|---|---|---|---|",
    ]
    donors = [name for name in table["council"].unique() if name not in starts]
    apart, ranks = [], []
    for council, start in starts.items():
        cells = [council]
        for name in ("looked_after_per_10k", "sdq_mean"):
            how: dict[str, Any] = {"outcome": name, "treated": (council, start), "settings": plan[name]}
            one = impact.synthetic_control(table, unit="council", time="year", donors=donors, **how)
            cells += [said(one.effect), f"{one.rank} of {len(one.placebos)}" if one.effect.estimable else ""]
            if one.effect.excludes():
                apart.append(f"{council} in {plan[name].name} ({one.rank} of {len(one.placebos)})")
            ranks.append(one.p_value or 1.0)
        rows.append(f"| {' | '.join(cells)} |")
    return [
        "Each council beside its synthetic control. Three or four years before can be matched almost exactly: this is",
        f"weak evidence, shown for the rank of each council among placebos; {len(ranks)} ranks are shown.",
        "",
        *rows,
        "",
        f"Intervals without nought, with their ranks: {'; '.join(apart) or 'none'}. An interval goes by the gap",
        "alone, a rank also by how well the years before are matched. Chance makes a rank as rare as the rarest",
        f"among {len(ranks)} in up to {100 * min(1.0, len(ranks) * min(ranks)):.1f}% (Bonferroni).",
        "",
    ]


def _compared(table: pd.DataFrame, starts: dict[str, float], found: impact.Effects) -> list[str]:
    """Hold what calibration.md measured beside the same here."""
    late = table[table["year"] >= 2021].assign(log_spend=lambda f: np.log(f[SPEND].where(f[SPEND] > 0)))
    slopes = impact.panel_fe(late, unit="council", time="year", outcome="sdq_mean", terms=["log_spend"])
    hertfordshire = table[table["council"] == "Hertfordshire"].set_index("year")["sdq_mean"]
    fell, rose_before = (hertfordshire[a] - hertfordshire[b] for a, b in ((2018, 2020), (2018, 2017)))
    numbers = table[table["council"].isin(starts)].pivot_table("looked_after_n", "council", "year")
    rose = int((numbers[2019] > numbers[2018]).sum())
    sdq = found["sdq_mean"]
    rows = [
        ("SDQ and log spend within councils and years, 2021 to 2025",
         f"{slopes.within.value:+.2f} (n {slopes.within.n})", "+0.03 (n 747)", "flagged values are left empty here"),
        ("Mean SDQ score, Hertfordshire, 2018 to 2020", f"{-fell:.1f} points", "-5.5 points",
         f"it had risen by {rose_before:.1f} in the year before: one odd year; all six show {said(sdq.overall)}"),
        ("Children looked after, 2018 to 2019", f"more in {rose} of 6", "more in all five", "they do not"),
        ("14% more with own carers", "not estimable", "not testable: by council from 2021 only", "they do not"),
    ]  # fmt: skip
    return [
        "| figure | here | calibration | why they differ |",
        "|---|---|---|---|",
        *(f"| {' | '.join(row)} |" for row in rows),
    ]
