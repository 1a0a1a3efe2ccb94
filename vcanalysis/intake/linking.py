"""Link the tables of a council in time: spells in care, placements, prices, latest ratings.

Pure functions on frames, vectorised: a nation of 80,000 children takes seconds. Every interval is half
open. Times are compared by an as-of join within each child, so an overlap that survived the cleaning
never counts a day twice: the stretch that began last holds.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from vcanalysis.core.tables import get_table

SHORT_BREAKS = ("V3", "V4")
TEMPORARY = ("T0", "T1", "T2", "T3", "T4")
DOUBLE_RATING_DAYS = 14
_NEW_PLACEMENT = ("S", "P", "B")
_SAME_PLACEMENT = ("L", "T", "U")
_FAR = pd.Timestamp("2262-01-01")


def _filled(values: pd.Series) -> pd.Series:
    return values.astype("str").fillna("").where(values.notna(), "")


def episodes_in_care(placements: pd.DataFrame) -> pd.DataFrame:
    """Find the periods in care and the placements of each child.

    Parameters
    ----------
    placements : DataFrame
        The council's placements table.

    Returns
    -------
    DataFrame
        Episodes without short breaks, sorted by child and day, with `care_start` (first day of the
        unbroken run of days in care), `placement_start` (first day with the same carer), `spell`
        (number of the placement) and `temporary`. A new placement begins after a gap, with RNE P, B or
        S, or, where RNE does not say, when place, provider or home change; a temporary placement (T0 to
        T4) belongs to the placement around it, also when the child comes back from it.

    Examples
    --------
    >>> rows = pd.DataFrame({
    ...     "child_id": ["a", "a", "a"], "place": ["U6", "T1", "U6"], "place_provider": ["PR1", None, "PR1"],
    ...     "decom": pd.to_datetime(["2019-01-01", "2019-02-01", "2019-02-05"]), "rne": ["S", "P", "P"],
    ...     "dec": pd.to_datetime(["2019-02-01", "2019-02-05", None]), "ls": "C2", "home_id": None})
    >>> episodes_in_care(rows)["spell"].tolist()
    [1, 1, 1]
    """
    kept = ~placements["ls"].isin(SHORT_BREAKS) & placements["decom"].notna()
    rows = placements.loc[kept]
    child, _ = pd.factorize(
        rows["child_id"], sort=True
    )  # numbers are sorted and grouped far faster than text
    order = np.lexsort([rows["decom"].to_numpy(), child])
    rows, number = rows.take(order).reset_index(drop=True), pd.Series(child[order])
    first = ~number.duplicated()
    reached = rows["dec"].fillna(_FAR).groupby(number).cummax().shift()
    fresh = first | (rows["decom"] > reached)
    temporary = rows["place"].isin(TEMPORARY)
    moved = fresh | _carer_changes(rows, number, temporary=temporary, first=first)
    rows["temporary"] = temporary
    rows["care_start"] = rows["decom"].where(fresh).ffill()
    rows["placement_start"] = rows["decom"].where(moved).ffill()
    rows["spell"] = moved.cumsum()
    return rows


def _carer_changes(
    rows: pd.DataFrame, number: pd.Series, *, temporary: pd.Series, first: pd.Series
) -> pd.Series:
    """Say where the carer changes, looking through temporary placements."""
    who = [name for name in ("place", "place_provider", "home_id") if name in rows]
    alike = pd.DataFrame({name: pd.factorize(_filled(rows[name]))[0] for name in who})
    key = alike.groupby(who, sort=False).ngroup()
    around = key.where(~temporary).groupby(number).ffill().fillna(key)
    differs = around != around.shift()
    after_temporary = temporary.shift(fill_value=False) & ~first
    said = rows["rne"].isin(_NEW_PLACEMENT)
    silent = ~rows["rne"].isin(_NEW_PLACEMENT + _SAME_PLACEMENT)
    ordinary = said | (silent & differs)
    return ~temporary & np.where(after_temporary, differs, ordinary)


def latest(
    left: pd.DataFrame, right: pd.DataFrame, *, left_on: str, right_on: str, columns: list[str]
) -> pd.DataFrame:
    """Give each row of `left` the columns of the last row of `right` of its child at or before its day."""
    children = pd.factorize(pd.concat([right["child_id"], left["child_id"]], ignore_index=True))[0]
    days = np.concatenate([right[right_on].to_numpy(), left[left_on].to_numpy()])
    order = np.lexsort([days, children])  # of one child and day the rows of `right` come first
    place = np.arange(len(order))
    known = order < len(right)
    last = np.maximum.accumulate(np.where(known, place, -1))
    there = last >= 0
    there[there] = children[order[last[there]]] == children[order[there]]
    found = np.full(len(order), -1)
    found[order[there]] = order[last[there]]
    rows = right[columns].reset_index(drop=True).reindex(found[len(right) :])
    return rows.set_axis(left.index)


def days_in_care(rows: pd.DataFrame, episodes: pd.DataFrame, *, day: str) -> pd.Series:
    """Say which rows lie on a day on which their child was in care.

    Parameters
    ----------
    rows : DataFrame
        child_id and a column of days.
    episodes : DataFrame
        As `episodes_in_care` gives them.
    day : str
        Name of the column of days.

    Examples
    --------
    >>> placed = pd.DataFrame({"child_id": "a", "decom": pd.to_datetime(["2019-04-01"]),
    ...     "dec": pd.to_datetime(["2019-05-01"])})
    >>> rows = pd.DataFrame({"child_id": "a", "date": pd.to_datetime(["2019-03-31", "2019-04-01", "2019-05-01"])})
    >>> days_in_care(rows, placed, day="date").tolist()
    [False, True, False]
    """
    ends = episodes["dec"].fillna(_FAR).groupby(episodes["child_id"], observed=True).cummax()
    known = episodes[["child_id", "decom"]].assign(_reach=ends)
    reach = latest(rows, known, left_on=day, right_on="decom", columns=["_reach"])["_reach"]
    return reach > rows[day]


def stretches(episodes: pd.DataFrame, costs: pd.DataFrame, *, until: pd.Timestamp) -> pd.DataFrame:
    """Cut the days in care into stretches with one placement and one price.

    Parameters
    ----------
    episodes : DataFrame
        As `episodes_in_care` gives them, with `placement_type`.
    costs : DataFrame
        The council's costs table.
    until : Timestamp
        Day after the last day covered; open episodes are cut there.

    Returns
    -------
    DataFrame
        child_id, from, to, spell, placement_type, provider_id, home_id, gbp_week (gross, with support
        bought; NaN where unpriced), care_share, education_share, health_share. A temporary placement
        without a price of its own takes the price of the placement around it.
    """
    names, episodes, costs = _numbered(episodes, costs)
    cuts = _cuts(episodes, costs, until=until)
    episode_columns = ["spell", "placement_type", "provider_id", "home_id", "temporary", "_end"]
    ends = episodes.assign(_end=episodes["dec"].fillna(until).clip(upper=until))
    placed = latest(cuts, ends, left_on="from", right_on="decom", columns=episode_columns)
    cut = pd.concat([cuts, placed], axis=1)
    del cuts, placed
    cut = cut.loc[cut["_end"] > cut["from"]].reset_index(drop=True)
    shares = ["care_share", "education_share", "health_share"]
    prices = costs.assign(
        _to=costs["to"].fillna(_FAR),
        _row=np.arange(len(costs)),
        gbp_week=costs["gbp_week"] + costs["support_gbp_week"].fillna(0.0),
    )
    priced = latest(cut, prices, left_on="from", right_on="from", columns=["gbp_week", *shares, "_to"])
    priced = priced.where(priced["_to"] > cut["from"]).drop(columns="_to")
    cut = pd.concat([cut.drop(columns="_end"), priced], axis=1)
    cut = _carry_price_into_temporary(cut, ["gbp_week", *shares])
    merged = _merge_equal(cut.drop(columns="temporary"))
    return merged.assign(child_id=names.take(merged["child_id"].to_numpy()))


def _numbered(episodes: pd.DataFrame, costs: pd.DataFrame) -> tuple[pd.Index, pd.DataFrame, pd.DataFrame]:
    """Give the children numbers in the order of their names: they are sorted and joined far faster than text."""
    codes, names = pd.factorize(episodes["child_id"].astype("str"), sort=True)
    numbers = pd.Index(names).get_indexer(costs["child_id"].astype("str"))
    paid = costs.loc[numbers >= 0].assign(child_id=numbers[numbers >= 0])
    return pd.Index(names), episodes.assign(child_id=codes), paid


def _cuts(episodes: pd.DataFrame, costs: pd.DataFrame, *, until: pd.Timestamp) -> pd.DataFrame:
    """List, for each child, the elementary stretches between any two changes."""
    parts = [(episodes, "decom"), (episodes, "dec"), (costs, "from"), (costs, "to")]
    marks = pd.concat(
        [frame[["child_id", day]].rename(columns={day: "from"}).dropna() for frame, day in parts],
        ignore_index=True,
    )
    marks = (
        marks.loc[marks["from"] < until]
        .drop_duplicates()
        .sort_values(["child_id", "from"], ignore_index=True)
    )
    same = marks["child_id"].eq(marks["child_id"].shift(-1))
    marks["to"] = marks["from"].shift(-1).where(same, until)
    return marks


def _carry_price_into_temporary(cut: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    lacking = cut["temporary"].astype(bool) & cut["gbp_week"].isna()
    if not lacking.any():
        return cut
    by_placement = cut[columns].groupby(cut["spell"])
    carried = by_placement.ffill().fillna(by_placement.bfill())
    return cut.assign(**{name: cut[name].where(~lacking, carried[name]) for name in columns})


def _merge_equal(cut: pd.DataFrame) -> pd.DataFrame:
    """Join neighbouring stretches of a child that do not differ."""
    before = cut[["child_id", "to"]].shift()
    alike = cut["child_id"].eq(before["child_id"]) & cut["from"].eq(before["to"])
    for name in cut.columns.difference(["child_id", "from", "to"]):
        values = cut[name]
        if isinstance(values.dtype, pd.CategoricalDtype):
            values = values.cat.codes
        last = values.shift()
        alike &= values.eq(last).fillna(False).astype(bool) | (values.isna() & last.isna())
    starts = (~alike).to_numpy()
    ends = np.append(starts[1:], True) if len(starts) else starts
    merged = cut.loc[starts].reset_index(drop=True)
    merged["to"] = cut.loc[ends, "to"].to_numpy()
    return merged


def wide_ratings(needs: pd.DataFrame, domains: tuple[str, ...]) -> pd.DataFrame:
    """Lay each rating out in one row, a column of levels per domain.

    Where one rater gave a domain twice on a day the higher level holds. Where nobody is named, another role is
    another rater; theirs stand in the order in which the schema lists the roles, the social worker first.

    Examples
    --------
    >>> rows = pd.DataFrame({"child_id": "a", "date": pd.Timestamp("2019-05-01"), "rater_id": "r",
    ...     "rater_role": "social worker", "context": "review", "domain": ["x", "y"], "level": [2, 1]})
    >>> wide_ratings(rows, ("x", "y", "z"))[["x", "y", "z"]].values.tolist()
    [[2.0, 1.0, nan]]
    """
    key = ["child_id", "date", "rater_id"]
    named = needs["domain"].astype("category")
    place = np.append(pd.Index(domains).get_indexer(named.cat.categories), -1)[named.cat.codes]
    rows = needs.loc[place >= 0].assign(_place=place[place >= 0]).sort_values("level", kind="stable")
    rows = rows.assign(_role=_unnamed_role(rows))
    groups = rows.groupby([*key, "_role"], dropna=False, observed=True, sort=True)
    number = groups.ngroup().to_numpy()
    levels = np.full((groups.ngroups, len(domains)), np.nan)
    levels[number, rows["_place"].to_numpy()] = rows["level"].astype("float64").to_numpy()
    heads = rows.assign(_number=number).drop_duplicates("_number").sort_values("_number", ignore_index=True)
    about = heads[[*key, "rater_role", "context"]]
    return pd.concat([about, pd.DataFrame(levels, columns=list(domains), index=about.index)], axis=1)


def mark_second_ratings(ratings: pd.DataFrame) -> pd.Series:
    """Mark the rating of a child by another rater within 14 days of the one before.

    Examples
    --------
    >>> rows = pd.DataFrame({"child_id": "a", "rater_id": ["r", "s", "r"], "rater_role": "carer",
    ...     "date": pd.to_datetime(["2019-05-01", "2019-05-03", "2019-11-01"])})
    >>> mark_second_ratings(rows).tolist()
    [False, True, False]
    """
    same = ratings["child_id"].eq(ratings["child_id"].shift())
    near = (ratings["date"] - ratings["date"].shift()).dt.days <= DOUBLE_RATING_DAYS
    other = _filled(ratings["rater_id"]) != _filled(ratings["rater_id"]).shift()
    other |= _unnamed_role(ratings).diff().ne(0)
    candidate = same & near & other
    # Of three ratings in a row the third pairs with nobody: a pair has two.
    run = (~candidate).cumsum()
    return candidate & (candidate.groupby(run).cumsum() % 2 == 1)


def _unnamed_role(ratings: pd.DataFrame) -> pd.Series:
    """Give the role of raters who are not named as a number, in the order of the schema; -1 for all who are."""
    roles = pd.Index(get_table("needs").column("rater_role").allowed)
    said = ratings["rater_role"].astype("category")  # millions of rows, a handful of roles
    number = np.append(roles.get_indexer(said.cat.categories.astype("str")), -1)[said.cat.codes]
    named = ratings["rater_id"].notna() & ratings["rater_id"].ne("").fillna(False)
    return pd.Series(number, index=ratings.index).where(~named.astype(bool), -1)


def pair_ratings(ratings: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Give the ratings that come in pairs, two rows per `pair`: the first, then the second within 14 days.

    Parameters
    ----------
    ratings : DataFrame
        Ratings sorted by child and date, with `second_rating` (see `mark_second_ratings`).
    columns : list of str
        Scores to give beside child_id, pair, rater_id and date.
    """
    second = ratings["second_rating"].to_numpy(bool).nonzero()[0]
    both = [ratings.iloc[where].assign(pair=np.arange(len(second))) for where in (second - 1, second)]
    members = pd.concat(both).sort_values("pair", kind="stable", ignore_index=True)
    return members[["child_id", "pair", "rater_id", "date", *columns]]
