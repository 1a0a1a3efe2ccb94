"""What a number or a word given to an analysis may be: declared once, and one line that refuses the rest."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np

from vcanalysis.core.errors import InputError

NUMBER = (int, float, np.integer, np.floating)
_SHOWN = 40  # characters of a refused value that a message repeats


@dataclass(frozen=True, slots=True)
class Limit:
    """What one value may be, and what to say when it is not.

    Parameters
    ----------
    must : str
        What to give instead, as a sentence.
    low, high : float
        Ends of what a number may be.
    ends : bool
        Whether the ends themselves are allowed.
    whole : bool
        Whether the number has no fraction.
    kinds : tuple of type
        What the value may be; yes and no are never numbers.
    words : tuple of str
        Texts that are allowed; without them every text is.
    said : str
        How the value is named when it is refused, with {} for it; without it the setting's own name.
    """

    must: str
    low: float = -math.inf
    high: float = math.inf
    ends: bool = True
    whole: bool = False
    kinds: tuple[type, ...] = NUMBER
    words: tuple[str, ...] = ()
    said: str = ""

    def allows(self, value: object) -> bool:
        """Whether the value is of the kind, within the ends and among the words; NaN and infinity never are.

        Where a day (`date`) is asked for, a time of day is none.
        """
        if isinstance(value, datetime) and date in self.kinds:
            return False
        if isinstance(value, NUMBER) and is_number(value) and isinstance(value, self.kinds):
            inside = self.low <= value <= self.high if self.ends else self.low < value < self.high
            return bool(inside and (not self.whole or value == int(value)))
        if isinstance(value, (bool, *NUMBER)) or not isinstance(value, self.kinds):
            return False
        return not self.words or value in self.words


def is_number(given: object) -> bool:
    """Whether something is a finite number, and not text, nothing, or yes and no.

    Examples
    --------
    >>> is_number(2.5), is_number("2.5"), is_number(None), is_number(float("nan")), is_number(True)
    (True, False, False, False, False)
    """
    return isinstance(given, NUMBER) and not isinstance(given, bool) and math.isfinite(given)


def allowed(limits: Mapping[str, Limit], name: str, given: object) -> float:
    """Give a number back if its limit allows it.

    Raises
    ------
    InputError
        If it is no number or beyond what is allowed.

    Examples
    --------
    >>> limits = {"level": Limit("Write 95% as 0.95.", 0.5, 0.999)}
    >>> allowed(limits, "level", 0.9)
    0.9
    >>> allowed(limits, "level", 95)
    Traceback (most recent call last):
    vcanalysis.core.errors.InputError: level of 95 is refused. Write 95% as 0.95.
    """
    limit = limits[name]
    if limit.allows(given):
        return given  # type: ignore[return-value]
    raise InputError(f"{(limit.said or f'{name} of {{}} is').format(shown(given))} refused. {limit.must}")


def check_part(
    values: object,
    limits: Mapping[str, Limit],
    *,
    part: str,
    needed: Iterable[str] = (),
    where: str,
    example: str,
) -> None:
    """Hold one part of a settings file, or of a call, against its limits.

    Parameters
    ----------
    values : object
        Should be a mapping of names to values.
    limits : mapping of str to Limit
        Name -> what its value may be; what stands nowhere here is refused.
    part : str
        What the part is called.
    needed : iterable of str
        Names that must be there.
    where, example : str
        File or call, for the message; a file that shows how it is written.

    Raises
    ------
    InputError
        If it is no mapping, a name is unknown or missing, or a value is not what its limit says.

    Examples
    --------
    >>> limits = {"costs": Limit("Give a share from 0 to 1.", 0, 1)}
    >>> check_part({"costs": 0.15}, limits, part="optimism", where="this call", example="a.toml")
    >>> check_part({"cost": 0.15}, limits, part="optimism", where="this call", example="a.toml")
    Traceback (most recent call last):
    vcanalysis.core.errors.InputError: this call: there is no 'cost' in optimism. Did you mean 'costs'?
    """
    if not isinstance(values, Mapping):
        raise InputError(f"{where}: {part} {shown(values)} is refused. See {example}.")
    for name, value in values.items():
        if name not in limits:
            near = difflib.get_close_matches(str(name), limits, n=1)
            advice = f"Did you mean {near[0]!r}?" if near else f"There are: {', '.join(limits)}."
            raise InputError(f"{where}: there is no {name!r} in {part}. {advice}")
        if not limits[name].allows(value):
            raise InputError(f"{where}: {part} {name} {shown(value)} is refused. {limits[name].must}")
    for name in needed:
        if name not in values:
            raise InputError(f"{where}: {name} is missing under [{part}]. Add it.")


def shown(value: object) -> str:
    """Write a refused value so that it fits a message.

    Examples
    --------
    >>> shown(25_000), shown(0.1), shown("x" * 60)
    ('25,000', '0.1', "'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...")
    """
    text = f"{value:,.10g}" if isinstance(value, NUMBER) and not isinstance(value, bool) else repr(value)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."
