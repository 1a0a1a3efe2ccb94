"""Results in a notebook: what the reader sees and the runner keeps.

A notebook calls `record` on an estimate: the reader sees the sentence, the machine keeps the numbers
beside it (see `vcanalysis.output.records`). `in_short` and `answer` say the answer at the top and at the
end of the notebook.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.output.records import (
    MIME,
    Record,
    Results,
    example_results,
    harvest,
    read_results,
    slug,
    write_results,
)

__all__ = [
    "MIME",
    "Record",
    "Results",
    "answer",
    "example_results",
    "harvest",
    "in_short",
    "read_results",
    "record",
    "show_bundle",
    "slug",
    "write_results",
]

_IN_SHORT = "in-short"  # display id of the notebook's second cell


def record(
    result: Estimate | Estimates,
    *,
    id: str,  # noqa: A002
    question: str,
    label: str | None = None,
    period: str = "",
    design: str = "",
    family: str = "",
    kind: str = "estimate",
    lead: bool | str = False,
) -> None:
    """Show an estimate in the notebook and keep it for the report.

    Parameters
    ----------
    result : Estimate or Estimates
        What was found. Each of several gets the id with its term (where terms differ) and its
        group appended: ``mix.share`` becomes ``mix.share.foster_family``.
    id : str
        Dotted, lower case, stable from quarter to quarter.
    question : str
        The notebook's question.
    label : str, optional
        What the number is, in a few words; the estimate's own term when left out.
    period, design, family, kind
        As in `Record`.
    lead : bool or str
        Whether the result opens its question in the report: True for the first of several, or the term or
        group of the one that does.

    Raises
    ------
    InputError
        If an id is malformed or comes twice.

    Examples
    --------
    >>> rho = Estimate("Rank correlation", 0.18, 0.09, 0.27, n=412, unit="correlation")
    >>> record(rho, id="need_spend.rank_correlation", question="Does spend follow need?")
    Rank correlation: 0.18 (95% interval 0.09 to 0.27; 412 children).
    """
    items = tuple(result) if isinstance(result, Estimates) else (result,)
    several_terms = len({e.term for e in items}) > 1
    made = Results(
        tuple(
            Record.from_estimate(
                e,
                id=".".join([id] + ([slug(e.term)] if several_terms else []) + _group_part(e)),
                question=question,
                label="" if label is None or several_terms else label,
                period=period,
                design=design,
                family=family,
                kind=kind,
                lead=e is items[0] if lead is True else lead in (e.term, e.group),
            )
            for e in items
        )
    )
    bundle: dict[str, Any] = {"text/plain": str(result), MIME: [asdict(r) for r in made]}
    if isinstance(result, Estimates):
        bundle["text/html"] = result._repr_html_()
    show_bundle(bundle)


def in_short() -> None:
    """Hold the place of the answer at the top of a notebook; `answer` fills it in."""
    show_bundle({"text/markdown": "*Run all cells: the answer appears here.*"}, display_id=_IN_SHORT)


def answer(*said: str | Estimate | Estimates, confidence: str = "", of: Estimate | None = None) -> None:
    """Print the answer of a notebook, and show it in the place that `in_short` holds.

    Parameters
    ----------
    *said : str, Estimate or Estimates
        Sentences, or estimates that say themselves; the first opens the answer and may hold
        ``**bold**`` words. A sentence that comes twice is said once, and so is a reason why there is none.
    confidence : str
        How sure the answer is, and of what.
    of : Estimate, optional
        What the confidence is in: where it could not be estimated, none is claimed.

    Examples
    --------
    >>> answer("**Hardly.**", "Need explains 4% of the difference in cost.", confidence="low")
    Hardly. Need explains 4% of the difference in cost.
    Confidence: low.
    """
    sentences = [s if isinstance(s, str) else s.sentence() for s in said]
    kept: dict[str, str] = {}
    for sentence in filter(None, sentences):
        kept.setdefault(sentence.partition(": not estimable. ")[2] or sentence, sentence)
    text = " ".join(kept.values())
    sure = confidence.rstrip(".") if of is None or of.estimable else ""
    shown = f"{text} *Confidence: {sure}.*" if sure else text
    show_bundle({"text/markdown": shown, "text/plain": shown}, display_id=_IN_SHORT, update=True)
    print(text.replace("**", ""))
    if sure:
        print(f"Confidence: {sure}.")


def _group_part(estimate: Estimate) -> list[str]:
    return [] if estimate.group == "all" else [slug(estimate.group)]


def show_bundle(bundle: dict[str, Any], *, display_id: str | None = None, update: bool = False) -> None:
    """Show a bundle of forms of one thing in the notebook; outside one, print its plain words."""
    from IPython.core.interactiveshell import InteractiveShell

    if InteractiveShell.initialized():
        from IPython.display import display, update_display

        if update:
            update_display(bundle, display_id=display_id, raw=True)
        else:
            display(bundle, raw=True, display_id=display_id)
    elif not update:
        print(bundle.get("text/plain", bundle.get("text/markdown")))
