"""Trains the propensity model: how likely this customer accepts this offer, in this channel, now."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .catalog import Catalog
from .contact_features import contact_features, offers_of
from .features import accept_features
from .observations import Observations
from .propensity import PropensityModel, fit_propensity, split_of

ID = "accept"
OFFER_SMOOTHING = 50       # an offer's own rate counts as much as everybody's after so many contacts


def train_accept(catalog: Catalog, observed: Observations, seed: int, tell: Callable[[str], None]) -> PropensityModel:
    split = split_of(observed)
    offer_ids = observed.rows["offer.id"].values
    appeal, usual = offer_appeal(offer_ids[split.fit], observed.accepted[split.fit], catalog)
    baselines = {"each offer's own rate": _offer_rates(offer_ids[split.report], appeal, usual)}
    features = contact_features(catalog, observed.rows, appeal, usual, tell) if observed.requests else accept_features(catalog, appeal, usual)
    return fit_propensity(features, observed, split, baselines, catalog, seed, tell)


def offer_appeal(offer_ids: np.ndarray, accepted: np.ndarray, catalog: Catalog) -> tuple[dict[str, float], float]:
    """Log-odds of acceptance by offer, drawn towards the overall rate where contacts are few; and the overall log-odds."""
    overall = (accepted.sum() + 1) / (len(accepted) + 2)
    appeal = {}
    for offer in offers_of(catalog, ID, offer_ids):
        mine = offer_ids == offer.id
        rate = (accepted[mine].sum() + OFFER_SMOOTHING * overall) / (mine.sum() + OFFER_SMOOTHING)
        appeal[offer.id] = round(float(np.log(rate / (1 - rate))), 3)
    return appeal, round(float(np.log(overall / (1 - overall))), 3)


def _offer_rates(offer_ids: np.ndarray, appeal: dict[str, float], usual: float) -> np.ndarray:
    log_odds = np.array([appeal.get(id, usual) for id in offer_ids])
    return 1 / (1 + np.exp(-log_odds))
