"""What a rule of the cleaning is: its class, and what a line of the log may say was done under it.

A rule has one class. STOP refuses the import; STOP for that child sets aside every row of a child, in every
table; QUARANTINE sets a row, or one value of it, aside; FIX puts right what can be read one way only; FLAG
keeps the row as it is and counts it.
"""

from __future__ import annotations

from dataclasses import dataclass

STOP, QUARANTINE, FIX, FLAG = "STOP", "QUARANTINE", "FIX", "FLAG"
STOP_CHILD = "STOP for that child"

STOP_SHARE = 0.05  # of the rows of a table or the values of a column, set aside: the extract is wrong

# What a log line says was done. The class of its rule says which of them are allowed.
CHANGED, DROPPED, QUARANTINED, EMPTIED, FLAGGED = "changed", "dropped", "quarantined", "emptied", "flagged"
LEFT_OUT = "left out"
ACTIONS = {
    STOP: (),
    STOP_CHILD: (QUARANTINED,),
    QUARANTINE: (QUARANTINED, EMPTIED),
    FIX: (CHANGED, DROPPED, LEFT_OUT),
    FLAG: (FLAGGED,),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the cleaning.

    Parameters
    ----------
    id : str
        Name in the log.
    kind : str
        STOP, STOP for that child, QUARANTINE, FIX or FLAG.
    detects : str
        What it finds.
    does : str
        What is done about it.
    dfe : str
        Rule codes of the SSDA903 validation that say the same, if any.
    """

    id: str
    kind: str
    detects: str
    does: str
    dfe: str = ""

    @property
    def text(self) -> str:
        """What it finds and what is done, as reports quote it.

        Examples
        --------
        >>> Rule("R3A", FIX, "replaced by a later return", "dropped").text
        'replaced by a later return: dropped'
        """
        return f"{self.detects}: {self.does}"
