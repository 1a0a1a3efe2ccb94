"""Conditions of a needs framework, such as ``n3 == 1 or n2 >= 3``: parsed and checked, never evaluated as code."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vcanalysis.core.errors import InputError

Values = Mapping[str, npt.NDArray[np.float64]]
_Number = Callable[[Values], npt.NDArray[np.float64]]
_Truth = Callable[[Values], npt.NDArray[np.bool_]]

_COMPARE: dict[type[ast.cmpop], Callable[..., npt.NDArray[np.bool_]]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    # A missing level satisfies no comparison, not even "is not 2".
    ast.NotEq: lambda a, b: (a != b) & (a == a) & (b == b),
}
_ARITHMETIC: dict[type[ast.operator], Callable[..., npt.NDArray[np.float64]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
}
_LONGEST = 1000


@dataclass(frozen=True, slots=True)
class Condition:
    """A checked condition.

    Parameters
    ----------
    text : str
        The condition as written.
    names : frozenset of str
        Variables it reads.
    domains : frozenset of str
        Domains it names with ``domain('x')``.
    """

    text: str
    names: frozenset[str]
    domains: frozenset[str]
    _truth: _Truth

    def holds(self, values: Values, *, rows: int) -> npt.NDArray[np.bool_]:
        """Say for each row whether the condition holds.

        Parameters
        ----------
        values : mapping of str to float array
            A value per row for each variable, and under the domain's own name for each domain.
        rows : int
            Number of rows.

        Returns
        -------
        bool array of shape (rows,)
            A comparison with a missing value does not hold.
        """
        return np.broadcast_to(self._truth(values), (rows,)).copy()


def parse_condition(text: str, *, names: Collection[str], domains: Collection[str], where: str) -> Condition:
    """Read a condition: numbers, variables, ``domain('x')``, + - *, comparisons, and, or, not.

    Parameters
    ----------
    text : str
        The condition.
    names : collection of str
        Variables it may read.
    domains : collection of str
        Domains that ``domain('x')`` may name.
    where : str
        Where the text stands, for the message.

    Returns
    -------
    Condition

    Raises
    ------
    InputError
        If the text holds anything else.

    Examples
    --------
    >>> rule = parse_condition("n3 == 1 or n2 >= 3", names=["n2", "n3"], domains=[], where="band")
    >>> rule.holds({"n2": np.array([0.0, 3.0]), "n3": np.array([0.0, 0.0])}, rows=2).tolist()
    [False, True]
    """
    reader = _Reader(text, names, domains, where)
    truth = reader.truth(reader.tree())
    return Condition(text, frozenset(reader.used), frozenset(reader.used_domains), truth)


class _Reader:
    """Turns a syntax tree into a function of arrays, refusing every node it does not know."""

    def __init__(self, text: str, names: Collection[str], domains: Collection[str], where: str) -> None:
        self.text, self.names, self.domains, self.where = text, names, domains, where
        self.used: set[str] = set()
        self.used_domains: set[str] = set()

    def refuse(self, what: str) -> InputError:
        return InputError(
            f"{self.where}: {self.text[:80]!r}: {what} Allowed are numbers, {', '.join(self.names)}, "
            "domain('name'), + - *, comparisons, and, or, not."
        )

    def tree(self) -> ast.expr:
        if len(self.text) > _LONGEST:
            raise self.refuse(f"longer than {_LONGEST} characters.")
        try:
            return ast.parse(self.text.strip(), mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            raise self.refuse("this is not a condition.") from None

    def truth(self, node: ast.expr) -> _Truth:
        if isinstance(node, ast.BoolOp):
            parts = [self.truth(value) for value in node.values]
            join = np.logical_and if isinstance(node.op, ast.And) else np.logical_or
            return lambda values: join.reduce(np.broadcast_arrays(*[part(values) for part in parts]))
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            inner = self.truth(node.operand)
            return lambda values: np.logical_not(inner(values))
        if isinstance(node, ast.Compare) and all(type(op) in _COMPARE for op in node.ops):
            return self._comparison(node)
        raise self.refuse(f"{ast.unparse(node)!r} is neither true nor false; write a comparison.")

    def _comparison(self, node: ast.Compare) -> _Truth:
        terms = [self.number(term) for term in (node.left, *node.comparators)]
        tests = [_COMPARE[type(op)] for op in node.ops]

        def compare(values: Values) -> npt.NDArray[np.bool_]:
            sides = [term(values) for term in terms]
            links = [test(a, b) for test, a, b in zip(tests, sides, sides[1:], strict=False)]
            return np.logical_and.reduce(np.broadcast_arrays(*links))

        return compare

    def number(self, node: ast.expr) -> _Number:
        if isinstance(node, ast.Constant) and type(node.value) in (int, float):
            constant = np.float64(node.value)  # type: ignore[arg-type]
            return lambda values: np.asarray(constant)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            inner = self.number(node.operand)
            return lambda values: -inner(values)
        if isinstance(node, ast.BinOp) and type(node.op) in _ARITHMETIC:
            left, right, apply = self.number(node.left), self.number(node.right), _ARITHMETIC[type(node.op)]
            return lambda values: apply(left(values), right(values))
        if isinstance(node, ast.Name):
            return self._variable(node.id)
        if isinstance(node, ast.Call):
            return self._domain(node)
        raise self.refuse(f"{ast.unparse(node)!r} is not allowed.")

    def _variable(self, name: str) -> _Number:
        if name not in self.names:
            raise self.refuse(f"there is no {name!r}.")
        self.used.add(name)
        return lambda values: values[name]

    def _domain(self, node: ast.Call) -> _Number:
        named = isinstance(node.func, ast.Name) and node.func.id == "domain" and not node.keywords
        if not named or len(node.args) != 1 or not isinstance(node.args[0], ast.Constant):
            raise self.refuse(f"{ast.unparse(node)!r} is not allowed.")
        domain = node.args[0].value
        if not isinstance(domain, str) or domain not in self.domains:
            raise self.refuse(f"there is no domain {domain!r}; domains are {', '.join(self.domains)}.")
        self.used_domains.add(domain)
        return lambda values: values[domain]
