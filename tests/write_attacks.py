"""Write the outcomes of the attack catalogue and the measures of hidden cells into docs/disclosure.md.

Run from the root of the project: ``python -m tests.write_attacks``.
"""

from __future__ import annotations

import time
from pathlib import Path

from tests.attacks_on_releases import CATALOGUE
from tests.drawn_tables import NAMES, draw_table
from vcanalysis.output.disclosure import Policy, profiles, sources
from vcanalysis.output.disclosure.attack import attack
from vcanalysis.output.disclosure.linked import protect
from vcanalysis.output.disclosure.policy import policy

PAGE = Path(__file__).parents[1] / "docs" / "disclosure.md"
SIZES = [((8,), 150), ((8,), 500), ((8, 5), 150), ((8, 5), 500), ((8, 5), 1500), ((5, 8), 2000), ((5, 8, 5), 2500),
         ((40, 8), 4000), ((150, 8), 45000)]  # fmt: skip
HEAD = """# What is published, and what was tried against it

Everything that leaves a run goes through one door, `vcanalysis.output.disclosure`, and every file of a release through
`vcanalysis gate`. This page is written by `python -m tests.write_attacks`; the tests run the same attacks.

A reader may know every method used here. What is hidden stays hidden because nothing published fixes it, which an
attacker of its own checks by linear programming over all tables together; it shares no code with what hides the cells.
"""


def attacks() -> list[str]:
    """Run every attack and give the rows of the table."""
    rows = [
        "## The attacks",
        "",
        "Each is tried on drawn children who do not exist, on what is published and on the same figures unprotected.",
        "*Recovered*: values known more closely than the policy allows, or leaks that passed.",
        "",
        "| attack | | tried | recovered | recovered unprotected | cells hidden |",
        "|---|---|---:|---:|---:|---:|",
    ]
    for one in sorted(CATALOGUE, key=lambda a: int(a.number[1:])):
        made = one.run()
        hidden = "" if made.hidden is None else f"{made.hidden:.0%}"
        rows.append(
            f"| {one.number} | {one.title} | {made.tried} | {made.recovered} | {made.unprotected} | {hidden} |"
        )
    return rows


def tables() -> list[str]:
    """Measure hidden cells and times."""
    rows = ["## Tables: cells hidden, and times", "",
            "Drawn tables, threshold 10, before bands are put together. *Above the least*: by how much, at most, the",
            "weight of what is hidden exceeds the least that is safe (a bound of the integer programme). With bands:",
            "share hidden after automatic coarsening. Seconds of one processor, shared with other work.", "",
            "| cells (ways) | children | small | hidden | above the least | with bands | seconds to hide | to judge |",
            "|---|---:|---:|---:|---:|---:|---:|---:|"]  # fmt: skip
    for shape, children in SIZES:
        table, by = draw_table(shape, children, 1), list(NAMES[: len(shape)])
        started = time.process_time()
        made = protect([(table, by)])[0]
        hid = time.process_time()
        found = attack([made.seen()], watch=made.primary)
        judged = time.process_time()
        assert (found["width"] >= policy().width).all()
        bands = (
            protect([(table, by)], ordered=["age"], merge=True)[0].hidden_share
            if len(made.frame) < 400
            else None
        )
        rows.append(
            f"| {' x '.join(map(str, shape))} | {children:,} | {len(made.primary)} | {made.hidden_share:.0%} | "
            f"{max(made.above, 0):.1%} | {'' if bands is None else format(bands, '.0%')} | {hid - started:.1f} | "
            f"{judged - hid:.1f} |"
        )
    return rows


def policies() -> list[str]:
    """Write the profiles with the source of each number."""
    rows = [
        "## The profiles",
        "",
        "| | strict | opensafely | dfe | source of strict |",
        "|---|---|---|---|---|",
    ]
    said = sources()
    for name in said:
        values = " | ".join(str(getattr(policy(p), name)) for p in profiles())
        rows.append(f"| `{name}` | {values} | {said[name]} |")
    return [*rows, "", "The sources of the other two stand in `data/policies.toml`."]


LIMITS = """## What this does not do

- A correlation, a slope or a share explained is published with its interval and rounded base; no table lies behind it.
- Of providers the door asks what a record names (`sellers`): the costs by type of placement do, other pounds do not.
- Of a sum at a price that all know (`priced`) the door gives what it would be for the rounded number of children. The
  record must name it: four sums do. Payments of a contract, which count weeks at a price and no children, do not.
- A difference of two groups, and an interval that counts alone make, are judged only where their record names how few
  stand behind (`support`). Ends are then rounded until the width leaves two numbers or more; twelve in the middle of
  drawn cases, but not always the five that rounding of a count leaves.
- A scenario that is published (`savings`) is made of what may be shown: counts in fives, ten or more a side, the
  price as it is shown. The door cannot see it: the notebook asks for it (`least`, `base`, `width`). Whoever runs a
  scenario with `base=1` must not publish it.
- A median of twenty or more that is hidden only because an end of its interval rests on few can be had from others: the
  need of the dearest from the difference to the rest, the price of homes from what a contract avoids a week.
- Pounds that name no parts (models, medians, simulated sums) are rounded to three figures by their children and ends;
  how much of them one child makes the door is not told.
- Which children a record counts no record says: the judge takes all counts and bases of one size for the same.
- A picture is searched for dots and squares, more than 60 of them; crosses, rings and dots that merge are not seen, nor
  is a single small number or name in a sentence.
- Of a model the door asks its degrees of freedom, rarest column and leverage where its record names them (`fit`): price
  models, slopes at quantiles, the agency's gap, the ladder, drift, hazards, calibration slopes, means of found groups,
  change of a level and change with missing scores imputed. Of curves and figures it asks `support`.
- Between quarters counts are protected by rounding: one child more changes a published count in one case of five.
- A second report of a quarter is refused where a figure is shown otherwise and fewer than ten children may lie between:
  where it counts as many in both, too, unless data and profile are the same. The register lies beside the reports: of
  another `--out`, and of a council by another name, nothing is known before. Between unlike quarters a figure that
  counts as many children is protected by rounding alone, and a cell that comes into view says that it has grown to ten.
- Two releases of a quarter whose tables are by other bands are not worked through cell by cell: the second is refused.
  Tables of unlike quarters may be by unlike bands. They count unlike children; of those who stayed, what is left
  between the bands can be a few, known as closely as the rounding of both and the comings and goings between allow.
- Beside Tau-Argus, the optimum in use elsewhere, see `docs/decisions/0015`: fewer cells hidden in six of nine tables,
  more in one, and none known too closely.
- Rounded cells are multiples of five and the attacker's programme lets them be fractions: a whole-number search could
  narrow a range, never below the width of its rounding.
"""


def main() -> None:
    """Write the page."""
    assert Policy() == policy()
    parts = [HEAD, *(("\n".join(p) + "\n") for p in (attacks(), tables(), policies())), LIMITS]
    PAGE.write_text("\n".join(parts), encoding="utf-8")


if __name__ == "__main__":
    main()
