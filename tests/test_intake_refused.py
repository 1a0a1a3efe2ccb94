"""Unit tests: what an import refuses or sets aside before it can do harm, and what `forget` leaves."""

from __future__ import annotations

import shutil
import time

import pandas as pd
import pytest
from drawn import returns, text_of, write_folder

from vcanalysis.core.errors import InputError
from vcanalysis.intake.arriving import arrive
from vcanalysis.intake.cleaning.ledger import Ledger
from vcanalysis.intake.cleaning.sense import sensible
from vcanalysis.intake.forgetting import forget_council
from vcanalysis.intake.importing import import_extracts
from vcanalysis.intake.pseudonyms import load_key
from vcanalysis.intake.readers import limits
from vcanalysis.intake.readers.sheet import sheet_table
from vcanalysis.intake.readers.sources import read_source
from vcanalysis.intake.readers.ssda903 import read_returns
from vcanalysis.intake.readers.text import read_csv_bytes
from vcanalysis.intake.readers.xml import read_xml_bytes

NHS = ("9434765919", "9434765870", "9434765889", "9434765897", "9434765900", "9434765927")


@pytest.mark.parametrize(
    "key",
    [
        "0123456789" * 4,
        "password for the council of anyshire 1234",
        "passwordpasswordsecretsecret1234",
        "abcdefghijklmnopqrstuvwxyz0123456789",
    ],
)
def test_a_key_that_could_be_guessed_is_refused(tmp_path, key):
    place = tmp_path / "a.key"
    place.write_text(key)
    place.chmod(0o600)
    with pytest.raises(InputError, match="could be guessed"):
        load_key(place)


def test_a_key_made_by_us_is_taken_again(tmp_path):
    for number in range(50):
        made = load_key(tmp_path / f"{number}.key")
        assert load_key(tmp_path / f"{number}.key").key_id == made.key_id


def test_a_link_that_leads_out_of_the_folder_is_not_followed(tmp_path):
    source = write_folder(returns(10, years=(2019,)), tmp_path / "f")
    (tmp_path / "else.csv").write_text("secret")
    (source / "2019" / "header.csv").unlink()
    (source / "2019" / "header.csv").symlink_to(tmp_path / "else.csv")
    with pytest.raises(InputError, match="holds a link that leads out of it"):
        list(read_source(source, known={"CHILD"}))


def test_three_hundred_thousand_columns_are_refused_before_parsing():
    data = ("child_id," + ",".join(f"c{k}" for k in range(300_000)) + "\na" + "," * 300_000 + "\n").encode()
    begun = time.process_time()
    with pytest.raises(InputError, match="more than 2,000 columns"):
        read_csv_bytes(data, source="x.csv", name="x", group="", known={"CHILDID"})
    assert time.process_time() - begun < 2


def test_a_header_longer_than_its_window_is_read_whole():
    names = [f"{'a' * 60}{k}" for k in range(1_000)]
    table = read_csv_bytes((",".join(names) + "\n" + ",".join(["1"] * 1_000)).encode(), source="x", name="x", group="",
                           known=set())  # fmt: skip
    assert table.frame.shape == (1, 1_001)


def test_a_row_of_a_sheet_that_ends_early_is_filled_up():
    rows = [("CHILD", "DOB", "UPN"), ("a", "01/04/2005"), ("b",)]
    table = sheet_table(rows, source="x", name="x", group="", known={"CHILD", "DOB"})
    assert table.frame.drop(columns="_row").values.tolist() == [["a", "01/04/2005", ""], ["b", "", ""]]


def test_a_parquet_file_of_many_columns_is_refused(tmp_path):
    source = write_folder(returns(10, years=(2019,)), tmp_path / "f")
    pd.DataFrame({f"c{k}": [1] for k in range(2_001)}).to_parquet(tmp_path / "c.parquet")
    with pytest.raises(InputError, match="has more than 2,000 columns"):
        import_extracts(tmp_path / "o", ssda903=source, key=tmp_path / "k.key", costs=tmp_path / "c.parquet")


def test_a_text_file_of_more_cells_than_are_read_is_refused_before_it_is_parsed(monkeypatch):
    monkeypatch.setattr(limits, "MAX_CELLS", 10)
    with pytest.raises(InputError, match=r"x\.csv holds more than 10 cells"):
        read_csv_bytes(b"CHILD,DOB\n" + b"a,b\n" * 6, source="x.csv", name="x", group="", known={"CHILD"})
    child = "<CHILD><HEADER><CHILDID>7</CHILDID></HEADER></CHILD>"
    with pytest.raises(InputError, match=r"x\.xml holds more than 10 cells"):
        read_xml_bytes(f"<EXPSSDA903>{child * 3}</EXPSSDA903>".encode(), source="x.xml", group="")


def test_children_named_by_nhs_number_stop_the_returns(tmp_path):
    made = returns(len(NHS), years=(2019,))
    for rows in made[2019].values():
        for row in rows[1:]:
            row[0] = NHS[int(row[0][2:]) % len(NHS)]
    with pytest.raises(InputError, match="holds NHS numbers") as error:
        arrive(write_folder(made, tmp_path / "f"), tmp_path / "k.key", tmp_path / "o")
    assert not any(number in str(error.value) for number in NHS)


def test_steps_out_of_order_are_flagged_by_the_step():
    days = {"profiled": ["2019-05-15"] * 3, "offer": ["2019-06-10"] * 3, "match": ["2019-06-09", None, "2019-06-11"],
            "move": ["2019-07-01", "2019-06-01", None]}  # fmt: skip
    rows = pd.DataFrame({k: pd.to_datetime(v) for k, v in days.items()}).assign(_file="x", _row=[2, 3, 4])
    ledger = Ledger()
    assert len(sensible(rows, "stepdown", ledger=ledger)) == 3
    assert ledger.log()[["rule", "row", "column"]].values.tolist() == [
        ["steps-order", 2, "match"],
        ["steps-order", 3, "move"],
    ]


def test_steps_of_no_row_at_all_are_in_order():
    none = pd.DataFrame({"profiled": pd.to_datetime([]), "move": pd.to_datetime([]), "_file": [], "_row": []})
    assert sensible(none, "stepdown", ledger=Ledger()).empty


def test_forget_deletes_an_import_whose_council_toml_is_damaged(tmp_path):
    out = import_extracts(
        tmp_path / "out", ssda903=write_folder(returns(20), tmp_path / "f"), key=tmp_path / "k" / "k.key"
    ).path
    (out / "council.toml").write_text("name = ", encoding="utf-8")
    said = forget_council(out)
    assert not out.exists()
    assert any("whose name could not be read" in line for line in said.remains)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "council.toml").write_text("name = ", encoding="utf-8")
    with pytest.raises(InputError, match="cannot be read as TOML"):
        forget_council(tmp_path / "other")  # nothing says that an import wrote it


def test_forget_leaves_the_files_of_a_person(tmp_path):
    source = write_folder(returns(10, years=(2019,)), tmp_path / "f")
    out = import_extracts(tmp_path / "o", ssda903=source, key=tmp_path / "k.key").path
    (out / "import" / "extra.txt").write_text("mine")
    said = forget_council(out)
    assert [str(f.relative_to(out)) for f in out.rglob("*") if f.is_file()] == ["import/extra.txt"]
    assert said.remains[0].startswith("1 file in")
    shutil.rmtree(out)
    out = import_extracts(tmp_path / "o", ssda903=source, key=tmp_path / "k.key").path
    forget_council(out)
    assert not out.exists()


def test_two_returns_that_lie_together_are_said_to(tmp_path):
    for year, tables in returns(20).items():
        for name, rows in tables.items():
            (tmp_path / "f").mkdir(exist_ok=True)
            (tmp_path / "f" / f"{name}{year - 2000}.csv").write_text(text_of(rows))
    with pytest.raises(InputError, match="two returns seem to lie together"):
        read_returns(tmp_path / "f")
