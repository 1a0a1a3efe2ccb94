"""Headlines: what a picture of needs shows, in one line."""

from __future__ import annotations

import pandas as pd
from statsmodels.stats.proportion import confint_proportions_2indep

from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.numbers import write_number

FEWEST = 10  # below, no order of domains is put into words
_LONG = 8  # levels beyond which the highest alone says nothing
_FEW = "Too few children are assessed to say which need is most frequent"


def headline(levels: pd.DataFrame) -> str:
    """Say which domain most often needs immediate or intensive action; of a long score, how many reach its half.

    Parameters
    ----------
    levels : DataFrame
        From `level_distribution`.

    Examples
    --------
    >>> from vcanalysis.analysis.profile import level_distribution
    >>> table = level_distribution(pd.DataFrame({"Safety": [0, 3, 3, 1] * 5}), domains=["Safety"], levels=list("abcd"))
    >>> headline(table)
    'Safety most often needs the highest level of action: 50% of children'
    """
    names = levels["level"].cat.categories
    if len(names) > _LONG:
        return _of_long_score(levels, names[(len(names) + 1) // 2], names[-1])
    highest = levels[levels["level"] == names[-1]]
    if highest.empty or not highest["n"].max():
        return "No child is assessed, so needs cannot be shown"
    if highest["n"].max() < FEWEST:
        return _FEW
    top = highest.loc[highest["share"].idxmax()]
    if not top["count"]:
        return "No child needs the highest level of action in any domain"
    share = write_number(float(top["share"]), "share")
    return f"{top['domain']} most often needs the highest level of action: {share} of children"


def _of_long_score(levels: pd.DataFrame, half: object, most: object) -> str:
    told = levels[levels["n"] >= FEWEST]
    if told.empty:
        return _FEW
    reached = told[told["level"] >= half].groupby("domain", observed=True)["share"].sum()
    share = write_number(float(reached.max()), "share")
    return f"{reached.idxmax()}: {share} of children at {half} or more, of {most}"


def domains_headline(profile: Estimates) -> str:
    """Say what share of children need action in the most frequent domain.

    Examples
    --------
    >>> from vcanalysis.core.estimate import Estimate
    >>> domains_headline(Estimates((Estimate("Share", 0.42, 0.3, 0.5, n=90, unit="share", group="Safety"),)))
    'Safety most often needs action: 42% of children'
    """
    first = next(iter(profile), None)
    if first is None or not first.estimable:
        return "No child is assessed, so needs cannot be shown"
    if first.n < FEWEST:
        return _FEW
    return f"{first.group} most often needs action: {write_number(first.value, 'share')} of children"


def most_often(profile: Estimates) -> str:
    """Say which domain most often needs action, and which others are not clearly behind it.

    Parameters
    ----------
    profile : Estimates
        From `domain_profile`, the most frequent first.

    Notes
    -----
    "Ahead" holds for all pairs of domains together: the first was picked as the largest. Where twelve domains are
    needed alike, intervals that do not touch would set one ahead of another in 7 to 18% of councils.

    Examples
    --------
    >>> from vcanalysis.core.estimate import Estimate
    >>> two = Estimates((Estimate("Share", 0.4, 0.3, 0.5, n=60, unit="share", group="Safety"),
    ...                  Estimate("Share", 0.35, 0.25, 0.45, n=60, unit="share", group="Health")))
    >>> most_often(two)
    'Most often, help with safety, not clearly ahead of health.'
    """
    known = [e for e in profile if e.estimable]
    if not known:
        return "No child is assessed."
    if known[0].n < FEWEST:
        return f"{_FEW}; among these it is {_in_a_sentence(known[0])}."
    close = [_in_a_sentence(e) for e in known[1:] if not _ahead(known[0], e, of=len(known))]
    start = f"Most often, help with {_in_a_sentence(known[0])}"
    if not close:
        return f"{start}."
    others = close[0] if len(close) == 1 else f"the next {len(close)} domains"
    return f"{start}, not clearly ahead of {others}."


def how_sure(profile: Estimates) -> str:
    """Say how sure the order of domains is: no surer than that of the first and the last.

    Parameters
    ----------
    profile : Estimates
        From `domain_profile`, the most frequent first.

    Examples
    --------
    >>> from vcanalysis.core.estimate import Estimate
    >>> two = Estimates((Estimate("Share", 0.4, 0.3, 0.5, n=60, unit="share", group="Safety"),
    ...                  Estimate("Share", 0.1, 0.05, 0.2, n=60, unit="share", group="Health")))
    >>> how_sure(two)
    'high that safety needs action more often than health, low for the order of domains close to each other'
    """
    known = [e for e in profile if e.estimable]
    if len(known) < 2 or known[0].n < FEWEST:
        return "none: there is no order of domains"
    first, last = known[0], known[-1]
    if not _ahead(first, last, of=len(known)):
        return "low for the order of domains: even the first and the last may be alike"
    named = f"{_in_a_sentence(first)} needs action more often than {_in_a_sentence(last)}"
    return f"high that {named}, low for the order of domains close to each other"


def _ahead(first: Estimate, other: Estimate, *, of: int) -> bool:
    """Tell whether a share is above another, all pairs `of` so many together (Newcombe, Bonferroni).

    The shares are of the same children, whose needs go together: as two samples they are told apart too rarely.
    """
    counts = [round((e.value or 0.0) * e.n) for e in (first, other)]
    alpha = (1 - first.level) / (of * (of - 1) / 2)
    ends = confint_proportions_2indep(
        counts[0], first.n, counts[1], other.n, method="newcomb", compare="diff", alpha=alpha
    )
    return bool(ends[0] > 0)


def _in_a_sentence(estimate: Estimate) -> str:
    return estimate.group[:1].lower() + estimate.group[1:]


def share_by_headline(shares: Estimates, *, what: str) -> str:
    """Say in which group a share is largest, if the intervals tell the first and the last group apart.

    Examples
    --------
    >>> from vcanalysis.core.estimate import Estimate
    >>> two = Estimates((Estimate("Share", 0.1, 0.05, 0.2, n=60, unit="share", group="family"),
    ...                  Estimate("Share", 0.5, 0.4, 0.6, n=60, unit="share", group="home")))
    >>> share_by_headline(two, what="complex need")
    'Share with complex need runs from 10% (family) to 50% (home)'
    """
    known = sorted((e for e in shares if e.estimable), key=lambda e: e.value or 0.0)
    if len(known) < 2:
        return f"Too few children to compare groups by {what}"
    low, high = known[0], known[-1]
    if (high.low or 0.0) <= (low.high or 0.0):
        return f"No clear difference between groups in the share with {what}"
    ends = [f"{write_number(e.value, 'share')} ({e.group[0].lower() + e.group[1:]})" for e in (low, high)]
    return f"Share with {what} runs from {ends[0]} to {ends[1]}"


def least_headline(known: Estimates) -> str:
    """Say what is known least often.

    Examples
    --------
    >>> from vcanalysis.core.estimate import Estimate
    >>> least_headline(Estimates((Estimate("Children with a price", 0.98, n=90, unit="share"),
    ...                           Estimate("Children assessed", 0.61, n=90, unit="share"))))
    'Least known: children assessed, 61%'
    """
    shares = sorted((e for e in known if e.estimable), key=lambda e: e.value or 0.0)
    if not shares:
        return "Nothing is known of these children"
    least = shares[0]
    term = least.term if least.term[:2].isupper() else least.term[0].lower() + least.term[1:]
    return f"Least known: {term}, {write_number(least.value, 'share')}"


def unlike_headline(differences: Estimates) -> str:
    """Say in what the children without an assessment differ clearly from the others.

    Parameters
    ----------
    differences : Estimates
        Standardised differences, the group naming the characteristic.

    Examples
    --------
    >>> from vcanalysis.core.estimate import Estimate
    >>> unlike_headline(Estimates((Estimate("Unassessed", -0.8, -1.2, -0.4, n=90, unit="ratio", group="age"),)))
    'Children without an assessment differ from the others in age (lower)'
    """
    known = [e for e in differences if e.estimable]
    if not known:
        return "Too few children are without an assessment to say who they are"
    clear = [f"{e.group} ({'lower' if (e.value or 0.0) < 0 else 'higher'})" for e in known if e.excludes(0)]
    if not clear:
        return "Children without an assessment do not clearly differ from the others"
    return f"Children without an assessment differ from the others in {' and '.join(clear)}"


def strengths_headline(strengths: Estimates) -> str:
    """Say in which domain a strength to build on is recorded most often.

    Examples
    --------
    >>> from vcanalysis.core.estimate import Estimate
    >>> strengths_headline(Estimates((Estimate("Share", 0.42, 0.3, 0.5, n=90, unit="share", group="Safety"),)))
    'A strength to build on is most often recorded in safety: 42% of 90 children'
    """
    first = next(iter(strengths), None)
    if first is None or not first.estimable:
        return "No strength is recorded"
    if first.n < FEWEST:
        return "Too few children have strengths recorded to say which is most frequent"
    share = f"{write_number(first.value, 'share')} of {first.n:,} children"
    return f"A strength to build on is most often recorded in {_in_a_sentence(first)}: {share}"
