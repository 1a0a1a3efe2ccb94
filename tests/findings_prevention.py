"""Part of docs/findings_real_panel.md: would prevention pay, by the same code as notebook 18."""

from __future__ import annotations

from typing import Any

from tests.findings_words import said
from vcanalysis.analysis import association, prevention, savings
from vcanalysis.core.facts import fact
from vcanalysis.core.numbers import write_number
from vcanalysis.core.real_terms import financial_year_ending, real_terms

PARTS = {
    "care": "looked_after_gbp",
    "family support": "family_support_gbp",
    "safeguarding": "safeguarding_gbp",
}
MONEY = (*PARTS.values(), "children_services_gbp", "looked_after_gbp_child_week", "fostering_gbp_week")
COUNTED = {"size": "children_0_17_n", "children": "looked_after_n", "rate": "looked_after_per_10k"}
KEYS: dict[str, Any] = {"unit": "council_code", "year": "year"}
HOW: dict[str, Any] = {**KEYS, "rate": "looked_after_per_10k", "spend": "support"}
CHOICES: dict[str, dict[str, Any]] = {
    "the same year": {"lags": (0,)},
    "the year after": {"lags": (1,)},
    "two years after": {"lags": (2,)},
    "three years after": {"lags": (3,)},
    "three years together": {"lags": (1, 2, 3)},
    "the year before: no effect can be": {"lags": (-1,)},
    "the year after, large councils weigh more": {"weights": "looked_after_n"},
    "the year after, beside councils of the region": {"within": "region"},
}
BASE, SHARE, SEED, FEWEST = 0.448, 0.01, 2019, 30
TRIALS = ("fgc_rct", "start_mst_rct")


def findings(panel: Any, _made: Any) -> list[str]:
    """Write the part."""
    last = int(panel.frame["year"].max())
    real = real_terms(panel.without_flagged("jump from year to year"), *MONEY, to=last)
    real = real.assign(support=prevention.per_resident_child(real, "family_support_gbp", **COUNTED))
    now = prevention.care_now(real[real["year"] == last])
    fewest = real.groupby("council_code")["looked_after_n"].transform("min")
    sized = real[fewest >= FEWEST]
    left_out = ", ".join(sorted(set(real["council"]) - set(sized["council"])))
    links = prevention.other_links(sized, choices=CHOICES, **HOW)
    cash = prevention.assumed("cashable_share")
    sums = {"support_gbp": now.support_gbp, "care_gbp": now.care_gbp}
    left = {"every pound": 1.0, "as assumed": cash[0]}
    needed = prevention.fall_to_break_even(**sums, cashable=left, councils=now.councils)
    moved = prevention.simulate_shift(shift_of(now, last), draws=4000, seed=SEED)
    link, longer = links["the year after"], links["three years together"]
    return [
        "## Would prevention pay?",
        "",
        f"**{prevention.verdict(link, needed[0], moved, longer=longer)}** Pounds of {last}; jumps that look like",
        "keying errors are left empty. Councils are compared, not children: none of this is an effect of support.",
        "",
        *_mix(prevention.spend_mix(real, **KEYS, whole="children_services_gbp", parts=PARTS)),
        *_links(sized, links, needed, left_out),
        *_with_the_smallest(real, needed[0]),
        *_scenario(moved),
    ]


def shift_of(now: prevention.CareNow, last: int) -> prevention.Shift:
    """Give the scenario of notebook 18: a hundredth of spend on care, moved for five years."""
    effect = savings.shrunk_effect(TRIALS[0], base=BASE, use="central")
    return prevention.Shift(
        moved_gbp_year=SHARE * now.care_gbp,
        pool_year=now.starts,
        base=BASE,
        effect=(effect.shrunk, effect.low, effect.high),
        child_gbp=prevention.assumed("prevention_child_gbp", to=financial_year_ending(last)),
        care_gbp_week=now.week_gbp,
        cashable=prevention.assumed("cashable_share"),
        delay_months=prevention.assumed("prevention_delay_months"),
        fade_year=prevention.assumed("prevention_fade_year"),
        leave_year=now.leave_year,
        years=10,
        discount=float(fact("green_book_discount")),
        councils=now.councils,
    )


def _mix(mix: prevention.SpendMix) -> list[str]:
    first, last = (int(mix.table["year"].agg(way)) for way in ("min", "max"))
    rows = [
        f"| {now.group} | {said(before)} | {said(now)} | {said(moved)} | {said(grown)} |"
        for now, before, moved, grown in zip(mix.now, mix.before, mix.moved, mix.growth, strict=True)
    ]
    return [
        f"{mix.headline()}: {mix.councils} councils with every amount in every year; {mix.left_out} without.",
        "",
        f"| spend on | share {first} | share {last} | change of a council's share | real growth of all |",
        "|---|---|---|---|---|",
        *rows,
        "",
        "What falls under everything else is what no line named here holds. Councils do not fill the lines alike, and",
        "a fall of one may be a move to another.",
        "",
    ]


def _links(real: Any, links: dict[str, prevention.LaggedLink], needed: Any, left_out: str) -> list[str]:
    middle = real["year"].median()
    early = real[real["year"] <= middle].groupby("council_code")["support"].mean()
    names = ["looked_after_per_10k", "imd2019_score"]
    both = (
        real[real["year"] > middle].groupby("council_code")[names].mean().assign(support=early).reset_index()
    )
    plain, alike = association.adjusted_beside_unadjusted(both, x="support", y=names[0], given=names[1:])
    rows = [
        f"| {name} | {said(one.change)} | {said(one.minimum)} | {one.units} |" for name, one in links.items()
    ]
    return [
        f"Left out, with fewer than {FEWEST} children in care in some year: {left_out}. There one child more or less",
        "moves the rate as no effect could.",
        "",
        f"Between councils, support in the years to {middle:g} and the rate of care after: rank correlation",
        f"{said(plain)}; among councils alike in deprivation {said(alike)}. Within councils and years, what a tenth",
        "more support a resident child goes with:",
        "",
        "| rate of care in | change | smallest fall that four in five find | councils |",
        "|---|---|---|---|",
        *rows,
        "",
        f"To pay for a tenth more support in the same year, spend on care must change by {said(needed[0])} if every",
        f"pound of care not needed leaves the budget, by {said(needed[1])} if half do.",
        "",
    ]


def _with_the_smallest(real: Any, needed: Any) -> list[str]:
    """Give the links of all councils: the smallest were left out after these had been seen."""
    names = ("the year after", "two years after", "three years together")
    links = prevention.other_links(real, choices={name: CHOICES[name] for name in names}, **HOW)
    told = "; ".join(f"{name} {said(one.change)}" for name, one in links.items())
    ruled = "ruled out" if links["three years together"].rules_out(needed) else "not ruled out"
    return [
        "The smallest were left out after the links of all councils had been seen, by the rule that notebook 14 has.",
        f"With them: {told}. Then a fall that pays for itself is {ruled} over three years together.",
        "",
    ]


def _scenario(moved: prevention.Prevented) -> list[str]:
    trials = "; ".join(f"{one.group} {said(one)}" for one in prevention.trial_effects(TRIALS, base=BASE))
    return [
        f"A hundredth of spend on care moved for five years, looked at for ten. {moved.sentence()}",
        f"Trials found, as published: {trials}. What the central one costs a child was not found:",
        f"{write_number(moved.shift.child_gbp[0], 'GBP per child')} is taken, with a wide range.",
    ]
