"""Leaks: what must never be in a file that leaves the council, found in every byte of it."""

from vcanalysis.output.leaks.repository import may_be_committed, scan_repository
from vcanalysis.output.leaks.scan import Leak, must_be_clean, scan

__all__ = ["Leak", "may_be_committed", "must_be_clean", "scan", "scan_repository"]
