"""Parts that every document has: front matter, what is not known, how to read it, all figures in full."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from vcanalysis.core.period import write_day
from vcanalysis.output.briefing.blocks import Block, Figure, Said, Section, Table
from vcanalysis.output.briefing.findings import Finding, say
from vcanalysis.output.briefing.pictures import Picture, figure_of
from vcanalysis.output.briefing.tables import table_of
from vcanalysis.output.briefing.unknowns import is_of_nothing, lacking
from vcanalysis.output.briefing.words import UNAVAILABLE
from vcanalysis.output.disclosure import MARK, STRICT
from vcanalysis.output.records import Record, Results

NOT_MEASURED = "Not measured in this run."
GLOSSARY = (
    ("Child in care", "A child looked after by the council, short breaks left out."),
    ("Need", "A total over the domains of the council’s needs framework, from the latest assessment."),
    ("Estimate", "A figure worked out from data that hold less than the whole truth."),
    ("Limits of chance", "Where the next count lies in nearly all quarters, when nothing has changed."),
    (
        "Kaplan-Meier",
        "A curve of what still lasts, in which what is not over yet counts for as long as it was seen.",
    ),
    (
        "Design grade",
        "From 0, a scenario, to 5, drawn by lot: how far a design tells cause from chance and selection.",
    ),
    ("Rank correlation", "How well one order predicts another: 0 not at all, 1 perfectly."),
    (
        "Regression to the mean",
        "The dearest, or the neediest, of one date are nearer the average at the next, whatever is done.",
    ),
    ("Children in the middle", "Children whose placement is dear and whose need is not the highest."),
    ("Net", "After the cost of the programme, of support, of breakdowns and of beds kept empty."),
    ("Cashable", "Money that leaves the budget line, rather than spending that would have come and did not."),
)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a form: what is said, drawn and set in a table, where the run holds it.

    Parameters
    ----------
    title : str
        Its heading.
    findings : tuple of Finding
        Numbered paragraphs.
    pictures : tuple of Picture
        Figures.
    tables : tuple of (str, str)
        Topic and title: records whose ids begin with the topic.
    missing : str
        What to say when the run holds nothing of it.
    more : tuple of callable
        Further figures and tables, each made of the records and the manifest, or None.
    main : tuple of str
        Ids of the figures and tables that stand in the main text; all others stand in the annex of `further`.
    annex : bool
        Whether the whole part stands behind the main text, its figures and tables with it.
    """

    title: str
    findings: tuple[Finding, ...] = ()
    pictures: tuple[Picture, ...] = ()
    tables: tuple[tuple[str, str], ...] = ()
    missing: str = "This run holds no result on it."
    more: tuple[Callable[[Results, Mapping[str, Any]], Block | None], ...] = ()
    main: tuple[str, ...] = ()
    annex: bool = False


def source_of(about: Mapping[str, Any]) -> str:
    """Name the data behind a figure or a table."""
    return f"{about['council']['label']}, run {about['run']}"


def fill(part: Part, results: Results, about: Mapping[str, Any]) -> tuple[Section, tuple[Block, ...]]:
    """Fill a part of a form with what the run found: its section, and what stands behind it in the annex."""
    said = _findings(part, results)
    shown, lacking = _shown(part, results, about)
    found = bool(said) and not _nothing_behind(part, results)
    holds = found or shown or any(words.lead != NOT_MEASURED for words in lacking)
    if not holds:
        return Section(part.title, (Said(part.missing),), numbered=True, annex=part.annex), ()
    kept = [block for block in shown if part.annex or block.id in part.main]
    behind = tuple(block for block in shown if block not in kept)
    return Section(
        part.title,
        (*said, *kept, *lacking),
        numbered=True,
        annex=part.annex,
        behind=tuple(block.id for block in behind),
    ), behind


def _findings(part: Part, results: Results) -> list[Said]:
    """Say what was found; of a table that is not there, once which to add, in place of each of its findings."""
    absent = lacking(results)
    said = [absent.get(f.id.split(".")[0]) or say(f, results) for f in part.findings]
    return list(dict.fromkeys(s for s in said if s is not None))


def _nothing_behind(part: Part, results: Results) -> bool:
    """Whether no finding of a part could be made, since the data hold nothing of it."""
    records = [results[f.id] for f in part.findings if f.id in results]
    return all(is_of_nothing(r) for r in records)


def _shown(part: Part, results: Results, about: Mapping[str, Any]) -> tuple[list[Figure | Table], list[Said]]:
    """Draw the figures and set the tables of a part; say what it lacks."""
    source = source_of(about)
    drawn = [f for p in part.pictures if (f := figure_of(p, results, source=source)) is not None]
    tables = [
        table_of(list(results.of(topic)), id=topic, title=title, source=source, head=_head(results.of(topic)))
        for topic, title in part.tables
        if any(r.value is not None for r in results.of(topic))
    ]
    more = [block for make in part.more if (block := make(results, about)) is not None]
    held = [block for block in more if isinstance(block, (Figure, Table))]
    return [*held, *drawn, *tables], [block for block in more if isinstance(block, Said)]


def filled(
    form: Sequence[Part], results: Results, about: Mapping[str, Any]
) -> tuple[list[Section], list[Section]]:
    """Fill all parts of a form: those of the main text, and the annexes with what stands behind them.

    A new part needs no more than its place in the form: `PARTS` of `forms` or `quarter_form`.

    Parameters
    ----------
    form : sequence of Part
        In reading order.
    results : Results
        Gated records.
    about : mapping
        The manifest; of a partial run, parts that it holds nothing of are left out.
    """
    made = [(part, *fill(part, results, about)) for part in form]
    if about.get("partial"):
        made = [
            (part, section, behind)
            for part, section, behind in made
            if section.blocks != (Said(part.missing),)
        ]
    further = tuple(Section(section.title, behind) for _, section, behind in made if behind)
    annexes = [Section("Further figures and tables", further, annex=True)] if further else []
    whole = [section for part, section, _ in made if part.annex]
    return [section for part, section, _ in made if not part.annex], [*annexes, *whole]


def not_measured(topic: str, words: str) -> Callable[[Results, Mapping[str, Any]], Said | None]:
    """Give what says that a run did not measure something, unless it holds records of the topic."""

    def say_so(results: Results, about: Mapping[str, Any]) -> Said | None:
        return None if len(results.of(topic)) else Said(words, NOT_MEASURED, origin="the form")

    return say_so


def _head(records: Results) -> str:
    # of one measure the groups alone name the rows
    one = len({r.label for r in records}) == 1 and all(r.group != "all" for r in records)
    return "Group" if one else "Measure"


def front(about: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Say what the document was made of."""
    council = about["council"]
    return (
        ("Council", council["label"]),
        ("Data", f"{write_day(council['data_from'])} to {write_day(council['data_to'])}"),
        ("Status", "Management information, not official statistics"),
        ("Run", f"{about['run']}, version {about['environment']['versions']['vcanalysis']}"),
    )


def status(about: Mapping[str, Any]) -> str:
    """Say whether this is the whole evaluation."""
    if not about.get("partial"):
        return ""
    questions = about["questions"]
    which = "this question is" if len(questions) == 1 else "these questions are"
    return f"Partial run, not the whole evaluation: only {which} in it: {' · '.join(questions)}"


def banner(about: Mapping[str, Any]) -> str:
    """Say what in the data is not real."""
    council = about["council"]
    if not council["caveat"]:
        return ""
    return f"{'Synthetic data.' if council['synthetic'] else 'Partly simulated data.'} {council['caveat']}"


def made_on(about: Mapping[str, Any]) -> date:
    """Give the last day of the data."""
    return date.fromisoformat(about["council"]["data_to"])


def reading(results: Results, about: Mapping[str, Any]) -> Section:
    """Explain intervals, rounding and marks, and say how much is withheld."""
    # the manifest of an older run may name thresholds that are no more
    policy = asdict(STRICT) | dict(about.get("policy", {}))
    least, step = policy["min_count"], policy["round_to"]
    counts = f"Counts are rounded to the nearest {step}" if step > 1 else "Counts are as they were counted"
    hidden = sum(r.status == "suppressed" for r in results)
    withheld = (
        f"{hidden} of {len(results)} figures are withheld and marked {MARK}: they rest on fewer than "
        f"{least} children or too few providers, or would let such a figure be worked out from the others."
        if hidden
        else f"No figure was withheld: all {len(results)} rest on {least} children or more."
    )
    return Section(
        "How to read this",
        (
            Said(
                "An interval says how far an estimate could move if the same children were drawn or rated again. "
                "A 95% interval holds the true value in about 95 of 100 evaluations made this way. A headline names an "
                "order only where intervals lie apart, which asks more than a clear difference.",
                "Intervals.",
                numbers=("95", "100"),
            ),
            Said(
                f"{counts}, money is rounded to three significant figures or more coarsely and "
                "shares to whole per cent, so parts may not add up to their total.",
                "Rounding.",
                numbers=(str(step),),
            ),
            Said(
                f"{withheld} {UNAVAILABLE} marks a figure that could not be estimated.",
                "What is not shown.",
                numbers=(str(hidden), str(len(results)), str(least)),
            ),
            Said(
                "Every figure carries the name of its record in results.json, where it can be traced to a notebook, a "
                "method and a period. claims.csv lists every sentence with the records behind it. Only figures of "
                "groups are published; nothing here describes a child.",
                "Where figures come from.",
            ),
        ),
        annex=True,
    )


def rounds_counts(about: Mapping[str, Any]) -> bool:
    """Whether counts are rounded in this release, as its profile of disclosure control has it."""
    return int(dict(about.get("policy", {})).get("round_to", STRICT.round_to)) > 1


def in_full(results: Iterable[Record], about: Mapping[str, Any]) -> Section:
    """Set every record of the run in tables, one a question."""
    questions: dict[str, list[Record]] = {}
    for record in results:
        questions.setdefault(record.question, []).append(record)
    source = source_of(about)
    blocks = []
    for place, (question, records) in enumerate(questions.items(), start=1):
        table = table_of(records, id=f"all.{place}", title=question, source=_trace(records, source))
        blocks.append(table)
    return Section("All figures, by question", tuple(blocks), annex=True, on_screen=True)


def _trace(records: Iterable[Record], source: str) -> str:
    notebooks = dict.fromkeys(r.notebook for r in records if r.notebook)
    return f"{source}; notebook {', '.join(notebooks)}" if notebooks else source
