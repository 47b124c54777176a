"""Trains the churn model: how likely a customer leaves within a year. It reads the customer only, so that a decision
runs it once; schema.yaml makes it an attribute, `customer.churnRisk`."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .catalog import Catalog
from .features import churn_features
from .lifetimes import SHAPE, relationship_strength
from .observations import Observations
from .population import hide, simulate_contacts
from .propensity import PropensityModel, fit_propensity, split_of

ID = "churn"
USUAL_YEARS = 6.5       # of a relationship as such, which outlives each of its products


def simulated_leavings(catalog: Catalog, rows: int, seed: int) -> Observations:
    """Customers, and who has left a year on. The true probability is the lifetimes' law: Weibull, by the strength of
    the relationship."""
    rng = np.random.default_rng([seed, 4])
    customers = simulate_contacts(catalog, ID, rows, rng).rows
    truth = 1 - np.exp(-((1 / (USUAL_YEARS * np.exp(relationship_strength(customers)))) ** SHAPE))
    left = rng.random(rows) < truth
    return Observations(hide(customers, rng), left, truth, "simulated")


def train_churn(catalog: Catalog, observed: Observations, seed: int, tell: Callable[[str], None]) -> PropensityModel:
    return fit_propensity(churn_features(catalog), observed, split_of(observed), {}, catalog, seed, tell)
