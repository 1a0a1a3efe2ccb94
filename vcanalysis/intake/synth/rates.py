"""The numbers behind the journeys: who enters, how long they stay, where they live, when they move.

Sources: DfE, Children looked after in England, 2021 to 2025 releases (shares of entries, exits, stock,
durations of placements by band, turned into hazards per year). Where a figure is a judgement that makes
the published margins come out, the comment says so; `data/reference/calibration.csv` holds the published
margins and the tests hold the simulation against them.
"""

from __future__ import annotations

import numpy as np

# Ages in bands: lower edges in years. Judgement within the published bands.
AGE_EDGES = np.array([0, 1, 5, 10, 13, 16, 18], dtype=float)
ENTRY_AGE = np.array([0.205, 0.195, 0.185, 0.120, 0.190, 0.105])  # children who are not UASC

KINDS = (
    "kinship",
    "in-house",
    "agency",
    "residential",
    "secure",
    "supported",
    "parents",
    "adoption",
    "other",
)
KIN, INHOUSE, AGENCY, HOME, SECURE, SUPPORTED, PARENTS, ADOPTION, OTHER = range(9)
FOSTER = (KIN, INHOUSE, AGENCY)

ADOPT, GUARDIAN, SHORT, MIDDLE, LONG, REMAND = range(6)
# Ways through care by age at entry (judgement: reproduces exits by age, reasons and lengths of care).
PATH = np.array(
    [
        [0.33, 0.21, 0.33, 0.08, 0.05, 0.00],
        [0.19, 0.23, 0.40, 0.09, 0.09, 0.00],
        [0.02, 0.17, 0.44, 0.13, 0.24, 0.00],
        [0.00, 0.09, 0.41, 0.08, 0.42, 0.00],
        [0.00, 0.03, 0.47, 0.02, 0.45, 0.03],
        [0.00, 0.00, 0.36, 0.00, 0.60, 0.04],
    ]
)
# Length of a short stay: edges in days and the share between them.
SHORT_EDGES = np.array([1, 14, 56, 182, 365, 730, 1500], dtype=float)
SHORT_SHARE = np.array([0.18, 0.16, 0.24, 0.25, 0.11, 0.06])

# First placement by age band, kinds in the order of KINDS.
FIRST = np.array(
    [
        [0.17, 0.49, 0.13, 0.000, 0.000, 0.00, 0.08, 0.0, 0.130],
        [0.20, 0.46, 0.19, 0.002, 0.000, 0.00, 0.14, 0.0, 0.008],
        [0.19, 0.42, 0.25, 0.015, 0.000, 0.00, 0.13, 0.0, 0.005],
        [0.14, 0.36, 0.33, 0.080, 0.000, 0.00, 0.08, 0.0, 0.010],
        [0.11, 0.29, 0.35, 0.170, 0.012, 0.00, 0.06, 0.0, 0.016],
        [0.06, 0.16, 0.21, 0.120, 0.010, 0.44, 0.02, 0.0, 0.025],
    ]
)
FIRST_UASC = np.array(
    [
        [0.04, 0.26, 0.64, 0.04, 0.0, 0.00, 0.0, 0.0, 0.02],  # under 16
        [0.02, 0.12, 0.31, 0.03, 0.0, 0.50, 0.0, 0.0, 0.02],
    ]
)
FIRST_REMAND = np.array([0.0, 0.06, 0.16, 0.18, 0.18, 0.0, 0.0, 0.0, 0.42])
# Where a move leads, by age band at the move.
NEXT = np.array(
    [
        [0.22, 0.44, 0.18, 0.000, 0.000, 0.00, 0.13, 0.0, 0.030],
        [0.20, 0.38, 0.28, 0.004, 0.000, 0.00, 0.13, 0.0, 0.006],
        [0.14, 0.32, 0.39, 0.035, 0.000, 0.00, 0.11, 0.0, 0.005],
        [0.10, 0.24, 0.41, 0.150, 0.003, 0.00, 0.08, 0.0, 0.009],
        [0.07, 0.18, 0.35, 0.270, 0.020, 0.00, 0.07, 0.0, 0.022],
        [0.03, 0.08, 0.15, 0.130, 0.010, 0.74, 0.04, 0.0, 0.024],
    ]
)
# What multiplies NEXT, by the kind of placement left (rows) and entered (columns).
AFTER = np.ones((9, 9))
AFTER[HOME, [HOME, SECURE]] = [2.6, 2.0]
AFTER[HOME, [KIN, INHOUSE, PARENTS]] = [0.5, 0.5, 0.8]
AFTER[SECURE, HOME] = 4.0
AFTER[PARENTS, PARENTS] = 0.1
AFTER[KIN, [KIN, PARENTS]] = [0.6, 1.2]
AFTER[AGENCY, AGENCY] = 1.5
AFTER[SUPPORTED, SUPPORTED] = 2.0
AFTER[SUPPORTED, [KIN, INHOUSE, AGENCY, HOME]] = [0.4, 0.3, 0.3, 0.4]
# What multiplies both, by true class: high need goes a little more often with homes.
CLASS_TILT = np.ones((4, 9))
CLASS_TILT[0, [HOME, SECURE, AGENCY]] = [0.62, 0.3, 0.9]
CLASS_TILT[1, [HOME, SECURE, AGENCY]] = [0.95, 0.5, 1.05]
CLASS_TILT[2, [HOME, SECURE, PARENTS]] = [1.45, 2.5, 1.1]
CLASS_TILT[3, [HOME, AGENCY, SUPPORTED, PARENTS]] = [1.65, 1.15, 0.7, 0.7]

# Hazards per year of an end of a placement (published durations, completed spells), by days since it began.
HAZARD_EDGES = np.array([0, 7, 30, 91, 182, 365, 730, 1826, 14_610], dtype=float)
HAZARD = {
    "foster": np.array([6.2, 2.4, 1.09, 1.02, 0.87, 0.69, 0.45, 0.30]),
    # Early ends of homes are lowered, because moves come earlier (MOVE_PROFILE).
    "home": np.array([1.50, 0.70, 0.60, 0.75, 0.78, 0.80, 0.80, 0.70]),
    "supported": np.array([2.2, 2.5, 2.2, 2.0, 2.3, 2.3, 2.3, 2.3]),
    "parents": np.array([2.95, 1.93, 1.67, 1.56, 1.12, 0.91, 0.73, 0.6]),
    "other": np.array([14.6, 4.3, 2.7, 3.4, 2.0, 1.4, 1.2, 1.2]),
}
HAZARD_OF = ("foster", "foster", "foster", "home", "other", "supported", "parents", "parents", "other")
# Share of those ends that are moves; the rest are children leaving care (judgement, from the margins).
MOVE_SHARE = np.array([0.40, 0.52, 0.52, 0.60, 0.7, 0.36, 0.32, 0.0, 0.9])
# Moves come earlier than ends of placements of all causes (judgement: placements in the year, stability).
MOVE_PROFILE = np.array([0.75, 1.15, 1.45, 1.45, 1.25, 0.80, 0.58, 0.58])
FRAILTY_SHAPE = 2.5  # spread between children in how often they move (gamma, mean 1)
CLASS_MOVES = np.array([0.8, 1.0, 1.35, 1.15])

# Distance from home in miles: median and sd of the logarithm; share not recorded.
DISTANCE = np.array(
    [
        [5.0, 1.35, 0.03],
        [6.0, 1.05, 0.03],
        [10.0, 1.05, 0.03],
        [19.0, 1.05, 0.03],
        [70.0, 0.70, 0.03],
        [5.0, 1.15, 0.40],
        [2.5, 1.30, 0.04],
        [21.0, 1.00, 0.35],
        [12.0, 1.20, 0.15],
    ]
)
