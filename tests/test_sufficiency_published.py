"""The page of a sufficiency strategy: what of a forecast is published, and that nothing of few children is."""

import numpy as np
import pandas as pd
import pytest

import vcanalysis as vc
from vcanalysis import matching, sufficiency
from vcanalysis.analysis.sufficiency.bands import ages_together, kinds_together
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate
from vcanalysis.core.paths import data_file
from vcanalysis.output.disclosure import gate
from vcanalysis.output.records import Record, slug

DAY, FOSTERED = "2019-12-31", ["In-house fostering", "Agency fostering"]


@pytest.fixture(scope="module")
def council():
    return vc.open_council(data_file("demo"))


@pytest.fixture(scope="module")
def ahead(council):
    born = council.tables["children"][["child_id", "birth_month"]]
    spells = council.placement_spells(by_kind=True).merge(born, on="child_id", how="left")
    return sufficiency.forecast(spells, day=DAY, since=council.start, months=24, draws=200, seed=1)


def records(**found):
    """Make records of estimates, as a notebook does."""
    made = []
    for name, estimates in found.items():
        for e in [estimates] if isinstance(estimates, Estimate) else estimates:
            where = f"sufficiency.{name}.{slug(e.term)}.{slug(e.group)}"
            made.append(Record.from_estimate(e, id=where, question="Q?"))
    return made


def test_every_table_of_a_strategy_of_the_demo_council_is_published(council, ahead):
    children = council.snapshot(DAY)
    prices = children.dropna(subset=["cost_gbp_week"])
    domains = list(council.framework.domains)
    homes = matching.profile_homes(council.tables["carers"], domains=domains)
    step = sufficiency.Change(
        source="Residential home", target="Agency fostering", share=0.01, when="monthly"
    )
    played, seller = {"step-down": sufficiency.changed(ahead, step)}, {"seller": "provider_id"}
    raw = records(
        kinds=ahead.by_kind(12, least=10),
        ages=ahead.by_age(12, least=10),
        cost=sufficiency.yearly_cost(ahead, prices, **seller),
        gap=sufficiency.gap_by_capability(ahead, children, homes, domains=domains, kinds=FOSTERED),
        gap_by_age=sufficiency.gap_by_age(ahead, homes, kinds=FOSTERED, least=10),
        distance=sufficiency.by_distance(ahead, children),
        area=sufficiency.by_area(ahead, children),
        scenario=sufficiency.differences(ahead, played, prices, kind="Residential home", **seller),
    )
    told, verdict = gate(raw)
    assert (verdict.hidden, verdict.published) == (0, len(raw))
    assert all(r.parts is None and r.sellers is None and r.support is None for r in told)
    # of kinds left apart, those of few children are hidden as ever
    apart, _ = gate(records(kinds=ahead.by_kind(12)))
    assert {r.group for r in apart if r.status == "suppressed"} >= {"Secure home", "Other"}


def test_a_gap_that_tells_of_few_children_is_hidden_however_wide_it_is(council, ahead):
    homes = pd.DataFrame({"approved_places": [90.0], "contact": 3.0, "age_min": 0, "age_max": 17})
    levels = np.r_[np.full(9, 3.0), np.zeros(111)]
    children = pd.DataFrame({"placement_type": "Agency fostering", "contact": levels})
    options = {"domains": ["contact"], "kinds": FOSTERED}
    few = records(gap=sufficiency.gap_by_capability(ahead, children, homes, **options))
    assert few[0].value < -50  # nine children need it, and there are 90 places
    assert few[0].support == 9
    assert gate(few)[0].records[0].status == "suppressed"
    unsaid = Record("a.gap", "Q?", "Places wanting", 4.0, unit="places", n=140)
    assert gate([unsaid])[0].records[0].status == "suppressed"
    assert (
        gate([Record("a.gap", "Q?", "Places wanting", 4.0, -7.0, 12.0, unit="places", n=140, support=40)])[0]
        .records[0]
        .sentence
        == "Places wanting: 5 places (95% interval -5 to 10; 140 children)."
    )


def test_a_cost_most_of_which_one_child_or_one_provider_takes_is_hidden(council, ahead):
    priced = council.snapshot(DAY).dropna(subset=["cost_gbp_week"])
    dear = priced.assign(cost_gbp_week=np.where(np.arange(len(priced)) == 0, 9e6, 500.0))
    one = priced.assign(seller="the only one")
    for prices, more in ((dear, {}), (one, {"seller": "seller"})):
        told = gate(records(cost=sufficiency.yearly_cost(ahead, prices, **more)))[0]
        assert {r.status for r in told} == {"suppressed"}


def test_kinds_and_ages_of_few_children_are_put_together_and_none_is_lost(ahead):
    for month in (12, 24):
        found, whole = ahead.by_kind(month, least=10), ahead.total(month).value
        assert sum(e.value for e in found) == pytest.approx(whole)
        assert min(e.value for e in found) >= 10
        assert sum(e.value for e in ahead.by_age(month, least=10)) == pytest.approx(whole)
        assert [e.group for e in found] == [
            e.group for e in ahead.by_kind(12, least=10)
        ]  # alike in all months

    def together(**sizes):
        names = [name.replace("_", " ") for name in sizes]
        return [called for called, _ in kinds_together(names, np.array([list(sizes.values())]), least=10)]

    assert together(a=30.0, b=20.0) == ["a", "b"]
    assert together(a=30.0, b=40.0, c=50.0, d=2.0, e=12.0) == ["a", "b", "c", "d or e"]
    small = {"Agency_fostering": 7.0, "In-house_fostering": 9.0, "Residential_home": 12.0, "Other": 11.0}
    assert together(**small) == ["a foster family", "a home", "elsewhere"]
    assert together(**small | {"Other": 3.0}) == ["a foster family", "a home or elsewhere"]
    assert together(**dict.fromkeys(small, 2.0)) == ["all kinds"]
    assert ages_together(np.full((1, 5), 1.0), least=10) == [("under 18", (0, 1, 2, 3, 4))]


def test_bands_of_distance_add_up_and_the_farthest_is_that_of_far_from_home(council, ahead):
    children = council.snapshot(DAY)
    found = sufficiency.by_distance(ahead, children, seed=3)
    assert sum(e.value for e in found) == pytest.approx(ahead.total(24).value)
    far = sufficiency.far_from_home(ahead, children, seed=3)
    assert (found[-1].value, found[-1].low, found[-1].high) == (far.value, far.low, far.high)
    none = sufficiency.by_distance(ahead, children.assign(distance_miles=np.nan))
    assert "10 known distances are needed; found 0" in none[0].sentence()
    with pytest.raises(InputError, match="Give miles above nought that rise"):
        sufficiency.by_distance(ahead, children, edges=(10, 5))


def test_inside_and_outside_the_area_add_up_and_follow_where_each_kind_lives_now(council, ahead):
    children = council.snapshot(DAY)
    inside, outside = sufficiency.by_area(ahead, children, seed=3)
    assert inside.value + outside.value == pytest.approx(ahead.total(24).value)
    now = children["area"].dropna()
    assert inside.n == len(now)
    assert outside.low < now.eq("outside").mean() * ahead.total(24).value < outside.high
    moved = children.assign(area="outside")
    assert sufficiency.by_area(ahead, moved, seed=3)[1].value > 0.95 * ahead.total(24).value
    none = sufficiency.by_area(ahead, children.assign(area=None))
    assert "10 known areas are needed; found 0" in none[0].sentence()
