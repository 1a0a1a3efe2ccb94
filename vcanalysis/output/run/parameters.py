"""Parameters: names, types and values are checked against the notebook before anything runs.

Papermill itself only warns of an unknown name, takes any type, and writes names into code unread. What
values a number may have its notebook says at the end of the comment behind it: ``[100 to 1000000]``,
``[0 or more]`` or ``[1 or less]``. Those that name a file or folder are in `named_paths`.
"""

from __future__ import annotations

import ast
import difflib
import math
import re
import reprlib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vcanalysis.core.errors import InputError
from vcanalysis.output.run.named_paths import beside, existing, files_behind, names_path
from vcanalysis.output.run.named_paths import told as path_told

GIVEN = ("council", "quarter")  # what the runner gives every notebook
RESULTS = "results"  # given to a notebook that draws on the others
_TYPES: dict[str, tuple[type, ...]] = {
    "str": (str,),
    "int": (int,),
    "float": (int, float),
    "bool": (bool,),
    "list": (list,),
    "dict": (dict,),
}
_NUMBER = r"-?\d[\d_,]*(?:\.\d+)?"
_RANGE = re.compile(rf"\[(?P<low>{_NUMBER}) (?:to (?P<high>{_NUMBER})|or (?P<open>more|less))\]\s*$")


@dataclass(frozen=True, slots=True)
class Range:
    """The values that a number may have, both ends included.

    Examples
    --------
    >>> Range.read("seed of everything random here [0 or more]")
    Range(low=0.0, high=inf, words='0 or more')
    >>> Range.read("how many [1 to 10]").holds(11)
    False
    """

    low: float
    high: float
    words: str

    @classmethod
    def read(cls, comment: str) -> Range | None:
        """Read the range at the end of a comment, if there is one."""
        found = _RANGE.search(comment)
        if found is None:
            return None
        first = _number(found["low"])
        low = -math.inf if found["open"] == "less" else first
        high = _number(found["high"]) if found["high"] else first if found["open"] == "less" else math.inf
        return cls(low, high, found[0].strip()[1:-1])

    def holds(self, value: float) -> bool:
        """Whether a value lies within."""
        return self.low <= value <= self.high


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter as its notebook declares it: name, types it may have, default, and allowed range."""

    name: str
    types: tuple[str, ...]
    default: Any = None
    allowed: Range | None = None

    def accepts(self, value: object) -> bool:
        """Whether a value of a settings file is of the declared type."""
        known = [t for name in self.types for t in _TYPES.get(name, ())]
        if not known:
            return True
        return isinstance(value, tuple(known)) and (not isinstance(value, bool) or "bool" in self.types)


def declared(notebook: Path) -> dict[str, Parameter]:
    """Read the parameters that a notebook declares in the cell tagged ``parameters``.

    Raises
    ------
    InputError
        If the notebook cannot be read, or declares no council or no quarter.
    """
    from papermill import inspect_notebook

    try:
        # papermill formats paths: braces in a folder's name must survive
        found = inspect_notebook(str(notebook).replace("{", "{{").replace("}", "}}"))
    except Exception as error:
        raise InputError(f"{notebook.name} cannot be read as a notebook ({type(error).__name__}).") from None
    missing = [name for name in GIVEN if name not in found]
    if missing:
        raise InputError(
            f"{notebook.name} declares no parameter {' and no '.join(missing)}. "
            "Add `council: str` and `quarter: str` to the one cell tagged 'parameters'."
        )
    return {
        name: Parameter(name, _type_names(about), _default(about), Range.read(str(about["help"])))
        for name, about in found.items()
    }


def read_settings(path: Path | str | Mapping[str, Any] | None) -> dict[str, Any]:
    """Read a settings file: parameters by name, or in a table per notebook, files found. A mapping is taken as it is.

    Raises
    ------
    InputError
        If the file is missing or is not TOML.
    """
    if path is None or isinstance(path, Mapping):
        return dict(path or {})
    try:
        return beside(Path(path), tomllib.loads(Path(path).read_text(encoding="utf-8")))
    except OSError as error:
        raise InputError(f"Settings {path} could not be read ({error.strerror}). Name a TOML file.") from None
    except ValueError as error:  # not TOML, not text, or a number of thousands of digits
        raise InputError(f"Settings {path}: {error}. Write it as TOML, such as: draws = 2000") from None


def settle(notebooks: Iterable[Path], settings: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Give every notebook its parameters from the settings, refusing what no notebook declares.

    Parameters
    ----------
    notebooks : iterable of Path
        The notebooks of the project.
    settings : mapping
        Flat names serve every notebook that declares them; a table named after a notebook (its
        file name, or its number) serves that one and goes before.

    Returns
    -------
    dict
        Parameters per notebook name (without ending).

    Raises
    ------
    InputError
        If a name is unknown or given by the runner itself, or a value is of the wrong type, outside the
        range its notebook allows, or the path of a file that is not there.
    """
    known = {path.stem: declared(path) for path in notebooks}
    tables = {key: value for key, value in settings.items() if isinstance(value, dict)}
    flat = {key: value for key, value in settings.items() if key not in tables}
    every = {name: p for parameters in known.values() for name, p in parameters.items()}
    for name in flat:
        _must_know(name, every, where="any notebook")
    settled = {
        stem: {name: _checked(known[stem][name], v, stem) for name, v in flat.items() if name in known[stem]}
        for stem in known
    }
    for key, values in tables.items():
        stem = _notebook_named(key, known)
        for name, value in values.items():
            _must_know(name, known[stem], where=stem)
            settled[stem][name] = _checked(known[stem][name], value, stem)
    return settled


def planned(
    notebooks: Iterable[Path], protocol: Mapping[str, Any], given: Mapping[str, Mapping[str, Any]]
) -> dict[str, dict[str, Any]]:
    """Give every notebook what the plan of the evaluation fixes for it, under what the settings give.

    Parameters
    ----------
    notebooks : iterable of Path
        The notebooks of the run.
    protocol : mapping
        The plan, as `protocol.read` gives it; a part of it for a notebook that is not run waits.
    given : mapping
        Parameters of the settings, by notebook, as from `settle`.

    Raises
    ------
    InputError
        If the plan names a parameter that the notebook does not have, or a value that it does not allow.
    """
    files = list(notebooks)
    known = {path.stem: declared(path) for path in files}
    fixed = settle(files, {stem: v for stem, v in protocol.get("parameters", {}).items() if stem in known})
    # what a notebook has anyway is not handed to it again
    new = {stem: {k: v for k, v in fixed[stem].items() if v != known[stem][k].default} for stem in known}
    return {stem: new[stem] | dict(given.get(stem, {})) for stem in known}


def in_full(notebooks: Iterable[Path], given: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Give every parameter that notebooks run with, those left at their defaults as well.

    Parameters
    ----------
    notebooks : iterable of Path
        The notebooks.
    given : mapping
        Parameters given, by notebook, as from `settle`.

    Returns
    -------
    dict
        Parameters by notebook, without those the runner itself gives.
    """
    own = (*GIVEN, RESULTS)
    return {
        path.stem: {name: p.default for name, p in declared(path).items() if name not in own}
        | {name: _named(name, value) for name, value in given.get(path.stem, {}).items()}
        for path in notebooks
    }


def without_paths(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Tell parameters without where files lie: the same content elsewhere gives the same numbers.

    The council's files are known by their hashes, results so far by a name made of their content.
    """
    told = {name: _named(name, value) for name, value in parameters.items() if name != "council"}
    return {**told, RESULTS: Path(told[RESULTS]).name} if told.get(RESULTS) else told


def files_named(given: Mapping[str, Mapping[str, Any]]) -> list[Path]:
    """List the files that the parameters of all notebooks name, and those in folders they name."""
    named = {v for p in given.values() for name, v in p.items() if names_path(name) and v}
    return sorted({file for path in named for file in files_behind(path)})


def _named(name: str, value: Any) -> Any:
    return path_told(value) if names_path(name) and value else value


def _number(text: str) -> float:
    return float(text.replace(",", "").replace("_", ""))


def _default(about: Mapping[str, Any]) -> Any:
    try:
        return ast.literal_eval(about["default"])
    except (ValueError, SyntaxError):
        return str(about["default"])


def _type_names(about: Mapping[str, Any]) -> tuple[str, ...]:
    written = str(about["inferred_type_name"])
    if written != "None":
        return tuple(part.split("[")[0].strip() for part in written.split("|"))
    try:
        return (type(ast.literal_eval(about["default"])).__name__,)
    except (ValueError, SyntaxError):
        return ()


def _must_know(name: str, known: Mapping[str, Parameter], *, where: str) -> None:
    if name in (*GIVEN, RESULTS):
        raise InputError(f"Parameter {name!r} is given by the runner. Remove it from the settings.")
    if name not in known:
        allowed = sorted(set(known) - {*GIVEN, RESULTS})
        near = difflib.get_close_matches(name, allowed, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else f" There are: {', '.join(allowed) or 'none'}."
        raise InputError(f"Parameter {name!r} is unknown to {where}.{hint}")


def _checked(parameter: Parameter, value: object, stem: str) -> object:
    if not parameter.accepts(value):
        wanted = " or ".join(parameter.types)
        raise InputError(
            f"Parameter {parameter.name!r} of {stem} must be {wanted}; the settings give {type(value).__name__}."
        )
    if names_path(parameter.name) and isinstance(value, str):
        return existing(parameter.name, value, stem)
    if isinstance(value, int | float) and not isinstance(value, bool):
        _must_lie_within(parameter, value, stem)
    return value


def _must_lie_within(parameter: Parameter, value: float, stem: str) -> None:
    if isinstance(value, float) and not math.isfinite(value):
        allowed = "a finite number" + (f", {parameter.allowed.words}" if parameter.allowed else "")
    elif parameter.allowed is not None and not parameter.allowed.holds(value):
        allowed = parameter.allowed.words
    else:
        return
    raise InputError(
        f"Parameter {parameter.name!r} of {stem} is {reprlib.repr(value)}; it must be {allowed}. "
        "Change it in the settings."
    )


def _notebook_named(key: str, known: Mapping[str, Any]) -> str:
    found = [stem for stem in known if key in (stem, stem.split("_")[0])]
    if not found:
        raise InputError(
            f"Settings name a notebook {key!r} that does not exist. There are: {', '.join(known)}."
        )
    return found[0]
