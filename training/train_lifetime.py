"""Trains the lifetime-value model: for how many years a customer keeps what was accepted, and its margin a year."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.multioutput import MultiOutputRegressor

from .catalog import Catalog
from .features import Feature, encode, lifetime_features
from .lifetimes import draw_margin, draw_years, expected_margin, expected_years
from .population import hide, simulate_contacts

ID = "lifetime"
OUTPUTS = ("years", "margin")


@dataclass(frozen=True)
class Fit:
    """One output on the test rows. R² against the expected values says how much of what can be known is known."""

    mean: float
    mean_absolute_error: float
    r2_observed: float
    r2_observed_best: float             # what the true expected values reach
    r2_expected: float


@dataclass(frozen=True)
class LifetimeModel:
    features: tuple[Feature, ...]
    estimator: MultiOutputRegressor     # raw: `predict` cuts it at 0
    held_out: np.ndarray                # some rows of the test data, as the model gets them
    rows: int
    fits: dict[str, Fit]


def train_lifetime(catalog: Catalog, rows: int, seed: int, tell: Callable[[str], None]) -> LifetimeModel:
    """85% of the accepted offers to fit, 15% to report. The same seed gives the same model."""
    rng = np.random.default_rng([seed, 2])
    tell(f"Simulating {rows:,} accepted offers and what became of them")
    contacts = simulate_contacts(catalog, ID, rows, rng)
    expected = np.stack([expected_years(contacts.rows), expected_margin(contacts.rows)], axis=1)
    observed = np.stack([draw_years(contacts.rows, rng), draw_margin(contacts.rows, rng)], axis=1)
    features = lifetime_features(catalog)
    matrix = encode(features, hide(contacts.rows, rng), catalog)
    fit, report = np.split(np.arange(rows), [int(0.85 * rows)])

    tell(f"Fitting gradient boosting on {len(fit):,} rows × {matrix.shape[1]} columns")
    boosting = HistGradientBoostingRegressor(
        max_iter=100, max_depth=4, max_leaf_nodes=14, learning_rate=0.12, min_samples_leaf=200, early_stopping=False, random_state=seed
    )
    estimator = MultiOutputRegressor(boosting).fit(matrix[fit], observed[fit])
    predicted = predict(estimator, matrix[report])
    fits = {name: _fit(observed[report, place], expected[report, place], predicted[:, place]) for place, name in enumerate(OUTPUTS)}
    return LifetimeModel(features, estimator, matrix[report[:100]], rows, fits)


def predict(estimator: MultiOutputRegressor, matrix: np.ndarray) -> np.ndarray:
    """rows × 2, years and margin; never below 0."""
    return np.maximum(estimator.predict(matrix), 0)


def _fit(observed: np.ndarray, expected: np.ndarray, predicted: np.ndarray) -> Fit:
    return Fit(
        mean=float(observed.mean()), mean_absolute_error=float(np.abs(predicted - expected).mean()),
        r2_observed=_r2(observed, predicted), r2_observed_best=_r2(observed, expected), r2_expected=_r2(expected, predicted),
    )


def _r2(actual: np.ndarray, predicted: np.ndarray) -> float:
    return float(1 - ((actual - predicted) ** 2).sum() / ((actual - actual.mean()) ** 2).sum())
