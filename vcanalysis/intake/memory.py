"""Memory given back to the system as soon as a table is done with: a nation fits a laptop."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pyarrow as pa


@contextmanager
def lean_memory() -> Iterator[None]:
    """Let Arrow take its memory from the system's allocator, which gives it back; the default one keeps it.

    Examples
    --------
    >>> with lean_memory():
    ...     pa.default_memory_pool().backend_name
    'system'
    """
    before = pa.default_memory_pool()
    pa.set_memory_pool(pa.system_memory_pool())
    try:
        yield
    finally:
        give_back()
        pa.set_memory_pool(before)


def give_back() -> None:
    """Return freed memory, that of pandas and NumPy too, to the system."""
    pa.default_memory_pool().release_unused()
