"""What a model of yes or no learns from: rows as the service would have known them, and whether it was a yes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from .acceptance import true_probability
from .catalog import Catalog
from .population import hide, simulate_contacts
from .rows import Rows


@dataclass(frozen=True)
class Observations:
    """In order of time, so that the last ones tell how the model does on what comes after."""

    rows: Rows
    accepted: np.ndarray                # for churn: whether the customer left
    truth: np.ndarray | None            # true probabilities: of simulated contacts only
    source: str                         # for the card
    requests: tuple[dict[str, Any], ...] = ()   # of read contacts, row by row: what the examples are taken from


def simulated(catalog: Catalog, model: str, rows: int, seed: int) -> Observations:
    rng = np.random.default_rng([seed, 1])
    contacts = simulate_contacts(catalog, model, rows, rng)
    truth = true_probability(contacts, catalog)
    accepted = rng.random(rows) < truth
    return Observations(hide(contacts.rows, rng), accepted, truth, "simulated")
