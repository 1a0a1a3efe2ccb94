"""Attacks on the files of a release and on two releases beside each other, of drawn canary children."""

from __future__ import annotations

import itertools

from tests.attacks import CATALOGUE, Outcome, attack_on, canaries, counted
from vcanalysis.analysis.contracts import deadweight
from vcanalysis.core.parts import parts_of
from vcanalysis.output.disclosure import gate
from vcanalysis.output.disclosure.policy import policy as find_policy
from vcanalysis.output.disclosure.register import Release, differing, release_of
from vcanalysis.output.records import Record, Results

__all__ = ["CATALOGUE"]


def released(*records: Record, data: str, policy: str = "strict") -> tuple[Results, Release]:
    """Publish records; give what a reader sees and what the register keeps."""
    raw = Results(records)
    shown = gate(raw, find_policy(policy))[0]
    named = {"quarter": "2019Q4", "run": data, "policy": policy, "digest": data + policy}
    return shown, release_of(raw, shown, **named, data=data)


@attack_on("A40", "a second report of a quarter: one price put right, a cell come into view, another profile")
def second_reports() -> Outcome:
    tried = recovered = naive = 0
    for first, second, tells in itertools.chain(prices_put_right(), cells_come_into_view(), other_profiles()):
        told = tells(first[0], second[0])
        tried, naive = tried + 1, naive + told
        recovered += told and not differing([first[1]], second[1])
    return Outcome(tried, recovered, naive)


def prices_put_right():
    """Correct the price of one child in a group whose mean was fitted on everyone, as those of found groups are."""
    for n, more in itertools.product((20, 40, 78), (500.0, 2_313.37)):
        costs = canaries(247, n)["cost"].to_numpy()
        then, now = costs[:n].mean(), costs[:n].mean() + more / n
        made = [
            released(
                counted(247),
                Record("a.mean", "Q?", "Cost", mean, unit="GBP per week", n=247, parts=parts_of(costs)),
                Record("a.group", "Q?", "Cost", mean, unit="GBP per week", n=247, support=247),
                data=data,
            )
            for data, mean in (("as sent", then), ("put right", now))
        ]

        def tells(one, other, n=n, more=more):
            said = n * (other["a.group"].value - one["a.group"].value)
            return abs(said - more) < more / 5

        yield *made, tells


def cells_come_into_view():
    """One child recorded late brings a group from nine to ten, where the number of all is rounded alike."""
    for n in (273, 274, 275, 276):
        made = [
            released(counted(n + late), counted(9 + late, "in.homes", "in a home"), data=f"{late} late")
            for late in (0, 1)
        ]
        yield *made, lambda one, other: one["in.homes"].value is None and other["in.homes"].value == 10


def other_profiles():
    """Another profile rounds less and hides other cells: beside it a rounded count is exact."""
    for n in (51, 67, 83):
        made = [released(counted(n), data="the same", policy=policy) for policy in ("strict", "dfe")]
        yield *made, lambda one, other, n=n: one["in.care"].value != n == other["in.care"].value


@attack_on(
    "A41", "a number in the words that say why there is none: a hidden count from the least price it leaves"
)
def reasons() -> Outcome:
    tried = recovered = naive = 0
    for children, outcomes in itertools.product(range(14, 60, 5), range(4, 10)):
        priced = {k: least_price(k, children) for k in range(1, 10)}
        made, said = priced[outcomes]
        if not said:
            continue
        shown = gate([Record.from_estimate(made, id="a.b", question="Q?")])[0].records[0]
        tried += 1
        fits = [k for k, (_, told) in priced.items() if told == said]
        naive += fits == [outcomes]
        recovered += said in shown.reason + shown.sentence
    return Outcome(tried, recovered, naive)


def least_price(outcomes: int, children: int):
    """Pay 10,000 pounds an outcome, where four of ten would have come anyway: the price, and the least it may be."""
    found = deadweight((40, 100), outcomes=outcomes, children=children, paid_gbp=10_000.0 * outcomes)
    return found.per_additional, found.per_additional.reason.partition("at least ")[2]


@attack_on("A42", "bases shown as one, beside the exact number of all in care that the department prints")
def bases_shown_as_one() -> Outcome:
    tried = recovered = naive = 0
    for policy, n in itertools.product(("strict", "dfe"), range(60, 300, 7)):
        few = range(1, find_policy(policy).apart)
        told = {d: base_of_both(n, n - d, policy) for d in few}
        middle = {d: 5 * round((n - d / 2) / 5) for d in few}
        for d in few:
            tried += 1
            recovered += sum(told[d] == other for other in told.values()) < len(few)
            naive += sum(middle[d] == other for other in middle.values()) < len(few)
    return Outcome(tried, recovered, naive)


def base_of_both(n: int, less: int, policy: str) -> tuple[int | None, ...]:
    """Give the bases shown of everyone, and of those with an assessment."""
    raw = Results(tuple(Record(f"a.f{m}", "Q?", "C", 0.2, unit="correlation", n=m) for m in (n, less)))
    return tuple(r.n for r in gate(raw, find_policy(policy))[0])
