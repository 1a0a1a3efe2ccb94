"""What a number given to the audit or to a simulated nation may be."""

from __future__ import annotations

from vcanalysis.core.limits import Limit

_PLANTED = "Give 0 or more, as a share of spend, and no more than 10."
_CORRELATION = "Give a correlation, 0 to 1."
LIMITS = {
    "amount": Limit(
        "Give the saving in pounds a year, a number of 0 or more.", 0, said="An amount of {} pounds is"
    ),
    "one amount": Limit("Give the pounds a year of each council.", said="An amount of {} pounds is"),
    "reported": Limit("Give more than 0 pounds.", 0, ends=False, said="A reported amount of {} pounds is"),
    "national": Limit(
        "Give more than 0 pounds, or leave it out.", 0, ends=False, said="A claim of {} pounds for England is"
    ),
    "within": Limit(
        "Give a share of more than 0, such as 0.1.", 0, ends=False, said="A nearness (`within`) of {} is"
    ),
    "councils": Limit("Give a whole number of 1 or more.", 1, whole=True, said="{} councils are"),
    "heads": Limit("Give more than 0.", 0, ends=False, said="A council with {} children in care is"),
    "spend level": Limit("Give more than 0.", 0, ends=False, said="A council with a spend level of {} is"),
    "level": Limit("Give one between 0 and 1, such as 0.95.", 0, 1, ends=False, said="A level of {} is"),
    "audit draws": Limit(
        "Give 1,000 or more: fewer are too few for an interval.", 1000, whole=True, said="{} draws are"
    ),
    "draws": Limit("Give a whole number of 1 or more.", 1, whole=True, said="{} draws are"),
    "seed": Limit("Give a whole number of 0 or more.", 0, whole=True, said="A seed of {} is"),
    "true_share": Limit(
        "Give a share between -1 and 1.", -1, 1, ends=False, said="A true saving of {} of spend is"
    ),
    "between": Limit(_PLANTED, 0, 10, said="A spread between councils of {} is"),
    "noise": Limit(_PLANTED, 0, 10, said="A noise of {} is"),
    "dear": Limit(_CORRELATION, 0, 1),
    "keen": Limit(_CORRELATION, 0, 1),
    "joining": Limit("Give a whole number of 1 or more.", 1, whole=True, said="{} councils that join are"),
    "reporting": Limit(
        "Give a whole number of 1 or more.", 1, whole=True, said="{} councils that report are"
    ),
    "spend": Limit("Give more than 0.", 0, ends=False, said="A spend of {} pounds is"),
}
