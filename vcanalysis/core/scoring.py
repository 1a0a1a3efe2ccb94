"""What a needs framework says of an assessment: totals, counts, bands, vetoes, outcomes, strengths."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from vcanalysis.core.errors import InputError
from vcanalysis.core.expressions import Condition

SCORES = ("need_total", "need_mean", "need_index", "need_peak", "n2", "n3", "need_band", "n_missing")
OVERDUE_DAYS = 183  # half a year, the usual time between reviews
_Levels = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Band:
    """A band of need: its rule as published, and what we add where the published text is silent."""

    name: str
    when: Condition
    completes: Condition | None = None
    note: str = ""

    def holds(self, values: Mapping[str, _Levels], rows: int) -> npt.NDArray[np.bool_]:
        """Say which rows fall in the band, by the rule or by our completion of it."""
        found = self.when.holds(values, rows=rows)
        return found if self.completes is None else found | self.completes.holds(values, rows=rows)


@dataclass(frozen=True, eq=False)
class Framework:
    """A needs framework.

    Parameters
    ----------
    id, title, version : str
        Its name in files, its title in reports, its version.
    digest : str
        First 16 hexadecimal digits of the SHA-256 of its file, for the manifest of a run.
    levels : tuple of str
        Labels of the levels, from 0 upwards.
    domains : tuple of str
        Domains in the order of the outcomes.
    domain_titles : mapping of str to str
        Title of each domain.
    domain_shorts : mapping of str to str
        A word or two for a domain, for names made of several; its title where the file gives none.
    outcomes : mapping of str to tuple of str
        Domains of each outcome; every domain belongs to exactly one.
    weights : tuple of float
        Weight of each domain in the total.
    band_rules : tuple of Band
        Bands from the highest need to the lowest, as in the file.
    match : str
        "exclusive": exactly one band holds; "first": the first that holds counts.
    vetoes : mapping of str to Condition
        Conditions that rule a decision out, by decision.
    min_domains_share : float
        Share of domains that must be rated; below it the scores are missing, never nought.
    action_level : int
        Lowest level that asks for action; `nA` counts the domains at or above it.
    overdue_days : int
        Days after which an assessment is overdue.
    strengths : mapping
        `enabled`, and `inverted` when 0 is the best developed strength.

    Examples
    --------
    >>> from vcanalysis.core.framework import load_framework
    >>> load_framework("vcw-default-12").bands
    ('standard', 'enhanced', 'complex')
    """

    id: str
    title: str
    version: str
    digest: str
    levels: tuple[str, ...]
    domains: tuple[str, ...]
    domain_titles: Mapping[str, str]
    domain_shorts: Mapping[str, str]
    outcomes: Mapping[str, tuple[str, ...]]
    weights: tuple[float, ...]
    band_rules: tuple[Band, ...]
    match: str
    vetoes: Mapping[str, Condition]
    min_domains_share: float
    action_level: int
    overdue_days: int
    strengths: Mapping[str, bool]

    @property
    def bands(self) -> tuple[str, ...]:
        """Names of the bands, lowest need first."""
        return tuple(band.name for band in reversed(self.band_rules))

    @property
    def top_level(self) -> int:
        """Highest level of a domain."""
        return len(self.levels) - 1

    @property
    def fewest_domains(self) -> int:
        """Number of domains that must be rated for a score."""
        return max(1, math.ceil(self.min_domains_share * len(self.domains) - 1e-9))

    def score(self, wide: pd.DataFrame) -> pd.DataFrame:
        """Score assessments.

        Parameters
        ----------
        wide : DataFrame
            One row per assessment, one column per domain of the framework holding the level (missing where
            not rated), and `age_years` if the bands read the age. Other columns are ignored.

        Returns
        -------
        DataFrame
            With the index of `wide` and the columns `need_total` (weighted sum of levels scaled to all
            domains), `need_mean` (levels), `need_index` (0 to 100), `need_peak` (highest level), `n2` and `n3`
            (domains at level 2 and 3), `need_band` (ordered, lowest need first) and `n_missing`. All but the
            last are missing where fewer than `min_domains_share` of the domains are rated.

        Raises
        ------
        InputError
            If no domain is among the columns, or a level does not exist.

        Notes
        -----
        Levels are ordinal: the total treats the step from 0 to 1 like the step from 2 to 3. Counts are taken
        over the domains rated, so a band can be too low, never too high, where a domain is missing.

        Examples
        --------
        >>> from vcanalysis.core.framework import load_framework
        >>> framework = load_framework("vcw-default-12")
        >>> wide = pd.DataFrame({name: [0.0, 1.0] for name in framework.domains})
        >>> wide.loc[1, "attachment_trust_in_carers"] = 3
        >>> framework.score(wide)[["need_total", "n3", "need_band"]].to_dict("list")
        {'need_total': [0.0, 14.0], 'n3': [0.0, 1.0], 'need_band': ['standard', 'enhanced']}
        """
        levels = self._levels(wide)
        values = self._values(levels, self._ages(wide))
        scored = self._scored(levels)
        ranks = np.where(scored, self._band_ranks(values, len(levels)), -1)
        columns = {
            "need_total": values["total"],
            "need_mean": values["mean"],
            "need_index": 100 * values["mean"] / max(self.top_level, 1),
            "need_peak": values["peak"],
            "n2": (levels == 2).sum(axis=1),
            "n3": (levels == 3).sum(axis=1),
        }
        scores = pd.DataFrame({k: np.where(scored, v, np.nan) for k, v in columns.items()}, index=wide.index)
        scores["need_band"] = pd.Categorical.from_codes(ranks, categories=list(self.bands), ordered=True)
        scores["n_missing"] = np.isnan(levels).sum(axis=1)
        return scores

    def is_vetoed(self, wide: pd.DataFrame, *, decision: str = "step_down") -> pd.Series:
        """Say whether a single need rules a decision out, whatever the sum of the others.

        Returns
        -------
        Series of boolean
            Missing where too few domains are rated and none of those rated vetoes; for all where the framework names no
            need that rules anything out.

        Raises
        ------
        InputError
            If the framework has vetoes, but none on the decision.
        """
        if not self.vetoes:
            return pd.Series(pd.NA, index=wide.index, dtype="boolean")
        if decision not in self.vetoes:
            known = ", ".join(self.vetoes)
            raise InputError(f"Framework {self.id} has no veto on {decision!r}; it has: {known}.")
        levels = self._levels(wide)
        values = self._values(levels, self._ages(wide))
        vetoed = pd.Series(self.vetoes[decision].holds(values, rows=len(levels)), index=wide.index)
        return vetoed.astype("boolean").mask(~vetoed & ~self._scored(levels))

    def is_completed(self, wide: pd.DataFrame) -> pd.Series:
        """Say where the band comes from our completion of a published rule, not from its text."""
        levels = self._levels(wide)
        values = self._values(levels, self._ages(wide))
        found = np.zeros(len(levels), dtype=bool)
        for band in self.band_rules:
            if band.completes is not None:
                found |= band.completes.holds(values, rows=len(levels)) & ~band.when.holds(
                    values, rows=len(levels)
                )
        return pd.Series(found & self._scored(levels), index=wide.index)

    def outcome_scores(self, wide: pd.DataFrame) -> pd.DataFrame:
        """Mean level of the domains rated in each outcome, one column per outcome."""
        levels = pd.DataFrame(self._levels(wide), index=wide.index, columns=list(self.domains))
        return pd.DataFrame({name: levels[list(ds)].mean(axis=1) for name, ds in self.outcomes.items()})

    def strength_index(self, wide: pd.DataFrame) -> pd.Series:
        """Mean strength over the domains rated, 0 to 100 with 100 best developed, whichever way it was rated.

        Raises
        ------
        InputError
            If the framework records no strengths.
        """
        if not self.strengths.get("enabled"):
            raise InputError(f"Framework {self.id} records no strengths.")
        levels = self._levels(wide)
        share = pd.DataFrame(levels / self.top_level, index=wide.index)
        share = 1 - share if self.strengths.get("inverted") else share
        return 100 * share.mean(axis=1).where(self._scored(levels))

    def values(self, wide: pd.DataFrame) -> dict[str, _Levels]:
        """Give what a condition may read, one value per row of `wide`: counts, totals, age, domains by name."""
        return self._values(self._levels(wide), self._ages(wide))

    def _levels(self, wide: pd.DataFrame) -> _Levels:
        if len(wide) and not any(d in wide.columns for d in self.domains):
            raise InputError(
                f"None of the domains of framework {self.id} is among the columns. Domains are: "
                f"{', '.join(self.domains)}."
            )
        columns = {d: wide[d] if d in wide.columns else np.nan for d in self.domains}
        frame = pd.DataFrame(columns, index=wide.index).apply(pd.to_numeric, errors="coerce")
        levels = frame.to_numpy(dtype="float64", na_value=np.nan)
        bad = ~np.isnan(levels) & ((levels < 0) | (levels > self.top_level) | (levels % 1 != 0))
        if bad.any():
            domain = self.domains[int(bad.any(axis=0).argmax())]
            raise InputError(
                f"Domain {domain}: {int(bad.sum()):,} levels do not exist in framework {self.id}. "
                f"Levels are the whole numbers 0 to {self.top_level}."
            )
        return levels

    def _ages(self, wide: pd.DataFrame) -> _Levels:
        if "age_years" in wide.columns:
            return wide["age_years"].to_numpy(dtype="float64", na_value=np.nan)
        rules = [c for band in self.band_rules for c in (band.when, band.completes) if c is not None]
        if len(wide) and any("age" in rule.names for rule in rules):
            raise InputError(f"The bands of framework {self.id} read the age; add a column age_years.")
        return np.full(len(wide), np.nan)

    def _scored(self, levels: _Levels) -> npt.NDArray[np.bool_]:
        return (~np.isnan(levels)).sum(axis=1) >= self.fewest_domains

    def _values(self, levels: _Levels, ages: _Levels) -> dict[str, _Levels]:
        """Compute what a condition may read, one value per row, and each domain under its name."""
        weights = np.where(np.isnan(levels), 0.0, self.weights)
        filled = np.nan_to_num(levels)
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = (weights * filled).sum(axis=1) / weights.sum(axis=1)
        values = {f"n{k}": (levels == k).sum(axis=1).astype(float) for k in range(len(self.levels))}
        values["nA"] = (levels >= self.action_level).sum(axis=1).astype(float)
        # Rounded, so that a total of 14 met through division is 14 in a comparison.
        values["total"] = np.round(mean * len(self.domains), 9)
        values["mean"] = mean
        values["peak"] = np.where(np.isnan(levels).all(axis=1), np.nan, filled.max(axis=1, initial=0))
        values["age"] = ages
        return values | {d: levels[:, i] for i, d in enumerate(self.domains)}

    def _band_ranks(self, values: Mapping[str, _Levels], rows: int) -> npt.NDArray[np.int64]:
        held = np.array([band.holds(values, rows) for band in self.band_rules])
        return np.where(held.any(axis=0), len(self.band_rules) - 1 - held.argmax(axis=0), -1)
