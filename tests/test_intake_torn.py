"""Unit and functional tests: the pounds of rows with a field too many or too few, known or said to be unknown."""

from __future__ import annotations

import json
from itertools import accumulate, product

import pytest
from drawn import returns, text_of, write_folder

from vcanalysis.intake.cleaning.torn import alignments
from vcanalysis.intake.importing import import_extracts

HEAD = ["child_id", "Provider", "from", "to", "gbp_week", "Note"]
WHOLE = [
    [f"QX{k:05d}", "Oak House", "01/06/2018", "29/06/2018", "700", ""] for k in range(40)
]  # 28 days: £2,800


def brought_in(folder, *torn, head=HEAD, rows=WHOLE, mapping=""):
    (folder / "c.csv").write_text(
        text_of([head, *rows]) + "".join(line + "\n" for line in torn), encoding="utf-8"
    )
    (folder / "m.toml").write_text(mapping or "[costs]\n", encoding="utf-8")
    source = {
        year: {name: rows for name, rows in tables.items() if name in ("header", "episodes")}
        for year, tables in returns(60).items()
    }
    return import_extracts(
        folder / "o",
        ssda903=write_folder(source, folder / "f"),
        costs=folder / "c.csv",
        mapping=folder / "m.toml",
        key=folder / "k" / "k.key",
    )


@pytest.mark.parametrize(
    "line",
    [
        "QX00041,Oak House,01/06/2018,29/06/2018,700,ask, Joan",
        "QX00041,Oak, The House,01/06/2018,29/06/2018,700,",
        "QX00041,Oak, The, House,01/06/2018,29/06/2018,700,ask, Joan",
        "QX00041,Oak House,01/06/2018,29/06/2018,700",
        'QX00041,"Oak, The House",01/06/2018,29/06/2018,"£700.00",ask, Joan',
    ],
    ids=["comma behind the price", "before it", "both", "too short behind it", "with quotes elsewhere"],
)
def test_pounds_that_can_be_read_in_one_way_only_are_set_aside_with_their_row(tmp_path, line):
    money = brought_in(tmp_path, line).money
    assert (money.pounds_in, money.pounds_kept, money.pounds_aside) == (41 * 2800, 40 * 2800, 2800)
    assert (money.rows_not_split, money.rows_without_pounds) == (0, 0)
    assert money.balance().endswith("£2,800.00 set aside + £0.00 repeated. They balance.")


@pytest.mark.parametrize(
    "line",
    [
        "QX00041,Oak House,01/06/2018,29/06/2018,1,700,",
        "QX00041,Oak House,29/06/2018,700,",
        "QX00041,Oak House,01/06/2018,29/06/2018",
        "QX00041,Oak, House,01/06/2018,29/06/2018,lots,",
        "QX00041,a,b,c,d,Oak House,01/06/2018,29/06/2018,700,",
        "Jo Smith,Oak, House,01/06/2018,29/06/2018,700,",
        ",,",
    ],
    ids=[
        "1 or 1,700",
        "no begin or no end",
        "no price",
        "no amount",
        "too many",
        "no child of the return",
        "nothing",
    ],
)
def test_pounds_that_cannot_be_known_are_said_to_be_unknown(tmp_path, line):
    report = brought_in(tmp_path, line)
    said = "\n".join(report.lines())
    assert (report.money.pounds_in, report.money.rows_not_split) == (40 * 2800, 1)
    assert "1 row could not be split into fields: their pounds are not known." in said
    assert "They balance but for 1 row with a field too many or too few, not counted here." in said
    assert json.loads((report.path / "import" / "report.json").read_text())["money"]["rows_not_split"] == 1
    assert "Smith" not in said


def test_an_open_price_runs_to_the_next_of_its_child_and_ends_none(tmp_path):
    head = ["child_id", "from", "to", "gbp_week", "Note"]
    here = [k for k in range(60) if k % 5]  # the others have left
    rows = [[f"QX{k:05d}", "01/01/2020", "", "700", ""] for k in here]  # 91 days to 31 March 2020: £9,100
    torn = ["QX00001,18/12/2019,,700,ask, Joan", "QX00002,01/02/2020,,700,ask, Joan"]  # 14 days, 60 days
    money = brought_in(tmp_path, *torn, head=head, rows=rows).money
    assert (money.pounds_kept, money.pounds_aside) == (48 * 9100, 1400 + 6000)
    assert (money.pounds_lost, money.rows_not_split) == (0, 0)


def test_a_row_cut_off_before_its_end_is_not_taken_for_an_open_price(tmp_path):
    head = ["child_id", "from", "gbp_week", "to"]
    rows = [[f"QX{k:05d}", "01/06/2018", "700", "29/06/2018"] for k in range(40)]
    money = brought_in(tmp_path, "QX00041,01/06/2018,700", head=head, rows=rows).money
    assert (money.pounds_aside, money.rows_not_split) == (0, 1)


def test_the_words_and_dates_of_a_torn_row_are_read_by_the_mapping(tmp_path):
    head = ["child_id", "Team", "from", "to", "amount", "Freq", "Note"]
    rows = [[f"QX{k:05d}", "A", "06/01/2018", "06/29/2018", "700", "Wk.ly", ""] for k in range(40)]
    mapping = '[costs]\nperiod = "Freq"\ndates = "mm/dd/yyyy"\n[costs.values.period]\n"Wk.ly" = "week"\n'
    line = "QX00041,A,06/01/2018,06/29/2018,1,700,Wk.ly,"  # the comma can only part thousands
    money = brought_in(tmp_path, line, head=head, rows=rows, mapping=mapping).money
    assert (money.pounds_aside, money.rows_not_split) == (1700 * 4, 0)


def test_every_way_to_lay_a_row_too_long_is_tried_once():
    places = [0, 1, 3]
    widths = [w for w in product(range(1, 4), repeat=4) if sum(w) <= 6]  # of 4 columns over 6 cells or fewer
    ends = [list(accumulate(w)) for w in widths]
    wanted = {tuple((end[at] - w[at], end[at]) for at in places) for w, end in zip(widths, ends, strict=True)}
    laid = [tuple(spans) for spans in alignments(4, 6, places)]
    assert set(laid) == wanted
    assert len(laid) == len(wanted) == 15
