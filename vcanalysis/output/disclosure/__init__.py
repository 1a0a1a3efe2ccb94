"""Disclosure control: the one door to everything that is published."""

from vcanalysis.output.disclosure.gate import HIDDEN, Verdict, gate
from vcanalysis.output.disclosure.policy import MARK, STRICT, Policy, policy, profiles, sources
from vcanalysis.output.disclosure.rounding import published_unit, rounded

__all__ = [
    "HIDDEN",
    "MARK",
    "STRICT",
    "Policy",
    "Verdict",
    "gate",
    "policy",
    "profiles",
    "published_unit",
    "rounded",
    "sources",
]
