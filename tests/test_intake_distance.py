"""Unit tests: miles from home by a directory drawn by hand; no postcode and no adopter's whereabouts are kept."""

from __future__ import annotations

import pandas as pd
import pytest
from drawn import returns, write_folder

from vcanalysis.core.errors import InputError
from vcanalysis.intake.cleaning.directory import read_directory
from vcanalysis.intake.cleaning.distance import area_of_placement, miles_from_home
from vcanalysis.intake.importing import import_extracts

ROWS = pd.DataFrame(
    {
        "HOME_POST": ["AA1 1AA", "AA1 1AA", "AA1 1AA", "", "AA1 1AA"],
        "PL_POST": ["AA1 1AA", "BB2 2BB", "CC3 3CC", "BB2 2BB", "BB2 2BB"],
        "PLACE": ["U4", "K2", "U6", "U4", "A5"],
    }
)


def test_a_grid_gives_straight_lines_in_whole_miles_and_none_to_adopters(tmp_path):
    # 3, 4, 5: thirty and forty kilometres apart on the two axes are fifty, or 31.07 miles
    file = tmp_path / "d.csv"
    file.write_text("pcds,oseast1m,osnrth1m,more\nAA1 1AA,400000,300000,x\nbb2 2bb,430000,340000,y\n")
    miles = miles_from_home(ROWS, read_directory(ROWS, file))
    assert miles.iloc[:2].tolist() == [0.0, 31.0]
    assert miles.iloc[2:].isna().all()  # not in the directory, no home given, placed for adoption


def test_latitude_and_longitude_give_great_circles(tmp_path):
    # one degree of latitude is 3958.8 * pi / 180 = 69.09 miles
    file = tmp_path / "d.csv"
    file.write_text('"Postcode","Latitude","Longitude"\n"AA11AA",52.0,-1.0\n"BB22BB",53.0,-1.0\n')
    assert miles_from_home(ROWS, read_directory(ROWS, file)).iloc[1] == 69.0


@pytest.mark.parametrize(
    ("columns", "councils", "own"),
    [
        ("oslaua", ["E06000001", "E07000002", "E06000001"], ["inside", "outside", "inside"]),
        # in a county the district of a stand-in is the council, of a true one the county is
        ("cty25cd,lad25cd", ["E10000001,E07000001", "E99999999,E06000002", "E10000001,E07000003"],
         ["inside", "outside", "inside"]),
        ("more", ["x", "y", "z"], [None, None, None]),
    ],
)  # fmt: skip
def test_the_council_s_area_is_that_in_which_most_homes_lie_and_an_adopter_has_none(
    tmp_path, columns, councils, own
):
    file, codes = tmp_path / "d.csv", ("AA1 1AA", "BB2 2BB", "CC3 3CC")
    lines = [f"{code},400000,300000,{council}" for code, council in zip(codes, councils, strict=True)]
    file.write_text("\n".join([f"pcds,oseast1m,osnrth1m,{columns}", *lines]) + "\n")
    area = area_of_placement(ROWS, read_directory(ROWS, file))
    assert [None if pd.isna(a) else a for a in area[:3]] == own
    assert pd.isna(area[4])


def test_where_no_council_has_most_of_the_homes_there_is_no_area(tmp_path):
    rows = ROWS.assign(HOME_POST=["AA1 1AA", "BB2 2BB", "", "", ""])
    file = tmp_path / "d.csv"
    file.write_text("pcds,oseast1m,osnrth1m,oslaua\nAA1 1AA,400000,300000,E1\nBB2 2BB,400000,300000,E2\n")
    assert area_of_placement(rows, read_directory(rows, file)).isna().all()


def test_a_place_that_a_directory_does_not_know_gives_no_distance(tmp_path):
    # a latitude of 99.999999 stands for none; the grid of Northern Ireland is another; blanks around a name do no harm
    file = tmp_path / "d.csv"
    file.write_text("pcds,lat,long\nAA1 1AA,52.0,-1.0\nBB2 2BB,99.999999,0.0\n")
    assert pd.isna(miles_from_home(ROWS, read_directory(ROWS, file)).iloc[1])
    rows = ROWS.replace("BB2 2BB", "BT2 2BB")
    file.write_text("pcds , oseast1m , osnrth1m \nAA1 1AA,400000,300000\nBT2 2BB,333000,374000\n")
    assert miles_from_home(rows, read_directory(rows, file)).isna().tolist()[:2] == [False, True]


def test_a_council_split_in_two_after_the_return_has_no_area(tmp_path):
    codes = [f"AA{k} 1AA" for k in range(10)]
    rows = pd.DataFrame({"HOME_POST": codes, "PL_POST": codes, "PLACE": "U6"})
    lines = [f"{code},400000,300000,{'E1' if k < 5 or k == 9 else 'E2'}" for k, code in enumerate(codes)]
    file = tmp_path / "d.csv"
    file.write_text("\n".join(["pcds,oseast1m,osnrth1m,oslaua", *lines]) + "\n")
    assert area_of_placement(rows, read_directory(rows, file)).notna().all()
    often = pd.concat(
        [rows, *[rows[rows["HOME_POST"].eq(codes[0])]] * 40]
    )  # one family's many moves weigh once
    split = pd.concat([often, rows.iloc[[8]].assign(HOME_POST="AA8 2AA")])
    file.write_text(file.read_text() + "AA8 2AA,400000,300000,E2\n")
    assert area_of_placement(split, read_directory(split, file)).isna().all()


def test_a_directory_without_places_is_refused_in_one_line(tmp_path):
    (tmp_path / "d.csv").write_text("a,b\n1,2\n")
    with pytest.raises(InputError, match="needs a column postcode"):
        read_directory(ROWS, tmp_path / "d.csv")
    with pytest.raises(InputError, match="cannot be read"):
        read_directory(ROWS, tmp_path / "none.csv")


def test_an_import_keeps_distances_and_no_postcode(tmp_path):
    made = returns(years=(2019,))
    for k, row in enumerate(made[2019]["episodes"][1:]):
        row[10:12] = ["AB1 2CD", "EF3 4GH"] if k % 2 else ["AB1 2CD", "ZZ99 3CZ"]
    source = write_folder(made, tmp_path / "f")
    (tmp_path / "d.csv").write_text(
        "postcode,easting,northing,oslaua\nAB1 2CD,400000,300000,E06000001\nEF3 4GH,416093,300000,E06000002\n"
    )
    key = tmp_path / "k" / "k.key"
    report = import_extracts(tmp_path / "o", ssda903=source, key=key, postcodes=tmp_path / "d.csv")
    placed = pd.read_parquet(report.path / "placements.parquet")
    miles, area = placed["distance_miles"], placed["area"]
    assert (miles.eq(10).sum(), miles.isna().sum(), len(miles)) == (30, 30, 60)
    assert (area.eq("outside").sum(), area.isna().sum()) == (30, 30)
    assert "most families' homes, for 30" in str(report)
    assert "known for 30 of 60 episodes, in whole miles" in str(report)
    assert not any(b"EF3" in file.read_bytes() for file in report.path.rglob("*.*"))
    bare = import_extracts(tmp_path / "p", ssda903=source, key=key)
    assert "give a directory of postcodes with --postcodes" in str(bare)
    assert pd.read_parquet(bare.path / "placements.parquet")["distance_miles"].isna().all()
