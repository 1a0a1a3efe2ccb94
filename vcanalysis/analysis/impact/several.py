"""Several outcomes at once: p-values held together by family, families declared before."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from statsmodels.stats.multitest import multipletests

from vcanalysis.analysis.impact.settings import Settings
from vcanalysis.analysis.impact.staggered import StaggeredEffect, staggered_effect
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimates
from vcanalysis.core.numbers import count_words

_TOLD = {
    "lower": "Lower after the start",
    "higher": "Higher after the start",
    "not clear beside the other outcomes": "Not clear beside the others of their family",
    "no clear change": "No clear change",
    "had moved apart before": "Had moved apart before the start, so that nothing can be said",
    "not estimable": "Not estimable",
}
COLUMNS = ("family", "outcome", "p_value", "adjusted")


def holm(p_values: Mapping[str, float | None], *, families: Mapping[str, str] | None = None) -> pd.DataFrame:
    """Hold the p-values of a family of outcomes together (Holm); outcomes that cannot be judged do not count.

    Parameters
    ----------
    p_values : mapping
        p-value by outcome; None where there is none.
    families : mapping, optional
        Family by outcome, declared before the data were seen; one family when left out.

    Returns
    -------
    DataFrame
        family, outcome, p_value, adjusted (chance that any outcome of the family would look so by chance alone); NaN
        where there is no p-value.

    Raises
    ------
    InputError
        If an outcome has no family, or a p-value lies outside 0 to 1.

    References
    ----------
    Holm S (1979), Scand J Stat 6:65-70.

    Examples
    --------
    >>> holm({"spend": 0.01, "moves": 0.04, "need": None})["adjusted"].tolist()
    [0.02, 0.04, nan]
    """
    missing = [name for name in p_values if families is not None and name not in families]
    if missing:
        raise InputError(f"Outcome {missing[0]!r} has no family. Declare a family for every outcome.")
    wrong = [name for name, p in p_values.items() if p is not None and not 0 <= p <= 1]
    if wrong:
        raise InputError(f"The p-value of {wrong[0]!r} is refused. Give a number from 0 to 1, or None.")
    rows = pd.DataFrame(
        [(families[name] if families else "all", name, p) for name, p in p_values.items()],
        columns=["family", "outcome", "p_value"],
    )
    rows = rows.assign(p_value=rows["p_value"].astype("float64"), adjusted=float("nan"))
    for _, part in rows.dropna(subset="p_value").groupby("family"):
        rows.loc[part.index, "adjusted"] = multipletests(part["p_value"], method="holm")[1]
    return rows[list(COLUMNS)]


@dataclass(frozen=True, slots=True)
class Effects:
    """Effects on several outcomes, held together by family.

    Parameters
    ----------
    by_outcome : mapping
        Effect by outcome.
    table : DataFrame
        As `judge_together`.
    """

    by_outcome: Mapping[str, StaggeredEffect]
    table: pd.DataFrame

    def __getitem__(self, outcome: str) -> StaggeredEffect:
        """Give the effect on one outcome."""
        return self.by_outcome[outcome]

    def estimates(self) -> Estimates:
        """Give the overall effect on each outcome."""
        return Estimates.of(one.overall for one in self.by_outcome.values())

    def frame(self) -> pd.DataFrame:
        """Give the overall effects as tidy rows."""
        return self.estimates().frame()

    def words(self) -> pd.DataFrame:
        """Give the table in words: outcome, effect, chance alone, among the others of its family, verdict."""
        effects = [self.by_outcome[name].overall for name in self.table["outcome"]]
        shares = {name: [_share(p) for p in self.table[name]] for name in ("p_value", "adjusted")}
        return pd.DataFrame(
            {
                "outcome": [e.term.removeprefix("Effect on ") for e in effects],
                "effect": [e.words() if e.estimable else f"not estimable: {e.reason}" for e in effects],
                "chance alone": shares["p_value"],
                "with its family": shares["adjusted"],
                "verdict": list(self.table["verdict"]),
            }
        )

    def headline(self) -> str:
        """Say how many outcomes moved clearly, and which."""
        judged = self.table[~self.table["verdict"].isin(["not estimable", "had moved apart before"])]
        clear = judged[judged["verdict"].isin(["lower", "higher"])]
        if judged.empty:
            return "Whether the programme worked cannot be told from these figures"
        if clear.empty:
            number = count_words(len(judged))
            return f"None of the {number} outcomes that can be judged moved clearly after the programme"
        said = [
            f"{self.by_outcome[name].overall.term.removeprefix('Effect on ')} was {verdict}"
            for name, verdict in zip(clear["outcome"], clear["verdict"], strict=True)
        ]
        text = " and ".join(said)
        return f"{text[:1].upper()}{text[1:]} after the programme began"

    def told(self) -> str:
        """Say which outcomes were judged, and which cannot be, and why."""
        parts = []
        for verdict, words in _TOLD.items():
            names = [
                self._name(outcome) for outcome in self.table.loc[self.table["verdict"] == verdict, "outcome"]
            ]
            if names:
                parts.append(f"{words}: {'; '.join(names)}.")
        return " ".join(parts)

    def how_sure(self) -> str:
        """Say how sure the verdict is: high never, since councils chose to take part."""
        if self.table["verdict"].isin(["lower", "higher"]).any():
            return "moderate that these moved, low that the programme moved them: councils chose to take part"
        return "high that nothing large can be seen in published figures; low that there was nothing small"

    def _name(self, outcome: str) -> str:
        overall = self.by_outcome[outcome].overall
        name = overall.term.removeprefix("Effect on ")
        return f"{name} {overall.words()}" if overall.estimable else f"{name} ({overall.reason})"

    def sentence(self) -> str:
        """Say every effect, and which outcomes had moved apart before."""
        early = [
            one.overall.term.removeprefix("Effect on ") for one in self.by_outcome.values() if one.event.apart
        ]
        said = " ".join(one.overall.sentence() for one in self.by_outcome.values())
        return said + (f" These had moved apart before the start: {', '.join(early)}." if early else "")


def several_effects(
    panel: pd.DataFrame,
    *,
    unit: str,
    time: str,
    first_treated: str | Mapping[object, float],
    outcomes: Mapping[str, Settings],
    families: Mapping[str, str] | None = None,
) -> Effects:
    """Estimate the effect on several outcomes and hold them together by family.

    Parameters
    ----------
    panel, unit, time, first_treated
        As in `staggered_effect`.
    outcomes : mapping
        Settings by column of the outcome, declared before the data were seen.
    families : mapping, optional
        Family by outcome; one family when left out.

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(1)
    >>> panel = pd.DataFrame([(u, t, rng.normal() - 5 * (u < 4 and t > 2016), rng.normal()) for u in range(40)
    ...                       for t in range(2013, 2020)], columns=["council", "year", "moves", "need"])
    >>> few = Settings(draws=199)
    >>> found = several_effects(panel, unit="council", time="year", first_treated=dict.fromkeys(range(4), 2017),
    ...                         outcomes={"moves": few, "need": few})
    >>> found.headline()
    'Moves was lower after the programme began'
    """
    about: dict[str, Any] = {"unit": unit, "time": time, "first_treated": first_treated}
    effects = {
        name: staggered_effect(panel, **about, outcome=name, settings=settings)
        for name, settings in outcomes.items()
    }
    return Effects(effects, judge_together(effects, families=families))


def _share(p_value: float) -> str:
    return "" if math.isnan(p_value) else f"{100 * p_value:.0f}%"


def judge_together(
    effects: Mapping[str, StaggeredEffect], *, families: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """Hold several effects together; adds what each shows alone.

    Returns
    -------
    DataFrame
        As `holm`, with estimate, low, high, and verdict ("not estimable", "no clear change", "not clear beside the
        other outcomes", "lower", "higher", or "had moved apart before").
    """
    table = holm({name: one.p_value for name, one in effects.items()}, families=families)
    parts = [effects[name].overall for name in table["outcome"]]
    verdicts = [
        _verdict(effects[name], adjusted)
        for name, adjusted in zip(table["outcome"], table["adjusted"], strict=True)
    ]
    return table.assign(
        estimate=[e.value for e in parts],
        low=[e.low for e in parts],
        high=[e.high for e in parts],
        verdict=verdicts,
    )


def _verdict(effect: StaggeredEffect, adjusted: float) -> str:
    if not effect.overall.estimable or math.isnan(adjusted):
        return "not estimable"
    if effect.event.apart:
        return "had moved apart before"
    if not effect.overall.excludes():
        return "no clear change"
    if adjusted >= 0.05:
        return "not clear beside the other outcomes"
    return "lower" if (effect.overall.value or 0.0) < 0 else "higher"
