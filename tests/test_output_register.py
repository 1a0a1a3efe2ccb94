"""Unit tests of the register of releases: two reports of a quarter never tell of one to nine children."""

from __future__ import annotations

import stat
from dataclasses import replace

import pandas as pd
import pytest

from tests.small_run import council_of_nobody, write_notebook
from vcanalysis.core.errors import CheckFailed, InputError
from vcanalysis.output.disclosure import gate
from vcanalysis.output.disclosure.register import (
    REGISTER,
    differing,
    enter,
    must_not_differ,
    read_register,
    release_of,
    revised_by_few,
    strike,
)
from vcanalysis.output.records import Record, Results
from vcanalysis.output.run import evaluate as run
from vcanalysis.output.run import plan


def released(n, quarter="2019Q4", cost=500.0, period=None):
    period = quarter if period is None else period
    raw = Results(
        (
            Record("in.care", "Q?", "Children", n, unit="children", n=n, kind="count", period=period),
            Record("care.cost", "Q?", "Cost", cost, unit="GBP per week", n=n, support=n, period=period),
        )
    )
    return release_of(
        raw, gate(raw)[0], quarter=quarter, run=f"r{n}", policy="strict", digest=f"d{n}{quarter}"
    )


@pytest.mark.parametrize(
    ("before", "now", "found"),
    [
        (272, 272, []),  # nothing changed
        (273, 276, []),  # rounded alike: both say 275
        (272, 273, ["in.care", "care.cost"]),  # one child, and 270 becomes 275
        (270, 279, ["in.care", "care.cost"]),
        (270, 280, []),  # ten children or more
    ],
)
def test_figures_a_few_children_apart_are_found_where_both_show_it(before, now, found):
    assert differing([released(before)], released(now)) == found


@pytest.mark.parametrize(
    ("data", "found"), [("the same", []), ("corrected", ["care.cost"]), ("", ["care.cost"])]
)
def test_a_figure_of_as_many_children_shown_otherwise_is_found_unless_the_data_are_the_same(data, found):
    first = replace(released(272), data=data and "the same")
    assert differing([first], replace(released(272, cost=560.0), data=data)) == found
    other = replace(released(272, cost=560.0), data=data, policy="dfe")
    assert differing([first], other) == ["care.cost"], "another profile hides other cells"


def test_a_figure_hidden_in_one_report_of_the_quarter_alone_is_found():
    assert differing([released(9)], released(10)) == ["in.care", "care.cost"]
    assert differing([released(10)], released(9)) == ["in.care", "care.cost"]
    assert differing([released(8)], released(9)) == []
    before, now = released(9, "2019Q3", period="2019Q2"), released(10, "2019Q4", period="2019Q2")
    assert revised_by_few([before], now) == {"in.care", "care.cost"}
    assert not revised_by_few([now], before), "what is hidden already need not be withheld"


def test_another_quarter_is_another_matter():
    must_not_differ([released(272, "2019Q3")], released(273))


def test_a_quarter_told_again_by_a_later_report_is_withheld_where_a_few_children_lie_between():
    told, again = released(22, "2019Q3", period="2019Q2"), released(23, "2019Q4", period="2019Q2")
    assert revised_by_few([told], again) == {"in.care", "care.cost"}
    assert not revised_by_few([told], released(23, "2019Q4", period="2019Q4"))
    raw = Results((Record("in.care", "Q?", "Children", 23, unit="children", n=23, kind="count"),))
    assert gate(raw, withheld=frozenset({"in.care"}))[0]["in.care"].status == "suppressed"


def test_the_same_children_by_other_bands_are_not_published_a_second_time():
    ages = {"0 to 4": 40, "5 to 9": 12, "10 to 15": 48, "16 and over": 60}

    def release(run, counts):
        cells = [
            Record(f"t.{i}", "Q?", "Children", n, unit="children", kind="count", n=n, support=n, family="t",
                   group=f"age: {band}; sex: {sex}", period="2019Q4")
            for i, (band, n, sex) in enumerate((band, n, sex) for band, n in counts.items() for sex in "mf")
        ]  # fmt: skip
        raw = Results(tuple(cells))
        return release_of(raw, gate(raw)[0], quarter="2019Q4", run=run, policy="strict", digest=run)

    first = release("a", ages)
    wider = release("b", {"0 to 9": 52, "10 to 15": 48, "16 and over": 60})
    assert differing([first], release("c", ages)) == []
    assert differing([first], wider) == ["t, by other bands"]
    with pytest.raises(CheckFailed, match="such as t, by other bands, or are of tables by other bands"):
        must_not_differ([first], wider)


def test_every_earlier_release_of_the_quarter_counts():
    with pytest.raises(CheckFailed, match="2019Q4 was published before, and 2 figures") as refused:
        must_not_differ([released(272), released(300)], released(273))
    assert "27" not in str(refused.value)


def test_a_release_is_entered_once_and_readable_by_its_owner_alone(tmp_path):
    enter(tmp_path, released(272))
    enter(tmp_path, released(272))
    enter(tmp_path, released(300, "2020Q1"))
    assert [r.quarter for r in read_register(tmp_path)] == ["2019Q4", "2020Q1"]
    assert stat.S_IMODE((tmp_path / REGISTER).stat().st_mode) == 0o600
    assert strike(tmp_path, "2019Q4") == 1
    assert [r.quarter for r in read_register(tmp_path)] == ["2020Q1"]


def test_a_damaged_register_stops_the_release(tmp_path):
    (tmp_path / REGISTER).write_text('{"quarter": ')
    with pytest.raises(InputError, match="damaged"):
        read_register(tmp_path)


COUNT = """
from vcanalysis.core.estimate import Estimate
from vcanalysis.output.results import record
record(Estimate("Children in care", {n}, n={n}, unit="children", method="count"), id="in.care", question="Who?",
       kind="count")
"""


@pytest.fixture
def council(tmp_path, monkeypatch):
    made = council_of_nobody(tmp_path / "council")
    made.tables = {"children": pd.DataFrame({"child_id": ["kid-000001"]})}
    made.synthetic = False
    monkeypatch.setattr(plan, "_open", lambda path: made)
    return made


def test_a_second_report_of_the_quarter_one_child_apart_is_refused(tmp_path, council):
    def once(n, **given):
        write_notebook(tmp_path / "nb", "04_who_is_in_care", COUNT.format(n=n))
        return run.evaluate(
            council.path, notebooks=tmp_path / "nb", out=tmp_path / "out", kernel="plain", **given
        )

    first = once(272)
    before = (first / "publish" / "results.json").read_bytes()
    assert once(272) == first
    with pytest.raises(CheckFailed, match=r"fewer than 10 children may lie between, such as in\.care"):
        once(273)
    assert (first / "publish" / "results.json").read_bytes() == before
    once(273, unsent=True)
    assert [len(r.figures) for r in read_register(first.parent)] == [1]


def test_a_run_that_fails_leaves_the_register_as_it_was_though_nothing_was_sent(tmp_path, council):
    def once(code, **given):
        write_notebook(tmp_path / "nb", "04_who_is_in_care", code)
        return run.evaluate(
            council.path, notebooks=tmp_path / "nb", out=tmp_path / "out", kernel="plain", **given
        )

    first = once(COUNT.format(n=272))
    with pytest.raises(CheckFailed):
        once("raise ValueError('x')", unsent=True)
    assert [len(r.figures) for r in read_register(first.parent)] == [1]
    with pytest.raises(CheckFailed, match="fewer than 10 children may lie between"):
        once(COUNT.format(n=273))
