"""Functional test of a whole run: canaries planted among the children are in none of the bytes that are published.

Fifty children of the demo council get ids, prices, homes and providers that occur nowhere else. A price stands in many
forms, so each is looked for with and without a comma, with and without its pence.
"""

from __future__ import annotations

import re
import shutil

import pandas as pd
import pytest

from vcanalysis.cli import main
from vcanalysis.core.paths import data_file
from vcanalysis.output.leaks.opening import parts

CANARIES = 50
PRICES = [7_313.37 + 17.03 * i for i in range(CANARIES)]


def with_canaries(folder):
    """Copy the demo council and make canaries of the children with most rows of cost."""
    shutil.copytree(data_file("demo"), folder)
    costs = pd.read_parquet(folder / "costs.parquet")
    chosen = costs["child_id"].value_counts(sort=True).index[:CANARIES]
    names = {old: f"canary-{i:06d}" for i, old in enumerate(chosen)}
    for path in folder.glob("*.parquet"):
        table = pd.read_parquet(path)
        if "child_id" not in table:
            continue
        kept = table.select_dtypes("category")
        table = table.astype({name: kept[name].cat.categories.dtype for name in kept})
        table["child_id"] = table["child_id"].replace(names)
        mine = table["child_id"].str.startswith("canary-")
        for column, word in (("provider_id", "birdseed"), ("home_id", "nestbox")):
            if column in table:
                ringed = word + "-" + table["child_id"].str[-4:]
                table[column] = table[column].mask(mine & table[column].notna(), ringed)
        if path.stem == "costs":
            asked = table["child_id"].map(dict(zip(names.values(), PRICES, strict=True)))
            table["gbp_week"] = table["gbp_week"].mask(mine, asked)
        table.to_parquet(path)
    return folder


def traces() -> list[str]:
    """Give what would tell of a canary."""
    forms = (form for price in PRICES for form in (f"{price:.2f}", f"{price:,.2f}", f"{price:,.0f}"))
    return ["canary-", "birdseed-", "nestbox-", *forms]


def found_in(folder) -> set[str]:
    """Look through every byte of every file, unpacked."""
    said = (
        part.name + part.text
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        for part in parts(path.name, path.read_bytes())
    )
    return {trace for text in said for trace in traces() if trace in text and stands_in(text, trace)}


def stands_in(text: str, trace: str) -> bool:
    """Say whether a trace is there by itself: -227,484 holds no 7,484."""
    return (
        re.search(rf"(?<!\d){re.escape(trace)}(?!\d)" if trace[0].isdigit() else re.escape(trace), text)
        is not None
    )


def published(tmp_path, *options):
    """Run the canaries' council from settings to all formats."""
    council = with_canaries(tmp_path / "council")
    assert main(["evaluate", str(council), "--out", str(tmp_path / "reports"), *options]) == 0
    (manifest,) = (tmp_path / "reports").glob("*/*/manifest.json")
    return manifest.parent


def test_a_price_is_found_by_itself_and_not_within_another_number():
    assert stands_in("paid £7,484 a week; 7,484.", "7,484")
    assert not stands_in("-227,484 to 7,4841", "7,484")
    assert stands_in("xcanary-000001", "canary-")


def test_no_canary_is_in_what_a_run_of_lists_and_prices_publishes(tmp_path):
    run = published(tmp_path, "--only", "03,06")
    assert found_in(run / "publish") == set()
    assert {"canary-", "7313.37"} <= found_in(run / "private")  # the lists for professionals do hold them


@pytest.mark.long
def test_no_canary_is_in_what_a_whole_run_publishes(tmp_path):
    run = published(tmp_path)
    assert {path.suffix for path in (run / "publish").iterdir()} >= {
        ".html",
        ".pdf",
        ".docx",
        ".xlsx",
        ".json",
    }
    assert found_in(run / "publish") == set()
