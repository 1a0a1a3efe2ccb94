"""The committee briefing: key facts, what is known and what is not, six parts, recommendations, annexes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from vcanalysis.core.period import Quarter, write_day
from vcanalysis.output import protocol
from vcanalysis.output.briefing import methods, parts, undertaken, unknowns, worth
from vcanalysis.output.briefing.annexes import annexes
from vcanalysis.output.briefing.blocks import Note, Said, Section
from vcanalysis.output.briefing.coverage import coverage_words
from vcanalysis.output.briefing.document import Document
from vcanalysis.output.briefing.findings import Finding, say
from vcanalysis.output.briefing.forms import PARTS, RECOMMENDED
from vcanalysis.output.briefing.numbering import numbered
from vcanalysis.output.briefing.questions import answers
from vcanalysis.output.briefing.reading_age import reading_age
from vcanalysis.output.briefing.summary_form import KEY, PLAIN, SUMMARY
from vcanalysis.output.briefing.tables import key_facts, leading
from vcanalysis.output.briefing.words import lower_first, row_name
from vcanalysis.output.records import Results

NAME = "briefing"
_KEPT = 8  # of the key facts that the form asks for; others stand in for those that may not be shown
LONGEST_PLAIN = 150  # words
_TITLE = Finding(
    "need_spend.rank_correlation",
    "Children with more need cost more on the whole: rank correlation {value} ({interval})",
    "Children with more need cost less on the whole: rank correlation {value} ({interval})",
    "Whether cost follows need cannot be told: rank correlation {value} ({interval})",
)
_PLAIN_TITLE = "Need, cost and outcome of children in care"


def compose(results: Results, about: Mapping[str, Any]) -> Document:
    """Compose the committee briefing.

    Parameters
    ----------
    results : Results
        Gated records.
    about : mapping
        The manifest: council, quarter, run, versions and protocol.
    """
    found = answers(results, stated(about))
    body, behind = parts.filled(PARTS, results, about)
    said = (_summary(results), *body)
    main = (
        _key_facts(results),
        _plainly(results),
        said[0],
        unknowns.in_short(results, said),
        worth.section(results, about),
        *said[1:],
        _recommendations(results, about),
    )
    how = methods.section((*main, *behind), results, about)
    open_ = unknowns.in_full(results)
    after = [*behind, how, open_, parts.reading(results, about), *annexes(results, about, found)]
    sections = (*main, *(section for section in after if section is not None))
    council = about["council"]
    title = _title(results)
    return numbered(
        Document(
            name=NAME,
            eyebrow=f"Valuing Care · committee briefing · {council['label']}",
            title=title.lead if title else _PLAIN_TITLE,
            titled=title,
            subtitle=Quarter.parse(about["quarter"]).words(),
            banner=parts.banner(about),
            status=parts.status(about),
            front=_front(about),
            sections=sections,
            made=parts.made_on(about),
            council=council["label"],
            words=parts.GLOSSARY,
        )
    )


def _title(results: Results) -> Said | None:
    found = results.get(_TITLE.id)
    return say(_TITLE, results) if found is not None and found.value is not None else None


def _front(about: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    plan = about["protocol"]["plan"]
    ends = protocol.sunset(about["protocol"], parts.made_on(about))
    return (
        *parts.front(about),
        ("Commissioner", plan["commissioner"]),
        ("Analyst", plan["analyst"]),
        ("Assurer", plan["assurer"]),
        ("Approver", plan["approver"]),
        *((name.capitalize(), plan[name]) for name in protocol.MARKS if plan.get(name)),
        ("Plan", about["protocol"]["hash"]),
        ("Not to be quoted after", write_day(ends)),
    )


def _key_facts(results: Results) -> Section:
    """Set the key facts, those that may not be shown in a sentence below them."""
    wanted = [results[name] for name in KEY if name in results] or leading(results)
    hidden = [r for r in wanted[:_KEPT] if r.status == "suppressed"]
    names = "; ".join(row_name(r) for r in hidden)
    said = Said(f"{names}.", "Withheld to protect children:", tuple(r.id for r in hidden))
    return Section("Key facts", (key_facts(wanted), *([said] if hidden else [])))


def summary(results: Results) -> list[Said]:
    """Give the findings of the summary that the run holds."""
    return [s for f in SUMMARY if (s := say(f, results)) is not None]


def _summary(results: Results) -> Section:
    said = summary(results)
    return Section("Summary", tuple(said) or (Said("This run holds none of the findings."),), numbered=True)


def _plainly(results: Results) -> Section:
    """Say in plain English what was found, in at most 150 words."""
    shown = [f for f in PLAIN if f.id in results and results[f.id].value is not None]
    items = [f.said(results[f.id], f.lead(results[f.id], ranged=False)) for f in shown]
    items.append(Said("These facts went side by side. They do not say that one thing caused another."))
    while sum(len(s.text.split()) for s in items) > LONGEST_PLAIN:
        items.pop(-2)
    age = str(reading_age(" ".join(s.text for s in items)))
    told = Said(
        f"These words are meant to be read with ease at {age} years of age (Flesch-Kincaid).", numbers=(age,)
    )
    return Section("In plain English", (Note("What we found, in short", tuple(items)), told))


def _recommendations(results: Results, about: Mapping[str, Any]) -> Section:
    said = []
    for advice in RECOMMENDED:
        if advice.id not in results or results[advice.id].value is None:
            continue
        record = results[advice.id]
        day = Quarter.parse(about["quarter"]).shift(advice.quarters).end
        by = write_day(f"{day:%Y-%m-%d}")
        why = f"{record.sentence} " if advice.quoted else ""
        said.append(
            Said(
                f"{why}To: {advice.to}. By: {by}. Done when: {lower_first(advice.done)}",
                advice.what,
                (record.id,),
                numbers=(*_parts_of(by), *advice.numbers),
            )
        )
    nothing = Said("This run gives no ground for a recommendation.")
    return Section("Recommendations", tuple(said) or (nothing,), numbered=True)


def _parts_of(day: str) -> Sequence[str]:
    return [part for part in day.split() if part.isdigit()]


def stated(about: Mapping[str, Any]) -> dict[str, str]:
    """Give the answers that the manifest states, for the hostile reader's questions."""
    told = about.get("protocol")
    made = {
        "decide": "No model decides: lists of children for review go to their social workers, who know what no table "
        "holds. None is published.",
        "gate": "Every figure passed the disclosure gate; what it hid is marked [c].",
        "claims": "claims.csv lists every sentence, headline and row of a table that holds a number or a direction, "
        "with its records or the file that states it; a number that neither holds fails the run.",
        "coverage": coverage_words(),
    }
    if not told:
        return made
    plan = told["plan"]
    when = "before" if plan["before_data"] else "after"
    ends = write_day(protocol.sunset(told, parts.made_on(about)))
    return made | {
        "baseline": undertaken.baseline_words(about),
        "outturn": undertaken.outturn_words(about),
        "plan": f"A plan with the hash {told['hash']} was written {when} the data were seen; deviations are listed.",
        "looks": told.get("looks", {}).get("allowance", ""),
        "roles": f"Analyst: {plan['analyst']}. Assurer: {plan['assurer']}. {plan.get('interests', '')}".strip(),
        "rerun": f"Yes: run {about['run']}, its seeds, versions and hashes are in manifest.json.",
        "sunset": f"Not to be quoted after {ends}.",
    }
