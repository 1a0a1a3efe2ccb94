"""A council: its tables, linked in time.

A snapshot says who is in care on a day, where, at what price and with what needs; child-weeks say what was
spent over a period.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from vcanalysis.core.doors import door
from vcanalysis.core.errors import InputError
from vcanalysis.core.period import Quarter, read_day, write_day
from vcanalysis.core.schema import TABLES
from vcanalysis.intake import linking, snapshots, stays
from vcanalysis.intake.memory import lean_memory
from vcanalysis.intake.meta import caveat, label

if TYPE_CHECKING:
    from vcanalysis.core.framework import Framework

SCORES = ("need_total", "need_mean", "need_peak", "n2", "n3", "need_band", "n_missing")


@dataclass(frozen=True)
class Council:
    """A council's tables with what is needed to read them.

    Parameters
    ----------
    path : Path
        The folder.
    name, code : str
        Name and official code of the council.
    synthetic : bool
        Whether every child in it is invented.
    simulated : tuple of str
        Tables that were simulated on import because the extracts held none.
    framework_id : str
        Needs framework in which the council rates.
    price_year : str
        Financial year whose prices the costs are in, such as "2019-20".
    programme_start : Timestamp or None
        First day of the programme that is evaluated.
    start, end : Timestamp
        First day covered and the day after the last day covered.
    framework_providers : tuple of str
        Providers on the council's framework, as `provider_id` names them; empty where it does not say.
    region : str
        Region to compare the council with; empty for that of its code.
    tables : mapping of str to DataFrame
        Every table of the schema, read when it is first asked for; an absent one is an empty frame.
    """

    path: Path
    name: str
    code: str
    synthetic: bool
    simulated: tuple[str, ...]
    framework_id: str
    price_year: str
    programme_start: pd.Timestamp | None
    start: pd.Timestamp
    end: pd.Timestamp
    tables: MutableMapping[str, pd.DataFrame] = field(repr=False)
    framework_providers: tuple[str, ...] = ()
    region: str = ""

    def sentence(self) -> str:
        """Say whose data these are, from when to when, and what is not real about them."""
        days = f"data from {write_day(self.start)} to {write_day(self.last_day)}"
        return f"{self.label}: {days}. {self.caveat}".strip()

    def frame(self) -> pd.DataFrame:
        """Give the number of rows of each table."""
        return pd.DataFrame([(name, len(self.tables[name])) for name in TABLES], columns=["table", "rows"])

    def has(self, table: str) -> bool:
        """Whether the council has any row of a table."""
        return table in self.tables and len(self.tables[table]) > 0

    @property
    def label(self) -> str:
        """Name of the council with what is not real about it, for every title."""
        return label(self.name, synthetic=self.synthetic, simulated=self.simulated)

    @property
    def caveat(self) -> str:
        """One sentence about what is synthetic or simulated, or nothing."""
        return caveat(self.name, synthetic=self.synthetic, simulated=self.simulated)

    @cached_property
    def framework(self) -> Framework:
        """The needs framework of the council.

        Raises
        ------
        InputError
            If there is no such framework.
        """
        from vcanalysis.core.framework import load_framework

        own = self.path / f"{self.framework_id}.toml"
        return load_framework(own if own.is_file() else self.framework_id)

    def last_quarter(self) -> Quarter:
        """Give the last quarter that the data cover to its end.

        Raises
        ------
        InputError
            If the data cover no whole quarter.
        """
        quarter = Quarter.containing(self.end).shift(-1)
        if quarter.start < self.start:
            raise InputError(
                f"{self.name}: the data run from {self.start:%d/%m/%Y} to {self.last_day:%d/%m/%Y} and cover no whole "
                "quarter. Import more months."
            )
        return quarter

    @property
    def last_day(self) -> pd.Timestamp:
        """Last day the data cover."""
        return self.end - pd.Timedelta(days=1)

    def quarters(self) -> list[Quarter]:
        """List the quarters that the data cover whole, in order."""
        last = self.last_quarter()
        found: list[Quarter] = []
        while last.start >= self.start:
            found.insert(0, last)
            last = last.shift(-1)
        return found

    @cached_property
    def _episodes(self) -> pd.DataFrame:
        with lean_memory():
            rows = linking.episodes_in_care(self.tables["placements"])
        rows["placement_type"] = stays.kind_of_episodes(rows)
        return rows

    @cached_property
    def _stretches(self) -> pd.DataFrame:
        with lean_memory():
            return linking.stretches(self._episodes, self.tables["costs"], until=self.end)

    @cached_property
    def _ratings(self) -> pd.DataFrame:
        needs = self.tables["needs"]
        own = needs.loc[needs["framework"].eq(self.framework_id).fillna(False).astype(bool)]
        wide = linking.wide_ratings(own, self.framework.domains)
        scores = self.framework.score(wide[list(self.framework.domains)])
        second = linking.mark_second_ratings(wide).rename("second_rating")
        return pd.concat([wide, scores, second], axis=1)

    @cached_property
    def _rated_in_care(self) -> pd.DataFrame:
        return self._ratings.loc[linking.days_in_care(self._ratings, self._episodes, day="date")]

    @door("here.snapshot('2019-12-31')")
    def snapshot(self, day: str | pd.Timestamp, *, need_within_days: int = 365) -> pd.DataFrame:
        """List the children in care on a day, with placement, price and latest needs.

        Parameters
        ----------
        day : str or Timestamp
            The day, such as "2019-12-31".
        need_within_days : int
            How old, in days, an assessment may be to count.

        Returns
        -------
        DataFrame
            One row per child: child_id, age_years, sex, ethnicity, uasc, disability, sen_status,
            sibling_group, ls, cin, place, place_provider, placement_type, provider_id, home_id,
            distance_miles, area, care_start, weeks_in_care, placement_start, weeks_in_placement,
            cost_gbp_week (gross, with support bought; NaN when unpriced), care_share, education_share,
            health_share, need_date, need_age_days, the scores of the framework and one column per domain,
            from assessments made in care.

        Raises
        ------
        InputError
            If the day lies outside the data.

        Examples
        --------
        >>> from vcanalysis.core.paths import data_file
        >>> council = open_council(data_file("demo"))  # doctest: +SKIP
        >>> council.snapshot("2019-12-31")["cost_gbp_week"].median()  # doctest: +SKIP
        """
        when = self._covered(day)
        rows = self._episodes
        on = (rows["decom"] <= when) & (rows["dec"].isna() | (rows["dec"] > when))
        rows = rows.loc[on].drop_duplicates("child_id", keep="last").reset_index(drop=True)
        rows = rows.merge(
            self.tables["children"][["child_id", "birth_month", *snapshots.ABOUT]], on="child_id", how="left"
        )
        rows = rows.assign(
            age_years=snapshots.ages(rows["birth_month"], when),
            weeks_in_care=(when - rows["care_start"]).dt.days / 7,
            weeks_in_placement=(when - rows["placement_start"]).dt.days / 7,
        )
        scores = [*self._score_columns(), *self.framework.domains]
        prices = snapshots.prices_on(self._stretches, rows["child_id"], when)
        needs = snapshots.needs_on(
            self._rated_in_care, rows["child_id"], when, within_days=need_within_days, columns=scores
        )
        return pd.concat([rows, prices, needs], axis=1)[[*snapshots.BEFORE_SCORES, *scores]]

    def _score_columns(self) -> list[str]:
        return [c for c in self._ratings.columns if c in SCORES or c == "need_index"]

    def _covered(self, day: str | pd.Timestamp) -> pd.Timestamp:
        when = read_day(day)
        if not self.start <= when < self.end:
            raise InputError(
                f"{when:%d/%m/%Y} lies outside the data of {self.name}, which run from "
                f"{self.start:%d/%m/%Y} to {self.last_day:%d/%m/%Y}."
            )
        return when

    @door("here.child_weeks(period.start, period.end)")
    def child_weeks(
        self, start: str | pd.Timestamp, end: str | pd.Timestamp, *, payers: bool = False
    ) -> pd.DataFrame:
        """Cut the days in care of a period into stretches with one placement and one price.

        Parameters
        ----------
        start, end : str or Timestamp
            First day, and the day after the last day.
        payers : bool
            Whether to say who pays: care_share, education_share, health_share.

        Returns
        -------
        DataFrame
            child_id, from, to, days, weeks (days / 7), placement_type, provider_id, home_id, gbp_week
            (gross, with support bought; NaN when unpriced) and cost_gbp (gbp_week x days / 7). No day of
            a child appears twice.
        """
        first, last = read_day(start), read_day(end)
        if last <= first:
            raise InputError(
                f"The period ends on {last:%d/%m/%Y}, not after its first day, {first:%d/%m/%Y}. Give the first day, "
                "then the day after the last."
            )
        cut = self._stretches
        cut = cut.loc[(cut["from"] < last) & (cut["to"] > first)].drop(columns="spell")
        cut = cut.assign(**{"from": cut["from"].clip(lower=first), "to": cut["to"].clip(upper=last)})
        days = (cut["to"] - cut["from"]).dt.days
        cut = cut.assign(days=days, weeks=days / 7, cost_gbp=cut["gbp_week"] * days / 7)
        order = ["child_id", "from", "to", "days", "weeks", "placement_type", "provider_id", "home_id"]
        shares = list(snapshots.SHARES) if payers else []
        return cut[[*order, "gbp_week", "cost_gbp", *shares]].reset_index(drop=True)

    def placement_spells(
        self,
        start: str | pd.Timestamp | None = None,
        end: str | pd.Timestamp | None = None,
        *,
        need_within_days: int = 365,
        by_kind: bool = False,
    ) -> pd.DataFrame:
        """List the placements under way in a period (all the data where not said), for survival analysis.

        One row per placement with the same carer: child_id, care_start, order (within the period of care), start,
        end (missing while it lasts), end_kind (see `vcanalysis.intake.stays.ENDS`), entry_days and exit_days since it
        began (entry above nought where it began before the period), care_entry_days and care_exit_days since the child
        came into care, type, provider and home, age_years at its start, who the child is, the scores and domains of
        the needs known then, known_days (day from which needs are known and it is watched) and unmet_need. `by_kind`
        begins anew where the kind changes with the same carer: so kinds are counted, and not how long a carer lasts.
        """
        first = self.start if start is None else read_day(start)
        last = self.end if end is None else read_day(end)
        about = {"start": first, "end": last, "by_kind": by_kind}
        rows = stays.placement_spells(self._episodes, self.tables["children"], **about)
        columns = [*self._score_columns(), *self.framework.domains]
        rows = stays.with_needs(rows, self._ratings, columns, within_days=need_within_days)
        return stays.with_match(rows, self.tables["carers"], self.framework.domains)

    def assessments(
        self, start: str | pd.Timestamp | None = None, end: str | pd.Timestamp | None = None
    ) -> pd.DataFrame:
        """List the assessments of a period, one row per child, day and rater, scored by the framework.

        `second_rating` marks the second of a double rating: another rater within 14 days.
        """
        rows = self._ratings
        kept = pd.Series(True, index=rows.index)
        if start is not None:
            kept &= rows["date"] >= read_day(start)
        if end is not None:
            kept &= rows["date"] < read_day(end)
        return rows.loc[kept].reset_index(drop=True)

    def double_ratings(self) -> pd.DataFrame:
        """List the pairs of ratings of a child by two raters within 14 days: `pair`, then two rows each."""
        return linking.pair_ratings(self._ratings, ["need_total", *self.framework.domains])
