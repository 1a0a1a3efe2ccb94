"""Four ways to say how much need changed, always together: raw, beyond expectation, reliable, across a threshold."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from statsmodels.stats.proportion import proportion_confint

from vcanalysis.analysis.change.crossing import crossing
from vcanalysis.analysis.change.expected import EXPECTED, expected_change
from vcanalysis.analysis.change.regression import BEYOND, change_beyond_regression
from vcanalysis.analysis.change.scores import MINIMUM, TOO_FEW, TwoScores, mean_change, two_scores
from vcanalysis.analysis.change.yardstick import Yardstick
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.intervals import normal_quantile

CHANCE = 0.025  # share beyond the reliable change on each side when only rating error moves scores
RCI = "share beyond 1.96 standard errors of a difference (Jacobson and Truax); Jeffreys interval"


@dataclass(frozen=True, slots=True)
class NeedChange:
    """The change of a group of children, in every index at once.

    Parameters
    ----------
    raw : Estimate
        Mean change, points; negative is a fall.
    expected : Estimate
        Mean change to be expected from regression to the mean alone.
    adjusted : Estimate
        Mean change beyond the expected.
    improved, worsened : Estimate
        Shares of children whose score fell or rose by more than rating error explains; 2.5% each by chance.
    crossed : Estimate
        Change of the share at or above the threshold.
    """

    raw: Estimate
    expected: Estimate
    adjusted: Estimate
    improved: Estimate
    worsened: Estimate
    crossed: Estimate

    @property
    def estimates(self) -> Estimates:
        """All of them, in reading order."""
        return Estimates((self.raw, self.expected, self.adjusted, self.improved, self.worsened, self.crossed))

    def frame(self) -> pd.DataFrame:
        """Give one tidy row per index."""
        return self.estimates.frame()

    def sentence(self) -> str:
        """Say all of them: a raw change never stands alone."""
        return self.estimates.sentence()

    def of(self, group: str) -> NeedChange:
        """Give the same under the name of a group."""
        names = ("raw", "expected", "adjusted", "improved", "worsened", "crossed")
        return replace(self, **{name: getattr(self, name).named(group=group) for name in names})


def need_change(
    pairs: pd.DataFrame,
    *,
    before: str,
    after: str,
    against: Yardstick,
    selected: str = "",
    cluster: str | Sequence[str] = (),
    level: float = 0.95,
) -> NeedChange:
    """Change of need among children assessed twice: raw, expected, beyond expectation, reliable, over a threshold.

    Parameters
    ----------
    pairs : DataFrame
        One row per child, such as ``Pairs.everyone``; those without a second score tell who was seen again.
    before, after : str
        Columns of the two scores.
    against : Yardstick
        Rating error, threshold and the population the children come from.
    selected : str
        Column of True and False: the change of the children marked, such as those with high need at first. What
        is to be expected of them is learnt from all pairs, as `change_beyond_regression` says.
    cluster : str or sequence of str
        One or two columns of the people who rated, such as ``rater_id_before`` and ``rater_id_after``: the
        intervals of mean changes are widened for raters that children share.
    level : float
        Confidence level.

    Returns
    -------
    NeedChange
        Each part is estimable or says why not.

    Raises
    ------
    InputError
        If a column is missing or not numeric.

    Notes
    -----
    A raw fall among children picked for high need says nothing by itself: read it beside what was expected.

    References
    ----------
    Jacobson NS, Truax P (1991), J Consult Clin Psychol 59:12-19; Wolpert M et al. (2015), Br J Psychiatry
    206:511-512 for the four together; Tango T (1998), Stat Med 17:891-908 for the threshold.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> frame = pd.DataFrame(rng.normal(10, 4, (80, 1)) + rng.normal(0, 3, (80, 2)), columns=["b", "a"])
    >>> frame["high"] = frame["b"] > 12
    >>> change = need_change(frame, before="b", after="a", selected="high",
    ...                      against=Yardstick(2.5, threshold=14, population_mean=10))
    >>> change.raw.excludes(0), change.adjusted.excludes(0)
    (True, False)
    """
    scores = two_scores(pairs, before=before, after=after, cluster=cluster, selected=selected).only_picked()
    raw = mean_change(scores, level=level)
    if against.population_mean is None:
        unknown = "the mean of the children they were picked from is not given"
        adjusted = Estimate.not_estimable(BEYOND, n=len(scores), reason=unknown)
        expected = Estimate.not_estimable(EXPECTED, n=len(scores), reason=unknown)
    else:
        about = {"before": before, "after": after, "selected": selected, "cluster": cluster, "level": level}
        held = {"population_mean": against.population_mean, "slope": against.slope, **about}
        adjusted = change_beyond_regression(pairs, **held)  # type: ignore[arg-type]
        expected = expected_change(pairs, **held)  # type: ignore[arg-type]
    return NeedChange(
        raw,
        expected,
        adjusted,
        _reliable(scores, against.error_sd, level=level, falls=True),
        _reliable(scores, against.error_sd, level=level, falls=False),
        crossing(scores, against.threshold, level=level),
    )


def _reliable(scores: TwoScores, error_sd: Estimate | float, *, level: float, falls: bool) -> Estimate:
    """Give the share of children whose change is larger than rating error explains, on one side."""
    term = f"Share whose need {'fell' if falls else 'rose'} by more than rating error explains"
    n = len(scores)
    if isinstance(error_sd, Estimate) and not error_sd.estimable:
        return Estimate.not_estimable(
            term, n=n, reason=f"rating error is not known: {error_sd.reason}", method=RCI
        )
    error = float(error_sd.value or 0.0) if isinstance(error_sd, Estimate) else float(error_sd)
    if n < MINIMUM or error <= 0:
        reason = TOO_FEW if n < MINIMUM else "rating error must be above nought"
        return Estimate.not_estimable(term, n=n, reason=reason, method=RCI)
    change = scores.change if falls else -scores.change
    count = int((change < -_limit(error)).sum())
    share = count / n
    low, high = (float(end) for end in proportion_confint(count, n, 1 - level, "jeffreys"))
    # Brown, Cai and DasGupta (2001): at none and at all the interval reaches to the share itself.
    low, high = (0.0 if count == 0 else low), (1.0 if count == n else high)
    if isinstance(error_sd, Estimate) and error_sd.low is not None and error_sd.high is not None:
        # Rating error is itself an estimate: its ends move the limit, and the two uncertainties add as squares.
        least, most = (float(np.mean(change < -_limit(end))) for end in (error_sd.high, error_sd.low))
        low = max(0.0, share - math.hypot(share - low, (most - least) / 2))
        high = min(1.0, share + math.hypot(high - share, (most - least) / 2))
    wording = f"{term}: {{value}} ({{interval}}; {{n}} children); {100 * CHANCE:.1f}% by chance."
    few = min(count, n - count)
    return Estimate(term, share, low, high, level, n, "share", RCI, wording=wording, support=few)


def _limit(error: float) -> float:
    return normal_quantile(1 - 2 * CHANCE) * math.sqrt(2) * error
