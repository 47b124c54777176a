"""The terms that the simulation's laws are made of: attributes as arrays, and curves that level off."""

from __future__ import annotations

import numpy as np

from .rows import Rows


def at(rows: Rows, name: str) -> np.ndarray:
    return rows[f"customer.{name}"].values


def offer_number(rows: Rows, name: str, usual: float) -> np.ndarray:
    column = rows[f"offer.{name}"]
    return np.where(column.known, column.values, usual)


def lookup(values: np.ndarray, numbers: dict[str, float]) -> np.ndarray:
    return np.array([numbers.get(value, 0.0) for value in values])


def step(values: np.ndarray, centre: float, width: float) -> np.ndarray:
    """From -1 to 1 around a centre."""
    return np.tanh((values - centre) / width)


def peak(values: np.ndarray, centre: float, width: float) -> np.ndarray:
    """1 at the centre, towards -0.5 far from it."""
    return 1.5 * np.exp(-(((values - centre) / width) ** 2)) - 0.5


def rich(rows: Rows) -> np.ndarray:
    """0 to 1 by income and balance, one half at 400,000 and 80,000 SEK."""
    income = step(np.log(np.maximum(at(rows, "incomeYearly"), 10_000)), np.log(400_000), 0.6)
    balance = step(np.log(np.maximum(at(rows, "balance"), 1_000)), np.log(80_000), 1.5)
    return 0.5 + 0.25 * (income + balance)
