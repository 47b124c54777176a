"""Trains the propensity model: two candidates, the better of them on held-out contacts, calibrated where it pays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from .catalog import Catalog
from .features import Feature, accept_features, encode
from .measures import Points, Quality, calibrate, deciles, quality, worthwhile_isotonic
from .observations import Observations

ID = "accept"
OFFER_SMOOTHING = 50       # an offer's own rate counts as much as everybody's after so many contacts


@dataclass(frozen=True)
class AcceptModel:
    features: tuple[Feature, ...]
    estimator: Any                      # scikit-learn, with predict_proba
    calibration: Points | None
    held_out: np.ndarray                # some rows of the test data, as the model gets them
    card: AcceptCard


@dataclass(frozen=True)
class AcceptCard:
    source: str
    rows: int
    base_rate: float
    chosen: str
    candidates: dict[str, Quality]      # on the validation rows
    test: dict[str, Quality]            # on the test rows: the model, and what could be had
    deciles: list[tuple[float, ...]]


def candidates(seed: int) -> dict[str, Any]:
    return {
        "logistic regression": make_pipeline(StandardScaler(), LogisticRegression(max_iter=300)),
        # 150 trees of 24 leaves: half as many leaves again gain 0.0003 of log-loss and cost half as much again per decision.
        "gradient boosting": HistGradientBoostingClassifier(
            max_iter=150, max_depth=5, max_leaf_nodes=24, learning_rate=0.15, min_samples_leaf=200, early_stopping=False, random_state=seed
        ),
    }


def train_accept(catalog: Catalog, observed: Observations, seed: int, tell: Callable[[str], None]) -> AcceptModel:
    """70% of the contacts to fit, 15% to choose and calibrate, the last 15% to report. The same seed gives the same model."""
    accepted, offer_ids, rows = observed.accepted, observed.offer_ids(), len(observed.accepted)
    fit, choose, report = np.split(np.arange(rows), [int(0.7 * rows), int(0.85 * rows)])
    for name, part in (("to fit", fit), ("to choose", choose), ("to report", report)):
        if not 0 < accepted[part].sum() < len(part):
            raise ValueError(f"{observed.source}: the {len(part)} contacts {name} are all alike; both accepted and refused ones are needed")
    appeal, usual = offer_appeal(offer_ids[fit], accepted[fit], catalog)
    features = accept_features(catalog, appeal, usual)
    matrix = encode(features, observed.rows, catalog)

    fitted: dict[str, Any] = {}
    on_choice: dict[str, Quality] = {}
    for name, estimator in candidates(seed).items():
        tell(f"Fitting {name} on {len(fit):,} rows × {matrix.shape[1]} columns")
        fitted[name] = estimator.fit(matrix[fit], accepted[fit])
        on_choice[name] = quality(accepted[choose], predict(fitted[name], matrix[choose]))
    chosen = min(on_choice, key=lambda name: on_choice[name].log_loss)
    calibration = worthwhile_isotonic(predict(fitted[chosen], matrix[choose]), accepted[choose])

    predicted = calibrate(calibration, predict(fitted[chosen], matrix[report]))
    truth = None if observed.truth is None else observed.truth[report]
    base_rate = float(accepted[fit].mean())
    test = {
        "this model": predicted,
        "each offer's own rate": _offer_rates(offer_ids[report], appeal),
        "the overall rate": np.full(len(report), base_rate),
    }
    if truth is not None:
        test["the true probabilities (best possible)"] = truth
    card = AcceptCard(
        source=observed.source, rows=rows, base_rate=base_rate, chosen=chosen, candidates=on_choice,
        test={name: quality(accepted[report], probability) for name, probability in test.items()},
        deciles=deciles(accepted[report], predicted, truth),
    )
    return AcceptModel(features, fitted[chosen], calibration, matrix[report[:100]], card)


def predict(estimator: Any, matrix: np.ndarray) -> np.ndarray:
    return estimator.predict_proba(matrix)[:, 1]


def offer_appeal(offer_ids: np.ndarray, accepted: np.ndarray, catalog: Catalog) -> tuple[dict[str, float], float]:
    """Log-odds of acceptance by offer, drawn towards the overall rate where contacts are few; and the overall log-odds."""
    overall = (accepted.sum() + 1) / (len(accepted) + 2)
    appeal = {}
    for offer in catalog.scored_by(ID):
        mine = offer_ids == offer.id
        rate = (accepted[mine].sum() + OFFER_SMOOTHING * overall) / (mine.sum() + OFFER_SMOOTHING)
        appeal[offer.id] = round(float(np.log(rate / (1 - rate))), 3)
    return appeal, round(float(np.log(overall / (1 - overall))), 3)


def _offer_rates(offer_ids: np.ndarray, appeal: dict[str, float]) -> np.ndarray:
    log_odds = np.array([appeal[id] for id in offer_ids])
    return 1 / (1 + np.exp(-log_odds))
