"""A simulated population of a bank and insurance group, and its contacts. No real person is in it.

Attributes are drawn one after the other, each given the earlier ones (age → income → household → housing → money →
products → behaviour), so that they hang together as they would: a family in a house has a car and a mortgage, the
young are more digital, wealth shows in income, balance and segment. Every number comes from the one generator
passed in, so the same seed gives the same people.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .catalog import Catalog
from .features import PAGES, REASONS
from .rows import Column, Rows, day_number, known, row_count, take

REGIONS = {"north": 0.11, "middle": 0.14, "stockholm": 0.24, "west": 0.31, "south": 0.20}
CHANNELS = {"call-center": 0.22, "web": 0.20, "app": 0.28, "pos": 0.06, "email": 0.12, "sms": 0.05, "push": 0.07}
OUTBOUND_SHARE = {"call-center": 0.2, "email": 1.0, "sms": 1.0, "push": 1.0}
FIRST_DAY, LAST_DAY = day_number("2025-10-01"), day_number("2026-09-30")

# How common a product is among adults, before age, wealth and household speak; a product not named is rare.
COMMON = {
    "current-account": 0.8, "card": 0.7, "savings-account": 0.6, "credit-card": 0.3, "fund-savings": 0.35, "home-insurance": 0.4,
    "car-insurance": 0.3, "travel-insurance": 0.12, "life-insurance": 0.15, "child-insurance": 0.1, "pension": 0.2, "mortgage": 0.2,
    "personal-loan": 0.1, "car-loan": 0.07,
}


@dataclass(frozen=True)
class Contacts:
    """Offers made to customers, one a row, with everything known; `eligible` where rules would have let it through."""

    rows: Rows
    eligible: np.ndarray

    def part(self, index: np.ndarray) -> Contacts:
        return Contacts(take(self.rows, index), self.eligible[index])


def simulate_contacts(catalog: Catalog, model: str, count: int, rng: np.random.Generator) -> Contacts:
    """`count` contacts of as many customers, each with one offer of those that `model` scores."""
    now = rng.integers(FIRST_DAY, LAST_DAY + 1, count).astype(float)
    customers = _customers(catalog, now, rng)
    offers, eligible = _offers(catalog, model, customers, rng)
    situation = _situation(catalog, customers, rng)
    return Contacts({**customers, **offers, **situation, "now": known(now)}, eligible)


def hide(rows: Rows, rng: np.random.Generator, share: float = 0.07, visitors: float = 0.05) -> Rows:
    """What the service would have known: each attribute missing in a `share` of the rows, and a share of rows from
    `visitors`, of whom nothing is known. An offer's attributes are missing less often, since somebody wrote them;
    its id and kind, the channel and the direction are always known."""
    count = row_count(rows)
    visitor = rng.random(count) < visitors
    result = dict(rows)
    for path in sorted(path for path in rows if path.startswith(("customer.", "context.", "offer.")) and path not in ("offer.id", "offer.kind")):
        missing = rng.random(count) < (share / 4 if path.startswith("offer.") else share)
        if path.startswith("customer."):
            missing |= visitor
        result[path] = Column(rows[path].values, rows[path].known & ~missing)
    return result


def _customers(catalog: Catalog, now: np.ndarray, rng: np.random.Generator) -> Rows:
    count = len(now)
    wealth = rng.normal(size=count)                                     # hidden: what a person can and does put aside
    age = np.clip(np.where(rng.random(count) < 0.03, rng.integers(15, 18, count), 18 + rng.gamma(3.2, 10, count)), 15, 96).astype(int)
    region = rng.choice(np.array(list(REGIONS), dtype=object), count, p=list(REGIONS.values()))
    income = _income(age, wealth, region, rng)
    children = np.where(age >= 20, rng.poisson(1.3 * _hump(age, 38, 9)), 0)
    couple = rng.random(count) < 0.15 + 0.5 * _ramp(age, 22, 40)
    household = np.select([children > 0, couple], ["family", "couple"], "single").astype(object)
    housing = _housing(age, wealth, region, household, rng)
    balance = np.round(np.exp(10.2 + 0.9 * wealth + 0.025 * (age - 45) + 0.9 * rng.normal(size=count)) - 4_000)
    saves = rng.random(count) < 0.55 + 0.3 * _ramp(wealth, -1, 1)
    savings = np.where(saves, np.round(income / 12 * 0.06 * np.exp(0.4 * wealth + 0.7 * rng.normal(size=count)), -2), 0)
    segment = np.select(
        [(age < 28) & (income < 220_000), (balance > 1_200_000) | (income > 1_300_000), (balance > 300_000) | (income > 650_000)],
        ["student", "private", "affluent"], "mass",
    ).astype(object)
    has_car = 0.25 + 0.35 * (housing == "owns-house") + 0.15 * (household == "family") - 0.2 * (region == "stockholm")
    car = rng.random(count) < np.where(age < 18, 0, has_car)
    digital = np.round(rng.beta(*_beta_of(0.9 - 0.5 * _ramp(age, 30, 85))), 2)
    tenure_days = np.where(
        rng.random(count) < 0.07, rng.integers(0, 90, count), np.minimum(rng.exponential(3_300, count), (age - 14) * 365.0)
    ).astype(int)
    rows = {
        "age": age, "region": region, "household": household, "housing": housing, "segment": segment, "incomeYearly": income,
        "balance": balance, "savingsMonthly": savings, "children": children, "carOwner": car, "digitalActivity": digital,
        "memberSince": now - tenure_days, "loginsLast30Days": rng.poisson(22 * digital**1.5),
        "missedPayments": rng.poisson(0.25 * np.exp(-0.9 * wealth)),
        "openComplaints": (rng.random(count) < 0.04).astype(int),
    }
    result = {f"customer.{name}": known(_plain(values)) for name, values in rows.items()}
    return {**result, **_holdings(catalog, result, wealth, tenure_days, now, rng)}


def _income(age: np.ndarray, wealth: np.ndarray, region: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """SEK a year: rises to 50, falls at 66; a quarter of those under 27 study."""
    usual = 290_000 + 150_000 * _ramp(age, 22, 48) - 170_000 * _ramp(age, 63, 70)
    usual = np.where(region == "stockholm", 1.15 * usual, usual)
    studies = (age < 20) | ((age < 27) & (rng.random(len(age)) < 0.45))
    return np.round(np.where(studies, 0.3, 1.0) * usual * np.exp(0.3 * wealth + 0.2 * rng.normal(size=len(age))), -3)


def _housing(age: np.ndarray, wealth: np.ndarray, region: np.ndarray, household: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    house = 0.08 + 0.3 * (household == "family") + 0.2 * _ramp(age, 28, 55) - 0.2 * (region == "stockholm") + 0.1 * wealth
    flat = 0.15 + 0.15 * _ramp(age, 22, 40) + 0.15 * (region == "stockholm") + 0.05 * wealth
    house, flat = (np.clip(np.where(age < 20, 0, share), 0, 0.7) for share in (house, flat))
    drawn = rng.random(len(age))
    return np.select([drawn < house, drawn < house + (1 - house) * flat], ["owns-house", "owns-flat"], "rents").astype(object)


def _holdings(catalog: Catalog, rows: Rows, wealth: np.ndarray, tenure_days: np.ndarray, now: np.ndarray, rng: np.random.Generator) -> Rows:
    """Products owned, and what follows from them. What an offer `requires` is owned before the offer's product."""
    count = len(now)
    age, housing, children = (rows[f"customer.{name}"].values for name in ("age", "housing", "children"))
    required = {offer.attributes["product"]: offer.attributes.get("requires") for offer in catalog.offers if "product" in offer.attributes}
    named = set(required) | {product for product in required.values() if product} | {"card"}
    products = sorted(named, key=lambda product: (required.get(product) is not None, product))     # what is required comes first
    has_car = rows["customer.carOwner"].values > 0
    fit = {
        "mortgage": np.where(housing == "rents", 0.02, 1.8), "home-insurance": np.where(housing == "rents", 0.7, 1.4),
        "car-insurance": np.where(has_car, 1.8, 0.02), "car-loan": np.where(has_car, 1.5, 0.05),
        "child-insurance": np.where(children > 0, 3.5, 0.0), "pension": 0.3 + 1.2 * _ramp(age, 30, 55), "life-insurance": 0.4 + 0.8 * (children > 0),
        "fund-savings": np.exp(0.4 * wealth), "savings-account": np.exp(0.15 * wealth), "personal-loan": np.exp(-0.4 * wealth),
    }
    stays = 0.35 + 0.75 * _ramp(tenure_days / 365.0, 0, 8)
    gone = rng.random(count) < 0.06                                     # former customers, for win-back
    owned: dict[str, np.ndarray] = {}
    for product in products:
        usual = COMMON.get(product, 0.15)
        share = np.clip(usual * fit.get(product, 1.0) * stays, 0, 0.95)
        owned[product] = (rng.random(count) < share) & (age >= 18) & ~gone
        if required.get(product):
            owned[product] &= owned.get(required[product], True)
    matrix = np.stack([owned[product] for product in products], axis=1)
    holdings = np.empty(count, dtype=object)
    holdings[:] = [frozenset(product for product, has in zip(products, row) if has) for row in matrix.tolist()]
    insurances = sum((owned[product].astype(int) for product in products if "insurance" in product), np.zeros(count, dtype=int))
    leaving = rng.random(count) < np.where(gone, 0.5, 0.015)
    return {
        "customer.holdings": known(holdings),
        "customer.productCount": known(matrix.sum(axis=1).astype(float)),
        "customer.openClaims": known(rng.poisson(0.06 * insurances).astype(float)),
        "customer.mortgageRenewal": Column(now + rng.integers(0, 1_500, count), owned.get("mortgage", np.zeros(count, dtype=bool))),
        "customer.cancellationDate": Column(now - rng.integers(-30, 200, count), leaving),
    }


def _offers(catalog: Catalog, model: str, customers: Rows, rng: np.random.Generator) -> tuple[Rows, np.ndarray]:
    """One offer a contact: mostly one that fits what is owned (as rules see to it), every sixth any offer at all,
    so that the model also learns what an offer is worth to those who rarely get it."""
    offers = catalog.scored_by(model)
    holdings = customers["customer.holdings"].values
    count = len(holdings)

    def holds(product: str | None) -> np.ndarray:
        return np.fromiter((product in owned for owned in holdings), dtype=bool, count=count)

    eligible = np.ones((count, len(offers)), dtype=bool)
    for place, offer in enumerate(offers):
        product, requires = offer.attributes.get("product"), offer.attributes.get("requires")
        if product is not None:
            eligible[:, place] &= ~holds(product)
        if requires is not None:
            eligible[:, place] &= holds(requires)
    anything = rng.random(count) < 1 / 6
    lot = rng.random(eligible.shape)
    chosen = np.argmax(np.where(eligible | anything[:, None], lot, lot - 1), axis=1)

    rows = {
        "offer.id": known(np.array([offer.id for offer in offers], dtype=object)[chosen]),
        "offer.kind": known(np.array([offer.kind for offer in offers], dtype=object)[chosen]),
    }
    for path, schema in catalog.declared().items():
        root, name = path.split(".")
        if root != "offer":
            continue
        values = [offer.attributes.get(name) for offer in offers]
        present = np.array([value is not None for value in values])
        text = schema["type"] == "string"
        filled = np.array([value if value is not None else ("" if text else 0) for value in values], dtype=object if text else float)
        rows[path] = Column(filled[chosen], present[chosen])
    return rows, eligible[np.arange(count), chosen]


def _situation(catalog: Catalog, customers: Rows, rng: np.random.Generator) -> Rows:
    """Channel, direction and what the channel knows of the moment; the digital come by app and web."""
    digital = customers["customer.digitalActivity"].values
    count = len(digital)
    names = [name for name in catalog.channels if name in CHANNELS] or list(catalog.channels)
    usual = np.array([CHANNELS.get(name, 0.1) for name in names])
    pull = np.array([{"app": 1.5, "push": 1.5, "web": 0.6, "call-center": -1.2, "pos": -0.3}.get(name, 0.0) for name in names])
    weights = usual * np.exp(pull * (digital[:, None] - 0.6) * 2)
    ladder = np.cumsum(weights / weights.sum(axis=1, keepdims=True), axis=1)
    place = np.minimum((rng.random(count)[:, None] > ladder).sum(axis=1), len(names) - 1)
    channel = np.array(names, dtype=object)[place]
    outbound = rng.random(count) < np.array([OUTBOUND_SHARE.get(name, 0.0) for name in names])[place]

    called = (channel == "call-center") & ~outbound
    upset = np.clip(0.1 + 0.4 * (customers["customer.openComplaints"].values > 0), 0, 1)
    drawn = rng.random(count)
    mood = np.select([drawn < upset, drawn > 0.75], ["upset", "pleased"], "neutral").astype(object)
    reasons = np.array([*REASONS, "other matters"], dtype=object)[rng.integers(0, len(REASONS) + 1, count)]
    says_why = called & (rng.random(count) < 0.85)
    pages = np.array([*PAGES, "/about"], dtype=object)[rng.integers(0, len(PAGES) + 1, count)]
    moment = {
        "context.reason": (reasons, says_why),
        "context.page": (pages, np.isin(channel, ["web", "app"])),
        "context.mood": (mood, channel == "call-center"),
        "context.waitSeconds": (rng.exponential(150, count).astype(int).astype(float), called),
        "context.amount": (np.round(np.exp(6.2 + 1.1 * rng.normal(size=count))), channel == "pos"),
    }
    rows = {path: Column(values, present) for path, (values, present) in moment.items()}
    return {**rows, "channel": known(channel), "direction": known(np.where(outbound, "outbound", "inbound").astype(object))}


def _plain(values: np.ndarray) -> np.ndarray:
    return values if values.dtype == object else values.astype(float)


def _ramp(values: np.ndarray, start: float, end: float) -> np.ndarray:
    """0 until `start`, 1 from `end`."""
    return np.clip((values - start) / (end - start), 0, 1)


def _hump(values: np.ndarray, centre: float, width: float) -> np.ndarray:
    return np.exp(-(((values - centre) / width) ** 2))


def _beta_of(mean: np.ndarray, strength: float = 8.0) -> tuple[np.ndarray, np.ndarray]:
    return mean * strength, (1 - mean) * strength
