"""Pytest plugin beside nbval: a notebook cell must draw as many figures as it did when its answer was stored.

nbval never compares pictures, and a stripped cell has nothing to compare; so `make notebooks` writes the number
of figures into the metadata of the cell, and this plugin counts them again when nbval runs it.
"""

from __future__ import annotations

import pytest
from nbval.plugin import IPyNbCell


def figures_expected(cell):
    """Number of figures a cell is to draw, from its metadata."""
    return cell.metadata.get("vcanalysis", {}).get("figures", 0)


def figures_in(outputs):
    """Number of PNG pictures among the outputs of a cell."""
    return sum("image/png" in output.get("data", {}) for output in outputs or ())


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    """Count the figures once nbval has run the cell."""
    result = yield
    if isinstance(item, IPyNbCell):
        expected, found = figures_expected(item.cell), figures_in(item.test_outputs)
        if expected != found:
            item.raise_cell_error(f"The cell drew {found} figures; {expected} were expected")
    return result
