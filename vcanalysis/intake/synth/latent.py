"""True need: four latent classes, twelve domains independent given the class, levels that drift little."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import binom, norm

from vcanalysis.intake.synth.arrays import YEAR, Array, day
from vcanalysis.intake.synth.people import CLASSES, People
from vcanalysis.intake.synth.settings import SynthSettings

FRAMEWORK = "vcw-default-12"
DOMAINS = (
    "harm_exploitation",
    "risk_self_others",
    "physical_health_disability",
    "emotional_mental_health",
    "identity_belonging_life_story",
    "family_friends_contact",
    "attachment_trust_in_carers",
    "behaviour_self_regulation",
    "education_learning",
    "communication_social_skills",
    "self_care_daily_living",
    "transition_substance_offending",
)
LEVELS = 4
ADOLESCENT = DOMAINS.index("transition_substance_offending")
ADOLESCENCE = 10  # below this age (years) the last domain is always at level 0, and rated so

# Mean level as a share of the highest, by class and domain: a level is binomial(3, share).
INTENSITY = np.array(
    [
        [0.06, 0.04, 0.08, 0.12, 0.13, 0.14, 0.08, 0.07, 0.13, 0.08, 0.07, 0.03],
        [0.12, 0.12, 0.07, 0.56, 0.61, 0.54, 0.61, 0.32, 0.24, 0.16, 0.09, 0.05],
        [0.70, 0.62, 0.08, 0.32, 0.18, 0.36, 0.26, 0.62, 0.60, 0.11, 0.16, 0.66],
        [0.18, 0.28, 0.56, 0.42, 0.20, 0.22, 0.36, 0.58, 0.70, 0.68, 0.70, 0.08],
    ]
)


def level_probabilities() -> Array:
    """Give the true probabilities of a level, shape (class, domain, level), from the age of ten."""
    return np.asarray(binom.pmf(np.arange(LEVELS), LEVELS - 1, INTENSITY[:, :, None]))


def rating_confusion(settings: SynthSettings) -> Array:
    """Give the probability of a rated level (column) for each true level (row), over all raters."""
    spread = max(float(np.hypot(settings.rating_noise_sd, settings.rater_severity_sd)), 1e-9)
    cuts = np.array([-np.inf, 0.5, 1.5, 2.5, np.inf])
    return np.diff(norm.cdf((cuts[None, :] - np.arange(LEVELS)[:, None]) / spread), axis=1)


@dataclass(frozen=True, slots=True)
class TrueNeed:
    """True levels of every child: before and after at most one change per domain."""

    before: Array
    after: Array
    changed: Array
    birth: Array

    def at(self, child: Array, on: Array) -> Array:
        """Give the true levels of children on days, shape (len(child), domains)."""
        later = on[:, None] >= self.changed[child]
        level = np.where(later, self.after[child], self.before[child])
        young = (on - self.birth[child]) < ADOLESCENCE * YEAR
        level[young, ADOLESCENT] = 0
        return level

    def young(self, child: Array, on: Array) -> Array:
        """Say who is too young for the adolescent domain."""
        return (on - self.birth[child]) < ADOLESCENCE * YEAR


def draw_need(rng: np.random.Generator, settings: SynthSettings, people: People) -> TrueNeed:
    """Draw the true levels of every child from its class."""
    share = INTENSITY[people.class_]
    before, after = rng.binomial(3, share).astype(np.int8), rng.binomial(3, share).astype(np.int8)
    waiting = rng.exponential(size=share.shape) * YEAR / max(settings.need_drift_per_year, 1e-9)
    changed = (day(settings.data_from) + np.minimum(waiting, 1e6)).astype(np.int32)
    return TrueNeed(before, after, changed, people.birth)


def total_moments() -> tuple[float, float]:
    """Mean and standard deviation of the true total in a fixed reference mix of the classes.

    The mix (35%, 34%, 15%, 16%) is about that of children in care; it only fixes the unit in which the
    slope of price on need is stated.
    """
    weights = np.array([0.35, 0.34, 0.15, 0.16])
    mean = 3 * INTENSITY.sum(axis=1)
    within = (3 * INTENSITY * (1 - INTENSITY)).sum(axis=1)
    overall = float(weights @ mean)
    return overall, float(np.sqrt(weights @ (within + (mean - overall) ** 2)))


def standard_need(total: Array) -> Array:
    """Standardise a true total."""
    mean, sd = total_moments()
    return (total - mean) / sd


__all__ = ["CLASSES", "DOMAINS", "FRAMEWORK", "TrueNeed", "draw_need", "level_probabilities"]
