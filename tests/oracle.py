"""A classifier that knows the planted parameters: the best any fitted model of classes can hope for."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd


def rated_level_probabilities(truth: dict[str, Any]) -> np.ndarray:
    """Probability of a rated level by class and domain, noise included, shape (class, domain, level).

    At the default settings these are the population's (children under ten among them); otherwise the
    true probabilities sent through the rating error.
    """
    if truth["population"]:
        return np.array(truth["population"]["rated_level_shares"])
    return np.array(truth["level_probabilities"]) @ np.array(truth["rating_confusion"])


def class_weights(truth: dict[str, Any]) -> np.ndarray:
    """Shares of the classes among children in care on a day, or among all children if not known."""
    known = truth["population"].get("class_shares_in_snapshot")
    return np.array(known or truth["class_shares_of_children"])


def posterior(levels: pd.DataFrame, truth: dict[str, Any]) -> np.ndarray:
    """Probability of each class given the rated levels of the domains (missing ones say nothing)."""
    rated = levels[truth["domains"]].to_numpy(float)
    chance = np.log(np.clip(rated_level_probabilities(truth), 1e-6, 1))
    score = np.tile(np.log(class_weights(truth)), (len(rated), 1))
    for column in range(rated.shape[1]):
        seen = np.isfinite(rated[:, column])
        score[seen] += chance[:, column, :][:, rated[seen, column].astype(int)].T
    score = np.exp(score - score.max(axis=1, keepdims=True))
    return score / score.sum(axis=1, keepdims=True)


def classify(levels: pd.DataFrame, truth: dict[str, Any]) -> np.ndarray:
    """Most probable class of each child."""
    return posterior(levels, truth).argmax(axis=1)
