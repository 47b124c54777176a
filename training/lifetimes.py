"""The simulation's law of what becomes of an accepted offer: for how many years it is kept, and what it yields a year.

The years are Weibull with shape 1.4 (leaving grows likelier with time), cut at 20; their scale grows with the
relationship's strength. The margin is log-normal around a level of the offer's category and kind that rises with
the customer's money. Expected values are exact, so that a model's error can be told from chance.
"""

from __future__ import annotations

import numpy as np

from .expressions import evaluate
from .rows import Rows
from .terms import at, lookup, offer_number, rich, step

SHAPE = 1.4
HORIZON_YEARS = 20
MARGIN_SPREAD = 0.5     # of the margin's logarithm

SCALE_YEARS = {"savings": 4.8, "credit": 3.6, "insurance": 4.0, "daily": 3.8, "advice": 3.4, "service": 2.0}
KIND_FACTOR = {"win-back": 0.6, "retention": 0.7, "onboarding": 1.1, "loyalty": 1.15, "up-sell": 1.05}
MARGIN_YEARLY = {"savings": 260.0, "credit": 700.0, "insurance": 380.0, "daily": 240.0, "advice": 600.0, "service": 120.0}     # SEK
MARGIN_FACTOR = {"retention": 1.9, "loyalty": 0.45, "win-back": 1.1, "onboarding": 1.1, "up-sell": 0.8, "service": 0.5}


def relationship_strength(rows: Rows) -> np.ndarray:
    """How firmly a customer is bound to us, as the logarithm of a factor on the years: about 0, -2 with notice given."""
    tenure = evaluate("daysBetween(customer.memberSince, now)", rows).values / 365
    return (
        0.28 * step(tenure, 5, 4) + 0.25 * step(at(rows, "productCount"), 3, 2) + 0.22 * step(at(rows, "age"), 40, 18)
        + 0.15 * (at(rows, "housing") != "rents") + 0.12 * (at(rows, "household") == "family")
        - 0.45 * (at(rows, "openComplaints") > 0) - 0.15 * np.minimum(at(rows, "missedPayments"), 3)
        - 0.8 * evaluate("has(customer.cancellationDate)", rows).values
    )


def scale_years(rows: Rows) -> np.ndarray:
    """Of the Weibull distribution: what binds more effort is kept longer, what costs more is left sooner."""
    offer = 0.14 * (offer_number(rows, "effort", 2) - 2) - 0.3 * (offer_number(rows, "priceLevel", 0.3) - 0.3)
    usual = lookup(rows["offer.category"].values, SCALE_YEARS) * np.array([KIND_FACTOR.get(kind, 1.0) for kind in rows["offer.kind"].values])
    return usual * np.exp(relationship_strength(rows) + offer)


def expected_years(rows: Rows) -> np.ndarray:
    """E[min(T, horizon)]: the integral of the survival function, by the trapezoid rule on a tenth of a year."""
    years = np.linspace(0, HORIZON_YEARS, 10 * HORIZON_YEARS + 1)
    scales = scale_years(rows)
    grid = np.linspace(scales.min(), scales.max(), 400)
    survival = np.exp(-((years[None, :] / grid[:, None]) ** SHAPE))
    return np.interp(scales, grid, np.trapezoid(survival, years, axis=1))


def draw_years(rows: Rows, rng: np.random.Generator) -> np.ndarray:
    return np.minimum(scale_years(rows) * rng.weibull(SHAPE, len(rows["now"].values)), HORIZON_YEARS)


def expected_margin(rows: Rows) -> np.ndarray:
    """SEK a year."""
    usual = lookup(rows["offer.category"].values, MARGIN_YEARLY) * np.array([MARGIN_FACTOR.get(kind, 1.0) for kind in rows["offer.kind"].values])
    money = 0.9 * (rich(rows) - 0.5) + 0.3 * step(at(rows, "productCount"), 3, 2) + 0.25 * (at(rows, "segment") == "private")
    return usual * np.exp(money + 0.4 * (offer_number(rows, "priceLevel", 0.3) - 0.3))


def draw_margin(rows: Rows, rng: np.random.Generator) -> np.ndarray:
    noise = rng.normal(size=len(rows["now"].values))
    return expected_margin(rows) * np.exp(MARGIN_SPREAD * noise - MARGIN_SPREAD**2 / 2)
