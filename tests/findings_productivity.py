"""Part of docs/findings_real_panel.md: spend, need and outcome productivity, beside what was measured before."""

from __future__ import annotations

from typing import Any

import pandas as pd

from tests.findings_left_out import lacking, left_out, too_small, without
from tests.findings_words import a_year_on, plainly, rho, said, table, unadjusted
from tests.notebook_names import names_of
from vcanalysis.analysis import association, productivity
from vcanalysis.core.estimate import Estimate
from vcanalysis.core.numbers import write_number
from vcanalysis.core.real_terms import real_terms
from vcanalysis.intake.statistics.rules import JUMP

CHILD, RESIDENT = "looked_after_gbp_child_week", "looked_after_gbp_resident_child"
PRICES = ("residential_gbp_week", "fostering_gbp_week")
BOOK = "14"  # the notebook whose code makes the first two sections
OUTCOMES = (
    productivity.Outcome("sdq_mean", "lower", "mental health (SDQ)"),
    productivity.Outcome("attainment8_score", "higher", "school (Attainment 8)"),
    productivity.Outcome("care_leaver_eet_pct", "higher", "care leavers at work or learning"),
)
SAME_AS_BEFORE = productivity.Layout(spend=CHILD)
LASTING = {  # a council with itself a year on: name here, and what was measured before
    "looked_after_per_10k": ("Rate of care", "0.98"),
    CHILD: ("Spend on a child", "0.92"),
    "fostering_gbp_week": ("Price of fostering", "0.80"),
    "care_leaver_eet_pct": ("Care leavers at work or learning", "0.72"),
    "residential_gbp_week": ("Price of a home", "0.64"),
    "sdq_mean": ("SDQ", "0.63"),
    "three_or_more_placements_pct": ("Three or more placements", "0.53"),
    "attainment8_score": ("Attainment 8", "0.24"),
}
IN_2024 = (CHILD, RESIDENT, PRICES[0], "imd2019_score", "sdq_mean", "ehcp_pct", "uasc_n", "attainment8_score",
           "care_leaver_eet_pct", "long_term_stable_pct", "missing_pct", "residential_pct")  # fmt: skip
KEYS = {"unit": "unit", "year": "year"}
OWN = {"unit": "council_code", "year": "year"}
_PAIRS = "before: pair by pair; here their mean"
SMALLEST = ["City of London", "Isles of Scilly"]  # what the first look left out, as far as is known
FEWEST = 30  # children in care: one child more or less is much in a smaller council


def as_before(panel: Any) -> pd.DataFrame:
    """Give the panel as the first look had it: all years, the jumps still in it, without the two smallest."""
    real = real_terms(panel.frame, CHILD, RESIDENT, *PRICES, to=int(panel.frame["year"].max()))
    return real[~real["council"].isin(SMALLEST)]


def prepared(panel: Any) -> pd.DataFrame:
    """Give councils of 30 children and more from 2019 on, money in pounds of the last year, area prices taken off."""
    last = int(panel.frame["year"].max())
    real = real_terms(panel.without_flagged(JUMP), CHILD, RESIDENT, *PRICES, to=last)
    real = real[(real["year"] >= 2019) & (real["looked_after_n"] >= FEWEST)]
    real = real.assign(uasc_pct=100 * real["uasc_n"] / real["looked_after_n"], spend=real[CHILD])
    factors = productivity.area_prices(real[real["year"] > last - 3], **OWN, area="region", prices=PRICES)
    return productivity.in_area_prices(real, "spend", area="region", factors=factors)


def of_spend(real: pd.DataFrame, before_all: pd.DataFrame) -> list[tuple[str, str, str, str]]:
    """Spend, deprivation and outcomes by council in 2024, and the SDQ in every year."""
    then = real[real["year"] == 2024]
    wider = {"wider": before_all[before_all["year"] == 2024]}
    before = {
        "attainment8_score": ("Attainment 8", "-0.03 (-0.19 to 0.12)"),
        "long_term_stable_pct": ("Long-term stability", "-0.11 (-0.27 to 0.06)"),
        "care_leaver_eet_pct": ("Care leavers at work or learning", "0.24 (0.09 to 0.38)"),
        "missing_pct": ("Missing", "0.54 (0.40 to 0.65)"),
        "residential_pct": ("Share in homes", "0.37 (0.20 to 0.51)"),
        "ehcp_pct": ("Share with an education, health and care plan", "0.38 (0.23 to 0.51)"),
    }
    rows = [
        (
            f"{name} with spend on a child, 2024",
            said(rho(then, CHILD, column)),
            old,
            plainly(then, column, CHILD, old, **wider),
        )
        for column, (name, old) in before.items()
    ]
    for money, name, old in ((CHILD, "a child", "-0.43"), (RESIDENT, "a resident child", "0.60")):
        pair = ("imd2019_score", money)
        found = said(rho(then, *pair))
        rows.append(
            (
                f"Deprivation with spend on {name}, 2024",
                found,
                old,
                plainly(then, *pair, old, log=True, **wider),
            )
        )
    by_year = association.rank_correlation_by(real, x=CHILD, y="sdq_mean", group="year")
    rows += [(f"SDQ with spend on a child, {e.group}", said(e), "", "not measured before") for e in by_year]
    change = said(_within(real[real["year"] >= 2021]))
    words = "SDQ with spend on a child, change within a council, 2021 to 2025"
    rows.append((words, change, "0.03", "before: Pearson's, of log spend"))
    return rows


def _within(frame: pd.DataFrame) -> Estimate:
    """Rank correlation of what is left of spend and SDQ by council and year, councils whole."""
    rows = frame.dropna(subset=[CHILD, "sdq_mean"])
    left = pd.DataFrame({"council_code": rows["council_code"]})
    for name in (CHILD, "sdq_mean"):
        apart = rows[name] - rows.groupby("council_code")[name].transform("mean")
        left[name] = apart - apart.groupby(rows["year"]).transform("mean")
    return association.rank_correlation(left, x=CHILD, y="sdq_mean", cluster="council_code")


def of_explained(real: pd.DataFrame) -> list[tuple[str, str, str, str]]:
    """What explains spend in 2024: deprivation, needs and region."""
    then = real[real["year"] == 2024]
    blocks = {
        "Deprivation": ["imd2019_score"],
        "Needs": ["sdq_mean", "ehcp_pct", "uasc_pct"],
        "Region": ["region"],
    }
    steps = {
        "deprivation": ["Deprivation"],
        "and needs": ["Deprivation", "Needs"],
        "and region": list(blocks),
    }
    before = {
        RESIDENT: ("0.36", "0.40", "0.52"),
        CHILD: ("0.18", "0.29", "0.50"),
        PRICES[0]: ("0.00", "0.03", "0.06"),
    }
    names = {RESIDENT: "a resident child", CHILD: "a child in care", PRICES[0]: "a place in a home"}
    rows = []
    for money, olds in before.items():
        for (words, chosen), old in zip(steps.items(), olds, strict=True):
            parts = {name: blocks[name] for name in chosen}
            found = association.share_explained(then, cost=money, blocks=parts).together
            rows.append(
                (
                    f"Explained of log spend on {names[money]}: {words}",
                    said(found),
                    old,
                    unadjusted(then, money, [column for part in parts.values() for column in part], old),
                )
            )
    return rows


def of_years(real: pd.DataFrame, before_all: pd.DataFrame) -> list[tuple[str, str, str, str]]:
    """Whether councils stay where they are from year to year."""
    rows = []
    for column, (name, old) in LASTING.items():
        found = productivity.persistence(real, **OWN, value=column, lags=(1,))[0]
        rows.append(
            (f"{name}: a council with itself a year on", said(found), old, a_year_on(before_all, column, old))
        )
    return rows


def of_single_years(real: pd.DataFrame) -> list[tuple[str, str, str, str]]:
    """The common index of single years: mean of best and worst over spend, and its residual."""
    single = productivity.yearly_index(real, outcomes=OUTCOMES, layout=SAME_AS_BEFORE)
    rows = []
    for kind, old, ten in (("ratio", "0.73", "4 to 8 of 10"), ("residual", "0.54 to 0.68", "0 to 4 of 10")):
        found = productivity.persistence(single, **KEYS, value=kind, lags=(1,))[0]
        again = productivity.first_again(single, **KEYS, value=kind)
        rows.append((f"Index as {kind}, a year on", said(found), old, _PAIRS))
        rows.append((f"Index as {kind}: of the first ten, those first again", said(again), ten, _PAIRS))
    then = single[single["year"] == single["year"].max()]
    ratio, outcome = (said(rho(then, name, "spend_gbp")) for name in ("ratio", "outcome"))
    rows.append(("Index as ratio with spend, last year", ratio, "-0.67 to -0.72", "one year of those before"))
    rows.append(
        ("Outcome with spend, last year", outcome, "-0.07 to 0.14", "before: of log spend, all years")
    )
    return rows


def weighed(outcomes: Any) -> str:
    """Write the outcomes of an index with their weights."""
    return ", ".join(f"{one.name} {one.weight:g}" for one in outcomes)


def of_index(book: dict[str, Any]) -> list[str]:
    """The index over three years as the notebook makes it, its ranks, and how far it hangs on choices."""
    now, last, years = book["found"], book["last"], book["years"]
    span = {**book["recent"], "years": range(last - 2 * years + 1, last - years + 1)}
    then = productivity.outcome_productivity(book["real"], outcomes=book["outcomes"], **span)
    both = pd.concat([now.table.assign(year=last), then.table.assign(year=last - years)])
    stay, ratio = (
        productivity.persistence(both, **KEYS, value=kind, lags=(years,))[0]
        for kind in ("productivity", "ratio")
    )
    best, worst = productivity.rank_sets(*_measured(now))
    above, alike, below = (now.banded(band) for band in productivity.BANDS)
    return [
        "This part is the code of notebook 14 itself, run on the published panel. Outcomes and their weights:",
        f"{weighed(book['outcomes'])}.",
        "",
        f"Outcome productivity {last - years + 1} to {last}, {len(now.table)} councils, given spend, deprivation and "
        "case mix:",
        "",
        f"- {above} councils lie above what is expected of them, {below} below, and {alike} cannot be told from it "
        "(false discovery rate 5%).",
        f"- Not chance of single years: {said(now.reliability())} of the differences. It holds what lasts three years "
        "without being the council's own, such as how scores are recorded.",
        f"- The middle rank interval is {now.width().value:.0f} places wide; by sets of ranks that hold whatever is "
        f"true, {_median(worst - best + 1):.0f}. {said(now.told_apart())} of pairs can be told apart.",
        f"- A tenth more spend goes with {said(book['slopes'][0])} of outcome; ten are a standard deviation of "
        "councils.",
        f"- Three years on, a council's place agrees with its earlier one by {said(stay)}, by rank; the ratio to "
        f"spend by {said(ratio)}, since spend itself lasts.",
        *_choices(book),
        f"- Left out: {left_out(now, book['names'])}.",
        "",
    ]


def _choices(book: dict[str, Any]) -> list[str]:
    choices, (residual, by_ratio) = book["choices"], book["stays"]
    return [
        f"- An index of single years, a year on: by {said(residual)} as residual, {said(by_ratio)} as ratio; of the "
        f"first ten, {said(book['again'])} are first again.",
        f"- Random weights give a ranking that agrees with ours by {said(choices.agreement[0])}, the range of weights; "
        f"the ratio instead of the residual by {said(choices.agreement.items[-1])}. {choices.sentence()}",
    ]


def _measured(found: productivity.Productivity) -> tuple[Any, Any]:
    """Measured residuals and the errors of their chance."""
    from vcanalysis.analysis.productivity.scores import composite

    value, chance = composite(found.scores, found.weights)
    return value - found.pooled.expected.mean(axis=0), chance**0.5  # type: ignore[union-attr]


def _median(values: Any) -> float:
    return float(pd.Series(values).median())


def of_spread(book: dict[str, Any]) -> list[str]:
    """Funnels and what makes spend differ in the last year, as the notebook makes them."""
    now, sized, parts = book["now"], book["sized"], book["parts"]
    small = sorted(now.loc[now["looked_after_n"] < book["fewest"], "council"])
    used = [parts["total"], parts["rate"], *parts["mix"], *parts["mix"].values(), *parts["need"]]
    return [
        f"- Rate of care: {book['rate'].sentence()}{without(now, ['looked_after_n', 'children_0_17_n'])}",
        f"- Share in homes: {book['homes'].sentence()}{without(now, ['homes_n', 'looked_after_n'])}",
        f"- {book['apart'].sentence()} A share below 0 belongs to a part that is low where spend is high: "
        "here the cost of places of no published price, and how accounts are kept. "
        f"Fewer than {book['fewest']} children, so left out: {', '.join(small) or 'none'}.{without(sized, used)}",
        "",
    ]


def _year_by_year(book: dict[str, Any]) -> str:
    """Write the links of spend with the SDQ as the notebook has them."""
    return ", ".join(f"{write_number(e.value, e.unit)} in {e.group}" for e in book["by_year"])


def findings(panel: Any, made: Any) -> list[str]:
    """Give the lines of the part; `made.out` is the folder of the panel."""
    real, before_all = prepared(panel), as_before(panel)
    book = names_of(BOOK, {"panel": str(made.out)}, until="envelopment(")
    return [
        "## Spend, need and outcome productivity",
        "",
        "Money in pounds of the last year. A jump that the log flags is left out. All links are between councils: they",
        "say nothing of children (the ecological fallacy), and nothing of cause. The index is a re-creation: the",
        "published one gives neither its measures nor its weights.",
        "",
        "### How far councils differ",
        "",
        *of_spread(book),
        "### Can they be told apart?",
        "",
        *of_index(book),
        "### Beside what was measured before",
        "",
        "The earlier figures are from a first look at the same panel, with the jumps still in it. Here links are by",
        "rank (Spearman), so that the few dearest councils count no more than others; councils of at least",
        f"{FEWEST} children. The index of single years in the last table is that of the first look, not that above: "
        f"{weighed(OUTCOMES)};",
        "spend alone, deprivation and case mix not allowed for.",
        "",
        too_small(panel.frame, since=2019, fewest=FEWEST),
        "",
        *table(of_spend(real, before_all)),
        f"Notebook 14 keeps the smaller councils in the links of spend with the SDQ: {_year_by_year(book)}.",
        "",
        "What explains spend in 2024:",
        "",
        *table(of_explained(real)),
        "A council without a number is left out where that number is used. In 2024 that is, by measure:",
        "",
        *lacking(real[real["year"] == 2024], IN_2024),
        "",
        "Whether councils stay where they are, and the common index of single years:",
        "",
        *table([*of_years(real, before_all), *of_single_years(real)]),
        "Councils without a number in some of the years since 2019, by measure:",
        "",
        *lacking(real, LASTING),
    ]
