"""Whether a probability holds for girls and boys, every ethnic group, disabled and unaccompanied children."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from statsmodels.stats.proportion import confint_proportions_2indep

from vcanalysis.analysis.stepdown.calibration import Judged, in_the_large, read_judged
from vcanalysis.analysis.stepdown.shares import share_of
from vcanalysis.core.columns import require_columns
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.intervals import normal_quantile, wilson
from vcanalysis.core.parts import to_base

MINIMUM = 10
ENOUGH = 5  # with and without the outcome: for fewer the residuals do not show how far a share may be out
IN_FAMILIES = "in families"
CALIBRATION = "Observed less predicted share in families"
MISSED = "Children in families whom the threshold would miss"
GAP = "Missed, less those of the others"


@dataclass(frozen=True, slots=True)
class Fairness:
    """How the probability does in groups of children.

    Parameters
    ----------
    calibration : Estimates
        Observed less predicted share in families, percentage points: above nought, children of the group live in
        families more often than is said, and the screen is too hard on them.
    missed : Estimates
        Share of the children who do live in families that lie below the threshold (false negatives), Wilson.
    gaps : Estimates
        That share less the share of all other children, percentage points, Newcombe.
    of : str
        Where children with the outcome are, in words.
    """

    calibration: Estimates
    missed: Estimates
    gaps: Estimates
    of: str = IN_FAMILIES

    def clear_gaps(self) -> Estimates:
        """Give the gaps whose interval, widened for how many are looked at (Bonferroni), leaves out nought."""
        judged = [e for e in (*self.calibration, *self.gaps) if e.estimable and e.has_interval]
        return Estimates.of(e for e in judged if _clear(e, len(judged)))

    def sentence(self) -> str:
        """Say in which groups a gap is clear, and that few children show only large ones."""
        judged = [e for e in (*self.calibration, *self.gaps) if e.estimable]
        found = self.clear_gaps()
        hidden = sum(not e.estimable for e in self.calibration)
        many = f"{len(found)} of {len(judged)} gaps between groups are clear, allowing for their number"
        names = "; ".join(dict.fromkeys(e.group for e in found))
        small = f" {hidden} groups are too small to judge." if hidden else ""
        return f"{many if judged else 'No group is large enough'}{': ' + names if names else ''}.{small}"


def _clear(estimate: Estimate, looked_at: int) -> bool:
    """Whether an interval still leaves out nought when it is widened for so many looks."""
    value, low, high = (float(v or 0.0) for v in (estimate.value, estimate.low, estimate.high))
    wider = normal_quantile(1 - (1 - estimate.level) / looked_at) / normal_quantile(estimate.level)
    return not value - wider * (value - low) <= 0 <= value + wider * (high - value)


def fairness(
    frame: pd.DataFrame,
    *,
    outcome: str,
    probability: str,
    threshold: float,
    groups: Mapping[str, str],
    cluster: str = "",
    level: float = 0.95,
    of: str = IN_FAMILIES,
    base: int = 1,
) -> Fairness:
    """Judge a probability within groups of children.

    Parameters
    ----------
    frame : DataFrame
        One row per prediction; rows without outcome or probability are left out.
    outcome, probability : str
        Columns of the outcome (0 and 1, or a flag) and of the probability, predicted without it.
    threshold : float
        Probability from which a child counts as like those who live in families.
    groups : mapping of str to str
        Words for each attribute and its column, such as ``{"Sex": "sex"}``; a child without a value is left out of it.
    cluster : str
        Column of the child where it has several rows; errors of the first are then counted on its last row alone.
    level : float
        Confidence level.
    of : str
        Where children with the outcome are, in words.
    base : int
        To which the counts of a difference of shares are rounded first, where it is published.

    Returns
    -------
    Fairness
        Groups of fewer than 10 children, or of fewer than 10 in families, are not estimable: the reason says so.

    Raises
    ------
    InputError
        If a column is missing or a value cannot be.

    Notes
    -----
    The outcome is past practice. A probability may hold in every group and still carry on what was unfair: where
    children of a group were placed in homes more often than need explains, both columns learn it.

    References
    ----------
    Kleinberg J, Mullainathan S, Raghavan M (2017), ITCS 43, for why both cannot be even at once where base rates
    differ; Newcombe RG (1998), Stat Med 17:873-890, method 10, for the difference of shares.

    Examples
    --------
    >>> rng = np.random.default_rng(3)
    >>> rows = pd.DataFrame({"p": rng.uniform(0.2, 0.9, 400), "sex": np.repeat(["F", "M"], 200)})
    >>> rows["family"] = rng.random(400) < rows["p"]
    >>> found = fairness(rows, outcome="family", probability="p", threshold=0.5, groups={"Sex": "sex"})
    >>> [e.group for e in found.calibration]
    ['Sex: F', 'Sex: M']
    """
    require_columns(frame, *groups.values())
    made: tuple[list[Estimate], list[Estimate], list[Estimate]] = ([], [], [])
    kept = frame.dropna(subset=[outcome, probability])
    last = kept.drop_duplicates(cluster, keep="last") if cluster else kept
    judged = read_judged(kept, outcome=outcome, probability=probability, cluster=cluster)
    settled = read_judged(last, outcome=outcome, probability=probability)
    for words, column in groups.items():
        values, latest = _words(kept[column]), _words(last[column])
        for name in sorted({v for v in values if v}):
            group = f"{words}: {name}"
            made[0].append(_calibration(judged, values == name, group, level))
            for place, found in enumerate(
                _missed(settled, latest, name, threshold, (group, level, of), base), start=1
            ):
                made[place].append(found)
    calibration, missed, gaps = map(Estimates.of, made)
    return Fairness(calibration, missed, gaps, of)


def _words(values: pd.Series) -> np.ndarray:
    """Give the groups as words, empty where missing; flags as yes and no."""
    named = values.astype("object").map(lambda v: {True: "yes", False: "no"}.get(v, v), na_action="ignore")
    return named.astype("str").where(values.notna(), "").to_numpy(dtype=object)


def _calibration(judged: Judged, mine: np.ndarray, group: str, level: float) -> Estimate:
    part = Judged(judged.outcome[mine], judged.probability[mine], pd.factorize(judged.cluster[mine])[0])
    if part.clusters < MINIMUM:
        reason = f"at least {MINIMUM} children of the group are needed"
        return Estimate.not_estimable(CALIBRATION, n=part.clusters, reason=reason, group=group)
    found = in_the_large(part, level=level, group=group).named(term=CALIBRATION)
    count, rows = float(part.outcome.sum()), len(part.outcome)
    if min(count, rows - count) >= ENOUGH:
        return found
    share, said = count / rows, float(part.probability.mean())
    low, high = (100 * (end - said) for end in wilson(share * part.clusters, part.clusters, level))
    method = "share less mean prediction; Wilson interval of the share"
    return found.named(low=low, high=high, std_error=None, method=method)


def _missed(
    judged: Judged, values: np.ndarray, name: str, threshold: float, about: tuple[str, float, str], base: int
) -> tuple[Estimate, Estimate]:
    """Share missed in a group, and less that of the others, among children who do live in families."""
    group, level, of = about
    family, below = judged.outcome == 1, judged.probability < threshold
    mine, others = family & (values == name), family & (values != name) & (values != "")
    counts = [(int((below & who).sum()), int(who.sum())) for who in (mine, others)]
    reason = f"at least {MINIMUM} children of the group, and {MINIMUM} others, {of} are needed"
    if counts[0][1] < MINIMUM:
        none = [Estimate.not_estimable(t, n=counts[0][1], reason=reason, group=group) for t in (MISSED, GAP)]
        return none[0], none[1]
    rate = share_of(*counts[0], term=MISSED, group=group, level=level)
    if counts[1][1] < MINIMUM:
        return rate, Estimate.not_estimable(
            GAP, n=counts[1][1], reason=f"{reason[:-10]}are needed to compare", group=group
        )
    told = [to_base(number, base) for pair in counts for number in pair]
    low, high = confint_proportions_2indep(*told, method="newcomb", alpha=1 - level)
    gap = told[0] / told[1] - told[2] / told[3]
    fewest = min(min(c, n - c) for c, n in counts)
    return rate, Estimate(
        GAP, 100 * gap, 100 * low, 100 * high, level, counts[0][1], "percentage points",
        "difference of shares; Newcombe interval", group, support=fewest,
    )  # fmt: skip
