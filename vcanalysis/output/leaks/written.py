"""What notebooks and results must not hold, whatever their words are."""

from __future__ import annotations

from collections.abc import Iterator

from vcanalysis.output.disclosure.policy import policy, profiles
from vcanalysis.output.disclosure.rounding import PEOPLE

_FEWEST = min(policy(name).min_count for name in profiles())  # that any profile publishes


def of_notebook(tree: dict) -> Iterator[str]:
    """Name what is wrong with a notebook."""
    about = tree.get("metadata", {})
    if {"papermill", "widgets", "signature"} & set(about):
        yield "run metadata of a notebook"
    for cell in tree["cells"]:
        if cell.get("attachments"):
            yield "a file attached to a cell"
        if {"papermill", "ExecuteTime"} & set(cell.get("metadata", {})):
            yield "run metadata of a notebook"
        hidden = cell.get("metadata", {}).get("jupyter", {})
        if cell.get("outputs") and (hidden.get("outputs_hidden") or cell["metadata"].get("collapsed")):
            yield "a hidden output of a notebook"
        for output in cell.get("outputs", ()):
            if output.get("output_type") == "error" or output.get("name") == "stderr":
                yield "an error trace"
            kinds = set(output.get("data", {}))
            if len(kinds) > 1 or any(k.startswith("application/") for k in kinds):
                yield "an output of a notebook in more forms than the one shown"


def of_results(tree: object) -> Iterator[str]:
    """Name what is wrong with results, however deep they lie."""
    if isinstance(tree, list):
        for one in tree:
            yield from of_results(one)
    elif isinstance(tree, dict):
        if "status" in tree and "sentence" in tree:
            yield from _record(tree)
        for one in tree.values():
            yield from of_results(one)


def _record(row: dict) -> Iterator[str]:
    behind = row.get("support") is not None or row.get("parts") or row.get("priced")
    if row["status"] not in ("published", "suppressed") or behind:
        yield "a result that did not pass the gate"
    if row["status"] == "suppressed" and (row.get("value") or row.get("n")):
        yield "a number that was to be hidden"
    value, counted = row.get("value"), row.get("unit") in PEOPLE
    if row["status"] == "published" and counted and isinstance(value, int | float) and 0 < value < _FEWEST:
        yield "a count of a few children"
