"""One small training for all tests, on the catalog of the repository."""

import os

# More threads than free cores wait for each other: with one, small trainings take seconds wherever they run.
os.environ.setdefault("OMP_NUM_THREADS", "1")

from datetime import date
from pathlib import Path

import pytest

from training.cards import ACCEPT, CHURN
from training.catalog import Catalog, load_catalog
from training.export import Exported, export_lifetime, export_propensity
from training.observations import simulated
from training.propensity import PropensityModel
from training.train_accept import train_accept
from training.train_churn import simulated_leavings, train_churn
from training.train_lifetime import LifetimeModel, train_lifetime

ROOT = Path(__file__).resolve().parents[2]
ROWS = 12_000
SEED = 7
MADE = date(2026, 11, 23)


def quiet(message: str) -> None:
    """Progress that nobody reads."""


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return load_catalog(ROOT)


@pytest.fixture(scope="session")
def accept(catalog: Catalog) -> PropensityModel:
    return train_accept(catalog, simulated(catalog, "accept", ROWS, SEED), SEED, quiet)


@pytest.fixture(scope="session")
def lifetime(catalog: Catalog) -> LifetimeModel:
    return train_lifetime(catalog, ROWS, SEED, quiet)


@pytest.fixture(scope="session")
def churn(catalog: Catalog) -> PropensityModel:
    return train_churn(catalog, simulated_leavings(catalog, ROWS, SEED), SEED, quiet)


@pytest.fixture(scope="session")
def exported(accept: PropensityModel, lifetime: LifetimeModel, churn: PropensityModel) -> dict[str, Exported]:
    return {
        "accept": export_propensity(ACCEPT, accept, SEED, MADE),
        "lifetime": export_lifetime(lifetime, SEED, MADE),
        "churn": export_propensity(CHURN, churn, SEED, MADE),
    }
