"""What do children need: shares by domain and band, and how far the assessments can be trusted."""

from vcanalysis.analysis.profile.coverage import assessment_coverage, raters_per_child
from vcanalysis.analysis.profile.domains import (
    band_shares,
    domain_profile,
    level_distribution,
    strength_profile,
)
from vcanalysis.analysis.profile.gaps import domain_gaps, gaps_headline
from vcanalysis.analysis.profile.shares import bounds, share_by, share_of
from vcanalysis.analysis.profile.tables import age_bands, children_by
from vcanalysis.analysis.profile.wording import (
    domains_headline,
    headline,
    how_sure,
    least_headline,
    most_often,
    share_by_headline,
    strengths_headline,
    unlike_headline,
)

__all__ = [
    "age_bands",
    "assessment_coverage",
    "band_shares",
    "bounds",
    "children_by",
    "domain_gaps",
    "domain_profile",
    "domains_headline",
    "gaps_headline",
    "headline",
    "how_sure",
    "least_headline",
    "level_distribution",
    "most_often",
    "raters_per_child",
    "share_by",
    "share_by_headline",
    "share_of",
    "strength_profile",
    "strengths_headline",
    "unlike_headline",
]
