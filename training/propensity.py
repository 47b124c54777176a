"""What the models of a yes or no share: two candidates, the better of them on held-out rows, calibrated where it pays."""

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
from .features import Feature, encode
from .measures import Points, Quality, calibrate, deciles, quality, worthwhile_isotonic
from .observations import Observations


@dataclass(frozen=True)
class PropensityModel:
    features: tuple[Feature, ...]
    estimator: Any                      # scikit-learn, with predict_proba
    calibration: Points | None
    held_out: np.ndarray                # some rows of the test data, as the model gets them
    report: Report
    contacts: tuple[dict[str, Any], ...] = ()   # the latest requests, of contacts that were read: for the examples


@dataclass(frozen=True)
class Report:
    source: str
    rows: int
    base_rate: float
    chosen: str
    candidates: dict[str, Quality]      # on the rows to choose by
    test: dict[str, Quality]            # on the last rows: the model, and what to compare it with
    deciles: list[tuple[float, ...]]


@dataclass(frozen=True)
class Split:
    """Row numbers, in order of time: 70% to fit, 15% to choose and calibrate, the last 15% to report."""

    fit: np.ndarray
    choose: np.ndarray
    report: np.ndarray


BOOSTING = "gradient boosting"
FEWEST = 200        # with fewer, the last 15% would say nothing about a model
EXAMPLES = 200


def split_of(observed: Observations) -> Split:
    """Raises ValueError where a part has only one kind of outcome, or there are too few rows."""
    rows = len(observed.accepted)
    split = Split(*np.split(np.arange(rows), [int(0.7 * rows), int(0.85 * rows)]))
    for name, part in (("to fit", split.fit), ("to choose", split.choose), ("to report", split.report)):
        if not 0 < observed.accepted[part].sum() < len(part):
            raise ValueError(f"{observed.source}: the {len(part)} contacts {name} are all alike; both accepted and refused ones are needed")
    if rows < FEWEST:
        raise ValueError(f"{observed.source}: {rows} contacts are too few to learn from; {FEWEST} at least, thousands to trust it")
    return split


def candidates(seed: int, rows: int) -> dict[str, Any]:
    """`rows`: how many there are to fit. A leaf of 200 is a large part of a few hundred."""
    return {
        "logistic regression": make_pipeline(StandardScaler(), LogisticRegression(max_iter=300)),
        # 150 trees of 24 leaves: half as many leaves again gain 0.0003 of log-loss and cost half as much again per decision.
        BOOSTING: HistGradientBoostingClassifier(
            max_iter=150, max_depth=5, max_leaf_nodes=24, learning_rate=0.15, early_stopping=False, random_state=seed,
            min_samples_leaf=min(200, max(20, rows // 20)),
        ),
    }


def fit_propensity(
    features: tuple[Feature, ...], observed: Observations, split: Split, baselines: dict[str, np.ndarray],
    catalog: Catalog, seed: int, tell: Callable[[str], None],
) -> PropensityModel:
    """`baselines`: probabilities of the rows to report, to compare the model with. The same seed gives the same model."""
    accepted = observed.accepted
    matrix = encode(features, observed.rows, catalog)
    fitted: dict[str, Any] = {}
    on_choice: dict[str, Quality] = {}
    for name, estimator in candidates(seed, len(split.fit)).items():
        tell(f"Fitting {name} on {len(split.fit):,} rows × {matrix.shape[1]} columns")
        fitted[name] = estimator.fit(matrix[split.fit], accepted[split.fit])
        if name == BOOSTING and np.ptp(predict(fitted[name], matrix[split.fit])) == 0:
            tell(f"Left out {name}: it found nothing to split by")      # and trees of one leaf do not survive the export
            continue
        on_choice[name] = quality(accepted[split.choose], predict(fitted[name], matrix[split.choose]))
    chosen = min(on_choice, key=lambda name: on_choice[name].log_loss)
    calibration = worthwhile_isotonic(predict(fitted[chosen], matrix[split.choose]), accepted[split.choose])

    predicted = calibrate(calibration, predict(fitted[chosen], matrix[split.report]))
    truth = None if observed.truth is None else observed.truth[split.report]
    base_rate = float(accepted[split.fit].mean())
    test = {"this model": predicted, **baselines, "the overall rate": np.full(len(split.report), base_rate)}
    if truth is not None:
        test["the true probabilities (best possible)"] = truth
    report = Report(
        source=observed.source, rows=len(accepted), base_rate=base_rate, chosen=chosen, candidates=on_choice,
        test={name: quality(accepted[split.report], probability) for name, probability in test.items()},
        deciles=deciles(accepted[split.report], predicted, truth),
    )
    return PropensityModel(features, fitted[chosen], calibration, matrix[split.report[:100]], report, observed.requests[-EXAMPLES:])


def predict(estimator: Any, matrix: np.ndarray) -> np.ndarray:
    return estimator.predict_proba(matrix)[:, 1]
