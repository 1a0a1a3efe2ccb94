"""Make the numbers of the peers' own packages that test_analysis_sufficiency_peer.py holds our re-creation against.

Both need an environment of their own, never a dependency: python -m venv side; side/bin/pip install
cs-demand-model==0.5.1 pandas==1.5.3 "numpy<2" "setuptools<63". The regional one is no package of a registry: lay its
folder `ssda903` somewhere. Then, from here, with the project's own Python:
VC_CSDM_PYTHON=side/bin/python VC_CSDM_REGIONAL=FOLDER python -m tests.write_peer_forecast
It reads invented children only; writes tests/peer_forecast.json. The regional numbers stored were made by the functions
of its commits 0d1d29e (multinomial), 069d885 (population_stats) and 096abe6 (datacontainer), with its web and its costs
cut away: the whole of it needs Django.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

from tests.validity.trials_sufficiency import DAY, council

STORED = Path(__file__).parent / "peer_forecast.json"
CODES = {"Fostering": "U4", "Residential home": "K2", "Supported accommodation": "H5"}
CASES = ("plain", "with gaps and overlaps")
_READ = """
import json, sys
from datetime import timedelta
import pandas as pd
folder, day = sys.argv[1], pd.Timestamp(sys.argv[2])
since, ahead = day - pd.DateOffset(months=12), (day + pd.DateOffset(months=12) - day).days
kinds = ["FOSTERING", "RESIDENTIAL", "SUPPORTED"]
"""
PARENT = (
    _READ
    + """
from cs_demand_model import Config, DemandModellingDataContainer, ModelPredictor, PopulationStats, fs_datastore
config = Config()
stats = PopulationStats(DemandModellingDataContainer(fs_datastore(folder), config).enriched_view, config)
last = ModelPredictor.from_model(stats, since, day).predict(ahead).iloc[-1]
said = [sum(last[state] for state in last.index if state[1] == kind) for kind in kinds]
print(json.dumps({"middle": [sum(said), *said]}))
"""
)
REGIONAL = (
    _READ
    + """
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from ssda903.datacontainer import DemandModellingDataContainer
from ssda903.multinomial import MultinomialPredictor
from ssda903.population_stats import PopulationStats
class Container(DemandModellingDataContainer):
    def combined_datasets(self):
        head, stays = (pd.read_csv(next(Path(folder).glob("*/" + name)))
                       for name in ("header.csv", "episodes.csv"))
        both = stays.merge(head[["CHILD", "DOB"]], on="CHILD").fillna({"REASON_PLACE_CHANGE": ""})
        return both.assign(**{name: pd.to_datetime(both[name], format="%d/%m/%Y") for name in ("DOB", "DECOM", "DEC")})
class Nothing:
    files = []
rows = Container(Nothing()).enriched_view
stats = PopulationStats(rows, rows["DECOM"].min(), day)
found = MultinomialPredictor(population=stats.stock_at(day), transition_rates=stats.raw_transition_rates(since, day),
    transition_numbers=stats.daily_entrants(since, day), start_date=day).predict(ahead)
def by_kind(last):
    said = [sum(last[state] for state in last.index if state.upper().endswith(kind)) for kind in kinds]
    return [float(sum(said)), *map(float, said)]
print(json.dumps({"middle": by_kind(found.population.iloc[-1]), "variance": by_kind(found.variance.iloc[-1])}))
"""
)


def drawn(case: str) -> pd.DataFrame:
    """Draw the placements of a case, as they are known on the day of the forecast."""
    spells = council(7, arrivals=150, swing=0.15)
    if case != CASES[0]:
        spells = spells[np.arange(len(spells)) % 9 > 0]
        late = spells["end"] + pd.Timedelta(days=20)
        spells = spells.assign(end=late.where(np.arange(len(spells)) % 7 == 0, spells["end"]))
    spells = spells[spells["start"] <= DAY]
    return spells.assign(end=spells["end"].where(spells["end"] <= DAY))


def ask(program: str, case: str, *also: str, python: str) -> dict[str, list[float]]:
    """Write a case as a return and let a package forecast it a year ahead: all children, then each kind."""
    spells = drawn(case)
    born = spells["birth_month"] + pd.Timedelta(days=15)
    written = "%d/%m/%Y"
    stays = {"CHILD": spells["child_id"], "DECOM": spells["start"].dt.strftime(written)}
    stays |= dict.fromkeys(("RNE", "LS", "CIN"), "P") | {"PLACE": spells["placement_type"].map(CODES)}
    stays |= {"PLACE_PROVIDER": "PR1", "DEC": spells["end"].dt.strftime(written).fillna("")}
    stays |= dict.fromkeys(("REC", "REASON_PLACE_CHANGE", "HOME_POST", "PL_POST"), "")
    head = {"CHILD": spells["child_id"], "SEX": 1, "DOB": born.dt.strftime(written)}
    head |= dict.fromkeys(("ETHNIC", "UPN", "MOTHER", "MC_DOB"), "")
    with tempfile.TemporaryDirectory(prefix="vc-peer-") as folder:
        year = Path(folder) / "2020"
        year.mkdir()
        spells.assign(**stays)[list(stays)].to_csv(year / "episodes.csv", index=False)
        spells.assign(**head)[list(head)].drop_duplicates("CHILD").to_csv(year / "header.csv", index=False)
        command = [python, "-W", "ignore", "-c", program, folder, str(DAY.date()), *also]
        said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return dict(json.loads(said.stdout.strip().splitlines()[-1]))


def main() -> None:
    """Ask both, each case."""
    python, regional = os.environ["VC_CSDM_PYTHON"], os.environ["VC_CSDM_REGIONAL"]
    found = {
        "cs-demand-model 0.5.1": {case: ask(PARENT, case, python=python) for case in CASES},
        "cs-demand-model-regional": {case: ask(REGIONAL, case, regional, python=python) for case in CASES},
    }
    STORED.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
