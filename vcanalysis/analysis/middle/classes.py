"""Groups of children with like patterns of need: latent classes over the levels of the domains."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from vcanalysis.core.columns import number_column
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.intervals import wilson

if TYPE_CHECKING:
    from stepmix.stepmix import StepMix

METHOD = "latent classes on categorical levels (StepMix, maximum likelihood); number chosen by BIC"
MINIMUM = 50
VERY_STRONG = 10.0  # difference in BIC that is very strong evidence (Raftery 1995): no more classes are tried
ORDERED = 0.9  # share of domain steps that rise from class to class, from which classes are called slices
_FIT = {"measurement": "categorical_nan", "max_iter": 1000, "abs_tol": 1e-5}


@dataclass(frozen=True, slots=True)
class Classes:
    """Latent classes of need, the lowest need first.

    Parameters
    ----------
    number : int
        Classes chosen by BIC; 0 when none could be fitted.
    table : DataFrame
        One row per number tried: classes, log_likelihood, parameters, bic, smallest_share, entropy (relative:
        1 is certain membership, 0 none), chosen.
    shares : Estimates
        Share of children in each class, from posterior membership.
    profile : DataFrame
        Mean level of each domain in each class: group, domain, mean_level.
    posterior : DataFrame
        Probability of each class for each child with any level, on the index of the items: private.
    ordered_share : float
        Share of the steps from one class to the next, over domains, at which the mean level rises.
    """

    number: int
    table: pd.DataFrame
    shares: Estimates
    profile: pd.DataFrame
    posterior: pd.DataFrame
    ordered_share: float

    @property
    def only_severity(self) -> bool:
        """Whether the classes merely slice one scale of severity: each has more of nearly everything."""
        return self.number > 1 and self.ordered_share >= ORDERED

    def modal(self) -> pd.Series:
        """Give each child's most probable class: private, and wrong for some children by its nature."""
        return self.posterior.idxmax(axis=1).rename("group")

    def middle(self) -> pd.Series:
        """Give each child's probability of being neither in the lowest nor in the highest class.

        Zero for all when there are fewer than three classes: then the model knows no middle.
        """
        return self.posterior.iloc[:, 1:-1].sum(axis=1).rename("in_the_middle")

    def frame(self) -> pd.DataFrame:
        """Give the shares of the classes as tidy rows."""
        return self.shares.frame()

    def sentence(self) -> str:
        """Say how many groups there are, how sure membership is, and whether they differ in more than degree."""
        if self.number == 0:
            return self.shares.sentence()
        if self.number == 1:
            return "The domains give no ground for separate groups: one group fits best."
        best = self.table[self.table["chosen"]].iloc[0]
        kind = (
            "They are slices of one scale of severity: each has more of nearly every need than the one below."
            if self.only_severity
            else "They differ in kind, not only in degree: a group may be higher in one need and lower in another."
        )
        return (
            f"{self.number} groups of children fit the domains best; the smallest holds {best.smallest_share:.0%}, "
            f"and membership is {best.entropy:.0%} certain on a scale from 0 to 100%. {kind}"
        )

    def headline(self) -> str:
        """Say what the groups are, for the head of a picture."""
        if self.number < 2:
            return "The patterns of need show no separate groups of children"
        if self.only_severity:
            return (
                f"The {self.number} groups are slices of one scale: more of every need from one to the next"
            )
        return f"Children fall into {self.number} groups that differ in the kind of their needs"


def _levels(items: pd.DataFrame) -> np.ndarray:
    """Give the levels as floats with NaN, rows without any level included."""
    levels = np.column_stack([number_column(items, name) for name in items.columns])
    strange = ~np.isnan(levels) & ((levels < 0) | (levels != np.round(levels)))
    if strange.any():
        raise InputError(
            f"{int(strange.sum()):,} levels are not whole numbers from 0. Give the levels of domains."
        )
    return levels


def _patterns(levels: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Collapse equal rows: patterns, how often each occurs, and which pattern each row has."""
    coded = np.where(np.isnan(levels), -1, levels)
    patterns, where, counts = np.unique(coded, axis=0, return_inverse=True, return_counts=True)
    return np.where(patterns < 0, np.nan, patterns), counts.astype(float), where.ravel()


def _fit(patterns: np.ndarray, counts: np.ndarray, number: int, *, seed: int, n_init: int) -> StepMix:
    from stepmix.stepmix import StepMix  # takes two seconds to import

    starts = 1 if number == 1 else n_init
    model = StepMix(n_components=number, n_init=starts, random_state=seed, verbose=0, progress_bar=0, **_FIT)
    return model.fit(patterns, sample_weight=counts)


def _entropy(posterior: np.ndarray, counts: np.ndarray) -> float:
    """Relative entropy: 1 when every child's class is certain."""
    number = posterior.shape[1]
    if number == 1:
        return 1.0
    doubt = -np.sum(posterior * np.log(np.clip(posterior, 1e-300, None)), axis=1)
    return float(1 - counts @ doubt / (counts.sum() * np.log(number)))


def find_classes(
    items: pd.DataFrame, *, max_classes: int = 5, seed: int = 0, n_init: int = 6, number: int | None = None
) -> Classes:
    """Find groups of children with like patterns of need.

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

    References
    ----------
    Morin S et al. (2025), StepMix, J Stat Softw 113(8); Schwarz G (1978), Ann Stat 6:461-464.

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
    levels = _levels(items)
    some = ~np.isnan(levels).all(axis=1)
    n = int(some.sum())
    varied = [
        name
        for i, name in enumerate(items.columns)
        if len(np.unique(levels[some, i][~np.isnan(levels[some, i])])) > 1
    ]
    if n < MINIMUM or not varied:
        few = f"at least {MINIMUM} assessed children are needed"
        return _no_classes(n, few if n < MINIMUM else "no domain varies between the children")
    used = levels[some][:, [list(items.columns).index(name) for name in varied]]
    patterns, counts, where = _patterns(used)
    tried = range(1, max_classes + 1) if number is None else range(number, number + 1)
    models, table = _search(patterns, counts, tried, seed=seed, n_init=n_init)
    best = int(table.loc[table["bic"].idxmin(), "classes"])
    table["chosen"] = table["classes"] == best
    posterior = models[best].predict_proba(patterns)[where]
    order = np.argsort(_means(posterior, levels[some]).mean(axis=1), kind="stable")
    return _classes(table, posterior[:, order], levels[some], items.columns, items.index[some])


def _search(
    patterns: np.ndarray, counts: np.ndarray, tried: range, *, seed: int, n_init: int
) -> tuple[dict[int, StepMix], pd.DataFrame]:
    """Fit one number of classes after the other, until BIC is far above its lowest."""
    rows, n, models, lowest = [], counts.sum(), {}, np.inf
    for number in tried:
        model = models[number] = _fit(patterns, counts, number, seed=seed, n_init=n_init)
        likelihood = float(model.score(patterns, sample_weight=counts) * n)
        posterior = model.predict_proba(patterns)
        smallest = float((counts @ posterior).min() / n)
        bic = -2 * likelihood + model.n_parameters * np.log(n)
        rows.append((number, likelihood, model.n_parameters, bic, smallest, _entropy(posterior, counts)))
        lowest = min(lowest, bic)
        if bic > lowest + VERY_STRONG:
            break
    columns = ["classes", "log_likelihood", "parameters", "bic", "smallest_share", "entropy"]
    return models, pd.DataFrame(rows, columns=columns)


def _means(posterior: np.ndarray, levels: np.ndarray) -> np.ndarray:
    """Mean level of each domain in each class, weighted by membership, over the levels known."""
    known = ~np.isnan(levels)
    return (posterior.T @ np.nan_to_num(levels)) / np.maximum(posterior.T @ known, 1e-9)


def _classes(
    table: pd.DataFrame, posterior: np.ndarray, levels: np.ndarray, domains: pd.Index, index: pd.Index
) -> Classes:
    number, n = posterior.shape[1], len(posterior)
    names = [f"Group {i + 1} of {number}" for i in range(number)]
    means = _means(posterior, levels)
    profile = pd.DataFrame(means, index=pd.Index(names, name="group"), columns=domains)
    profile = profile.melt(ignore_index=False, var_name="domain", value_name="mean_level").reset_index()
    rising = float((np.diff(means, axis=0) > 0).mean()) if number > 1 else 1.0
    shares = []
    for name, share in zip(names, posterior.mean(axis=0), strict=True):
        low, high = wilson(round(share * n), n)
        term, method = "Share of children", f"{METHOD}; Wilson interval on expected members, model held fixed"
        shares.append(Estimate(term, float(share), low, high, 0.95, n, "share", method, name))
    found = pd.DataFrame(posterior, index=index, columns=names)
    return Classes(number, table, Estimates.of(shares), profile, found, rising)


def _no_classes(n: int, reason: str) -> Classes:
    none = Estimate.not_estimable("Groups of children by pattern of need", n=n, reason=reason, method=METHOD)
    columns = ["classes", "log_likelihood", "parameters", "bic", "smallest_share", "entropy", "chosen"]
    profile = pd.DataFrame(
        {"group": pd.Series(dtype="str"), "domain": pd.Series(dtype="str"), "mean_level": np.zeros(0)}
    )
    return Classes(0, pd.DataFrame(columns=columns), Estimates((none,)), profile, pd.DataFrame(), 0.0)
