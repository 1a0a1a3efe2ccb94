"""Placements as spells: when each began and ended, how it ended, and what was known of the child by then."""

from __future__ import annotations

import numpy as np
import pandas as pd

from vcanalysis.core.codes import BREAKDOWNS, FAMILY_TYPES, HOME_TYPES, placement_type

# Ways a placement ends, as they are shown: unwanted first.
ENDS = ("breakdown", "planned move", "step-down", "home", "18th birthday", "other")
_PARENTS = "With parents"
_PLANNED = "CARPL"
# Leaving care for parents, or for good to a family: by adoption, guardianship or a child arrangements order.
_HOME = ("E4A", "E4B", "E13", "E41", "E43", "E44", "E45", "E46", "E47", "E48", "E11", "E12")
_ABOUT = ("sex", "ethnicity", "uasc", "disability", "sibling_group")
_PLACED = ("placement_type", "place_provider", "provider_id", "home_id", "distance_miles")
_FAR = pd.Timestamp("2262-01-01")


def kind_of_episodes(episodes: pd.DataFrame) -> pd.Series:
    """Say what kind of placement each episode is; a temporary stay is of the kind of the placement around it.

    Parameters
    ----------
    episodes : DataFrame
        As `vcanalysis.intake.linking.episodes_in_care` gives them.

    Examples
    --------
    >>> rows = pd.DataFrame({"place": ["U6", "T1", "T2"], "place_provider": ["PR1", None, None],
    ...     "spell": [1, 1, 2], "temporary": [False, True, True]})
    >>> kind_of_episodes(rows).tolist()
    ['In-house fostering', 'In-house fostering', 'Other']
    """
    own = pd.Series(placement_type(episodes["place"], episodes["place_provider"]), index=episodes.index)
    around = own.where(~episodes["temporary"].astype(bool)).groupby(episodes["spell"])
    return around.ffill().fillna(around.bfill()).fillna(own)


def kinds_apart(episodes: pd.DataFrame) -> pd.DataFrame:
    """Begin a placement anew where its kind changes with the same carer, as when a foster carer becomes the adopter.

    Parameters
    ----------
    episodes : DataFrame
        As `placements` takes them; sorted by child and day.
    """
    same = episodes["spell"].eq(episodes["spell"].shift())
    kind = episodes["placement_type"].astype("str")
    return episodes.assign(spell=(~(same & kind.eq(kind.shift()))).cumsum())


def placements(episodes: pd.DataFrame) -> pd.DataFrame:
    """Join episodes with the same carer into placements, one row each, and say how each ended.

    Parameters
    ----------
    episodes : DataFrame
        As `vcanalysis.intake.linking.episodes_in_care` gives them, with `placement_type`: temporary placements and
        changes of status belong to the placement around them, short breaks are left out.

    Returns
    -------
    DataFrame
        child_id, care_start, order (number within the period of care), start, end (missing while it lasts), the type
        and provider on its first day that was not temporary, rec and reason_place_change of its end, last_type,
        next_type (missing where the child left care).
    """
    end = episodes["dec"].fillna(_FAR)
    rows = episodes.assign(_end=end, _moved=episodes["temporary"].astype(bool))
    first = rows.sort_values(["spell", "_moved", "decom"], kind="stable").drop_duplicates("spell")
    last = rows.sort_values(["spell", "_end"], kind="stable").drop_duplicates("spell", keep="last")
    first, last = first.set_index("spell").sort_index(), last.set_index("spell").sort_index()
    found = first[["child_id", "care_start", *_PLACED]].assign(
        start=rows.groupby("spell")["decom"].min(),
        end=last["dec"],
        rec=last["rec"],
        reason=last["reason_place_change"],
    )
    found["order"] = found.groupby(["child_id", "care_start"], observed=True).cumcount() + 1
    after = found.shift(-1)
    stays = (after["child_id"] == found["child_id"]) & (after["care_start"] == found["care_start"])
    found["next_type"] = after["placement_type"].astype("str").where(stays)
    return found.reset_index(drop=True)


def _years(birth_month: pd.Series, day: pd.Series) -> pd.Series:
    """Give ages to the month, in years; missing where either is."""
    return ((day.dt.year - birth_month.dt.year) * 12 + day.dt.month - birth_month.dt.month) / 12


def how_ended(found: pd.DataFrame, birth_month: pd.Series) -> pd.Categorical:
    """Say how each placement ended: one of `ENDS`, missing while it lasts.

    A breakdown goes before everything, because reasons are recorded for moves; then a move from a home to a foster
    family is a step-down, a move to parents or leaving care for a family is home, leaving care from the 18th birthday
    on is that; what is left is a planned move where the return says so, and otherwise other.
    """
    moved, left = found["next_type"].notna(), found["end"].notna() & found["next_type"].isna()
    years = _years(birth_month, found["end"])
    residential = found["placement_type"].astype("str").isin(HOME_TYPES)
    rules = [
        moved & found["reason"].isin(BREAKDOWNS),
        moved & residential & found["next_type"].isin(FAMILY_TYPES),
        (moved & (found["next_type"] == _PARENTS)) | (left & found["rec"].isin(_HOME)),
        left & ((years >= 18) | (found["rec"] == "E17")),
        moved & (found["reason"] == _PLANNED),
        moved | left,
    ]
    kinds = [0, 2, 3, 4, 1, 5]
    codes = np.select([r.to_numpy(bool) for r in rules], kinds, default=-1)
    return pd.Categorical.from_codes(codes, categories=list(ENDS), ordered=True)


def watched(found: pd.DataFrame, *, start: pd.Timestamp, end: pd.Timestamp) -> pd.DataFrame:
    """Keep the placements that were under way in a period, and count the days they were watched.

    Adds entry_days and exit_days since the placement began, care_entry_days and care_exit_days since the child came
    into care. A placement that lasts beyond the period has neither end nor end_kind.
    """
    inside = (found["start"] < end) & (found["end"].isna() | (found["end"] > start))
    rows = found.loc[inside].reset_index(drop=True)
    lasts = rows["end"].isna() | (rows["end"] >= end)
    rows["end"] = rows["end"].mask(lasts)
    rows["end_kind"] = rows["end_kind"].where(~lasts)
    seen, out = rows["start"].clip(lower=start), rows["end"].fillna(end)
    for name, origin in (("", "start"), ("care_", "care_start")):
        rows[f"{name}entry_days"] = (seen - rows[origin]).dt.days
        rows[f"{name}exit_days"] = (out - rows[origin]).dt.days
    return rows


def with_needs(
    rows: pd.DataFrame, ratings: pd.DataFrame, columns: list[str], *, within_days: int
) -> pd.DataFrame:
    """Add the needs known when the watch begins, or from the first rating of the placement on.

    `known_days` is the day, since the placement began, from which both the placement is watched and needs are known:
    a placement counts for a question about need from that day only (missing when never rated). So no placement
    is credited with time in which it had to last for its child to be rated.
    """
    own = ratings.loc[~ratings["second_rating"], ["child_id", "date", *columns]]
    own = own.assign(child_id=own["child_id"].astype("str")).sort_values("date", kind="stable")
    seen = rows["start"] + pd.to_timedelta(rows["entry_days"], unit="D")
    asked = pd.DataFrame(
        {"child_id": rows["child_id"].astype("str"), "date": seen, "_row": np.arange(len(rows))}
    )
    asked = asked.sort_values("date", kind="stable")
    parts = []
    for direction in ("backward", "forward"):
        rated = own.assign(rated=own["date"])
        near = pd.merge_asof(asked, rated, on="date", by="child_id", direction=direction)  # type: ignore[call-overload]
        parts.append(near.sort_values("_row", ignore_index=True)[["rated", *columns]])
    before, after = parts
    fresh = (seen - before["rated"]).dt.days <= within_days
    needs = before.where(fresh, after)
    known = (needs["rated"] - rows["start"]).dt.days
    known = np.maximum(known, rows["entry_days"])
    known = known.where(known < rows["exit_days"])
    needs = needs.where(known.notna())
    return pd.concat([rows, needs.drop(columns="rated")], axis=1).assign(known_days=known)


def with_match(rows: pd.DataFrame, carers: pd.DataFrame, domains: tuple[str, ...]) -> pd.DataFrame:
    """Add unmet_need: levels of need beyond what the foster household can meet, summed over domains.

    Missing where the household has no profile, or needs are not known. Profiles are as they stand today.
    """
    if not len(carers):
        return rows.assign(unmet_need=np.nan)
    wide = carers.pivot_table(index="household_id", columns="domain", values="capability", aggfunc="max")
    known = [d for d in domains if d in wide.columns]
    able = wide.reindex(rows["home_id"].astype("str"))[known].to_numpy(dtype="float64", na_value=np.nan)
    need = rows[known].to_numpy(dtype="float64", na_value=np.nan)
    gap = np.clip(need - able, 0, None)
    seen = np.isfinite(gap)
    enough = seen.mean(axis=1) >= 0.8 if known else np.zeros(len(rows), bool)
    total = np.where(seen, gap, 0).sum(axis=1) * len(known) / np.maximum(seen.sum(axis=1), 1)
    return rows.assign(unmet_need=np.where(enough, total, np.nan))


def placement_spells(
    episodes: pd.DataFrame,
    children: pd.DataFrame,
    *,
    start: pd.Timestamp,
    end: pd.Timestamp,
    by_kind: bool = False,
) -> pd.DataFrame:
    """List the placements under way in a period with how they ended and who the child is."""
    found = placements(kinds_apart(episodes) if by_kind else episodes)
    about = children.drop_duplicates("child_id").set_index("child_id").reindex(found["child_id"])
    birth = about["birth_month"].set_axis(found.index)
    found["end_kind"] = how_ended(found, birth)
    found["age_years"] = _years(birth, found["start"])
    for name in _ABOUT:
        found[name] = about[name].set_axis(found.index)
    rows = watched(found, start=start, end=end)
    return rows.drop(columns=["rec", "reason", "next_type"])
