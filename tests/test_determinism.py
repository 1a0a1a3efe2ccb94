"""Property tests: the same tables and files whatever the hash seed, locale, time zone, threads or order of rows."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from tests.briefing_drawn import ABOUT
from vcanalysis.core.paths import data_file
from vcanalysis.intake.opening import open_council

ROOT = Path(__file__).parents[1]
START, END = pd.Timestamp("2019-10-01"), pd.Timestamp("2019-12-31")
# what every question starts from
TABLES = {
    "snapshot": lambda council: council.snapshot(END),
    "weeks": lambda council: council.child_weeks(START, END),
    "assessments": lambda council: council.assessments(),
    "double ratings": lambda council: council.double_ratings(),
    "spells": lambda council: council.placement_spells(),
    **{
        name: lambda council, name=name: council.tables[name]
        for name in ("children", "outcomes", "goals", "stepdown", "carers")
    },
}
MAKE = """
import hashlib, json, sys, time
from pathlib import Path
import pandas as pd
from vcanalysis.analysis import association
from vcanalysis.output import briefing
from vcanalysis.output.records import example_results, read_results, write_results
out, about = Path(sys.argv[1]), json.loads(sys.argv[2])
from vcanalysis.core.paths import data_file
from vcanalysis.intake.opening import open_council
snapshot = open_council(data_file("demo")).snapshot("2019-12-31")
snapshot.to_csv(out / "snapshot.csv", index=False)
rho = association.rank_correlation(snapshot.dropna(subset=["need_total", "cost_gbp_week"]),
                                   x="need_total", y="cost_gbp_week")
(out / "rho.txt").write_text(rho.sentence())
results = read_results(example_results())
write_results(out / "results.json", results)
briefing.write(out, results, about)
print(json.dumps({p.relative_to(out).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
                  for p in sorted(out.rglob("*")) if p.is_file()}))
"""
PLACES = (
    {"PYTHONHASHSEED": "1", "TZ": "UTC", "LC_ALL": "C", "LANG": "C", "OMP_NUM_THREADS": "1"},
    {
        "PYTHONHASHSEED": "4242", "TZ": "Pacific/Kiritimati", "LC_ALL": "tr_TR.UTF-8", "LANG": "de_DE.UTF-8",
        "LC_NUMERIC": "de_DE.UTF-8", "OMP_NUM_THREADS": "2", "OPENBLAS_NUM_THREADS": "2", "PYTHONUTF8": "1",
    },
)  # fmt: skip


@pytest.fixture(scope="module")
def shuffled(tmp_path_factory):
    """The demo council and the same with the rows of every table in another order."""
    folder = tmp_path_factory.mktemp("shuffled") / "council"
    shutil.copytree(data_file("demo"), folder)
    for path in folder.glob("*.parquet"):
        pd.read_parquet(path).sample(frac=1, random_state=7).to_parquet(path, index=False)
    return open_council(data_file("demo")), open_council(folder)


@pytest.mark.parametrize("name", TABLES)
def test_tables_do_not_depend_on_the_order_of_rows(shuffled, name):
    one, other = (TABLES[name](council).reset_index(drop=True) for council in shuffled)
    assert len(one)
    pd.testing.assert_frame_equal(one, other, rtol=0, atol=0)


@pytest.mark.slow
def test_files_do_not_depend_on_hash_seed_locale_time_zone_or_threads(tmp_path):
    made = []
    for place, env in enumerate(PLACES):
        out = tmp_path / str(place)
        out.mkdir()
        words = [sys.executable, "-c", MAKE, str(out), json.dumps(ABOUT, default=str)]
        done = subprocess.run(
            words, env={**os.environ, "PYTHONPATH": str(ROOT), **env}, cwd=ROOT, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-2000:]
        made.append(json.loads(done.stdout.splitlines()[-1]))
    assert len(made[0]) > 8
    assert {name for name in made[0] if made[0][name] != made[1].get(name)} == set()
