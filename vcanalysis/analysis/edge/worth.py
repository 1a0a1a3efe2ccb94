"""What support is worth: care averted net of what support costs, what a team can do, and when it breaks even."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vcanalysis.analysis.edge.ladder import Effect
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate
from vcanalysis.core.intervals import normal_quantile, percentile_interval
from vcanalysis.core.parts import Parts, priced_alike


@dataclass(frozen=True, slots=True)
class Worth:
    """Money of one case: the council's own effect, or a published one.

    Parameters
    ----------
    averted : Estimate
        Entries averted.
    gross, cost, net : Estimate
        Pounds of care averted, of support, and the first less the second.
    case : str
        Whose effect it is.
    horizon : int
        Days after support began in which care averted is counted.
    """

    averted: Estimate
    gross: Estimate
    cost: Estimate
    net: Estimate
    case: str
    horizon: int = 365

    def sentence(self) -> str:
        """Say whether care averted is worth more than support costs; nothing where the effect says why it cannot."""
        if not self.averted.estimable:
            return ""
        if not self.net.estimable:
            return f"{self.case}: {self.net.sentence()}"
        span = "in a year" if self.horizon == 365 else f"in {self.horizon} days"
        said = "more" if (self.net.value or 0) > 0 else "less"
        clear = f"is worth {said}" if self.net.excludes(0) else "may be worth more or less"
        return f"{self.case}: care averted {span} {clear} than support costs, net {self.net.words()}."


def support_worth(
    effect: Effect,
    *,
    gbp_week: float,
    service_gbp_child: float,
    case: str = "By the council's own record",
    share: tuple[float, float, float] | None = None,
    parts: Parts | None = None,
    level: float = 0.95,
    seed: int = 0,
) -> Worth:
    """Set the care averted for the children supported against what supporting them costs.

    Parameters
    ----------
    effect : Effect
        From `support_effect`.
    gbp_week : float
        Weekly cost of care of children who have just come into care.
    service_gbp_child : float
        Cost of supporting one child.
    case : str
        Whose effect it is, in words.
    share : tuple of float, optional
        In place of the council's own effect: share of entries averted, its low and high end. A trial's; a historical
        comparison may not be the central case.
    parts : Parts, optional
        The largest of the prices of which `gbp_week` is the mean, for the disclosure gate.
    level : float
        Confidence level.
    seed : int
        Seed of the draws of the share.

    Raises
    ------
    InputError
        If a price is negative.
    """
    if min(gbp_week, service_gbp_child) < 0:
        raise InputError(
            "A cost lies below £0. Give the weekly cost of care and the cost of support as they are."
        )
    n, of = effect.supported, "children supported"
    spent = Estimate(f"Cost of support, {case.lower()}", n * service_gbp_child, n=n, unit="GBP", of=of)
    if not len(effect.drawn) or np.isnan(gbp_week):  # NaN where no child has a price
        reason = effect.averted.reason or "no child who has just come into care has a price"
        found = effect.averted.n if effect.averted.reason else 0
        none = Estimate.not_estimable("Care averted less the cost of support", n=found, reason=reason, of=of)
        return Worth(effect.averted, none, spent, none, case, effect.horizon)
    averted, days = _averted(effect, share, seed)

    def made(term: str, drawn: np.ndarray, unit: str) -> Estimate:
        ends = percentile_interval(drawn[1:], level)
        method = "care days averted at their weekly cost; interval of draws"
        few = effect.averted.support if share is None else None
        return Estimate(
            f"{term}, {case.lower()}", float(drawn[0]), *ends, level, n, unit, method, of=of, support=few,
            parts=parts if unit == "GBP" else None,
            priced=priced_alike(n, float(drawn[0]), *ends) if unit == "GBP" else None,
        )  # fmt: skip

    gross = days * gbp_week / 7
    net = made("Care averted less the cost of support", gross - n * service_gbp_child, "GBP")
    gained = made("Entries averted", averted, "children")
    return Worth(gained, made("Care averted", gross, "GBP"), spent, net, case, effect.horizon)


def _averted(
    effect: Effect, share: tuple[float, float, float] | None, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Give entries and days averted: the estimate first, then its draws."""
    if share is None:
        points = (effect.averted.value or 0.0, effect.days.value or 0.0)
        drawn = (effect.drawn[name].to_numpy() for name in ("averted", "days"))
        own = [np.append(point, each) for point, each in zip(points, drawn, strict=True)]
        return own[0], own[1]
    error = (share[2] - share[1]) / (2 * normal_quantile(0.95))
    # A stream of its own: `support_effect` may have drawn what is expected with the same seed.
    own_stream = np.random.SeedSequence(seed).spawn(1)[0]
    taken = np.random.default_rng(own_stream).normal(share[0], error, len(effect.drawn))
    expected = np.append(effect.expected.value or 0.0, effect.drawn["expected"].to_numpy())
    averted = np.append(share[0], taken) * expected
    return averted, averted * effect.days_each


def needed_to_break_even(
    effect: Effect, *, gbp_week: float, service_gbp_child: float, places: int, weeks_each: float
) -> Estimate:
    """Give how many of the entries expected a team must avert to pay for itself, with its places full all year.

    Returns
    -------
    Estimate
        Unit "ratio", to the entries expected: above one, it cannot pay for itself in the time counted. The wording says
        the capacity. Not estimable where the effect is not.

    Raises
    ------
    InputError
        If places or weeks are not above nought.
    """
    if places < 1 or weeks_each <= 0:
        raise InputError("A team needs at least one place and a length of support above nought. Give both.")
    year = places * 52 / weeks_each
    term = "Entries that support must avert to break even, over those expected"
    expected = effect.expected
    if not expected.value or effect.days_each <= 0 or gbp_week <= 0:
        reason = expected.reason or "no entry is expected"
        return Estimate.not_estimable(
            term, n=expected.n if expected.reason else 0, reason=reason, of="children supported"
        )
    entry_worth = effect.days_each * gbp_week / 7
    at, low, high = (
        service_gbp_child / entry_worth / (value / effect.supported)
        for value in (expected.value, expected.high or np.nan, expected.low or np.nan)
    )
    wording = (
        f"A team of {places} places, {weeks_each:g} weeks a child, supports {year:.0f} children a year and breaks even "
        "if it averts {value} times the entries expected ({interval})."
    )
    if low > 1:
        wording += " That is more than there are: in the time counted it cannot."
    elif at > 1:
        wording += " That may be more than there are."
    return Estimate(
        term, at, low, high, expected.level, effect.supported, "ratio", "cost of support over care averted",
        of="children supported", wording=wording,
    )  # fmt: skip
