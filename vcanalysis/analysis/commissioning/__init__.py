"""What the council buys and from whom: concentration of the market, urgency, joint funding, a list to work through."""

from vcanalysis.analysis.commissioning.concentration import concentration, spend_shares
from vcanalysis.analysis.commissioning.dispersion import councils_beside, price_index
from vcanalysis.analysis.commissioning.joint import joint_funding
from vcanalysis.analysis.commissioning.route import how_bought
from vcanalysis.analysis.commissioning.urgency import how_it_began
from vcanalysis.analysis.commissioning.working_list import working_list

__all__ = [
    "concentration",
    "councils_beside",
    "how_bought",
    "how_it_began",
    "joint_funding",
    "price_index",
    "spend_shares",
    "working_list",
]
