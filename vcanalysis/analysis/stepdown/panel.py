"""The list for the panel: children to talk about, what they want, and what is not known. Private, and no decision."""

from __future__ import annotations

import pandas as pd

from vcanalysis.analysis.stepdown.screen import FOR_REVIEW, UNJUDGED, Screen
from vcanalysis.core.columns import require_columns

WISHES, GOALS = "what the child wants", "other goals"
_ORDER = (FOR_REVIEW, UNJUDGED)


def wishes_and_goals(goals: pd.DataFrame, *, child: str = "child_id") -> pd.DataFrame:
    """Put the goals of each child into words: those the child set or chose first, the latest first.

    Parameters
    ----------
    goals : DataFrame
        One row per goal: the child, ``set_on``, ``domain``, ``horizon``, ``child_authored`` and ``progress``. Goals
        dropped are left out.
    child : str
        Column of the child.

    Returns
    -------
    DataFrame
        Index the child: ``what the child wants`` and ``other goals``, empty where there are none.

    Raises
    ------
    InputError
        If a column is missing.

    Examples
    --------
    >>> goals = pd.DataFrame({"child_id": ["a", "a"], "set_on": pd.to_datetime(["2019-01-01", "2019-02-01"]),
    ...     "domain": ["family_friends_contact", "education_learning"], "horizon": ["long", "short"],
    ...     "child_authored": [True, False], "progress": ["some", "met"]})
    >>> wishes_and_goals(goals).loc["a", "what the child wants"]
    'family friends contact (long, some)'
    """
    require_columns(goals, child, "set_on", "domain", "horizon", "child_authored", "progress")
    live = goals[goals["progress"].astype("str") != "dropped"].sort_values(
        "set_on", ascending=False, kind="stable"
    )
    said = live["domain"].astype("str").str.replace("_", " ") + " (" + live["horizon"].astype("str")
    live = live.assign(
        said=said + ", " + live["progress"].astype("str").where(live["progress"].notna(), "new") + ")"
    )
    own = live["child_authored"].fillna(False).astype(bool)
    parts = {WISHES: live[own], GOALS: live[~own]}
    found = {name: part.groupby(child)["said"].agg("; ".join) for name, part in parts.items()}
    return pd.DataFrame(found).reindex(pd.Index(live[child].unique(), name=child)).fillna("")


def panel_list(
    found: Screen,
    *,
    goals: pd.DataFrame,
    about: pd.DataFrame,
    weeks: str = "weeks_in_placement",
    siblings: str = "sibling_group",
    warnings: str = "warnings",
) -> pd.DataFrame:
    """Order the children for review so that a panel can work through them, with their own words beside.

    Parameters
    ----------
    found : Screen
        From `screen`.
    goals : DataFrame
        From `wishes_and_goals`: index the child.
    about : DataFrame
        Index of the screen's table: what the panel should see beside, with `weeks`, `siblings` and `warnings`;
        other columns are shown as they are.
    weeks, siblings, warnings : str
        Columns of weeks in the placement, of the sibling group and of the number of warnings.

    Returns
    -------
    DataFrame
        Children for review, then children who cannot be judged: within each, the longest in a home first and siblings
        side by side. ``place`` in the list, the child, ``status``, ``to_ask`` (what is not known), the wishes and
        goals, and the columns of `about`. Children "not now" stand in the screen with their reasons.

    Raises
    ------
    InputError
        If a column is missing.

    Notes
    -----
    The order is neither by price nor by probability: who has waited longest comes first. The list names children, so
    it stays with those who know them; nothing of it is published.

    Examples
    --------
    >>> from vcanalysis.analysis.stepdown import Rules, screen
    >>> at = pd.DataFrame({"child_id": ["a", "b"], "placement_type": "Residential home", "ls": "C2",
    ...     "weeks_in_placement": [30, 90], "need_age_days": 20, "rated_share": 1.0, "vetoed": False,
    ...     "comparable": True, "probability": 0.9, "wishes": True, "sibling_group": None, "warnings": 0})
    >>> beside = at[["weeks_in_placement", "sibling_group", "warnings"]]
    >>> made = panel_list(screen(at, rules=Rules(least_probability=0.7)), goals=pd.DataFrame(), about=beside)
    >>> made["place"].tolist(), made["weeks_in_placement"].tolist()
    ([1, 2], [90, 30])
    """
    require_columns(about, weeks, siblings, warnings)
    rows = found.table[found.table["status"].isin(_ORDER)]
    open_ = [one.words for one in found.asked if not one.held]
    asks = "; ".join(f"whether the child {words}" for words in open_)
    rows = rows.assign(
        to_ask=[" ".join(filter(None, [why, f"Ask {asks}." if asks else ""])) for why in rows["why"]]
    )
    rows = rows[[found.child, "status", "to_ask"]]
    for name in (WISHES, GOALS):
        said = (
            rows[found.child].map(goals[name].to_dict()) if name in goals else pd.Series("", index=rows.index)
        )
        rows = rows.assign(**{name: said.astype("object").where(said.notna(), "")})
    rows = rows.join(about)
    return _in_order(rows, weeks, siblings)


def _in_order(rows: pd.DataFrame, weeks: str, siblings: str) -> pd.DataFrame:
    """For review first; the longest in a home first; siblings behind the first of them."""
    group = (
        rows[siblings].astype("object").where(rows[siblings].notna(), pd.Series(rows.index, index=rows.index))
    )
    keys = pd.DataFrame(
        {
            "status": rows["status"].map(_ORDER.index).astype(int),
            "group": -rows.groupby([rows["status"], group.astype("str")])[weeks].transform("max"),
            "name": group.astype("str"),
            "weeks": -rows[weeks],
        }
    )
    ordered = rows.loc[keys.sort_values(list(keys.columns), kind="stable").index]
    ordered.insert(0, "place", range(1, len(ordered) + 1))
    return ordered
