"""The counterfactual ladder: the same saving against four things it may be set against, always side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy import stats

from vcanalysis.analysis.ledger.comparison import ENOUGH, MINIMUM, Comparison, compare_alike
from vcanalysis.analysis.ledger.reading import LIMITS, Array
from vcanalysis.core.columns import number_column, require_columns
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.limits import allowed
from vcanalysis.core.parts import fit_of, parts_of

RUNGS = {
    "before and after": "The same children before and after. It rules out nothing: dear placements tend to become "
    "cheaper, and children leave homes, without any programme.",
    "less regression to the mean": "Against the later cost of children outside, as dear at first, who stayed in homes. "
    "It rules out that dear placements become cheaper and that prices rose.",
    "less natural exits": "Against all children outside as dear at first, whether they stayed in a home or left. "
    "It also rules out that children would have left anyway.",
    "against comparable children": "Against children outside weighted to be alike in what was known before. It also "
    "rules out differences in these, and not in what nobody recorded.",
}
_UNIT = "GBP per week"
_TERM = "Lower cost per child"  # of what, the rung says: whether the programme did it is asked, not taken for granted


@dataclass(frozen=True)
class Ladder:
    """The rungs of the ladder; made by `ladder`.

    Parameters
    ----------
    rungs : Estimates
        Pounds a week per child, the group naming the rung, in the order of `RUNGS`.
    comparison : Comparison
        The last rung with its balance and robustness.
    """

    rungs: Estimates
    comparison: Comparison

    @property
    def last(self) -> Estimate:
        """The saving against comparable children."""
        return self.rungs[len(self.rungs) - 1]

    def frame(self) -> pd.DataFrame:
        """Give the rungs as a tidy frame, with what each rules out."""
        return self.rungs.frame().assign(rules_out=list(RUNGS.values()))

    def words(self) -> pd.DataFrame:
        """Give each rung with its number and interval, and what it rules out, to be read."""
        said = [e.words() if e.estimable else e.sentence() for e in self.rungs]
        return pd.DataFrame(
            {"set against": list(RUNGS), "lower cost per child": said, "what it rules out": RUNGS.values()}
        )

    def sentence(self) -> str:
        """Say the first and the last rung together: never the one without the other."""
        first = self.rungs[0]
        if first.value is None or self.last.value is None:
            return (first if first.value is None else self.last).sentence()
        return (
            f"Before and after: {first.words()} per child; against comparable children: {self.last.words()}, "
            f"{first.n} children in the programme."
        )

    def headline(self) -> str:
        """Give the finding: what is left of the before-and-after saving at the top of the ladder."""
        first, last = self.rungs[0], self.last
        if first.value is None or last.value is None:
            return "A saving against comparable children cannot be told"
        if not last.excludes():
            return "Against comparable children no clear saving is left"
        if last.value < 0:
            return "Against comparable children the programme went with higher cost"
        if first.value <= 0:
            return "Against comparable children cost was lower"
        share = min(last.value / first.value, 9.99)
        return f"Against comparable children {100 * share:.0f}% of the fall before and after is left"


def ladder(
    frame: pd.DataFrame,
    *,
    treated: str,
    columns: Sequence[str],
    before: str = "gbp_before",
    after: str = "gbp_after",
    level: float = 0.95,
) -> Ladder:
    """Set a saving against four counterfactuals, from the naive to comparable children.

    Parameters
    ----------
    frame : DataFrame
        One row per child, of the programme and outside it, all in a residential home on their first day:
        `before_and_after` gives the costs on two days and ``in_home``, whether still in a home on the second.
    treated : str
        Column of True and False: in the programme, whatever came of it (the children a search began for, not only
        those who moved).
    columns : sequence of str
        Numeric columns in which comparable children are alike; the first cost is always one of them.
    before, after : str
        Columns of weekly cost on the two days.
    level : float
        Confidence level.

    Returns
    -------
    Ladder
        ``.rungs``, ``.words()``, ``.comparison.balance()``, ``.comparison.robustness()``, ``.sentence()``.

    Raises
    ------
    InputError
        If a column is missing or not numeric, or the level cannot be.

    Notes
    -----
    The second and third rung draw a line through the later cost of children outside by their first, and set each
    child of the programme against it. Their errors are those of the line (HC3) and of the children.

    References
    ----------
    Barnett AG, van der Pols JC, Dobson AJ (2005), Int J Epidemiol 34:215-220, for regression to the mean;
    Hainmueller (2012) for the weights.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> rows = pd.DataFrame({"in": [True] * 20 + [False] * 60, "age": rng.uniform(8, 16, 80),
    ...                      "gbp_before": rng.normal(4000, 500, 80), "in_home": True})
    >>> rows["gbp_after"] = 2000 + rows["gbp_before"] / 2 - 1000 * rows["in"]
    >>> [round(rung.value) for rung in ladder(rows, treated="in", columns=["age"]).rungs][1:]
    [1000, 1000, 1000]
    """
    require_columns(frame, treated, "in_home", *columns)
    allowed(LIMITS, "level", level)
    first, then = number_column(frame, before), number_column(frame, after)
    known = ~(np.isnan(first) | np.isnan(then))
    inside = frame[treated].fillna(False).to_numpy(dtype=bool)
    stayed = frame["in_home"].fillna(False).to_numpy(dtype=bool)
    outside = [known & ~inside & stayed, known & ~inside]
    own = first[known & inside], then[known & inside]
    names = list(RUNGS)
    made = [_naive(*own, names[0], level)]
    for name, who in zip(names[1:3], outside, strict=True):
        made.append(_against_line(own, (first[who], then[who]), name, level))
    table = frame.assign(_change=first - then)
    others = [before, *(c for c in columns if c != before)]
    alike = compare_alike(table, treated=treated, outcome="_change", columns=others, level=level)
    made.append(alike.effect.named(term=_TERM, group=names[3]))
    return Ladder(Estimates.of(made), alike)


def _about(group: str, n: int, method: str) -> dict[str, Any]:
    return {"unit": _UNIT, "group": group, "n": n, "method": method, "support": n}


def _naive(first: Array, then: Array, group: str, level: float) -> Estimate:
    about = _about(group, len(first), "mean change, t interval")
    if len(first) < MINIMUM:
        reason = f"at least {MINIMUM} children of the programme must have both costs"
        return Estimate.not_estimable(_TERM, reason=reason, **about)
    fall = first - then
    error = float(fall.std(ddof=1) / np.sqrt(len(fall)))
    half = float(stats.t.ppf((1 + level) / 2, len(fall) - 1)) * error
    value = float(fall.mean())
    about["parts"] = parts_of(fall)
    return Estimate(_TERM, value, value - half, value + half, level, std_error=error, **about)


def _against_line(
    own: tuple[Array, Array], others: tuple[Array, Array], group: str, level: float
) -> Estimate:
    """Give the mean of what the line of the children outside says less what the child cost."""
    about = _about(group, len(own[0]), "against a line through children outside (HC3), t interval")
    if len(own[0]) < MINIMUM or len(others[0]) < ENOUGH or np.ptp(others[0]) == 0:
        need = f"at least {MINIMUM} children of the programme and {ENOUGH} outside, of several prices, must be known"
        return Estimate.not_estimable(_TERM, reason=need, **about)
    middle = own[0].mean()
    design = sm.add_constant(others[0] - middle, has_constant="add")
    line = sm.OLS(others[1], design).fit(cov_type="HC3")
    rest = line.params[0] + line.params[1] * (own[0] - middle) - own[1]
    value = float(rest.mean())
    parts = np.array([rest.var(ddof=1) / len(rest), float(line.cov_params()[0, 0])])
    freedom = np.array([len(rest) - 1.0, len(others[0]) - 2.0])
    df = float(parts.sum() ** 2 / (parts**2 / freedom).sum()) if parts.sum() > 0 else float(freedom.min())
    error = float(np.sqrt(parts.sum()))
    half = float(stats.t.ppf((1 + level) / 2, df)) * error
    return Estimate(
        _TERM, value, value - half, value + half, level, std_error=error, fit=fit_of(design), **about
    )
