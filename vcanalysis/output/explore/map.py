"""The map of questions: each with its notebook, and whether this council's data can answer it."""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass

from vcanalysis.core.doors import door
from vcanalysis.core.paths import home
from vcanalysis.intake.checking import CheckReport

_MARKS = {"yes": "● Yes", "partly": "◐ In part", "no": "○ Not yet", "": "–"}
# questions of the check that a notebook asks in other words
_ASKED = {
    "How much of the care and of the money is accounted for?": "01",
    "Does spending follow need?": "04",
    "Do step-downs to a family hold?": "06",
}


@dataclass(frozen=True, slots=True)
class Question:
    """A question: the notebook that asks it (none yet: empty), whether the data can answer it, and why."""

    title: str
    file: str
    able: str = ""
    because: str = ""

    @property
    def number(self) -> str:
        """Number of the notebook."""
        return self.file[:2]

    def link(self) -> str:
        """Write the title, with a link where a notebook asks it."""
        title = html.escape(self.title)
        return f"<a href='{html.escape(self.file, quote=True)}'>{title}</a>" if self.file else title


@dataclass(frozen=True, slots=True)
class QuestionMap:
    """All questions, in the order of their notebooks."""

    council: str
    questions: tuple[Question, ...]

    def sentence(self) -> str:
        """Say how many of those checked the data can answer in full."""
        checked = [q for q in self.questions if q.able]
        full = sum(q.able == "yes" for q in checked)
        return f"{self.council}: {full} of {len(checked)} questions checked can be answered in full."

    def _repr_html_(self) -> str:
        heads = "".join(
            f"<th scope='col'>{h}</th>" for h in ("Notebook", "Question", "Can these data answer it?", "")
        )
        rows = "".join(
            f"<tr><td>{q.number}</td><th scope='row' style='text-align:left'>{q.link()}</th>"
            f"<td>{_MARKS[q.able]}</td><td style='text-align:left'>{html.escape(q.because)}</td></tr>"
            for q in self.questions
        )
        said = f"<p>{html.escape(self.sentence())}</p>"
        return f"{said}<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"

    def __str__(self) -> str:
        lines = (f"{q.number} {q.title} {_MARKS[q.able]} {q.because}".rstrip(" –") for q in self.questions)
        return "\n".join([self.sentence(), *lines])

    __repr__ = __str__


@door("vc.explore.map_of_questions(vc.check_council(here))", takes=CheckReport)
def map_of_questions(report: CheckReport) -> QuestionMap:
    """Give the map of questions for a council.

    Parameters
    ----------
    report : CheckReport
        From `check_council`.

    Returns
    -------
    QuestionMap
        A table with a link into each notebook; its text has one line a question.

    Examples
    --------
    >>> found = map_of_questions(CheckReport("Demo", (), ()))
    >>> found.questions[0].title
    'Can we trust the data?'
    """
    titles = {name: title for name, title in _titles().items() if not name.startswith("00")}
    answers = {}
    for answer in report.answers:
        near = [n for n, title in titles.items() if _opening(answer.question) == _opening(title)]
        number = _ASKED.get(answer.question)
        near = near or [n for n in titles if number and n.startswith(number)]
        if near:
            answers[near[0]] = answer
    placed = {id(answer) for answer in answers.values()}
    return QuestionMap(
        report.council,
        tuple(
            Question(title, name, answers[name].able, answers[name].because)
            if name in answers
            else Question(title, name)
            for name, title in titles.items()
        )
        + tuple(Question(a.question, "", a.able, a.because) for a in report.answers if id(a) not in placed),
    )


def _titles() -> dict[str, str]:
    """Give the H1 of each notebook by its file name."""
    found = {}
    for path in sorted((home() / "notebooks").glob("[0-9][0-9]_*.ipynb")):
        first = "".join(json.loads(path.read_text(encoding="utf-8"))["cells"][0]["source"])
        title = re.search(r"^# (.+)$", first, re.MULTILINE)
        found[path.name] = title[1].strip() if title else path.stem
    return found


def _opening(question: str) -> str:
    """Give what two wordings of a question have in common: all before a comma or the mark."""
    return re.split(r"[,?]", question)[0].strip().lower()
