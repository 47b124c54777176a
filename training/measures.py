"""How good predictions are, and isotonic calibration."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from sklearn.isotonic import IsotonicRegression
from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score

Points = list[tuple[float, float]]

# Calibration is one more thing to keep up, and its flat parts make ties: it must earn at least so much log-loss on
# rows that it was not fitted to, on average over so many folds.
WORTHWHILE_LOG_LOSS = 0.0005
FOLDS = 5


@dataclass(frozen=True)
class Quality:
    auc: float
    log_loss: float
    brier: float


def quality(accepted: np.ndarray, probability: np.ndarray) -> Quality:
    clipped = np.clip(probability.astype(float), 1e-7, 1 - 1e-7)
    return Quality(float(roc_auc_score(accepted, clipped)), float(log_loss(accepted, clipped)), float(brier_score_loss(accepted, clipped)))


def deciles(accepted: np.ndarray, probability: np.ndarray, truth: np.ndarray | None) -> list[tuple[float, ...]]:
    """Ten groups by prediction, ascending: mean predicted, share accepted, and the mean true probability where it is known."""
    groups = np.array_split(np.argsort(probability, kind="stable"), 10)
    columns = [values for values in (probability, accepted, truth) if values is not None]
    return [tuple(float(values[group].mean()) for values in columns) for group in groups]


def fit_isotonic(probability: np.ndarray, accepted: np.ndarray, most_points: int = 16) -> Points:
    """Points (predicted, calibrated) from 0 to 1, both ascending; read between them along straight lines.

    The fitted steps (pool adjacent violators) are thinned to their means over equally large groups of predictions.
    """
    probability = probability.astype(float)
    steps = IsotonicRegression(y_min=0, y_max=1).fit(probability, accepted).predict(probability)
    groups = np.array_split(np.argsort(probability, kind="stable"), most_points - 2)
    inner = sorted({(round(float(probability[group].mean()), 6), round(float(steps[group].mean()), 6)) for group in groups})
    inside = [point for place, point in enumerate(inner) if 0 < point[0] < 1 and (place == 0 or point[0] > inner[place - 1][0])]
    return [(0.0, 0.0), *inside, (1.0, max(inside[-1][1], round(float(steps.max()), 6)))]


def calibrate(points: Points | None, probability: np.ndarray) -> np.ndarray:
    """As the service does: linear between the points, in double precision; unchanged without points."""
    values = probability.astype(float)
    if points is None:
        return values
    return np.interp(values, [x for x, _ in points], [y for _, y in points])


def isotonic_gain(probability: np.ndarray, accepted: np.ndarray) -> float:
    """Log-loss gained by calibration, cross-validated; negative where it does harm."""
    fold = np.arange(len(accepted)) % FOLDS
    gains = []
    for held_out in range(FOLDS):
        out = fold == held_out
        points = fit_isotonic(probability[~out], accepted[~out])
        before, after = (quality(accepted[out], values) for values in (probability[out], calibrate(points, probability[out])))
        gains.append(before.log_loss - after.log_loss)
    return float(np.mean(gains))


def worthwhile_isotonic(probability: np.ndarray, accepted: np.ndarray) -> Points | None:
    """Points where calibration pays, else none; none, too, where rows are too few to tell."""
    fold = np.arange(len(accepted)) % FOLDS
    if any(len(set(accepted[fold == part])) < 2 for part in range(FOLDS)):
        return None
    return fit_isotonic(probability, accepted) if isotonic_gain(probability, accepted) > WORTHWHILE_LOG_LOSS else None
