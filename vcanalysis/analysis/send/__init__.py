"""Is the picture the same for SEND? Need, provision, readiness, moves and the growth of demand, birth to 25."""

from vcanalysis.analysis.send.avoided import Avoided, against_trend
from vcanalysis.analysis.send.fit import ladder, mismatch, readiness, share_of
from vcanalysis.analysis.send.growth import FACTORS, Growth, demand_growth
from vcanalysis.analysis.send.moves import a_year_later, moves_between
from vcanalysis.analysis.send.need import need_over_time
from vcanalysis.analysis.send.net import net_of_support
from vcanalysis.analysis.send.parts import share_of_cost
from vcanalysis.analysis.send.people import (
    SPECIALIST,
    answered,
    at_censuses,
    in_care,
    name_of_move,
    what_is_there,
)
from vcanalysis.analysis.send.wording import (
    growth_headline,
    how_sure,
    moves_headline,
    of_people,
    rungs_of,
    same_picture,
    saving_and_its_doubt,
    saving_headline,
    stepped_back,
    unseen,
)
from vcanalysis.core.tables_send import AREAS

__all__ = [
    "AREAS",
    "FACTORS",
    "SPECIALIST",
    "Avoided",
    "Growth",
    "a_year_later",
    "against_trend",
    "answered",
    "at_censuses",
    "demand_growth",
    "growth_headline",
    "how_sure",
    "in_care",
    "ladder",
    "mismatch",
    "moves_between",
    "moves_headline",
    "name_of_move",
    "need_over_time",
    "net_of_support",
    "of_people",
    "readiness",
    "rungs_of",
    "same_picture",
    "saving_and_its_doubt",
    "saving_headline",
    "share_of",
    "share_of_cost",
    "stepped_back",
    "unseen",
    "what_is_there",
]
