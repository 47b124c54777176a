"""The simulation's law of acceptance: the true probability that a customer accepts an offer in a channel, now.

    p = sigmoid( appeal(offer) + need(customer, offer) + terms(customer, offer) + relation(customer, offer)
                 + reach(customer, offer, channel) + moment(offer, context) )

Every part is a sum of saturating terms in log-odds, so 0.7 about doubles a small probability. Known here, it tells
how good a model can be at best, which no real data does. A model never sees it, nor the parts.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable

import numpy as np

from .catalog import Catalog
from .expressions import derive, evaluate
from .population import Contacts
from .rows import Rows
from .terms import at, lookup, offer_number, peak, rich, step

Term = Callable[[Rows], np.ndarray]

# What a contact is about (its reason or page), and which offers, by product, id or category, that speaks for.
TOPICS: dict[str, tuple[str, ...]] = {
    "moving house": ("home-insurance", "home-insurance-plus", "mortgage", "green-renovation"),
    "new car": ("car-insurance", "car-insurance-plus", "car-loan"), "travel": ("travel-insurance", "credit-card", "credit-card-gold"),
    "claim": ("claim-status", "storm-check"), "complaint": ("contact-us", "stay-review", "stay-fee-free"),
    "cancellation": ("retention", "win-back"), "loan": ("personal-loan", "car-loan", "payment-plan", "mortgage-renewal"),
    "savings": ("savings",), "card": ("credit-card", "credit-card-gold"), "invoice": ("payment-plan", "salary-and-bills"),
    "/savings": ("savings",), "/loans": ("personal-loan", "car-loan"), "/mortgage": ("mortgage", "mortgage-renewal", "green-renovation"),
    "/insurance": ("insurance",), "/cards": ("credit-card", "credit-card-gold"), "/pension": ("pension",), "/checkout": ("credit-card",),
    "/car": ("car-insurance", "car-insurance-plus", "car-loan"), "/family": ("child-insurance", "life-insurance", "home-insurance"),
}


def true_probability(contacts: Contacts, catalog: Catalog) -> np.ndarray:
    """Of each contact, with everything known."""
    rows = derive(contacts.rows, catalog.derived, ("phase",))
    log_odds = _appeal(rows, catalog) + _need(rows) + _terms(rows) + _relation(rows, contacts.eligible) + _reach(rows) + _moment(rows)
    return 1 / (1 + np.exp(-np.clip(log_odds, -7, 1.5)))


def _appeal(rows: Rows, catalog: Catalog) -> np.ndarray:
    """The catalog's prior, within 1% and 25%, moved a little by what only the market knows (a constant of the id)."""
    appeal = {}
    for offer in catalog.offers:
        prior = min(max(offer.prior, 0.01), 0.25)
        surprise = (zlib.crc32(offer.id.encode()) % 1001 / 1000 - 0.5) * 0.8
        appeal[offer.id] = np.log(prior / (1 - prior)) + surprise
    return np.array([appeal[id] for id in rows["offer.id"].values])


def _need(rows: Rows) -> np.ndarray:
    """How much the customer's situation speaks for the offer: by its product, else its id, else its category."""
    result = np.zeros(len(rows["offer.id"].values))
    theme = _themes(rows)
    for name in sorted(set(theme)):
        here = theme == name
        result[here] = NEEDS[name]({path: column[here] for path, column in rows.items()})
    return result


def _themes(rows: Rows) -> np.ndarray:
    names = zip(rows["offer.product"].values, rows["offer.id"].values, rows["offer.category"].values)
    return np.array([next((name for name in candidates if name in NEEDS), "") for candidates in names], dtype=object)


def _terms(rows: Rows) -> np.ndarray:
    """Price weighs less on the wealthy, risk more with age, and on credit after missed payments."""
    price, risk = offer_number(rows, "priceLevel", 0.3), offer_number(rows, "risk", 1)
    missed = at(rows, "missedPayments")
    credit = rows["offer.category"].values == "credit"
    return -0.8 * (price - 0.3) * (1 - rich(rows)) - 0.15 * risk * step(at(rows, "age"), 55, 12) - 0.35 * credit * np.minimum(missed, 3)


def _relation(rows: Rows, eligible: np.ndarray) -> np.ndarray:
    """Where the relationship stands: early days, leaving, quarrels; nobody buys what they own or cannot have."""
    phase, kind = rows["customer.phase"].values, rows["offer.kind"].values
    sells = np.isin(kind, ["cross-sell", "up-sell"])
    keeps = np.isin(kind, ["retention", "win-back"])
    tenure_years = evaluate("daysBetween(customer.memberSince, now)", rows).values / 365
    return (
        0.6 * ((phase == "onboard") & (kind == "onboarding")) - 1.2 * ((phase != "onboard") & (kind == "onboarding"))
        - 0.7 * (np.isin(phase, ["exit", "retain"]) & sells) + 0.5 * (np.isin(phase, ["exit", "retain"]) & keeps)
        - 0.8 * (np.isin(phase, ["onboard", "engage"]) & keeps)
        - 0.5 * (at(rows, "openClaims") > 0) * sells - 0.6 * (at(rows, "openComplaints") > 0) * sells
        + 0.5 * (kind == "loyalty") * (step(tenure_years, 8, 4))
        - 2.2 * ~eligible
    )


def _reach(rows: Rows) -> np.ndarray:
    """Channels differ, for some people more than for others; effort is easier with somebody on the line."""
    channel, digital = rows["channel"].values, at(rows, "digitalActivity")
    effort = offer_number(rows, "effort", 2) - 2
    usual = lookup(channel, {"call-center": 0.35, "app": 0.15, "pos": -0.2, "email": -0.7, "sms": -0.6, "push": -0.5})
    own = lookup(channel, {"app": 1.2, "push": 1.2, "web": 0.7, "email": 0.5, "call-center": -0.4}) * (digital - 0.6)
    alone = channel != "call-center"
    outbound_call = (channel == "call-center") & (rows["direction"].values == "outbound")
    return usual + own - effort * np.where(alone, 0.25 * (1.5 - digital), 0.05) - 0.35 * outbound_call


def _moment(rows: Rows) -> np.ndarray:
    """The reason for the call or the page that is read, the mood, the wait, the amount at the till."""
    kind = rows["offer.kind"].values
    mood = rows["context.mood"]
    helps = np.isin(kind, ["service", "retention"])
    feeling = np.where(mood.known, lookup(mood.values, {"pleased": 0.35, "upset": -0.9}), 0.0)
    wait = np.where(rows["context.waitSeconds"].known, rows["context.waitSeconds"].values, 0)
    amount = np.where(rows["context.amount"].known, rows["context.amount"].values, 0)
    card = np.isin(rows["offer.product"].values, ["credit-card", "credit-card-gold"])
    return (
        1.3 * _on_topic(rows, "context.reason") + 0.8 * _on_topic(rows, "context.page")
        + np.where(helps, 0.3, 1.0) * (feeling - 0.3 * np.minimum(wait / 600, 1.5)) + 0.6 * card * (amount > 1_500)
    )


def _on_topic(rows: Rows, path: str) -> np.ndarray:
    names = zip(rows[path].known, rows[path].values, *(rows[f"offer.{name}"].values for name in ("product", "id", "kind", "category")))
    return np.array([known and any(word in TOPICS.get(topic, ()) for word in offer) for known, topic, *offer in names], dtype=float)








def _soon(rows: Rows, days: float) -> np.ndarray:
    """Whether the mortgage's fixed rate ends within so many days."""
    left = evaluate("daysBetween(now, customer.mortgageRenewal)", rows)
    return (left.known & (left.values <= days)).astype(float)


def _owns_home(rows: Rows) -> np.ndarray:
    return at(rows, "housing") != "rents"


def _saves(rows: Rows) -> np.ndarray:
    return step(at(rows, "savingsMonthly"), 1_500, 1_500)


def _household(rows: Rows, name: str) -> np.ndarray:
    return at(rows, "household") == name


NEEDS: dict[str, Term] = {
    "": lambda c: np.zeros(len(at(c, "age"))),
    "savings": lambda c: 0.7 * (rich(c) - 0.5) + 0.4 * _saves(c),
    "credit": lambda c: 0.5 * peak(at(c, "age"), 36, 14) - 0.5 * (rich(c) - 0.5),
    "insurance": lambda c: 0.4 * _household(c, "family") + 0.3 * _owns_home(c),
    "daily": lambda c: -0.4 * step(at(c, "age"), 35, 15) + 0.3 * step(at(c, "loginsLast30Days"), 10, 8),
    "advice": lambda c: 0.9 * (rich(c) - 0.5) + 0.3 * step(at(c, "age"), 50, 12) + 0.6 * _soon(c, 180),
    "service": lambda c: 0.2 * step(at(c, "loginsLast30Days"), 10, 8),
    "home-insurance": lambda c: 0.9 * _owns_home(c) + 0.4 * _household(c, "family") - 0.5,
    "home-insurance-plus": lambda c: 0.8 * (at(c, "housing") == "owns-house") + 0.6 * (rich(c) - 0.5) - 0.2,
    "car-insurance": lambda c: 2.4 * at(c, "carOwner") - 1.6,
    "car-insurance-plus": lambda c: 1.2 * at(c, "carOwner") + 0.6 * (rich(c) - 0.5) - 0.8,
    "child-insurance": lambda c: 1.3 * (at(c, "children") > 0) + 0.8 * peak(at(c, "age"), 33, 6) - 0.6,
    "life-insurance": lambda c: 0.6 * (at(c, "children") > 0) + 0.6 * _owns_home(c) + 0.4 * peak(at(c, "age"), 45, 12) - 0.4,
    "travel-insurance": lambda c: 0.7 * (rich(c) - 0.5) + 0.3 * _household(c, "couple") + 0.3 * step(at(c, "age"), 40, 20),
    "mortgage": lambda c: 1.0 * peak(at(c, "age"), 33, 8) + 0.9 * (at(c, "housing") == "rents") * (rich(c) > 0.5) - 0.4,
    "mortgage-renewal": lambda c: 2.2 * _soon(c, 180) - 1.2,
    "green-renovation": lambda c: 1.0 * (at(c, "housing") == "owns-house") + 0.4 * peak(at(c, "age"), 50, 15) - 0.6,
    "car-loan": lambda c: 0.8 * peak(at(c, "age"), 38, 14) + 0.5 * at(c, "carOwner") - 0.4 * (rich(c) - 0.5),
    "personal-loan": lambda c: 0.9 * peak(at(c, "age"), 34, 13) - 1.2 * (rich(c) - 0.5),
    "credit-card": lambda c: 0.6 * peak(at(c, "age"), 30, 13) + 0.5 * (rich(c) - 0.5),
    "credit-card-gold": lambda c: 1.8 * (rich(c) - 0.5) + 0.3 * step(at(c, "age"), 40, 15),
    "fund-savings": lambda c: 0.9 * (rich(c) - 0.5) + 0.6 * _saves(c) - 0.2 * step(at(c, "age"), 60, 12),
    "savings-step-up": lambda c: 0.8 * (rich(c) - 0.5) + 0.5 * _saves(c),
    "savings-account": lambda c: 0.8 * step(np.log(np.maximum(at(c, "balance"), 100)), np.log(40_000), 1.5) - 0.2 * _saves(c),
    "pension": lambda c: 1.1 * peak(at(c, "age"), 50, 11) + 0.6 * (rich(c) - 0.5),
    "private-banking": lambda c: 1.2 * (at(c, "segment") == "private") + 0.4 * (at(c, "segment") == "affluent") + 0.8 * (rich(c) - 0.7),
    "claim-status": lambda c: np.where(at(c, "openClaims") > 0, 1.2, -2.2),
    "payment-plan": lambda c: np.where(at(c, "missedPayments") > 0, 1.2, -2.2),
    "storm-check": lambda c: 0.8 * (at(c, "housing") == "owns-house") - 0.3,
    "digital-start": lambda c: 0.8 * step(0.6 - at(c, "digitalActivity"), 0, 0.3),
    "refer-a-friend": lambda c: -0.7 * step(at(c, "age"), 35, 12) + 0.4 * step(at(c, "loginsLast30Days"), 12, 8),
}
