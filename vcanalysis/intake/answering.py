"""Which questions a council's data can answer, for what share of its children, and what would be needed."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from vcanalysis.core.period import write_day
from vcanalysis.intake.council import Council
from vcanalysis.intake.linking import episodes_in_care
from vcanalysis.intake.reconciling import reconcile

_FEWEST = 10
_ENOUGH = 0.95


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether the data can answer a question, and what would be needed.

    Parameters
    ----------
    question : str
        The question, as a notebook asks it.
    able : str
        "yes", "partly" or "no".
    because : str
        The share of children it can be answered for, and what to add.
    """

    question: str
    able: str
    because: str

    def line(self) -> str:
        """Write it in one line."""
        words = {
            "yes": "can be answered",
            "partly": "can be answered in part",
            "no": "cannot be answered yet",
        }
        return f"{self.question} This {words[self.able]}. {self.because}"


def answers(council: Council) -> list[Answer]:
    """Say of every question whether a council's data can answer it at the last day of its period.

    Parameters
    ----------
    council : Council
        As `open_council` gives it.

    Returns
    -------
    list of Answer
        One a question, in the order of the notebooks.

    Examples
    --------
    >>> from vcanalysis.core.paths import data_file
    >>> from vcanalysis.intake.opening import open_council
    >>> answers(open_council(data_file("demo")))[1].able  # doctest: +SKIP
    'yes'
    """
    last = council.end - pd.Timedelta(days=1)
    now = council.snapshot(last)
    day = f"{last.day} {last:%B %Y}"
    return [
        _needs(council, now, day),
        _share_answer(
            "What does care cost, and who are the dearest?", now, now["cost_gbp_week"].notna(), "Prices", day,
            "Add prices with: vcanalysis import ... --costs FILE",
        ),
        _share_answer(
            "Does spending follow need?", now, now["need_total"].notna() & now["cost_gbp_week"].notna(),
            _lacking(now, "need_total"), day, "Both needs and prices are needed for the same child.",
        ),
        _middle(council, now, day),
        _share_answer(
            "What could be saved?", now, now["need_band"].notna() & now["cost_gbp_week"].notna(),
            _lacking(now, "need_band"), day, "A scenario needs both, and rests on its assumptions.",
        ),
        _change(council),
        _stability(council),
        _stepdown(council),
        _money(council),
        _send(council),
    ]  # fmt: skip


def _share_answer(
    question: str, now: pd.DataFrame, have: pd.Series, what: str, day: str, advice: str
) -> Answer:
    total, count = len(now), int(have.sum())
    if not total:
        return Answer(question, "no", f"No child was in care on {day}.")
    if total < _FEWEST:
        return Answer(
            question, "no", f"Fewer than {_FEWEST} children were in care on {day}: too few for an answer."
        )
    if count < _FEWEST:
        return Answer(
            question,
            "no",
            f"{what} are known for {_few(count)} of {total:,} children in care on {day}. {advice}",
        )
    share = count / total
    if share >= _ENOUGH:
        return Answer(question, "yes", f"Known for {_percent(share)} of {total:,} children in care on {day}.")
    because = (
        f"{what} are missing for {_percent(1 - share)} of {total:,} children in care on {day}: the answer is for "
        f"the other {_percent(share)} and says so. {advice}"
    )
    return Answer(question, "partly", because)


def _needs(council: Council, now: pd.DataFrame, day: str) -> Answer:
    """Say for whom needs are known, and when they are one score and no picture of needs."""
    advice = " " + _need_advice(council, now)
    answer = _share_answer("What do children need?", now, now["need_total"].notna(), "Needs", day, advice[1:])
    if answer.able == "no" or len(council.framework.domains) > 1:
        return answer
    said = f"All there is is one score ({council.framework.title}): how much difficulty, not which needs. "
    return Answer(answer.question, "partly", said + answer.because.removesuffix(advice) + advice)


def _lacking(now: pd.DataFrame, need: str) -> str:
    """Name which of needs and prices hardly any child has."""
    known = now[[need, "cost_gbp_week"]].notna().sum()
    few = [what for what, count in zip(("Needs", "Prices"), known, strict=True) if count < _FEWEST]
    return few[0] if len(few) == 1 else "Needs or prices"


def _percent(share: float) -> str:
    return f"{100 * share:.0f}%"


def _few(count: int) -> str:
    return "none" if count == 0 else f"fewer than {_FEWEST}"


def _middle(council: Council, now: pd.DataFrame, day: str) -> Answer:
    question = "Who is in the middle?"
    if len(council.framework.domains) < 3:
        because = (
            f"The needs framework {council.framework_id} has one score and no domains, so the middle can be seen in "
            "one dimension only. Add assessments by domain with: vcanalysis import ... --needs FILE"
        )
        return Answer(question, "no", because)
    advice = _need_advice(council, now)
    return _share_answer(question, now, now["need_band"].notna(), "Needs by domain", day, advice)


def _need_advice(council: Council, now: pd.DataFrame) -> str:
    """Say what would be needed, and why assessments that were given do not count."""
    lacking = now.loc[now["need_total"].isna(), "child_id"]
    ever = council.snapshot(council.last_day, need_within_days=36_500)
    ever = ever.loc[ever["child_id"].isin(lacking)]
    dated, scored = ever["need_date"].notna(), ever["need_total"].notna()
    rated = ever["child_id"].isin(council.assessments()["child_id"])
    framework = council.framework
    why = {
        "last assessed more than a year before": scored,
        f"assessed on fewer than {framework.fewest_domains} of {len(framework.domains)} domains, which a score takes": (
            dated & ~scored
        ),
        "assessed only while not in care": rated & ~dated,
    }
    counts = {words: int(rows.sum()) for words, rows in why.items()}
    said = [
        f"{_few(count) if count < _FEWEST else f'{count:,}'} {words}"
        for words, count in counts.items()
        if count
    ]
    because = f"Of the children without: {'; '.join(said)}. " if said else ""
    return because + "Add assessments with: vcanalysis import ... --needs FILE"


def _change(council: Council) -> Answer:
    question = "Are needs falling?"
    ratings = council.assessments()
    again = ratings.loc[~ratings["second_rating"] & ratings["need_total"].notna()].groupby(
        "child_id", observed=True
    )
    spans = again["date"].agg(["min", "max"])
    apart = int(((spans["max"] - spans["min"]).dt.days >= 90).sum())
    told = f"assessed twice, 90 days or more apart, from {write_day(council.start)} to {write_day(council.last_day)}"
    if apart < _FEWEST:
        because = f"{_few(apart).capitalize()} of the children were {told}; at least {_FEWEST} are needed."
        return Answer(question, "no", because)
    pairs = council.double_ratings()["pair"].nunique()
    noise = (
        f"{pairs:,} double ratings show how far raters agree."
        if pairs >= _FEWEST
        else "Without double ratings of the same child, real change cannot be told from disagreement between raters."
    )
    able = "yes" if pairs >= _FEWEST else "partly"
    return Answer(question, able, f"{apart:,} children were {told}. {noise}")


def _stability(council: Council) -> Answer:
    rows = episodes_in_care(council.tables["placements"])
    years = (council.end - council.start).days / 365.25
    spells = rows.loc[rows["placement_start"] >= council.start, "spell"].nunique()
    if spells < _FEWEST:
        because = (
            f"{_few(spells).capitalize()} of the placements began in the data; at least {_FEWEST} are needed."
        )
        return Answer("Do placements last?", "no", because)
    because = (
        f"{spells:,} placements began in {years:.0f} {'year' if round(years) == 1 else 'years'} of data."
    )
    return Answer("Do placements last?", "yes" if years >= 2 else "partly", because)


def _stepdown(council: Council) -> Answer:
    question = "Do step-downs to a family hold?"
    moves = int(council.tables["stepdown"]["move"].notna().sum())
    if moves < _FEWEST:
        because = (
            f"{_few(moves).capitalize()} of the children moved to a family by record. Add the table stepdown with: "
            "vcanalysis import ... --stepdown FILE"
        )
        return Answer(question, "no", because)
    return Answer(question, "yes", f"{moves:,} moves to a family are recorded.")


def _money(council: Council) -> Answer:
    question = "How much of the care and of the money is accounted for?"
    if not council.has("costs"):
        return Answer(
            question, "no", "There are no prices. Add them with: vcanalysis import ... --costs FILE"
        )
    tables = council.tables
    found = reconcile(tables["placements"], tables["costs"], start=council.start, end=council.end)
    pounds = found.pounds_matched + found.pounds_unmatched
    share = found.pounds_matched / pounds if pounds else 0.0
    because = (
        f"{_percent(found.costed_share)} of child-weeks have a price, and {_percent(share)} of the pounds fall on days "
        "in care. Hold them against the ledger with: vcanalysis import ... --ledger YEAR=POUNDS"
    )
    enough = found.costed_share >= _ENOUGH and share >= _ENOUGH
    return Answer(question, "yes" if enough else "partly", because)


def _send(council: Council) -> Answer:
    question = "Is the picture the same for SEND?"
    table = council.tables["send"]
    plans = table[table["status"].astype("str").eq("plan")]
    people = int(plans["child_id"].nunique())
    if people < _FEWEST:
        because = (
            f"{_few(people).capitalize()} of the people in the data have a plan by record. Add the table send with: "
            "vcanalysis import ... --send FILE"
        )
        return Answer(question, "no", because)
    censuses = int(plans["census"].nunique())
    priced = float(plans["gbp_year"].notna().mean())
    because = (
        f"{people:,} people have a plan, in {censuses} censuses; {_percent(priced)} of rows have a cost."
    )
    return Answer(question, "yes" if censuses > 1 and priced >= _ENOUGH else "partly", because)
