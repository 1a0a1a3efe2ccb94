"""Unit tests of the vocabulary called amiss: one line that says what to type, never a traceback."""

from __future__ import annotations

from types import FunctionType

import pandas as pd
import pytest
from IPython.core.interactiveshell import InteractiveShell

import vcanalysis as vc
from vcanalysis.core import amiss
from vcanalysis.core.errors import InputError
from vcanalysis.core.paths import data_file

FRAME = pd.DataFrame({"need_total": [1.0, 2.0], "cost_gbp_week": [500.0, 900.0]})


class Taught:
    """Stands in for a class of the package."""

    __getattr__ = amiss._say_nearest


@pytest.fixture(scope="module")
def here():
    return vc.open_council(data_file("demo"))


@pytest.fixture
def shell(here, monkeypatch):
    """A notebook's shell with the vocabulary loaded."""
    made = InteractiveShell()
    monkeypatch.setattr(InteractiveShell, "_instance", made)
    amiss.teach_notebook()
    made.user_ns |= {"vc": vc, "here": here, "kids": here.snapshot("2019-12-31")}
    return made


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: vc.open_council(), "Write: vc.open_council"),
        (lambda: vc.open_council(3), "given an int. Write: vc.open_council"),
        (lambda: vc.association.rank_correlation(FRAME), "'x'. Write: vc.association.rank_correlation"),
        (
            lambda: vc.association.rank_correlation(FRAME, "need_total", "cost_gbp_week"),
            "too many positional",
        ),
        (
            lambda: vc.association.rank_correlation("data/demo", x="a", y="b"),
            "a DataFrame first.*given a str",
        ),
        (lambda: vc.middle.find_middle(FRAME), "Write: vc.middle.find_middle"),
        (lambda: vc.plots.plot_middle(FRAME), "plot_middle draws MiddleGroup, not a table"),
        (lambda: vc.explore.timeline(FRAME), "Write: vc.explore.timeline"),
        (lambda: vc.explore.savings_scenario("data/demo", "2019Q4"), "a Council first"),
        (lambda: vc.check_council("data/demo"), "Write: vc.check_council"),
        (lambda: vc.fact(), "Write: vc.fact"),
        (lambda: vc.claim(3), "Write: vc.claim"),
        (lambda: vc.plots.show(3), "show takes an Axes first, and was given an int"),
        (lambda: vc.plots.plot_middle(3), "plot_middle draws MiddleGroup, not int"),
        (lambda: vc.plots.plot_middle(), "plot_middle draws MiddleGroup, not nothing"),
        (lambda: vc.savings.load_scenario(3), "Write: vc.savings.load_scenario"),
        (lambda: vc.explore.need_against_cost(FRAME, domains=["a"]), "domains=here.framework.domain_titles"),
        (lambda: vc.explore.need_against_cost(FRAME, words="plans"), "Write: words=vc.explore.PLANS"),
        (lambda: vc.explore.list_by_risk(FRAME), "an EntryRisk first"),
        (lambda: vc.association.need_curve("x", need="a", cost="b"), "A table is wanted, and str was given"),
        (
            lambda: vc.association.cost_model(FRAME, cost="cost_gbp_week", terms="need_total"),
            r"Give a list of columns: \['need_total'\]",
        ),
        (lambda: vc.write_day(3), "3 is no day"),
        (lambda: vc.say("{rho}", rh=1), r"names \{rho\}, and was given rh"),
    ],
)
def test_a_call_that_does_not_fit_is_refused_with_one_that_does(call, says):
    with pytest.raises(InputError, match=says):
        call()


def test_a_word_written_amiss_gives_the_nearest():
    with pytest.raises(AttributeError, match=r"Did you mean vc\.association\.rank_correlation\?"):
        vc.association.rank_corelation(FRAME)
    assert not hasattr(vc.middle, "no_such_thing")


@pytest.mark.parametrize(
    ("ask", "says"),
    [
        (
            lambda here: here.snapshots("2019-12-31"),
            r"A Council has no 'snapshots'. Did you mean \.snapshot\?",
        ),
        (lambda here: here.children, r"Write \.tables\['children'\]"),
        (lambda here: here.last_quarter().zzz, "A Quarter has no 'zzz'. It has: containing, end"),
    ],
)
def test_an_object_says_the_nearest_word_it_has(here, ask, says):
    with pytest.raises(AttributeError, match=says):
        ask(here)


def test_a_property_that_fails_says_so_itself():
    class Broken(Taught):
        @property
        def sentence(self):
            return self.frame_().inner

        def frame_(self):
            return 1

    with pytest.raises(AttributeError, match="'int' object has no attribute 'inner'"):
        _ = Broken().sentence


def test_a_control_is_moved_with_set_and_not_by_a_name_beside_it(here):
    explorer = vc.explore.definition_of_the_middle(here.snapshot("2019-12-31"))
    with pytest.raises(InputError, match=r"explorer\.set\(floor=\.\.\.\)"):
        explorer.floor = 2000


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("vc.association.need_curve(kids)", "Write: need_curve(frame, need=..., cost=...)"),
        ("vc.Quarter()", "Quarter: missing 1 required positional argument: 'year'"),
        ("vc.stability.kaplan_meier(kids, '2019')", "watch is to be Watch, and was given str"),
        ("vc.flow.cohort_flow(kids, '2019-12-31')", "council is to be Council, and was given DataFrame"),
        ("vc.draw_nation(councils='all')", "councils is to be int, and was given str"),
        ("here.name = 'x'", "is not changed in place"),
        ("here.last_quarter()['year']", "A Quarter is no table."),
        ("here.tables['kids']", "There is no 'kids'. There are: children, placements"),
        ("kids['age']", "The table has no column 'age'. Did you mean 'age_years'?"),
        ("kids.cost", "Did you mean 'cost_gbp_week'?"),
        ("kids.query('ages > 3')", "Did you mean 'age_years'?"),
        ("kids.groupby('placment_type').size()", "Did you mean 'placement_type'?"),
    ],
)
def test_a_notebook_says_in_one_line_what_was_written_amiss(shell, capsys, cell, says):
    shell.run_cell(cell)
    shown = capsys.readouterr().out
    assert says in shown
    assert shown.startswith("Refused: ")
    assert shown.count("\n") == 1


@pytest.mark.parametrize("cell", ["1 / 0", "{}['a']", "kids.loc['00ff']", "len(3)"])
def test_any_other_error_is_shown_as_ever(shell, capsys, cell):
    """A row, which may be a child, is never named in our line."""
    shell.run_cell(cell)
    assert "Refused" not in capsys.readouterr().out


def test_a_fault_that_may_be_ours_keeps_its_traceback(shell, capsys):
    shell.user_ns["fails"] = FunctionType(
        (lambda: (3).months).__code__, {"__name__": "vcanalysis.core.fails"}
    )
    shell.run_cell("fails()")
    shown = capsys.readouterr().out
    assert "Refused" not in shown
    assert "Traceback" in shown


def test_a_way_of_showing_errors_that_is_there_already_is_left_alone(shell):
    shell.set_custom_exc((ZeroDivisionError,), lambda *_: None)
    amiss.teach_notebook()
    assert shell.custom_exceptions == (ZeroDivisionError,)


def test_a_missing_column_is_told_with_every_column_there_is():
    wide = pd.DataFrame({f"column_{i}": [1] for i in range(30)})
    with pytest.raises(InputError, match="column_29"):
        vc.explore.definition_of_the_middle(wide)


def test_a_notebook_shows_the_line_and_no_traceback(capsys):
    shell = InteractiveShell()
    shell.run_cell("import vcanalysis as vc\nvc.open_council()")
    shown = capsys.readouterr()
    assert "Refused: open_council: missing" in shown.out + shown.err
    assert "Traceback" not in shown.out + shown.err
    shell.run_cell("vc.midle")
    shown = capsys.readouterr()
    assert "Refused: vcanalysis has no 'midle'. Did you mean vc.middle?" in shown.out + shown.err
    assert "Traceback" not in shown.out + shown.err
