"""Groups of children with like patterns of need: latent classes over the levels of the domains."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from vcanalysis.analysis.middle.mixture import Fits, fit, memberships
from vcanalysis.analysis.middle.naming import level_words, name_kinds, name_steps
from vcanalysis.analysis.middle.patterns import Patterns, collapse, read_levels, varied
from vcanalysis.analysis.middle.search import COLUMNS, SAME, search
from vcanalysis.analysis.middle.severity import OneScale, fit_one_scale
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate, Estimates

METHOD = "latent classes on categorical levels (maximum likelihood, EM); number chosen by BIC"
MINIMUM = 50
ORDERED = 0.9  # share of domain steps that rise from class to class, from which classes are called slices
_FIRST = 8  # starts for each number before one is chosen
SMALL, CLEAR, REPLICATED = 0.05, 0.8, 0.2  # usual demands on the smallest class, the entropy, and the starts


@dataclass(frozen=True, slots=True, eq=False)
class Classes:
    """Latent classes of need, the lowest first; named by their profile, or as steps where they slice one severity.

    Parameters
    ----------
    number : int
        Classes chosen by BIC; 0 when none could be fitted.
    table : DataFrame
        One row per number tried: classes, log_likelihood, parameters, bic, sabic (adjusted for sample size),
        smallest_share, entropy (relative: 1 is certain membership, 0 none), starts, replicated_share (of the
        starts, those that reach the best likelihood), chosen.
    shares : Estimates
        Share of children in each class, from posterior membership; `group_shares` gives the intervals.
    profile : DataFrame
        Mean level of each domain in each class: group, domain, mean_level.
    posterior : DataFrame
        Probability of each class for each child with any level, on the index of the items: private.
    heights : tuple of str
        Whether the need of each class is low, moderate (a quarter to half of the highest level) or high.
    ordered_share : float
        Share of the steps from one class to the next, over domains, at which the mean level rises.
    one_scale : OneScale or None
        The rival: one severity behind all domains.
    patterns, fitted : Patterns and Fits, or None
        What the classes were fitted to, and the fit, classes in order: for `check_number` and `stability`.
    """

    number: int
    table: pd.DataFrame
    shares: Estimates
    profile: pd.DataFrame
    posterior: pd.DataFrame
    heights: tuple[str, ...]
    ordered_share: float
    one_scale: OneScale | None = None
    patterns: Patterns | None = field(default=None, repr=False)
    fitted: Fits | None = field(default=None, repr=False)

    @property
    def scale_lead(self) -> float | None:
        """By how much the BIC of one scale of severity is lower (better) than that of the classes."""
        if self.one_scale is None or self.number == 0:
            return None
        chosen = self.table.loc[self.table["chosen"], "bic"]
        return float(chosen.iloc[0]) - self.one_scale.bic

    @property
    def one_severity(self) -> bool:
        """Whether a single scale of severity explains the levels at least as well as the classes do."""
        return (self.scale_lead or -1.0) >= 0

    @property
    def only_severity(self) -> bool:
        """Whether the classes merely slice severity: one scale does as well, or each has more of everything."""
        return self.number > 1 and (self.one_severity or self.ordered_share >= ORDERED)

    def modal(self) -> pd.Series:
        """Give each child's most probable class: private, and wrong for some children by its nature."""
        return self.posterior.idxmax(axis=1).rename("group")

    def middle(self) -> pd.Series:
        """Give each child's probability of being in a class of moderate need.

        Zero for all when there is none, or one class of all children: then the model knows no middle. Which of several
        classes is the highest can hang on chance where they differ in kind, so that no class is left out for being it.
        """
        moderate = [h == "moderate" and self.number > 1 for h in self.heights]
        return self.posterior.loc[:, moderate].sum(axis=1).clip(upper=1.0).rename("in_the_middle")

    def frame(self) -> pd.DataFrame:
        """Give the shares of the classes as tidy rows."""
        return self.shares.frame()

    def gate(self) -> str:
        """Say whether one scale of severity explains the levels as well as groups do."""
        lead = self.scale_lead
        if lead is None:
            return "Whether one scale of severity would do cannot be said."
        size = f"by {abs(lead):,.0f} on BIC, where 10 is very strong"
        if lead >= 0:
            return f"One scale of severity explains the levels better than groups do ({size}): a matter of degree."
        if self.number == 1:
            return f"One scale of severity explains the levels no better than one group does ({size})."
        if self.only_severity:
            return (
                f"Groups explain the levels better than one even scale ({size}), yet each has more of nearly every "
                "need than the one below: they are steps of severity."
            )
        return f"Groups explain the levels better than one scale of severity ({size}): they differ in kind."

    def sentence(self) -> str:
        """Say how many groups there are, how sure membership is, and whether they differ in more than degree."""
        if self.number == 0:
            return self.shares.sentence()
        if self.number == 1:
            return "The domains give no ground for separate groups: one group fits best."
        best = self.table[self.table["chosen"]].iloc[0]
        kind = (
            "They are slices of one scale of severity: where to cut it is a choice."
            if self.only_severity
            else "They differ in kind, not only in degree: a group may be higher in one need and lower in another."
        )
        return (
            f"{self.number} groups of children fit the domains best; the smallest holds {best.smallest_share:.0%}, "
            f"membership is {best.entropy:.0%} certain on a scale from 0 to 100%, and {best.replicated_share:.0%} "
            f"of {best.starts} starts reach the same fit. {kind}"
        )

    def doubts(self) -> str:
        """Say which of the usual demands on a set of classes are not met."""
        if self.number < 2:
            return ""
        best = self.table[self.table["chosen"]].iloc[0]
        other = int(self.table.loc[self.table["sabic"].idxmin(), "classes"])
        found = [
            (best.smallest_share < SMALL, f"the smallest group holds under {SMALL:.0%}"),
            (best.entropy < CLEAR, f"membership is less than {CLEAR:.0%} certain"),
            (best.replicated_share < REPLICATED, f"fewer than {REPLICATED:.0%} of the starts agree"),
            (other != self.number, f"the adjusted criterion would take {other} groups"),
        ]
        said = [words for doubtful, words in found if doubtful]
        return f"Doubts: {'; '.join(said)}." if said else "All the usual demands on the groups are met."

    def headline(self) -> str:
        """Say what the groups are, for the head of a picture."""
        if self.number < 2:
            return "The patterns of need show no separate groups of children"
        if self.only_severity:
            return f"The {self.number} groups are slices of one scale of severity"
        return f"Children fall into {self.number} groups that differ in the kind of their needs"


def find_classes(
    items: pd.DataFrame,
    *,
    max_classes: int = 5,
    seed: int = 0,
    n_init: int = 20,
    number: int | None = None,
    titles: Mapping[str, str] | None = None,
) -> Classes:
    """Find groups of children with like patterns of need, and hold them against one scale of severity.

    Parameters
    ----------
    items : DataFrame
        One row per child and one column per domain, levels as whole numbers from 0; missing levels are allowed
        and taken as missing at random. Rows without any level are left out.
    max_classes : int
        Most classes to try; the search stops early once BIC lies more than 10 above its lowest.
    seed : int
        Seed of the random starts.
    n_init : int
        Random starts for each number of classes; the best likelihood is kept.
    number : int, optional
        Fit this number of classes instead of choosing by BIC.
    titles : mapping of str to str, optional
        Short names of the domains, by which classes that differ in kind are named; the columns' names when absent.

    Returns
    -------
    Classes
        The chosen model, ordered from the lowest to the highest mean level. Below 50 children, or when no
        domain varies, it holds no classes and says why.

    Raises
    ------
    InputError
        If a column is not numeric, a level is not a whole number from 0, or max_classes is below 1.

    Notes
    -----
    Levels enter as categories, so no distance between them is assumed. A small BIC difference is weak evidence;
    classes describe and are not diagnoses, and the modal class of a child is wrong for some by its nature.
    That groups beat one scale does not rule out several scales.

    References
    ----------
    Goodman LA (1974), Biometrika 61:215-231; Schwarz G (1978), Ann Stat 6:461-464; Sclove SL (1987),
    Psychometrika 52:333-343 for the adjusted criterion. StepMix gives the same likelihoods (see the tests).

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> high = rng.integers(0, 2, 200)[:, None]
    >>> items = pd.DataFrame(rng.binomial(3, 0.15 + 0.6 * high, (200, 6)), columns=list("abcdef"))
    >>> find_classes(items, max_classes=3).number
    2
    """
    if max_classes < 1 or n_init < 1:
        raise InputError(f"max_classes {max_classes} and n_init {n_init} are refused: give 1 or more.")
    levels = read_levels(items)
    some = ~np.isnan(levels).all(axis=1)
    n, used = int(some.sum()), varied(levels)
    if n < MINIMUM or not used.any():
        few = f"at least {MINIMUM} assessed children are needed"
        return _no_classes(n, few if n < MINIMUM else "no domain varies between the children")
    patterns = collapse(levels[some][:, used])
    tried = range(1, max_classes + 1) if number is None else range(number, number + 1)
    fits, table = search(patterns, tried, seed=seed, n_init=min(n_init, _FIRST))
    best = int(table.loc[table["bic"].idxmin(), "classes"])
    if n_init > _FIRST and best > 1:  # only the number chosen is worth all the starts
        again, row = search(patterns, range(best, best + 1), seed=seed + 1, n_init=n_init)
        if row["log_likelihood"].iloc[0] >= fits[best].likelihood[0] - SAME:
            fits |= again
            table.loc[table["classes"] == best] = row.to_numpy()
    table["chosen"] = table["classes"] == best
    sharp = fit(patterns, (fits[best].shares, fits[best].levels), tolerance=1e-9)
    table.loc[table["chosen"], "log_likelihood"] = sharp.likelihood[0]
    rival = fit_one_scale(patterns)
    means = _Means(items.loc[some], levels[some], dict(titles or {}))
    return _classes(table, patterns, sharp, rival, means)


@dataclass(frozen=True, slots=True)
class _Means:
    """The levels of the children with any, and the names of the domains."""

    items: pd.DataFrame
    levels: np.ndarray
    titles: Mapping[str, str]

    def of(self, posterior: np.ndarray) -> np.ndarray:
        """Mean level of each domain in each class, weighted by membership, over the levels known."""
        known = ~np.isnan(self.levels)
        return (posterior.T @ np.nan_to_num(self.levels)) / np.maximum(posterior.T @ known, 1e-9)

    def names(self, posterior: np.ndarray, *, slices: bool) -> list[str]:
        """Name the classes, lowest first."""
        if slices:
            return name_steps(posterior.shape[1])
        overall = self.of(np.ones((len(posterior), 1)))[0]
        top = float(np.nanmax(self.levels))
        return name_kinds(self.of(posterior), overall, list(self.items.columns), top=top, titles=self.titles)


def _classes(
    table: pd.DataFrame, patterns: Patterns, fitted: Fits, rival: OneScale, known: _Means
) -> Classes:
    posterior = memberships(patterns, fitted)[patterns.where]
    order = np.argsort(known.of(posterior).mean(axis=1), kind="stable")
    posterior = posterior[:, order]
    means, number = known.of(posterior), len(order)
    rising = float((np.diff(means, axis=0) > 0).mean()) if number > 1 else 1.0
    one_scale = bool(table.loc[table["chosen"], "bic"].iloc[0] >= rival.bic)
    names = known.names(posterior, slices=number == 1 or one_scale or rising >= ORDERED)
    heights = tuple(level_words(means, float(np.nanmax(known.levels))))
    profile = pd.DataFrame(means, index=pd.Index(names, name="group"), columns=known.items.columns)
    profile = profile.melt(ignore_index=False, var_name="domain", value_name="mean_level").reset_index()
    fitted = Fits(fitted.shares[:, order], fitted.levels[:, order], fitted.likelihood)
    found = pd.DataFrame(posterior, index=known.items.index, columns=names)
    shares = Estimates.of(
        Estimate("Share of children", float(share), n=len(found), unit="share", method=METHOD, group=name)
        for name, share in zip(names, posterior.mean(axis=0), strict=True)
    )
    return Classes(number, table, shares, profile, found, heights, rising, rival, patterns, fitted)


def _no_classes(n: int, reason: str) -> Classes:
    none = Estimate.not_estimable("Groups of children by pattern of need", n=n, reason=reason, method=METHOD)
    profile = pd.DataFrame(
        {"group": pd.Series(dtype="str"), "domain": pd.Series(dtype="str"), "mean_level": np.zeros(0)}
    )
    return Classes(0, pd.DataFrame(columns=COLUMNS), Estimates((none,)), profile, pd.DataFrame(), (), 0.0)
