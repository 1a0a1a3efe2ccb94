"""What may be chosen about an estimate of impact, declared before it is made."""

from __future__ import annotations

from dataclasses import dataclass, replace

from vcanalysis.core.columns import say_column
from vcanalysis.core.errors import InputError
from vcanalysis.core.limits import Limit, allowed

ESTIMATORS = ("imputation", "group-time")
CONTROLS = ("never", "not yet")
LIMITS = {
    "level": Limit("Write 95% as 0.95.", 0.5, 0.999),
    "draws": Limit("Give 99 to 100,000 draws.", 99, 100_000, whole=True, kinds=(int,)),
    "seed": Limit("Give a whole number from 0.", 0, whole=True, kinds=(int,)),
    "anticipation": Limit("Give a whole number of periods from 0 to 5.", 0, 5, whole=True, kinds=(int,)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Choices of an estimate of impact.

    Parameters
    ----------
    name : str
        What the outcome is called in sentences; the words of its column when empty.
    measure : str
        Unit of the outcome, one of `vcanalysis.core.numbers.UNITS` or words of its own.
    estimator : str
        "imputation" (Borusyak, Jaravel, Spiess: all years before count alike) or "group-time" (Callaway, Sant'Anna:
        the last year before counts alone).
    controls : str
        "never" or "not yet" (those that start later as well).
    weights : str
        Column of positive weights, such as children in care; each unit weighs its mean before the first start.
    strata : str
        Column of groups within which the programme is dealt out anew, such as regions.
    within : str
        Column of groups whose common years are taken out first, such as regions.
    anticipation : int
        Periods before the start that may already be changed.
    draws, level, seed : int, float, int
        Deals of the randomisation, confidence level, seed of the deals.

    Examples
    --------
    >>> Settings(measure="points").estimator
    'imputation'
    """

    name: str = ""
    measure: str = ""
    estimator: str = "imputation"
    controls: str = "never"
    weights: str = ""
    strata: str = ""
    within: str = ""
    anticipation: int = 0
    draws: int = 999
    level: float = 0.95
    seed: int = 0

    def __post_init__(self) -> None:
        for name in LIMITS:
            allowed(LIMITS, name, getattr(self, name))
        for name, words in (("estimator", ESTIMATORS), ("controls", CONTROLS)):
            if getattr(self, name) not in words:
                raise InputError(f"{name} of {getattr(self, name)!r} is refused. Write {' or '.join(words)}.")

    def but(self, **changed: object) -> Settings:
        """Give the same choices but for some."""
        return replace(self, **changed)  # type: ignore[arg-type]

    def refuse(self, *names: str, by: str) -> None:
        """Refuse choices that an estimate does not make, rather than pass over them.

        Raises
        ------
        InputError
            If one of them is not as it is by default.

        Examples
        --------
        >>> Settings(weights="children").refuse("anticipation", by="synthetic_did")
        """
        usual = Settings()
        given = [name for name in names if getattr(self, name) != getattr(usual, name)]
        if given:
            raise InputError(
                f"{by} does not use {' nor '.join(given)}. Leave it out, or use staggered_effect."
            )

    def term(self, outcome: str) -> str:
        """Say what is estimated."""
        return f"Effect on {self.name or say_column(outcome)}"
