"""Whom a cloud of need against cost shows: their words, and the columns that hold what is known of them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """The words and columns of those shown.

    Parameters
    ----------
    people, one : str
        What they are called, and one of them.
    title : str
        Of the explorer.
    cost, age, kind, provider : str
        Columns of weekly pounds, years, where they are and who provides it; an empty provider is not asked for.
    kinds : str
        What the column of where they are holds.
    dear : float
        Weekly pounds from which the frame begins.
    rated : str
        When the need was rated.
    give : str
        What to type where nobody has both a need and a price.
    missing : str
        What to say where there is nobody at all.

    Examples
    --------
    >>> PLANS.said("at least 10 children are needed")
    'at least 10 people are needed'
    """

    people: str = "children"
    one: str = "child"
    title: str = "Need against cost"
    cost: str = "cost_gbp_week"
    age: str = "age_years"
    kind: str = "placement_type"
    provider: str = "provider_id"
    kinds: str = "types of placement"
    dear: float = 1000.0
    rated: str = "at the latest assessment"
    give: str = (
        "Give needs and prices with: vcanalysis import OUT --ssda903 PATH --needs FILE --costs FILE; or try the method "
        "with: --simulate needs,costs."
    )
    missing: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns beside the need that a table must have."""
        return tuple(filter(None, (self.cost, self.kind, self.age, self.provider)))

    def said(self, text: str) -> str:
        """Give a sentence about children as one about these."""
        return text.replace("children", self.people)


CHILDREN = Words()
PLANS = Words(
    people="people",
    one="person",
    title="Special educational needs: need and cost by setting",
    cost="gbp_week",
    age="age",
    kind="setting",
    provider="",
    kinds="settings",
    dear=500.0,
    rated="at the census",
    give="Give levels of need and the yearly cost of plans with: vcanalysis import OUT --ssda903 PATH --send FILE.",
    missing="There is no plan here. Add the table send with: vcanalysis import OUT --ssda903 PATH --send FILE.",
)
