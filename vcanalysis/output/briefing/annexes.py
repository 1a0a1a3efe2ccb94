"""Annexes of the briefing: plan and deviations, assumptions, data, presets, assurance, the hostile reader."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from vcanalysis.core.facts import assumption, rows_of
from vcanalysis.core.paths import home
from vcanalysis.core.period import write_day
from vcanalysis.core.presets import preset
from vcanalysis.core.ratings import rating
from vcanalysis.core.tables import TABLES
from vcanalysis.output import protocol
from vcanalysis.output.briefing.blocks import Block, Cell, Said, Section, Table
from vcanalysis.output.briefing.parts import made_on, source_of
from vcanalysis.output.briefing.questions import NOT_ANSWERED, Answer
from vcanalysis.output.records import Results

_ASSUMPTIONS = "assumptions/assumptions.csv"
_ASKED = "the list of questions"
MANIFEST = "manifest.json"
_PRESETS = "presets/interventions.csv"


def annexes(results: Results, about: Mapping[str, Any], found: Sequence[Answer]) -> list[Section]:
    """Give the annexes of the briefing, those first that say how far it can be trusted."""
    made = [
        _hostile(found, about),
        _plan(results, about),
        _assumed(),
        _decided(),
        _data(about),
        _graded(),
        _assured(results, about),
    ]
    return [section for section in made if section is not None]


def _annex(title: str, *blocks: Block | None) -> Section:
    return Section(title, tuple(b for b in blocks if b is not None), annex=True)


def words_table(
    name: str, title: str, columns: tuple[str, ...], rows: Iterable[Sequence[str]], source: str
) -> Table:
    """Set a table that holds words alone."""
    cells = tuple(tuple(Cell(text or "–", origin=source) for text in row) for row in rows)
    return Table(name, title, columns, cells, source, words=tuple(range(1, len(columns))))


def _hostile(found: Sequence[Answer], about: Mapping[str, Any]) -> Section:
    rows = tuple(
        (Cell(f"{place}. {a.question}", origin=_ASKED), Cell(a.topic), _answer(a))
        for place, a in enumerate(found, start=1)
    )
    open_, in_part = sum(not a.answered for a in found), sum(a.in_part for a in found)
    beside = f", and {in_part} only in part" if in_part else ""
    said = Said(
        f"Of {len(found)} questions that an auditor or a select committee asks of a claim like this, {open_} are not "
        f"answered by this run{beside}; they are marked {NOT_ANSWERED}.",
        numbers=(str(len(found)), str(open_), str(in_part)),
    )
    table = Table(
        "hostile_reader", "What a hostile reader asks", ("Question", "About", "Answer"), rows, source_of(about),
        words=(1, 2),
    )  # fmt: skip
    return _annex("The hostile reader’s questions", said, table)


def _answer(answer: Answer) -> Cell:
    first, *more = answer.ids or ("",)
    return Cell(answer.answer, first, more=tuple(more), origin="" if first else MANIFEST)


def _plan(results: Results, about: Mapping[str, Any]) -> Section:
    told = about["protocol"]
    plan = told["plan"]
    rows = [
        ("Question", plan["question"]),
        ("Written", f"{write_day(plan['written'])}, version {plan.get('version', '1')}"),
        *_outcomes(told, results),
        ("Looks", _looks(told)),
        ("Exclusions", told.get("looks", {}).get("exclusions", "")),
        ("Hash of the plan", told["hash"]),
    ]
    made = protocol.deviations(told, results, about)
    kept = [(f"Deviation {place}", words) for place, words in enumerate(made, start=1)]
    source = f"{protocol.FILE}, hash {told['hash']}"
    return _annex(
        "Plan and deviations",
        words_table("plan", "The plan", ("Part", "What it says"), rows, source),
        words_table("deviations", "Where this run did otherwise", ("Number", "What"),
                    kept or [("None", "This run kept to the plan.")], source),
        _targets(results, told, source),
    )  # fmt: skip


def _outcomes(told: Mapping[str, Any], results: Results) -> list[tuple[str, str]]:
    primary = told.get("primary", {})
    second = [_label(name, results) for name in told.get("secondary", {}).get("outcomes", [])]
    return [
        ("Primary outcome", _label(primary.get("outcome", ""), results)),
        ("Estimand", primary.get("estimand", "")),
        ("Compared with", primary.get("comparison", "")),
        ("Success", primary.get("success", "")),
        ("Secondary outcomes", "; ".join(second)),
    ]


def _label(name: str, results: Results) -> str:
    return results[name].label if name in results else name


def _looks(told: Mapping[str, Any]) -> str:
    looks = told.get("looks", {})
    if not looks:
        return ""
    return f"Every {looks['every']}, intervals of {100 * looks['level']:.3g}%. {looks['allowance']}"


def _targets(results: Results, told: Mapping[str, Any], source: str) -> Table | None:
    rows = []
    for target in told.get("targets", []):
        if target["outcome"] not in results:
            continue
        record = results[target["outcome"]]
        rows.append(
            (
                Cell(record.label),
                Cell(protocol.target_words(record, target["least"]), origin=protocol.FILE),
                Cell(record.sentence, record.id),
                Cell(protocol.reached(record, target["least"])),
            )
        )
    if not rows:
        return None
    columns = ("Target", "Set", "Found", "Verdict")
    return Table("targets", "Targets", columns, tuple(rows), source, protocol.whose(told), words=(1, 2, 3))


def _assumed() -> Section:
    made = [assumption(name) for name in rows_of(_ASSUMPTIONS)]
    rows = [(a.reason, a.words(), f"{rating(a.id).words()}. {rating(a.id).why}") for a in made]
    table = words_table(
        "assumptions", "Assumptions log", ("What is assumed, and why", "Central (low to high)", "Quality; impact"),
        rows, "data/assumptions/assumptions.csv and log.csv",
    )  # fmt: skip
    return _annex("Assumptions", Said(_RATED, "How they are rated."), table)


_RATED = (
    "Quality is high where tests, published sources or data bear it, moderate where few do, low where it is a "
    "judgement. Impact is high where a headline could change its sign or be half as large, moderate where its size "
    "would move, else low."
)


def _decided() -> Section | None:
    found = sorted((home() / "docs" / "decisions").glob("*.md"))
    rows = [
        (
            *_decision(path.read_text(encoding="utf-8")),
            f"{rating(path.name[:4]).words()}. {rating(path.name[:4]).why}",
        )
        for path in found
    ]
    if not rows:
        return None  # an installed copy has no documents
    table = words_table(
        "decisions",
        "Decisions log",
        ("Decision", "What was decided", "Quality; impact"),
        rows,
        "docs/decisions and data/assumptions/log.csv",
    )
    return _annex("Decisions of method", table)


def _decision(text: str) -> tuple[str, str]:
    title = text.split("\n", 1)[0].removeprefix("# ")
    body = text.partition("## Decision")[2].partition("\n## ")[0]
    first = re.split(r"(?<=[.:;]) ", " ".join(body.split()).removeprefix("- "), maxsplit=1)[0]
    return title, first.replace("`", "").rstrip(":;")


def _data(about: Mapping[str, Any]) -> Section:
    council = about["council"]
    # without their rows: of a table with one row a child that is an exact count of children
    read = [(name.removesuffix(".parquet"), keyed) for name, keyed in about["inputs"]["files"].items()]
    known = {name: (table.row, table.limits.replace("`", "")) for name, table in TABLES.items()}
    rows = [
        (name, *known.get(name, ("", "")), keyed[:10]) for name, keyed in read
    ]  # whole in manifest.json; of 12 or 16 the gate takes it for a pseudonym
    simulated = ", ".join(council["simulated"]) or "none"
    said = Said(
        f"Data run from {write_day(council['data_from'])} to {write_day(council['data_to'])}; prices are of "
        f"{council['price_year']}. Simulated tables: {simulated}.",
        "What was read.",
        numbers=tuple(_digits(council["data_from"], council["data_to"], council["price_year"])),
    )
    table = words_table(
        "data_log",
        "Data log",
        ("Table", "One row is", "Its limits", "Keyed hash begins"),
        rows,
        source_of(about),
    )
    return _annex("Data", said, table)


def _digits(*texts: str) -> Iterable[str]:
    for text in texts:
        for part in text.split("-"):
            yield from (part, part.lstrip("0"))


def _graded() -> Section:
    rows = [
        (p.label, p.design, "" if p.sms is None else str(p.sms), p.confidence, "yes" if p.verified else "no")
        for p in map(preset, rows_of(_PRESETS))
    ]
    columns = ("Intervention", "Design", "Design grade", "Confidence", "Read in its source")
    return _annex(
        "Evidence from elsewhere",
        words_table("presets", "Presets and their grades", columns, rows, "data/presets/interventions.csv"),
    )


def _assured(results: Results, about: Mapping[str, Any]) -> Section:
    plan = about["protocol"]["plan"]
    rows = [
        ("Commissioner", plan["commissioner"]),
        ("Analyst", plan["analyst"]),
        ("Assurer", plan["assurer"]),
        ("Approver", plan["approver"]),
        ("Interests", plan.get("interests", "")),
        ("Notebooks run", ", ".join(n["name"][:2] for n in about.get("notebooks", []))),
        ("Code", f"digest {about['code']['digest']}"),
        ("Libraries", ", ".join(f"{k} {v}" for k, v in about["environment"]["versions"].items())),
        ("Seeds", ", ".join(f"{k[:2]}: {v}" for k, v in about.get("seeds", {}).items())),
        ("Disclosure gate", _gate_words(results, about)),
        ("No longer to be quoted after", write_day(protocol.sunset(about["protocol"], made_on(about)))),
    ]
    return _annex(
        "Assurance",
        words_table("assurance", "Assurance statement", ("What", "Who or which"), rows, source_of(about)),
    )


def _gate_words(results: Results, about: Mapping[str, Any]) -> str:
    hidden = sum(r.status == "suppressed" for r in results)
    profile = about.get("policy", {}).get("name", "strict")
    return f"profile {profile}: {len(results) - hidden} published, {hidden} hidden; every file was scanned"
