"""Formulas over facts and published claims by their ids: the four operations and brackets, nothing else."""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable
from dataclasses import dataclass

from vcanalysis.core.errors import InputError
from vcanalysis.core.facts import claim, fact, rows_of
from vcanalysis.core.numbers import write_number

_DO: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


@dataclass(frozen=True, slots=True)
class Given:
    """One number in a formula: its id, value, unit and where it comes from."""

    id: str
    value: float
    unit: str
    source: str
    is_fact: bool  # published by somebody else than who claims it

    def words(self) -> str:
        """Write id, number and source."""
        return f"{self.id} = {write_number(self.value, self.unit.removesuffix(' in care'))} ({self.source})"


def look_up(name: str) -> Given:
    """Give the fact or the claimed number of an id.

    Raises
    ------
    InputError
        If there is no such fact or claim, or the claim states no number.
    """
    if name in rows_of("reference/facts.csv"):
        found = fact(name)
        return Given(name, found.value, found.unit, f"{found.source}; {found.year}", True)
    if name in rows_of("reference/claims.csv"):
        stated = claim(name)
        if stated.value is not None and not math.isnan(stated.value):
            return Given(name, stated.value, stated.unit, f"claimed: {stated.source}", False)
        raise InputError(f"The claim {name!r} states no number, so that no formula can hold it.")
    raise InputError(f"There is no fact or claim {name!r}. See data/reference.")


def calculate(formula: str) -> tuple[float, tuple[Given, ...]]:
    """Work out a formula.

    Parameters
    ----------
    formula : str
        Numbers and ids of facts or claims with + - * / and brackets.

    Returns
    -------
    float, tuple of Given
        The result, and the numbers it was made of in the order of reading.

    Raises
    ------
    InputError
        If anything else stands in it, or an id is unknown.

    Examples
    --------
    >>> round(calculate("england_spend_2018 / england_spend_all_children_2018")[0], 2)
    0.48
    """
    try:
        tree = ast.parse(formula, mode="eval").body
    except SyntaxError:
        raise InputError(
            f"The formula {formula!r} cannot be read. Use ids, numbers, + - * / and brackets."
        ) from None
    used: dict[str, Given] = {}
    return _value(tree, formula, used), tuple(used.values())


def _value(node: ast.AST, formula: str, used: dict[str, Given]) -> float:
    if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
        return float(node.value)
    if isinstance(node, ast.Name):
        used[node.id] = look_up(node.id)
        return used[node.id].value
    if isinstance(node, ast.BinOp) and type(node.op) in _DO:
        first, second = (_value(side, formula, used) for side in (node.left, node.right))
        if isinstance(node.op, ast.Div) and second == 0:
            raise InputError(f"The formula {formula!r} divides by nought.")
        return _DO[type(node.op)](first, second)
    raise InputError(f"The formula {formula!r} holds more than ids, numbers, + - * / and brackets.")


def round_alike(value: float, printed: float) -> float:
    """Round a value to as many significant figures as a printed number shows, noughts at its end left out.

    Examples
    --------
    >>> round_alike(3424, 3400), round_alike(0.482, 0.5), round_alike(9.42e9, 8.6e9)
    (3400.0, 0.5, 9400000000.0)
    """
    return float(f"{value:.{figures_of(printed) - 1}e}")


def figures_of(printed: float) -> int:
    """Count the significant figures a printed number shows, noughts at its end left out.

    Examples
    --------
    >>> figures_of(3400), figures_of(0.994)
    (2, 3)
    """
    return max(len(f"{printed:.12e}".split("e")[0].replace(".", "").rstrip("0")), 1)
