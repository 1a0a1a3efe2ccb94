"""Back-tests: what docs/mapping.md shows comes of importing its examples, and it names every option there is."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
from drawn import returns, write_folder

from vcanalysis.intake import mapping
from vcanalysis.intake.importing import import_extracts

PAGE = (Path(__file__).parents[1] / "docs" / "mapping.md").read_text(encoding="utf-8")
_BLOCKS = r"```csv\n(.+?)```\n\n```toml\n(.+?)```\n\n```text\n(.+?)```"
EXAMPLES = re.findall(_BLOCKS, PAGE, flags=re.DOTALL)


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    return write_folder(returns(60), tmp_path_factory.mktemp("source") / "f")


def _shown(value):
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    return "-" if pd.isna(value) else f"{value:g}" if isinstance(value, float) else str(value)


def test_every_block_of_the_page_is_part_of_an_example():
    assert len(EXAMPLES) == PAGE.count("```csv") == PAGE.count("```toml") == PAGE.count("```text") == 10


@pytest.mark.parametrize(("csv", "toml", "text"), EXAMPLES, ids=[e[1].split("]")[0][1:] for e in EXAMPLES])
def test_what_the_page_shows_comes_of_its_example(source, tmp_path, csv, toml, text):
    (tmp_path / "x.csv").write_text(csv, encoding="utf-8")
    (tmp_path / "x.toml").write_text(toml, encoding="utf-8")
    kind = re.match(r"\[(\w+)", toml)[1]
    given = {kind: tmp_path / "x.csv", "mapping": tmp_path / "x.toml"}
    report = import_extracts(tmp_path / "out", ssda903=source, key=tmp_path / "k" / "k.key", **given)
    rows = pd.read_parquet(report.path / f"{kind}.parquet")
    head, *lines = text.splitlines()
    shown = [[_shown(value) for value in row] for row in rows[head.split()].astype("object").to_numpy()]
    counted = dict(line.split(": ") for line in lines if ": " in line)
    assert sorted(shown) == sorted(line.split() for line in lines if ": " not in line)
    assert {rule: str(report.rules[rule]) for rule in counted} == counted


def test_the_page_names_every_option_part_and_mapping_that_comes_with_the_workbench():
    names = (*mapping.OPTIONS, *mapping._PARTS, "optional", "period", "line", "entered", *mapping.presets())
    assert [name for name in names if not re.search(rf"`(--mapping )?{name}( =|`)", PAGE)] == []
    words = [word for allowed in mapping.OPTIONS.values() for word in allowed]
    assert [word for word in words if f"`{word}`" not in PAGE and f'"{word}"' not in PAGE] == []


def test_the_readme_leads_to_the_page(root):
    assert "docs/mapping.md" in (root / "README.md").read_text(encoding="utf-8")
