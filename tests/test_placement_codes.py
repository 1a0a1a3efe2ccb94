"""Every placement code of the return, drawn: who is counted in care on a day, in what kind of home, and what it cost.

Specification by example. Each child of the first table lives in one code only, from 10 January to 20 March 2019, at 700
pounds a week: 69 days, 6,900 pounds. Each of the second moves on the way. The answers beside them were written by hand.
"""

import pandas as pd
import pytest
from drawn import drawn, save_council

from vcanalysis.analysis.sufficiency.panel import monthly_panel
from vcanalysis.core.codes import codes_in, placement_type
from vcanalysis.intake.opening import open_council

META = {"name": "Anyshire", "data_from": "2018-12-01", "data_to": "2020-01-01", "framework": "vcw-default-12"}
KINSHIP, OWN, AGENCY, HOME = (
    "Kinship fostering",
    "In-house fostering",
    "Agency fostering",
    "Residential home",
)
ADOPTION, PARENTS, SUPPORTED, SECURE, OTHER = (
    "Placed for adoption",
    "With parents",
    "Supported accommodation",
    "Secure home",
    "Other",
)

# code, provider, the kind of home it is forecast as
ALONE = [
    ("U1", "PR1", KINSHIP),
    ("U2", "PR1", KINSHIP),
    ("U3", "PR4", KINSHIP),  # kin are kin, whoever approved them
    ("U4", "PR1", OWN),
    ("U5", "PR1", OWN),
    ("U6", "PR2", OWN),  # another council is no agency
    ("U4", "PR4", AGENCY),
    ("U5", "PR5", AGENCY),
    ("U6", "PR4", AGENCY),
    ("K1", "PR2", SECURE),
    ("K2", "PR4", HOME),
    ("R1", "PR4", HOME),
    ("S1", "PR5", HOME),
    ("R2", "PR3", OTHER),  # a stay in hospital that is the placement
    ("R3", "PR4", OTHER),
    ("R5", "PR3", OTHER),
    ("H5", "PR4", SUPPORTED),
    ("P2", "PR4", SUPPORTED),
    ("P3", "PR4", OTHER),
    ("P1", "PR0", PARENTS),
    ("A3", "PR1", ADOPTION),
    ("A4", "PR1", ADOPTION),
    ("A5", "PR1", ADOPTION),
    ("A6", "PR5", ADOPTION),
    ("Z1", "PR1", OTHER),
    ("T0", "-", OTHER),  # a temporary stay with no placement around it: nothing else is known
]
LATER = [("K3", "PR4", SUPPORTED), *((z, "PR1", OTHER) for z in ("Z11", "Z12", "Z13", "Z14"))]

# what happened (day, rne, legal status, code, provider; then the day it ended), and the kind of home on the last days
# of January, February and March; None for not in care
STORIES = {
    f"{code} within a placement is the placement": (
        f"01-10 S C2 U6 PR1 / 02-20 P C2 {code} - / 03-05 P C2 U6 PR1 / 03-20",
        (OWN, OWN, None),
    )
    for code in ("T0", "T1", "T2", "T3", "T4")
} | {
    "a temporary stay before another placement belongs to the one before": (
        "01-10 S C2 U6 PR4 / 02-20 P C2 T1 - / 03-05 P C2 K2 PR4 / 04-20",
        (AGENCY, AGENCY, HOME),
    ),
    "a temporary stay that ends care does too": (
        "01-10 S C2 K2 PR4 / 02-20 P C2 T1 - / 03-20",
        (HOME, HOME, None),
    ),
    "short breaks are no care, recorded by the break": ("01-10 S V3 U6 PR1 / 03-20", (None, None, None)),
    "short breaks are no care, recorded by the agreement": ("01-10 S V4 K2 PR4 / 03-20", (None, None, None)),
    "after short breaks care begins with its own first day": (
        "01-10 S V4 U6 PR1 / 02-05 S C1 U6 PR1 / 03-20",
        (None, OWN, None),
    ),
    "adoption by the foster carer is adoption from that day (consent)": (
        "01-10 S C2 U6 PR1 / 02-05 T C2 A3 PR1 / 03-20",
        (OWN, ADOPTION, None),
    ),
    "adoption by the foster carer is adoption from that day (order)": (
        "01-10 S C2 U5 PR4 / 02-05 U E1 A5 PR4 / 03-20",
        (AGENCY, ADOPTION, None),
    ),
    "adoption by another adopter is a move": (
        "01-10 S C2 U6 PR1 / 02-05 P E1 A6 PR5 / 03-20",
        (OWN, ADOPTION, None),
    ),
    "carers who go over to an agency are agency carers from that day": (
        "01-10 S C2 U6 PR1 / 02-05 T C2 U6 PR4 / 03-20",
        (OWN, AGENCY, None),
    ),
    "a new legal status moves nobody": ("01-10 S C1 U6 PR1 / 02-05 L C2 U6 PR1 / 03-20", (OWN, OWN, None)),
    "from a home to parents": ("01-10 S C2 K2 PR4 / 02-05 P C2 P1 PR0 / 03-20", (HOME, PARENTS, None)),
    "on remand to custody and back": (
        "01-10 S J1 K1 PR2 / 02-05 P J1 R5 PR3 / 03-05 P C2 K2 PR4 / 04-20",
        (SECURE, OTHER, HOME),
    ),
    "out for a month and back is leaving and coming": (
        "01-10 S C2 U6 PR1 / 02-05 / 03-05 S C2 U6 PR1 / 04-20",
        (OWN, None, OWN),
    ),
}


def _episodes(child, story):
    steps = [step.split() for step in story.split(" / ")]
    days = [f"2019-{step[0]}" for step in steps]
    return [
        f"{child} {day} {then} {' '.join(step[1:])}"
        for step, day, then in zip(steps[:-1], days[:-1], days[1:], strict=True)
        if len(step) > 1
    ]


def _council(place, stories):
    lines = [row for child, story in stories.items() for row in _episodes(child, story)]
    placed = drawn("child_id decom dec rne ls place place_provider\n" + "\n".join(lines))
    placed["place_provider"] = placed["place_provider"].where(placed["place_provider"].ne(""))
    priced = placed[~placed["place"].str.startswith("T") | placed["child_id"].str.startswith("T")]
    costs = priced[["child_id"]].assign(**{"from": priced["decom"], "to": priced["dec"]})
    tables = {
        "children": pd.DataFrame({"child_id": list(stories), "birth_month": pd.Timestamp("2008-05-01")}),
        "placements": placed,
        "costs": costs.assign(gbp_week=700.0, support_gbp_week=0.0, price_year="2019-20"),
    }
    save_council(place, tables, META)
    return open_council(place)


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    stories = {f"{code}-{provider}": f"01-10 S C2 {code} {provider} / 03-20" for code, provider, _ in ALONE}
    return _council(tmp_path_factory.mktemp("codes") / "alone", stories)


@pytest.fixture(scope="module")
def moved(tmp_path_factory):
    stories = {f"s{number}": story for number, (story, _) in enumerate(STORIES.values())}
    return _council(tmp_path_factory.mktemp("codes") / "moved", stories)


def _panel(council, child):
    """Lay one child out by months."""
    born = council.tables["children"][["child_id", "birth_month"]]
    spells = council.placement_spells(by_kind=True).merge(born, on="child_id")
    return monthly_panel(spells[spells["child_id"].eq(child)], day="2019-04-30", since="2018-12-31")


def _on_each_day(panel):
    return [
        panel.kinds[row.argmax()] if row.any() else None for row in panel.counts()[1:4]
    ]  # January to March


def test_no_code_of_the_return_is_forgotten_here():
    drawn_here = {code for code, _, _ in [*ALONE, *LATER]} | {"T1", "T2", "T3", "T4"}
    assert drawn_here == set(codes_in("PLACE"))


@pytest.mark.parametrize(("code", "provider", "kind"), ALONE)
def test_a_child_who_lives_in_one_code_only(alone, code, provider, kind):
    child = f"{code}-{provider}"
    panel = _panel(alone, child)
    assert _on_each_day(panel) == [kind, kind, None]
    assert panel.arrivals().tolist() == [1, 0, 0, 0]  # it comes in January
    assert panel.target.tolist() == [0, 1]  # stays in February, and has left by the end of March
    snapshot = alone.snapshot("2019-02-28").set_index("child_id").loc[child]
    assert (str(snapshot["placement_type"]), snapshot["cost_gbp_week"]) == (kind, 700)
    weeks = alone.child_weeks("2019-01-01", "2019-05-01").query("child_id == @child")
    assert (weeks["placement_type"].astype("str").tolist(), weeks["days"].sum()) == ([kind], 69)
    assert weeks["cost_gbp"].sum() == pytest.approx(6900)


@pytest.mark.parametrize(("code", "provider", "kind"), LATER)
def test_codes_of_later_years_mean_the_same(code, provider, kind):
    assert list(placement_type(pd.Series([code]), pd.Series([provider]))) == [kind]


@pytest.mark.parametrize("what", STORIES)
def test_a_child_who_moves(moved, what):
    child, days = f"s{[*STORIES].index(what)}", STORIES[what][1]
    weeks = moved.child_weeks("2019-01-01", "2019-05-01").query("child_id == @child")
    if not any(days):
        assert child not in set(moved.placement_spells()["child_id"])
        assert weeks.empty  # and nothing is paid for it as care
        return
    assert _on_each_day(_panel(moved, child)) == list(days)
    for day, kind in zip(("2019-01-31", "2019-02-28", "2019-03-31"), days, strict=True):
        there = moved.snapshot(day).query("child_id == @child")["placement_type"].astype("str").tolist()
        assert there == ([kind] if kind else [])
    assert weeks["cost_gbp"].sum() == pytest.approx(
        100 * weeks["days"].sum()
    )  # away or not, 100 pounds a day
    assert set(weeks["placement_type"].astype("str")) == {kind for kind in days if kind}


def test_the_flows_of_all_who_move_are_those_counted_by_hand(moved):
    born = moved.tables["children"][["child_id", "birth_month"]]
    spells = moved.placement_spells(by_kind=True).merge(born, on="child_id")
    panel = monthly_panel(spells, day="2019-04-30", since="2018-12-31")
    # 15 came in January (17 children less two on short breaks, and one who came in February); one is away in February
    # and comes again in March, when the three who stay beyond it are the only ones left.
    assert panel.counts().sum(axis=1).tolist() == [0, 15, 15, 3, 0]
    assert panel.arrivals().tolist() == [15, 1, 1, 0]
