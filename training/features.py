"""What the sample's models see: the feature matrix for training and the columns of `model.yaml` are both read from the
same `Feature`s, so that the service cannot encode anything else than training did. Of a model that is trained on
contacts the columns follow from schema and file (`contact_features.py`).

Left out on purpose: `customer.vulnerable` and `customer.deceased` are for rules, never for a score; `birthDate` is
the age again; consents say what may be said, not what is wanted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from .catalog import Catalog
from .expressions import derive_all, evaluate
from .rows import Rows

# What desktops and pages say most often; anything else counts as "other".
REASONS = ("moving house", "new car", "travel", "claim", "complaint", "cancellation", "loan", "savings", "card", "invoice")
PAGES = ("/", "/savings", "/loans", "/mortgage", "/insurance", "/cards", "/pension", "/car", "/family", "/checkout")


@dataclass(frozen=True)
class Feature:
    """One entry of `columns` in model.yaml. A boolean counts 1 or 0.

    `one_hot` makes a column for each value, with `other` one more for every other value and for none; `mapping`
    turns a text into a number, `default` where it does not name it. `default` stands for what is unknown.
    """

    source: str
    default: float | None = None
    one_hot: tuple[str, ...] | None = None
    other: bool = False
    mapping: Mapping[str, float] | None = None

    @property
    def names(self) -> list[str]:
        """One for each column, for reading."""
        if self.one_hot is None:
            return [self.source]
        return [f"{self.source} = {value}" for value in self.one_hot] + ([f"{self.source} = other"] if self.other else [])

    def manifest(self) -> dict[str, Any]:
        """As it stands in model.yaml."""
        entry: dict[str, Any] = {"from": self.source}
        if self.one_hot is not None:
            entry["oneHot"] = list(self.one_hot)
            if self.other:
                entry["other"] = True
        if self.mapping is not None:
            entry["map"] = dict(self.mapping)
        if self.default is not None:
            entry["default"] = self.default
        return entry

    def encode(self, rows: Rows) -> np.ndarray:
        """float64, rows × `len(names)`."""
        column = evaluate(self.source, rows)
        if self.one_hot is not None:
            hits = [column.known & (column.values == value) for value in self.one_hot]
            if self.other:
                hits.append(~np.any(hits, axis=0))
            return np.stack(hits, axis=1).astype(float)
        if self.mapping is not None:
            numbers = np.array([self.mapping.get(value, self.default) for value in column.values], dtype=float)
        else:
            numbers = column.values.astype(float)
        if self.default is None:
            if not column.known.all():
                raise ValueError(f"{self.source} is unknown in a row and has no default")
            return numbers[:, None]
        return np.where(column.known, numbers, self.default)[:, None]


def encode(features: tuple[Feature, ...], rows: Rows, catalog: Catalog) -> np.ndarray:
    """The model's input, rows × width, float32 as the service feeds it."""
    complete, _ = derive_all(rows, catalog.derived)
    return np.concatenate([feature.encode(complete) for feature in features], axis=1).astype(np.float32)


def column_names(features: tuple[Feature, ...]) -> list[str]:
    return [name for feature in features for name in feature.names]


def _customer_features(catalog: Catalog) -> tuple[Feature, ...]:
    return (
        Feature("customer.age", default=45),
        Feature("customer.incomeYearly", default=380_000),
        Feature("customer.balance", default=60_000),
        Feature("customer.savingsMonthly", default=1_000),
        Feature("customer.productCount", default=2),
        Feature("customer.digitalActivity", default=0.6),
        Feature("customer.loginsLast30Days", default=8),
        Feature("customer.openClaims", default=0),
        Feature("customer.openComplaints", default=0),
        Feature("customer.missedPayments", default=0),
        Feature("customer.carOwner", default=0.5),
        Feature("customer.children", default=0),
        Feature("daysBetween(customer.memberSince, now)", default=2_500),
        # No date, no fixed rate that ends: as far away as dates go.
        Feature("daysBetween(now, customer.mortgageRenewal)", default=3_650),
        Feature("customer.household", one_hot=catalog.categories("customer.household"), other=True),
        Feature("customer.housing", one_hot=catalog.categories("customer.housing"), other=True),
        Feature("customer.segment", one_hot=catalog.categories("customer.segment"), other=True),
        Feature("customer.phase", one_hot=catalog.categories("customer.phase")),
    )


def accept_features(catalog: Catalog, appeal: Mapping[str, float], usual_appeal: float) -> tuple[Feature, ...]:
    """For the propensity. `appeal` is each offer's log-odds over all contacts in the training data; an offer that
    is younger than the model has the `usual_appeal` until the model is trained again."""
    return _with_values(
        *_customer_features(catalog),
        Feature("customer.region", one_hot=catalog.categories("customer.region"), other=True),
        Feature("offer.id", mapping=appeal, default=usual_appeal),
        Feature("offer.kind", one_hot=_kinds(catalog, "accept")),
        Feature("offer.category", one_hot=_attribute_values(catalog, "accept", "category"), other=True),
        Feature("offer.product", one_hot=_attribute_values(catalog, "accept", "product"), other=True),
        Feature("offer.risk", default=1),
        Feature("offer.effort", default=2),
        Feature("offer.priceLevel", default=0.3),
        Feature("offer.product in customer.holdings", default=0),
        Feature("offer.requires in customer.holdings", default=1),       # nothing required is as good as having it
        Feature("channel", one_hot=catalog.channels),
        Feature('direction == "inbound"'),
        Feature("context.reason", one_hot=REASONS, other=True),
        Feature("context.page", one_hot=PAGES, other=True),
        Feature("context.mood", one_hot=catalog.categories("context.mood"), other=True),
        Feature("context.waitSeconds", default=0),
        Feature("context.amount", default=0),
    )


def lifetime_features(catalog: Catalog) -> tuple[Feature, ...]:
    """For the years a customer keeps what was accepted, and its margin a year: neither depends on the contact."""
    return _with_values(
        *_customer_features(catalog),
        Feature("offer.kind", one_hot=_kinds(catalog, "lifetime")),
        Feature("offer.category", one_hot=_attribute_values(catalog, "lifetime", "category"), other=True),
        Feature("offer.effort", default=2),
        Feature("offer.priceLevel", default=0.3),
    )


def churn_features(catalog: Catalog) -> tuple[Feature, ...]:
    """For leaving. Not the phase: a phase may be told by the risk of leaving, so the risk must not need it."""
    own = tuple(feature for feature in _customer_features(catalog) if feature.source != "customer.phase")
    return (*own, Feature("has(customer.cancellationDate)"))


def _with_values(*features: Feature) -> tuple[Feature, ...]:
    """Without those of an attribute that no offer has."""
    return tuple(feature for feature in features if feature.one_hot != ())


def _kinds(catalog: Catalog, model: str) -> tuple[str, ...]:
    return tuple(sorted({offer.kind for offer in catalog.scored_by(model)}))


def _attribute_values(catalog: Catalog, model: str, name: str) -> tuple[str, ...]:
    """Those of the offers that the model scores: of any other value it could learn nothing."""
    return tuple(sorted({offer.attributes[name] for offer in catalog.scored_by(model) if name in offer.attributes}))
