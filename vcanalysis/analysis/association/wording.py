"""The first word of the answer, as the interval allows it."""

from __future__ import annotations

from collections.abc import Sequence

from vcanalysis.analysis.association.explained import Explained
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.numbers import write_number

WEAK, STRONG = 0.3, 0.5  # size of a rank correlation, after Cohen (1988)
_PRICED = {True: "more with more need", False: "less with more need"}


def follows(rho: Estimate, pounds: Estimate | None = None) -> str:
    """Say in a word or two whether spend follows need, no more firmly than the interval allows.

    Parameters
    ----------
    rho : Estimate
        Rank correlation of need and cost.
    pounds : Estimate, optional
        Pounds with a point of need: where they are clear and the ranks are not, both are said.

    Returns
    -------
    str
        "Hardly." when the whole interval lies between 0 and 0.3; "Partly." and "Largely." above;
        "No clear link." when it holds 0; "It runs against need." when it lies below 0. Where the interval
        straddles two words, the weaker is said with "or".

    References
    ----------
    Cohen J (1988), Statistical power analysis: 0.3 medium, 0.5 large.

    Examples
    --------
    >>> follows(Estimate("Rank correlation", 0.2, 0.1, 0.29, n=400, unit="correlation"))
    'Hardly.'
    >>> follows(Estimate("Rank correlation", 0.2, 0.1, 0.4, n=120, unit="correlation"))
    'Hardly, or partly.'
    >>> follows(Estimate("Rank correlation", 0.1, -0.1, 0.3, n=90, unit="correlation"))
    'No clear link.'
    >>> pounds = Estimate("Weekly cost with need", 25, 4, 46, n=90, unit="GBP per week")
    >>> follows(Estimate("Rank correlation", 0.1, -0.1, 0.3, n=90, unit="correlation"), pounds)
    'Not clearly: no clear link by rank, in pounds more with more need.'
    """
    if rho.value is None or rho.low is None or rho.high is None:
        return "These data cannot say."
    if rho.high < 0:
        return "No: it runs against need."
    if rho.low <= 0 and pounds is not None and pounds.excludes(0):
        return f"Not clearly: no clear link by rank, in pounds {_PRICED[(pounds.value or 0.0) > 0]}."
    if rho.low <= 0:
        return "No clear link."
    first, last = _word(rho.low), _word(rho.high)
    return f"{first.capitalize()}." if first == last else f"{first.capitalize()}, or {last}."


def headline(overall: Estimate, within: Estimates) -> str:
    """Say the correlation, and in how many types of placement it is clear, either way, beside how many by chance.

    Examples
    --------
    >>> all_children = Estimate("Rank correlation", 0.2, 0.1, 0.3, n=400, unit="correlation")
    >>> headline(all_children, Estimates((all_children.named(group="Fostering"),)))
    'Need and cost go together weakly (0.20); cost clearly rises with need in 1 of 1 types, falls in 0 (by chance 0.05)'
    """
    if overall.value is None:
        return "The link between need and cost cannot be estimated from these data"
    known = [e for e in within if e.estimable]
    size = write_number(overall.value, "correlation")
    if not overall.excludes(0):
        start = f"No clear link between need and cost ({size})"
    else:
        how = {"hardly": "weakly", "partly": "moderately", "largely": "strongly"}[_word(abs(overall.value))]
        start = f"Need and cost go {'together' if overall.value > 0 else 'opposite ways'} {how} ({size})"
    if not known:
        return f"{start}; no type of placement can be told by itself"
    return f"{start}; {_by_type(known)}"


def _by_type(known: Sequence[Estimate]) -> str:
    clear = [(e.value or 0.0) > 0 for e in known if e.excludes(0)]
    up, chance = sum(clear), sum(1 - e.level for e in known)
    counted = f"{up} of {len(known)} types, falls in {len(clear) - up}"
    return f"cost clearly rises with need in {counted} (by chance {chance:.1g})"


def curve_headline(curve: Estimates) -> str:
    """Say how far rating error could hide a link: the corrected correlation at the poorest agreement.

    Parameters
    ----------
    curve : Estimates
        From `disattenuation_curve`, poorest agreement first.

    Examples
    --------
    >>> curve_headline(Estimates((Estimate("r", 0.28, 0.1, 0.4, n=90, unit="correlation", group="0.50"),)))
    'Even if raters agreed only to 0.50, the correlation would be 0.28 (0.10 to 0.40)'
    """
    first = next(iter(curve), None)
    if first is None or first.value is None:
        return "What rating error hides cannot be estimated from these data"
    size = write_number(first.value, "correlation")
    ends = f"{write_number(first.low, 'correlation')} to {write_number(first.high, 'correlation')}"
    return f"Even if raters agreed only to {first.group}, the correlation would be {size} ({ends})"


def in_pounds(effect: Estimate, *, of: str = "point of need") -> str:
    """Say what one more of something goes with in pounds a week, or that no clear difference is seen.

    Parameters
    ----------
    effect : Estimate
        From `cost_model` or `quantile_slopes`.
    of : str
        What there is one more of.

    Examples
    --------
    >>> in_pounds(Estimate("Weekly cost with need", 38, 12, 66, n=412, unit="GBP per week"))
    'One more point of need goes with £38 more a week (95% interval £12 to £66).'
    >>> in_pounds(Estimate("Weekly cost with need", 9, -10, 28, n=412, unit="GBP per week"))
    'With one more point of need, no clear difference in weekly cost: between £10 less and £28 more.'
    """
    if effect.value is None or effect.low is None or effect.high is None:
        return effect.sentence()
    low, size, high = (_money(v) for v in sorted((effect.low, effect.value, effect.high), key=abs))
    if effect.excludes(0):
        way = "more" if effect.value > 0 else "less"
        level = f"{100 * effect.level:.3g}% interval"
        return f"One more {of} goes with {size} {way} a week ({level} {low} to {high})."
    less, more = _money(effect.low), _money(effect.high)
    return f"With one more {of}, no clear difference in weekly cost: between {less} less and {more} more."


def widest(ways: Estimates) -> Estimate:
    """Give the estimate with the widest interval: one number, its error counted in several ways.

    Parameters
    ----------
    ways : Estimates
        The same number by what children share, the group its name.

    Returns
    -------
    Estimate
        The first where none has an interval.

    Examples
    --------
    >>> home = Estimate("Weekly cost with need", 36, 4, 67, n=249, unit="GBP per week", group="home")
    >>> provider = Estimate("Weekly cost with need", 36, -7, 78, n=249, unit="GBP per week", group="provider")
    >>> widest(Estimates((home, provider))).group
    'provider'
    """
    return max(ways, key=lambda e: -1.0 if e.low is None or e.high is None else e.high - e.low)


def _money(value: float) -> str:
    return write_number(abs(value), "GBP")


def side_by_side(adjusted: Estimates) -> str:
    """Say the unadjusted correlation and that given all else, each as firmly as its interval allows.

    Parameters
    ----------
    adjusted : Estimates
        From `adjusted_beside_unadjusted`: the unadjusted first, the one given all columns last.

    Examples
    --------
    >>> parts = [Estimate("r", 0.2, 0.1, 0.3, n=90, unit="correlation", group="all children")]
    >>> parts.append(Estimate("r", 0.1, -0.1, 0.3, n=90, unit="correlation", group="given age"))
    >>> side_by_side(Estimates(parts))
    'Unadjusted 0.20; no clear link given age (0.10, -0.10 to 0.30)'
    """
    first, last = adjusted[0], adjusted[len(adjusted) - 1]
    if first.value is None or last.value is None:
        return "Need and cost cannot be compared given type and age in these data"
    start = f"Unadjusted {write_number(first.value, 'correlation')}"
    size = write_number(last.value, "correlation")
    ends = f"{write_number(last.low, 'correlation')} to {write_number(last.high, 'correlation')}"
    if last.excludes(0):
        return f"{start}; {last.group}, {size} ({ends})"
    return f"{start}; no clear link {last.group} ({size}, {ends})"


def how_sure(explained: Explained, rho: Estimate, *, first: str, second: str) -> str:
    """Say how sure it is that need and price go together, and which of two blocks of facts goes with price more.

    Parameters
    ----------
    explained : Explained
        From `share_explained`.
    rho : Estimate
        Rank correlation of need and price.
    first, second : str
        Names of the two blocks, whichever explains more.

    Examples
    --------
    >>> rho = Estimate("Rank correlation", 0.14, -0.17, 0.42, n=247, unit="correlation")
    >>> blocks = [Estimate("s", 0.5, 0.4, 0.6, unit="share", group="Type"),
    ...           Estimate("s", 0.02, 0.0, 0.1, unit="share", group="Need")]
    >>> how_sure(Explained(Estimates(blocks), blocks[0], "log"), rho, first="Type", second="Need")
    'low for whether need and price go together (none and 0.42 both fit); high that type goes with the price more \
than need does'
    """
    return f"{_sure_of_link(rho)}; {_sure_of_more(explained, first=first, second=second)}"


def _sure_of_link(rho: Estimate) -> str:
    if rho.low is None or rho.high is None:
        return "none for whether need and price go together"
    if max(abs(rho.low), abs(rho.high)) < WEAK:
        return "high that need and price go together weakly at most"
    if rho.excludes(0):
        return "moderate that need and price go together, low for how closely"
    far = write_number(max(rho.low, rho.high, key=abs), "correlation")
    return f"low for whether need and price go together (none and {far} both fit)"


def _sure_of_more(explained: Explained, *, first: str, second: str) -> str:
    shares = {name.lower(): explained.blocks.group(name) for name in (first, second)}
    either = f"{first.lower()} or {second.lower()} goes with the price more"
    if not all(share.has_interval for share in shares.values()):
        return f"low: these data cannot tell whether {either}"
    less, more = sorted(shares, key=lambda name: shares[name].value or 0.0)
    if (shares[more].low or 0.0) > (shares[less].high or 0.0):
        return f"high that {more} goes with the price more than {less} does"
    return f"low: whether {either} is not clear"


def _word(size: float) -> str:
    return "hardly" if size < WEAK else "partly" if size < STRONG else "largely"
