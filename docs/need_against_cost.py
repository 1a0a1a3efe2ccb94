"""Draw the picture of the README from the demo council: `make notebooks`."""

from pathlib import Path

import vcanalysis as vc

council = vc.open_council("data/demo")
day = council.last_day
children = council.snapshot(day).dropna(subset=["need_total", "cost_gbp_week"])
result = vc.association.cost_by_need(children, need="need_total", cost="cost_gbp_week")
ax = vc.plots.plot_need_against_cost(result)
vc.plots.finish(
    ax,
    headline=result.headline(),
    subtitle=f"Weekly cost by total need, children in care on {vc.write_day(day)}, {council.label}, {len(children)} "
    "children; box: middle half, line: median of each group",
    source=f"Source: {council.label}, own calculation",
    alt=result.sentence(),
)
Path(__file__).with_suffix(".png").write_bytes(vc.plots.render(ax))
