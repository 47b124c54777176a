"""One small training for all tests, on the catalog of the repository."""

import os

# More threads than free cores wait for each other: with one, small trainings take seconds wherever they run.
os.environ.setdefault("OMP_NUM_THREADS", "1")

from datetime import date
from pathlib import Path

import pytest

from training.catalog import Catalog, load_catalog
from training.export import Exported, export_accept, export_lifetime
from training.observations import simulated
from training.train_accept import AcceptModel, train_accept
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
def accept(catalog: Catalog) -> AcceptModel:
    return train_accept(catalog, simulated(catalog, "accept", ROWS, SEED), SEED, quiet)


@pytest.fixture(scope="session")
def lifetime(catalog: Catalog) -> LifetimeModel:
    return train_lifetime(catalog, ROWS, SEED, quiet)


@pytest.fixture(scope="session")
def exported(accept: AcceptModel, lifetime: LifetimeModel) -> dict[str, Exported]:
    return {"accept": export_accept(accept, SEED, MADE), "lifetime": export_lifetime(lifetime, SEED, MADE)}
