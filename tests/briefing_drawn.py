"""Records and a manifest for tests of the briefing: a council in miniature with one of every difficulty."""

from __future__ import annotations

from pathlib import Path

from vcanalysis.output import protocol
from vcanalysis.output.records import Record, Results

ABOUT = {
    "council": {
        "name": "Test council",
        "label": "Test council (synthetic)",
        "caveat": "Test council is synthetic: no child in it exists.",
        "synthetic": True,
        "data_from": "2016-01-01",
        "data_to": "2019-12-31",
    },
    "quarter": "2019Q4",
    "run": "0123abcdef",
    "environment": {"versions": {"vcanalysis": "0.1.0"}},
}
PLANNED = {
    **ABOUT,
    "council": {**ABOUT["council"], "price_year": "2019-20", "simulated": []},
    "protocol": {"hash": "0a1b2c3d4e5f60718293a4b5", **protocol.read(Path("nowhere"))},
    "parameters": {"05_who_is_in_the_middle": {"floor_gbp_week": 900.0, "most_intensive": 1}},
    "inputs": {"files": {"children.parquet": "abc"}},
    "code": {"digest": "0a1b2c3d4e5f60718293a4b6"},
    "notebooks": [{"name": "04_does_spend_follow_need"}],
}
Q1, Q2, Q3 = "What do children need?", "Does spend follow need?", "What does this quarter show?"
TOPIC = "cost.median_by_type"


def raw() -> Results:
    """Give records as notebooks leave them: groups with one too small, a sign that is open, nothing to estimate."""

    def by(group: str, value: float, n: int) -> Record:
        fields = {
            "unit": "GBP per week", "n": n, "support": n, "group": group, "notebook": "03_cost",
            "period": "2019Q4",
        }  # fmt: skip
        return Record(f"{TOPIC}.{group}", Q1, "Median cost", value, value * 0.9, value * 1.1, **fields)

    def change(name: str, value: float, low: float, high: float) -> Record:
        fields = {"unit": "change", "n": 50, "group": name.replace("_", " "), "period": "2018Q4 to 2019Q4"}
        return Record(f"quarter.change.{name}", Q3, "Change", value, low, high, **fields)

    rho = Record(
        "need_spend.rank_correlation", Q2, "Rank <b>correlation", 0.0712, -0.0513, 0.1934, unit="correlation",
        n=412, lead=True,
    )  # fmt: skip
    none = Record("need.change", Q2, "Change in need", None, n=50, reason="nobody was assessed twice")
    return Results(
        (
            by("foster", 460.4, 80),
            by("home", 4563.7, 27),
            by("kin", 240.2, 40),
            by("secure", 9100, 3),
            rho,
            none,
            change("came_into_care", 0.5, -0.2, 1.8),
            change("left_care", -0.42, -0.61, -0.11),
        )
    )
