"""One vocabulary for every result: a number, its interval, what it counts and how it was made."""

from __future__ import annotations

import html
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import pandas as pd

from vcanalysis.core.numbers import write_interval, write_number
from vcanalysis.core.parts import Fit, Parts, Priced, Sellers

_NO_WIDTH = 1e-9  # of the size of the numbers: what is left of rounding

COLUMNS = ("term", "group", "estimate", "std_error", "low", "high", "level", "n", "method")


def _finite(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else float(value)


def _span_words(level: float, span: str) -> str:
    return f"{100 * level:.3g}% {span}"


@dataclass(frozen=True, slots=True)
class Estimate:
    """An estimate with its interval, or the reason why there is none.

    Parameters
    ----------
    term : str
        What is estimated, in words: it opens the sentence.
    value : float or None
        The estimate in `unit`; None (also NaN or infinity) means not estimable, and `reason` says why.
    low, high : float or None
        Ends of the interval at confidence `level`; None where the number is a plain count.
    level : float
        Coverage the interval was built for, such as 0.95.
    n : int
        Number of `of` (children, placements) the estimate rests on.
    unit : str
        One of `vcanalysis.core.numbers.UNITS`.
    method : str
        Name of the estimator and of its interval.
    group : str
        Subgroup the estimate is for; "all" when there is none.
    std_error : float or None
        Standard error in `unit`, where the method has one.
    of : str
        What `n` counts.
    reason : str
        Why the estimate could not be made.
    wording : str
        Sentence with the fields {value}, {interval}, {low}, {high} and {n}; empty for the plain form.
    span : str
        What low and high are the ends of: an "interval", or the "range of the scenario".
    support : int or None
        Fewest of `of` that lie at or beyond any of the numbers said, where a number is the value of one of
        them (a quantile) or a count of few can be worked out from it; for the disclosure gate.
    parts : Parts or None
        The largest parts of a sum or mean, in `unit`; for the disclosure gate.
    fit : Fit or None
        Of a model, what it leaves open; for the disclosure gate.
    sellers : Sellers or None
        Of pounds, to whom they were paid; for the disclosure gate.
    priced : Priced or None
        Of a sum that counts children at a price all know, how many and what one more adds; for the disclosure gate.

    Examples
    --------
    >>> rho = Estimate("Rank correlation of need and cost", 0.18, low=0.09, high=0.27, n=412,
    ...                unit="correlation", method="Spearman")
    >>> rho.sentence()
    'Rank correlation of need and cost: 0.18 (95% interval 0.09 to 0.27; 412 children).'
    >>> Estimate.not_estimable("Change in need", n=7, reason="at least 10 children must be assessed twice").sentence()
    'Change in need: not estimable. At least 10 children must be assessed twice; found 7.'
    """

    term: str
    value: float | None
    low: float | None = None
    high: float | None = None
    level: float = 0.95
    n: int = 0
    unit: str = ""
    method: str = ""
    group: str = "all"
    std_error: float | None = None
    of: str = "children"
    reason: str = ""
    wording: str = ""
    span: str = "interval"
    support: int | None = None
    parts: Parts | None = None
    fit: Fit | None = None
    sellers: Sellers | None = None
    priced: Priced | None = None

    def __post_init__(self) -> None:
        for name in ("value", "low", "high", "std_error"):
            object.__setattr__(self, name, _finite(getattr(self, name)))
        object.__setattr__(self, "n", int(self.n))
        if self.value is None and not self.reason:
            object.__setattr__(self, "reason", "the data do not determine it")

    @classmethod
    def not_estimable(cls, term: str, *, n: int, reason: str, **fields: object) -> Estimate:
        """Say that a number cannot be given, and why."""
        return cls(term, None, n=n, reason=reason, **fields)  # type: ignore[arg-type]

    @property
    def estimable(self) -> bool:
        """Whether there is a number."""
        return self.value is not None

    @property
    def has_interval(self) -> bool:
        """Whether there is an interval beside the number."""
        return self.low is not None and self.high is not None

    def excludes(self, null: float = 0.0) -> bool:
        """Whether the interval leaves out a value, so that a direction may be named."""
        return self.low is not None and self.high is not None and not self.low <= null <= self.high

    def unless_alike(self, scale: float = 0.0, *, reason: str) -> Estimate:
        """Give the estimate, or that it is not estimable where its interval has no width.

        An interval without width comes of data that do not vary, and says nothing of how sure the number is.

        Parameters
        ----------
        scale : float
            Size of the numbers it was made of, beside which a width is but rounding; the size of its ends when less.
        reason : str
            Why the interval has no width.

        Examples
        --------
        >>> made = Estimate("Mean change", -1.0, -1.0, -1.0, n=40, unit="points")
        >>> made.unless_alike(reason="all changed alike").sentence()
        'Mean change: not estimable. All changed alike; found 40.'
        """
        if self.low is None or self.high is None:
            return self
        size = max(abs(self.low), abs(self.high), scale)
        if self.high - self.low > _NO_WIDTH * size:
            return self
        nothing = {"value": None, "low": None, "high": None, "std_error": None}
        return replace(self, **nothing, reason=reason)  # type: ignore[arg-type]

    def named(self, **fields: object) -> Estimate:
        """Give the same estimate with other words: term, group, wording, of."""
        return replace(self, **fields)  # type: ignore[arg-type]

    def interval_words(self) -> str:
        """Write the interval: "95% interval 0.09 to 0.27"."""
        if not self.has_interval:
            return ""
        return f"{_span_words(self.level, self.span)} {write_interval(self.low, self.high, self.unit)}"

    def brackets(self) -> str:
        """Write the interval in brackets behind a space, or nothing where there is none."""
        return f" ({self.interval_words()})" if self.has_interval else ""

    def words(self) -> str:
        """Write the number with its interval, to be set into a sentence.

        Examples
        --------
        >>> Estimate("Share in homes", 0.12, 0.09, 0.16, n=270, unit="share").words()
        '12% (95% interval 9.0% to 16%)'
        """
        return write_number(self.value, self.unit) + self.brackets()

    def sentence(self) -> str:
        """Say the estimate in one sentence, with its interval and what it rests on."""
        where = "" if self.group == "all" else f", {self.group}"
        if not self.estimable:
            reason = self.reason[:1].upper() + self.reason[1:].rstrip(".")
            return f"{self.term}{where}: not estimable. {reason}; found {self.n:,}."
        value = write_number(self.value, self.unit)
        if self.wording:
            ends = {"low": write_number(self.low, self.unit), "high": write_number(self.high, self.unit)}
            text = self.wording.format(value=value, interval=self.interval_words(), n=f"{self.n:,}", **ends)
            return text if self.group == "all" else f"{self.group}: {text}"
        counted = f"{self.n:,} {self.of}"
        inside = f"{self.interval_words()}; {counted}" if self.has_interval else counted
        alone = not self.has_interval and self.value == self.n
        return f"{self.term}{where}: {value}." if alone else f"{self.term}{where}: {value} ({inside})."

    def frame(self) -> pd.DataFrame:
        """Give the estimate as one tidy row with the columns of `COLUMNS`."""
        return Estimates((self,)).frame()

    def _repr_html_(self) -> str:
        return f"<p>{html.escape(self.sentence())}</p>"

    def __str__(self) -> str:
        return self.sentence()


@dataclass(frozen=True, slots=True)
class Estimates:
    """Several estimates that answer one question: a tidy table and its sentences.

    Parameters
    ----------
    items : tuple of Estimate
        The estimates, in the order they are to be read.
    note : str
        What a reader must know beside them.

    Examples
    --------
    >>> both = Estimates((Estimate("Share in residential homes", 0.12, 0.09, 0.16, n=270, unit="share"),))
    >>> both.frame()[["term", "estimate", "n"]].to_dict("records")
    [{'term': 'Share in residential homes', 'estimate': 0.12, 'n': 270}]
    """

    items: tuple[Estimate, ...]
    note: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "items", tuple(self.items))

    @classmethod
    def of(cls, items: Iterable[Estimate], note: str = "") -> Estimates:
        """Gather estimates from any iterable."""
        return cls(tuple(items), note)

    def frame(self) -> pd.DataFrame:
        """Give a tidy frame with the columns of `COLUMNS`, one row an estimate."""
        rows = [
            (e.term, e.group, e.value, e.std_error, e.low, e.high, e.level, e.n, e.method) for e in self.items
        ]
        frame = pd.DataFrame(rows, columns=list(COLUMNS))
        return frame.astype(dict.fromkeys(("estimate", "std_error", "low", "high", "level"), "float64"))

    def sentence(self) -> str:
        """Say every estimate, one sentence each."""
        return " ".join([e.sentence() for e in self.items] + ([self.note] if self.note else []))

    def named(self, **fields: object) -> Estimates:
        """Give the same estimates with other words: term, wording, of.

        Examples
        --------
        >>> both = Estimates((Estimate("Rank correlation", 0.2, 0.1, 0.3, n=150, unit="correlation"),))
        >>> both.named(of="councils").sentence()
        'Rank correlation: 0.20 (95% interval 0.10 to 0.30; 150 councils).'
        """
        return replace(self, items=tuple(e.named(**fields) for e in self.items))

    def group(self, group: str) -> Estimate:
        """Give the estimate of one group.

        Raises
        ------
        KeyError
            If no estimate has that group; the message lists those there are.
        """
        found = [e for e in self.items if e.group == group]
        if not found:
            raise KeyError(f"no estimate for {group!r}; there are {sorted({e.group for e in self.items})}")
        return found[0]

    def term(self, term: str) -> Estimate:
        """Give the first estimate of one term.

        Raises
        ------
        KeyError
            If no estimate has that term; the message lists those there are.
        """
        found = [e for e in self.items if e.term == term]
        if not found:
            raise KeyError(f"no estimate {term!r}; there are {sorted({e.term for e in self.items})}")
        return found[0]

    def __iter__(self) -> Iterator[Estimate]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, index: int) -> Estimate:
        return self.items[index]

    def _repr_html_(self) -> str:
        spans = {(e.level, e.span) for e in self.items if e.has_interval}
        head = _span_words(*spans.pop()) if len(spans) == 1 else "Interval"
        rows = "".join(
            "<tr>"
            f"<th scope='row'>{html.escape(self._row_words(e))}</th>"
            f"<td>{html.escape(write_number(e.value, e.unit))}</td>"
            f"<td>{html.escape(self._interval_cell(e, head))}</td>"
            f"<td>{e.n:,}</td></tr>"
            for e in self.items
        )
        heads = "".join(f"<th scope='col'>{html.escape(h)}</th>" for h in ("", "Estimate", head, "n"))
        note = f"<p>{html.escape(self.note)}</p>" if self.note else ""
        return f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>{note}"

    def _row_words(self, estimate: Estimate) -> str:
        """Name a row by its group, or by its term as well where another row has the same group."""
        if estimate.group == "all":
            return estimate.term
        alike = sum(e.group == estimate.group for e in self.items)
        return estimate.group if alike == 1 else f"{estimate.group}: {estimate.term}"

    @staticmethod
    def _interval_cell(estimate: Estimate, head: str) -> str:
        """Write the ends of an interval; where the head cannot say which they are, the row does."""
        if not estimate.has_interval:
            return estimate.reason
        if head == _span_words(estimate.level, estimate.span):
            return write_interval(estimate.low, estimate.high, estimate.unit)
        return estimate.interval_words()

    def __str__(self) -> str:
        return "\n".join(e.sentence() for e in self.items)
