"""Unit tests of the vocabulary called amiss: one line that says what to type, never a traceback."""

from __future__ import annotations

import pandas as pd
import pytest
from IPython.core.interactiveshell import InteractiveShell

import vcanalysis as vc
from vcanalysis.core.errors import InputError

FRAME = pd.DataFrame({"need_total": [1.0, 2.0], "cost_gbp_week": [500.0, 900.0]})


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
    ],
)
def test_a_call_that_does_not_fit_is_refused_with_one_that_does(call, says):
    with pytest.raises(InputError, match=says):
        call()


def test_a_word_written_amiss_gives_the_nearest():
    with pytest.raises(AttributeError, match=r"Did you mean vc\.association\.rank_correlation\?"):
        vc.association.rank_corelation(FRAME)
    assert not hasattr(vc.middle, "no_such_thing")


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
