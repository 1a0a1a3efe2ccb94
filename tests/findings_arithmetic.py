"""Findings on the published panel: the claimed numbers, by every pair of the five councils."""

from __future__ import annotations

from typing import Any

from vcanalysis.analysis.claims import Columns, national_arithmetic

NAMED = Columns("council_code", "council", "year", "looked_after_n", "looked_after_gbp", "foster_pct")


def findings(panel: Any, _made: Any) -> list[str]:
    """Write the part."""
    lines = ["## 3,400 children, 5%, 14%, £2.8 million, £300 million", ""]
    results = {
        year: national_arithmetic(
            panel.frame, councils=panel.first_councils, year=year, years=[2018, 2019, 2020], columns=NAMED
        )
        for year in (2019, 2020)
    }
    found = results[2019]
    told = [*found.stock, found.growth, *found.asked, *found.routes, found.chance, found.implied]
    lines += [f"**{found.headline()}**: {found.sentence()}", ""]
    lines += [f"- {estimate.sentence()}" for estimate in told]
    lines += [
        "",
        f"With children and spend of 2020 instead of 2019: {results[2020].sentence()}",
        "",
        "| figure | here | calibration | why they differ |",
        "|---|---|---|---|",
        *_compared(found),
    ]
    return lines


def _compared(found: Any) -> list[str]:
    children = found.pairs["per child"].sort_values() / 1e6
    spends = found.pairs.set_index("pair")["share of spend"] / 1e6
    most = spends.sort_values().index[-1]
    count, share = found.stock
    rows = [
        ("children of the five, 31 March 2018", f"{count.value:,.0f}", "3,424", "they do not"),
        ("share of England", f"{share.low:.1%} to {share.high:.1%}", "4.5% to 4.7%", "2020 counts here too"),
        (
            "£2.8 million by child, ten pairs",
            f"£{children.iloc[0]:.0f}m to £{children.iloc[-1]:.0f}m; the other eight "
            f"£{children.iloc[1]:.0f}m to £{children.iloc[-2]:.0f}m",
            "£103m to £284m; £111m to £199m",
            "they do not",
        ),
        ("pairs that reach £300 million",
         f"{found.reach('per child')[0]} by child; {found.reach('share of spend')[0]} by share of spend "
         f"({most}, £{spends[most]:.0f}m); {found.reach('per council')[0]} by council",
         "no pair reaches it linearly",
         "calibration went by children, and so it is here; by share of spend cheap councils count for more"),
        ("£300 million by child in care", f"£{found.asked[1].low:,.0f} to £{found.asked[1].high:,.0f}", "£3,839",
         "three years here, 2019 there"),
        ("£300 million as a share of spend", f"{found.asked[0].low:.1%} to {found.asked[0].high:.1%}", "6.1%",
         "three years here, 2018-19 there"),
        ("14% more with own carers", "not estimable", "cannot be tested", "they do not"),
    ]  # fmt: skip
    return [f"| {' | '.join(row)} |" for row in rows]
