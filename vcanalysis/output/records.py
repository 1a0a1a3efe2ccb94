"""Records: what notebooks found, as numbers that a briefing can quote and trace.

The runner harvests the records of the notebooks into `results.json`; pages are made from that alone.
"""

from __future__ import annotations

import difflib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

import pandas as pd

from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate
from vcanalysis.core.parts import Fit, Parts, Priced, Sellers
from vcanalysis.core.paths import home

INVENTED = "Synthetic panel: every council in it is invented."  # where a run was given no published panel
PANEL_BASES = ("councils", "year before")  # what figures of the panel rest on
MIME = "application/vnd.vcanalysis.result+json"
STATUSES = ("private", "published", "suppressed")
KINDS = ("estimate", "count")
_ID = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9][a-z0-9_]*)+")
_BEHIND: dict[str, type[tuple[Any, ...]]] = {"parts": Parts, "fit": Fit, "sellers": Sellers, "priced": Priced}
_NUMBERS = ("value", "low", "high", "level")


@dataclass(frozen=True, slots=True)
class Record:
    """One result of a notebook: a number, what it means and where it comes from.

    Parameters
    ----------
    id : str
        Dotted and stable, such as ``need_spend.rank_correlation``: what a briefing quotes.
    question : str
        The question of the notebook.
    label : str
        What the number is, in a few words.
    value, low, high, level, unit, n, method, group, of, reason, wording, span, term
        As in `vcanalysis.core.estimate.Estimate`.
    kind : str
        "estimate", or "count" for a number of children that was counted.
    period : str
        Quarter or dates the number is for, in words.
    notebook : str
        File name of the notebook without its ending; filled in on harvest.
    design : str
        Grade on the Maryland scale where the claim is causal; ``5 elsewhere`` where it is that of a study of others,
        whose effect is carried over.
    family : str
        Name shared by counts that add up to a total that is shown too, so that hiding one is not enough.
    status : str
        "private" until the disclosure gate makes it "published" or "suppressed".
    sentence : str
        The result in one sentence.
    support : int or None
        As in `Estimate`; read by the disclosure gate and never published.
    parts, fit, sellers, priced : Parts, Fit, Sellers or Priced or None
        The same.
    lead : bool
        Whether it opens its question in the report and stands among the key figures.
    caveat : str
        What in the data behind it is synthetic or simulated; filled in by the run.
    """

    id: str
    question: str
    label: str
    value: float | None
    low: float | None = None
    high: float | None = None
    level: float = 0.95
    unit: str = ""
    n: int | None = 0
    method: str = ""
    period: str = ""
    notebook: str = ""
    design: str = ""
    status: str = "private"
    sentence: str = ""
    kind: str = "estimate"
    group: str = "all"
    family: str = ""
    of: str = "children"
    reason: str = ""
    wording: str = ""
    span: str = "interval"
    term: str = ""
    lead: bool = False
    caveat: str = ""
    support: int | None = None
    parts: Parts | None = None
    fit: Fit | None = None
    sellers: Sellers | None = None
    priced: Priced | None = None

    def __post_init__(self) -> None:
        if not _ID.fullmatch(self.id):
            raise InputError(
                f"Record id {self.id!r} is not dotted lower case. Write it as topic.result, "
                "such as need_spend.rank_correlation."
            )
        for name, allowed in (("kind", KINDS), ("status", STATUSES)):
            if getattr(self, name) not in allowed:
                raise InputError(f"Record {self.id}: {name} must be one of {', '.join(allowed)}.")

    @classmethod
    def from_estimate(cls, estimate: Estimate, *, id: str, question: str, **fields: Any) -> Record:  # noqa: A002
        """Make a record of an estimate."""
        label = fields.pop("label", "") or estimate.term
        same = (
            "value",
            "low",
            "high",
            "level",
            "unit",
            "n",
            "method",
            "group",
            "of",
            "reason",
            "wording",
            "span",
            "support",
            "parts",
            "fit",
            "sellers",
            "priced",
            "term",
        )
        kept = {name: getattr(estimate, name) for name in same}
        kept |= {name: _tidy(kept[name]) for name in _NUMBERS}
        return cls(id=id, question=question, label=label, sentence=estimate.sentence(), **kept, **fields)  # type: ignore[arg-type]

    def estimate(self) -> Estimate:
        """Give the estimate back."""
        same = ("value", "low", "high", "level", "unit", "method", "group", "of", "reason", "wording", "span")
        return Estimate(
            self.term or self.label, n=self.n or 0, **{name: getattr(self, name) for name in same}
        )


@dataclass(frozen=True, slots=True)
class Results:
    """The records of a run, found by their ids.

    Parameters
    ----------
    records : tuple of Record
        In the order of the notebooks.

    Raises
    ------
    InputError
        If two records share an id.

    Examples
    --------
    >>> one = Record("mix.residential", "What does care cost?", "In residential homes", 0.12, unit="share", n=270)
    >>> Results((one,))["mix.residential"].value
    0.12
    """

    records: tuple[Record, ...] = field(default=())

    def __post_init__(self) -> None:
        object.__setattr__(self, "records", tuple(self.records))
        twice = [name for name, count in Counter(r.id for r in self.records).items() if count > 1]
        if twice:
            where = sorted({r.notebook for r in self.records if r.id == twice[0]})
            raise InputError(
                f"Record id {twice[0]!r} is used twice ({', '.join(where)}). Ids must be unique."
            )

    def __getitem__(self, id: str) -> Record:  # noqa: A002
        found = self.get(id)
        if found is None:
            near = difflib.get_close_matches(id, [r.id for r in self.records], n=3)
            hint = f" Near: {', '.join(near)}." if near else ""
            raise InputError(f"There is no record {id!r} among the {len(self)} of this run.{hint}")
        return found

    def get(self, id: str) -> Record | None:  # noqa: A002
        """Give a record, or None where the run has none of that id."""
        return next((r for r in self.records if r.id == id), None)

    def __contains__(self, id: object) -> bool:  # noqa: A002
        return any(r.id == id for r in self.records)

    def __iter__(self) -> Iterator[Record]:
        return iter(self.records)

    def __len__(self) -> int:
        return len(self.records)

    def of(self, topic: str) -> Results:
        """Give the records whose id begins with a topic, such as ``need_spend``."""
        return Results(tuple(r for r in self.records if r.id == topic or r.id.startswith(f"{topic}.")))

    def frame(self) -> pd.DataFrame:
        """Give one row per record; columns as the fields of `Record`."""
        return pd.DataFrame([asdict(r) for r in self.records], columns=[f.name for f in fields(Record)])


def harvest(notebook: dict[str, Any] | Path, *, name: str = "") -> list[Record]:
    """Gather the records that an executed notebook shows.

    Parameters
    ----------
    notebook : notebook node or path
        The executed notebook (nbformat 4).
    name : str
        Name of the notebook for the records; the file's own when a path is given.

    Raises
    ------
    InputError
        If the notebook uses an id twice.
    """
    if isinstance(notebook, Path):
        name = name or notebook.stem
        content = json.loads(notebook.read_text(encoding="utf-8"))
    else:
        content = notebook
    outputs = (out for cell in content["cells"] for out in cell.get("outputs", ()))
    shown = (row for out in outputs for row in out.get("data", {}).get(MIME, ()))
    return list(Results(tuple(replace(_from_dict(row), notebook=name) for row in shown)))


def write_results(path: Path, records: Iterable[Record]) -> None:
    """Write records as `results.json`: a list, one object a record."""
    rows = [asdict(r) for r in Results(tuple(records))]
    path.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def read_results(path: Path | str) -> Results:
    """Read a `results.json`.

    Raises
    ------
    InputError
        If the file is missing or is not a list of records.
    """
    try:
        rows = json.loads(Path(path).read_text(encoding="utf-8"))
        return Results(tuple(_from_dict(row) for row in rows))
    except OSError as error:
        raise InputError(
            f"{path} could not be read ({error.strerror}). Name a results.json of a run."
        ) from None
    except (AttributeError, TypeError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"{path} is not a list of records. Name the results.json of a run.") from None


def example_results() -> Path:
    """Give the published results of the committed example run on the demo council."""
    return home() / "reports" / "example" / "publish" / "results.json"


def slug(text: str) -> str:
    """Write words as the last part of an id.

    Examples
    --------
    >>> slug("Foster family (agency)")
    'foster_family_agency'
    """
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")


def _from_dict(row: Mapping[str, Any]) -> Record:
    known = {key: value for key, value in row.items() if key in {f.name for f in fields(Record)}}
    for name, kind in _BEHIND.items():
        if known.get(name):
            known[name] = kind(*known[name])
    return Record(**known)


def _tidy(value: float | None) -> float | None:
    # ten significant figures: the last bits of a float differ between machines
    return None if value is None else float(f"{value:.10g}")
