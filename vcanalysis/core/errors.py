"""The one error a user is meant to see: a line that says what to do next."""

from __future__ import annotations


class InputError(ValueError):
    """Input or arguments that were refused: one line, fit to be read by the user (exit code 2).

    The message says what was found, where, what is allowed and what to do next; it never carries
    a name, an identifier or a date of birth.

    Examples
    --------
    >>> raise InputError("Quarter '2019Q5' does not exist. Write a year and Q1 to Q4.")
    Traceback (most recent call last):
    vcanalysis.core.errors.InputError: Quarter '2019Q5' does not exist. Write a year and Q1 to Q4.
    """

    def _render_traceback_(self) -> list[str]:
        """Give all that a notebook shows: the line, without the way through our code."""
        return [f"Refused: {self}"]


class UnknownWord(AttributeError):
    """A word that the vocabulary lacks: one line, with the nearest that it has."""

    def _render_traceback_(self) -> list[str]:
        return [f"Refused: {self}"]


class CheckFailed(Exception):
    """A check or gate said no: the input was read, the answer is negative (exit code 1)."""
