"""A list by risk on the edge of care: move the risk from which it names a case, see how many came into care."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from vcanalysis.analysis.edge import EntryRisk, decision_curve, positive_value
from vcanalysis.core.columns import require_columns
from vcanalysis.core.doors import door
from vcanalysis.output.explore.controls import Control, Pick, Slider
from vcanalysis.output.explore.explorer import Explorer
from vcanalysis.output.explore.view import View, canvas
from vcanalysis.output.plots.frame import in_style
from vcanalysis.output.plots.look import ACCENT, INK, QUIET, say_empty

CHILD, HAPPENED = "child_id", "happened"
JUDGES = {"a model of the other teams": "other_team", "a model of earlier cases": "later"}
STEPS = (5, 10, 15, 20, 25, 30)  # per cent: the rows that stand in every table
MISSING = "There is no case here. Add the table edge with: vcanalysis import OUT --ssda903 PATH --edge FILE."
NO_SCORE = (
    "A risk is not a benefit: who is named need not be whom support helps. No score decides; notebook 10 says for "
    "whom the risk errs more often."
)


@door("vc.explore.list_by_risk(vc.edge.entry_risk(cases, horizon=365, recipe=recipe))", takes=EntryRisk)
def list_by_risk(risk: EntryRisk, *, label: str = "") -> Explorer:
    """Explore whom a list by risk of entry to care would name, at each risk from which it could begin.

    Parameters
    ----------
    risk : EntryRisk
        From `edge.entry_risk`: cases whose days are up, judged unseen, and the cases open now.
    label : str
        Name of the council with what is not real about it.

    Returns
    -------
    Explorer
        Controls: threshold (per cent) and judge (which model judged the cases unseen). Cases are counted and never
        shown one by one.

    Raises
    ------
    InputError
        If it is not a risk of entry.

    Examples
    --------
    >>> rng = np.random.default_rng(2)
    >>> chance = rng.beta(1, 6, 800)
    >>> unseen = pd.DataFrame({"child_id": np.arange(800).astype(str), "happened": rng.random(800) < chance,
    ...                        "later": chance, "other_team": np.nan})
    >>> risk = EntryRisk(365, unseen, unseen.head(30).assign(probability=0.1))
    >>> list_by_risk(risk).set(threshold=30).view.headline
    'A list from a risk of 30% names 78 of 800 cases: 32 of them came into care and 46 did not'
    """
    require_columns(risk.unseen, CHILD, HAPPENED, *JUDGES.values())

    def draw(threshold: float, judge: str) -> View:
        return look_at_list(risk, threshold / 100, JUDGES[judge], label=label)

    first = next(words for words, column in JUDGES.items() if column == risk.judge)
    controls: dict[str, Control] = {
        "threshold": Slider("Risk from which a case is named, %", 1, 90, 1, 20),
        "judge": Pick("Each case judged, unseen, by", tuple(JUDGES), first),
    }
    return Explorer("Who would be on a list by risk?", controls, draw)


def look_at_list(risk: EntryRisk, threshold: float, judge: str, *, label: str = "") -> View:
    """Give the view of a list that begins at a risk.

    Parameters
    ----------
    risk : EntryRisk
        The probabilities.
    threshold : float
        Risk from which a case is named, 0 to 1.
    judge : str
        Column of `risk.unseen`: "other_team" or "later".
    label : str
        Name of the council.
    """
    known = risk.unseen.dropna(subset=[judge, HAPPENED])
    chance = known[judge].to_numpy(dtype="float64")
    happened = known[HAPPENED].to_numpy(dtype="float64")
    headline = _headline(risk, chance, happened, threshold)
    ax = _draw(canvas()[0], chance, happened, threshold)
    said = _said(risk, known, threshold, judge) if len(known) else (MISSING,) * risk.unseen.empty
    return View(
        headline,
        (*said, NO_SCORE),
        _table(known, threshold, judge),
        ax,
        alt=f"Two lines that fall as the risk rises: cases named, and those of them who came into care. {headline}.",
        source=f"Source: {label}, own calculation" if label else "",
    )


def _headline(risk: EntryRisk, chance: np.ndarray, happened: np.ndarray, threshold: float) -> str:
    if not len(chance):
        return f"No list can be judged: {risk.reason or 'no case was judged unseen by this model'}"
    named = chance >= threshold
    entered = int(happened[named].sum())
    return (
        f"A list from a risk of {threshold:.0%} names {int(named.sum()):,} of {len(chance):,} cases: {entered:,} of "
        f"them came into care and {int(named.sum()) - entered:,} did not"
    )


def _said(risk: EntryRisk, known: pd.DataFrame, threshold: float, judge: str) -> tuple[str, ...]:
    """Say what the list is worth, whom it misses, and how many of the open cases it would name."""
    right = positive_value(known, outcome=HAPPENED, probability=judge, threshold=threshold, cluster=CHILD)
    curve = decision_curve(
        known, outcome=HAPPENED, probability=judge, thresholds=[threshold], cluster=CHILD
    ).set_index("policy")
    best = curve["clear"].idxmax() if curve["clear"].any() else ""
    held = {
        "by risk": "Offering support by this list does clearly better than offering it to all or to none",
        "all": "Offering support to all does clearly better than by this list",
        "none": "Offering support to none does clearly better than by this list",
        "": "Whether this list does better than offering support to all or to none is not clear",
    }[best]
    odds = (1 - threshold) / threshold
    open_now = risk.now["probability"].dropna()
    apart = len(risk.unseen) - len(known)
    return (
        f"Share of those named who came into care: {right.words()}." if right.estimable else right.sentence(),
        _missed(known, threshold, judge),
        f"{held}, if reaching one entry is worth {odds:,.1f} needless offers, as a list from this risk supposes.",
        f"Of {len(open_now):,} cases open now it would name {int(open_now.ge(threshold).sum()):,}.",
        f"Entry within {risk.horizon} days of the opening; cases whose days are up.",
        *((f"Left out: {apart:,} that this model learnt from or could not judge.",) if apart else ()),
    )


def _missed(known: pd.DataFrame, threshold: float, judge: str) -> str:
    entered = known[known[HAPPENED].eq(1)]
    below = int(entered[judge].lt(threshold).sum())
    return f"It misses {below:,} of the {len(entered):,} who came into care."


def _table(known: pd.DataFrame, threshold: float, judge: str) -> pd.DataFrame:
    """Give at each risk how many are named, how many of those came into care, and how many are missed."""
    rows = {}
    if known.empty:
        return pd.DataFrame()
    for percent in sorted({*STEPS, round(100 * threshold)}):
        named = known[judge].ge(percent / 100)
        entered = int(known.loc[named, HAPPENED].sum())
        right = positive_value(
            known, threshold=percent / 100, outcome=HAPPENED, probability=judge, cluster=CHILD
        )
        rows[f"{percent}%"] = {
            "named": f"{int(named.sum()):,}",
            "came into care": f"{entered:,}",
            "did not": f"{int(named.sum()) - entered:,}",
            "share who came (95% interval)": right.words() if right.estimable else "too few",
            "missed": f"{int(known[HAPPENED].sum()) - entered:,}",
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("from a risk of")


@in_style
def _draw(ax: Axes, chance: np.ndarray, happened: np.ndarray, threshold: float) -> Axes:
    """Draw how many cases are named and how many of those came into care, at every per cent of risk."""
    if not len(chance):
        return say_empty(ax, "No case was judged unseen")
    most = max(math.ceil(100 * float(chance.max())) + 1, round(100 * threshold) + 5)
    percent = np.arange(0, most + 1)
    above = chance[:, None] >= percent / 100
    named, entered = above.sum(axis=0), (above & (happened == 1)[:, None]).sum(axis=0)
    ax.plot(percent, named, color=QUIET, linewidth=2, linestyle=(0, (4, 2)))
    ax.plot(percent, entered, color=ACCENT, linewidth=2)
    ax.axvline(100 * threshold, color=INK, linewidth=0.9, linestyle=(0, (1, 2)))
    ax.set(xlim=(0, most), ylim=(0, None), xlabel="Risk from which a case is named, %", ylabel="Cases")
    ax.grid(axis="y")
    ax.text(0.0, 1.02, "── of them came into care", color=ACCENT, weight="bold", transform=ax.transAxes)
    ax.text(1.0, 1.02, "- - named by the list", color=QUIET, ha="right", transform=ax.transAxes)
    return ax
