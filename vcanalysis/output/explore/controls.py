"""What can be moved: sliders, spans and choices, declared apart from how they are drawn and refused in plain words."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass

from vcanalysis.core.errors import InputError
from vcanalysis.core.limits import is_number


@dataclass(frozen=True, slots=True)
class Slider:
    """A number that can be moved.

    Parameters
    ----------
    label : str
        What it is, with its unit.
    low, high, step : float
        Where it can be moved.
    value : float
        Where it stands at first.
    """

    label: str
    low: float
    high: float
    step: float
    value: float

    def read(self, value: object, name: str) -> float:
        """Give a value that the slider can have."""
        if not is_number(value) or not self.low <= float(value) <= self.high:  # type: ignore[arg-type]
            raise InputError(
                f"{name} {value!r} is refused. Give a number from {self.low:g} to {self.high:g}."
            )
        return float(value)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Span:
    """Two ends that can be moved.

    Parameters
    ----------
    label : str
        What it is, with its unit.
    low, high, step : float
        Where they can be moved.
    value : (float, float)
        Where they stand at first.
    """

    label: str
    low: float
    high: float
    step: float
    value: tuple[float, float]

    def read(self, value: object, name: str) -> tuple[float, float]:
        """Give two ends that the span can have."""
        ends = tuple(value) if isinstance(value, (tuple, list)) else ()
        if (
            len(ends) != 2
            or not all(is_number(e) for e in ends)
            or not self.low <= ends[0] <= ends[1] <= self.high
        ):
            raise InputError(
                f"{name} {value!r} is refused. Give two numbers from {self.low:g} to {self.high:g}, the lower first."
            )
        return float(ends[0]), float(ends[1])


@dataclass(frozen=True, slots=True)
class Pick:
    """One of several words.

    Parameters
    ----------
    label : str
        What is chosen.
    options : tuple of str
        The words.
    value : str
        The one chosen at first.
    private : bool
        Whether the words are of children, so that no message names one.
    """

    label: str
    options: tuple[str, ...]
    value: str
    private: bool = False

    def read(self, value: object, name: str) -> str:
        """Give one of the words."""
        if self.private and value not in self.options:
            raise InputError(
                f"{name} has no such choice. Choose one of the {len(self.options):,} in its list."
            )
        return _known(value, self.options, name)


@dataclass(frozen=True, slots=True)
class Several:
    """Any of several words; none chosen means all.

    Parameters
    ----------
    label : str
        What is chosen.
    options : tuple of str
        The words.
    value : tuple of str
        Those chosen at first.
    """

    label: str
    options: tuple[str, ...]
    value: tuple[str, ...] = ()

    def read(self, value: object, name: str) -> tuple[str, ...]:
        """Give some of the words, in their order."""
        if not isinstance(value, (str, list, tuple, set, frozenset)):
            raise InputError(f"{name} {value!r} is refused. Give a list of words; an empty one means all.")
        given = (value,) if isinstance(value, str) else tuple(value)
        chosen = {_known(each, self.options, name) for each in given}
        return tuple(option for option in self.options if option in chosen)


_MOST_NAMED = 12  # choices in a message
Control = Slider | Span | Pick | Several


def _known(value: object, options: tuple[str, ...], name: str) -> str:
    if value in options:
        return str(value)
    near = difflib.get_close_matches(str(value), options, n=1)
    more = f" and {len(options) - _MOST_NAMED:,} more" if len(options) > _MOST_NAMED else ""
    hint = f"Did you mean {near[0]!r}?" if near else f"There are: {', '.join(options[:_MOST_NAMED])}{more}."
    raise InputError(f"{name} has no such choice. {hint}")


def read_all(controls: Mapping[str, Control], values: Mapping[str, object]) -> dict[str, object]:
    """Hold values against their controls.

    Parameters
    ----------
    controls : mapping of str to Control
        What can be moved.
    values : mapping of str to object
        What is wanted, by name.

    Raises
    ------
    InputError
        If there is no such control, or a value is none that it can have.

    Examples
    --------
    >>> read_all({"floor": Slider("Floor, £", 0, 5000, 50, 1000)}, {"flor": 2000})
    Traceback (most recent call last):
    vcanalysis.core.errors.InputError: There is no control 'flor'. Did you mean 'floor'?
    """
    found: dict[str, object] = {}
    for name, value in values.items():
        if name not in controls:
            near = difflib.get_close_matches(name, controls, n=1)
            hint = f"Did you mean {near[0]!r}?" if near else f"There are: {', '.join(controls)}."
            raise InputError(f"There is no control {name!r}. {hint}")
        found[name] = controls[name].read(value, name)
    return found
