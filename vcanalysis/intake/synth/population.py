"""The planted truth that no formula gives: population values of the default settings, by Monte Carlo.

Run `python -m vcanalysis.intake.synth.population` to make `data/assumptions/synthetic_truth.json` again
after any change of the generator; a test holds the file against a fresh simulation.
"""

from __future__ import annotations

import argparse
import json
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from vcanalysis.core.paths import data_file
from vcanalysis.intake.council import Council
from vcanalysis.intake.synth.council import POPULATION, Synthetic, synthesise
from vcanalysis.intake.synth.latent import DOMAINS
from vcanalysis.intake.synth.settings import SynthSettings

SNAPSHOT = "2019-12-31"
SMALL = 700
_SEED = 4_242
_SMALL_SEED = 1_000_000


def as_council(synthetic: Synthetic) -> Council:
    """Open a synthetic council without writing it.

    Examples
    --------
    >>> from vcanalysis.intake.synth.council import synthesise
    >>> as_council(synthesise(SynthSettings(children=40))).label
    'Synthetic council (synthetic)'
    """
    meta = synthetic.meta
    return Council(
        path=Path(),
        name=meta["name"],
        code=meta["code"],
        synthetic=True,
        simulated=(),
        framework_id=meta["framework"],
        price_year=meta["price_year"],
        programme_start=pd.Timestamp(meta["programme_start"]),
        start=pd.Timestamp(meta["data_from"]),
        end=pd.Timestamp(meta["data_to"]),
        tables=synthetic.tables,
    )


def _snapshot(synthetic: Synthetic, council: Council) -> pd.DataFrame:
    rows = council.snapshot(SNAPSHOT)
    return rows.merge(synthetic.truth_children[["child_id", "true_class", "true_total"]], on="child_id")


def _level_shares(rows: pd.DataFrame) -> np.ndarray:
    """Share of each rated level by class and domain, shape (class, domain, level)."""
    shares = np.zeros((4, len(DOMAINS), 4))
    for class_, group in rows.groupby("true_class"):
        for column, domain in enumerate(DOMAINS):
            level = group[domain].dropna().astype(int)
            shares[int(class_), column] = np.bincount(level, minlength=4)[:4] / max(len(level), 1)
    return shares


def _reliability(pairs: pd.DataFrame) -> float:
    """Intraclass correlation of one rating, ICC(1,1), of totals rated twice within 14 days."""
    first, second = (
        part["need_total"].to_numpy() for _, part in pairs.groupby(pairs.groupby("pair").cumcount())
    )
    whole = np.isfinite(first) & np.isfinite(second)
    first, second = first[whole], second[whole]
    between = 2 * np.var((first + second) / 2, ddof=1)
    within = np.mean((first - second) ** 2) / 2
    return float((between - within) / (between + within))


def _within_type(rows: pd.DataFrame) -> dict[str, Any]:
    """Share of the variance of log price between types, and the rank correlation within each."""
    priced = rows.dropna(subset=["cost_gbp_week", "need_total"])
    log_price = np.log(priced["cost_gbp_week"])
    kind = priced["placement_type"].astype("str")
    between = log_price.groupby(kind).transform("mean").var() / log_price.var()
    rank = {
        name: round(float(part["cost_gbp_week"].corr(part["need_total"], method="spearman")), 4)
        for name, part in priced.groupby(kind)
        if len(part) >= 300
    }
    return {"share_between_types": round(float(between), 4), "rank_correlation_within_type": rank}


def simulate(*, children: int = 60_000, replicates: int = 12, seed: int = _SEED) -> dict[str, Any]:
    """Simulate large councils at the default settings and measure what is planted in them.

    Parameters
    ----------
    children : int
        Children looked after at any time in each council.
    replicates : int
        Councils.
    seed : int
        Seed of the first council; the others follow.

    Returns
    -------
    dict
        Means over the councils, with `monte_carlo_error` (standard error) of the two rank correlations.
    """
    rows, pairs, found = [], [], []
    for replicate in range(replicates):
        synthetic = synthesise(SynthSettings(children=children, seed=seed + replicate))
        council = as_council(synthetic)
        snapshot = _snapshot(synthetic, council)
        cost = snapshot["cost_gbp_week"]
        found.append([cost.corr(snapshot[c], method="spearman") for c in ("need_total", "true_total")])
        rows.append(snapshot)
        pairs.append(_reliability(council.double_ratings()))
    mean, error = np.mean(found, axis=0), np.std(found, axis=0, ddof=1) / np.sqrt(replicates)
    return {
        "made_by": "python -m vcanalysis.intake.synth.population",
        "method": f"{replicates} councils of {children:,} children at the default settings, seeds from {seed}; "
        f"snapshot of {SNAPSHOT}, as Council.snapshot gives it",
        "spearman_observed_need_cost": round(float(mean[0]), 4),
        "spearman_true_need_cost": round(float(mean[1]), 4),
        "monte_carlo_error": [round(float(e), 4) for e in error],
        "reliability_of_total": round(float(np.mean(pairs)), 4),
        **_shares(pd.concat(rows, ignore_index=True)),
    }


def _one_small(seed: int) -> list[float]:
    """Rank correlations of cost with observed and true need in one council of `SMALL` children."""
    synthetic = synthesise(SynthSettings(children=SMALL, seed=seed))
    rows = _snapshot(synthetic, as_council(synthetic))
    return [rows["cost_gbp_week"].corr(rows[c], method="spearman") for c in ("need_total", "true_total")]


def small_councils(*, replicates: int = 1000, seed: int = _SMALL_SEED) -> dict[str, Any]:
    """Measure the expected rank correlations in councils of the size of the demo council.

    A council of few children has few homes and providers, and each sets prices for many of its children. This
    shows that its expected correlation is nevertheless that of a nation, and how far single councils scatter.

    Parameters
    ----------
    replicates : int
        Councils.
    seed : int
        Seed of the first council; the others follow.
    """
    with ProcessPoolExecutor() as pool:
        found = np.array(list(pool.map(_one_small, range(seed, seed + replicates), chunksize=20)))
    mean, error = found.mean(axis=0), found.std(axis=0, ddof=1) / np.sqrt(replicates)
    return {
        "children": SMALL,
        "method": f"mean of {replicates} councils of {SMALL} children at the default settings, seeds from {seed}",
        "spearman_observed_need_cost": round(float(mean[0]), 4),
        "spearman_true_need_cost": round(float(mean[1]), 4),
        "monte_carlo_error": [round(float(e), 4) for e in error],
        "sd_between_councils": round(float(found[:, 0].std(ddof=1)), 4),
    }


def _shares(everyone: pd.DataFrame) -> dict[str, Any]:
    """Describe all children of all snapshots: classes, rated levels, bands, types."""
    weights = everyone["true_class"].value_counts(normalize=True).sort_index()
    band = everyone["need_band"].astype("str")[everyone["need_band"].notna()].value_counts(normalize=True)
    total = everyone["need_total"]
    return {
        "children_in_snapshots": len(everyone),
        "class_shares_in_snapshot": [round(float(w), 4) for w in weights],
        "rated_level_shares": _level_shares(everyone).round(4).tolist(),
        "need_total_mean_sd": [round(float(total.mean()), 3), round(float(total.std()), 3)],
        "band_shares": {str(k): round(float(v), 4) for k, v in band.sort_index().items()},
        **_within_type(everyone),
    }


def main() -> None:
    """Write `data/assumptions/synthetic_truth.json`."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--children", type=int, default=60_000)
    parser.add_argument("--replicates", type=int, default=12)
    parser.add_argument("--small", type=int, default=1000)
    options = parser.parse_args()
    truth = simulate(children=options.children, replicates=options.replicates)
    truth["small_council"] = small_councils(replicates=options.small)
    text = json.dumps(truth, indent=1, ensure_ascii=False) + "\n"
    data_file(POPULATION).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
