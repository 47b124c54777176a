"""Rows of what a decision knows, column by column: `customer.age`, `offer.category`, `channel`, `now`, …

A value that is missing is *unknown*, which is not zero and not empty. Dates and `now` are day numbers: days since
1970-01-01 in the catalog's time zone. Lists (`customer.holdings`) are frozensets.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from .catalog import Catalog


@dataclass(frozen=True)
class Column:
    """`values` where `known`; elsewhere what stands in `values` means nothing."""

    values: np.ndarray
    known: np.ndarray

    def __getitem__(self, rows: Any) -> Column:
        return Column(self.values[rows], self.known[rows])


Rows = dict[str, Column]

EPOCH = date(1970, 1, 1)


def known(values: np.ndarray) -> Column:
    return Column(values, np.ones(len(values), dtype=bool))


def take(rows: Rows, index: Any) -> Rows:
    return {path: column[index] for path, column in rows.items()}


def row_count(rows: Rows) -> int:
    return len(next(iter(rows.values())).values)


def day_number(text: str) -> int:
    return (date.fromisoformat(text) - EPOCH).days


def local_day(instant: str, time_zone: str) -> int:
    """The local day of an instant like "2026-11-23T10:00:00Z"; one without an offset is local already."""
    moment = datetime.fromisoformat(instant.replace("Z", "+00:00"))
    if moment.tzinfo is None:
        return (moment.date() - EPOCH).days
    return (moment.astimezone(ZoneInfo(time_zone)).date() - EPOCH).days


def rows_of(records: Iterable[Mapping[str, Any]], catalog: Catalog) -> Rows:
    """Rows from requests, one for each: `customer` (`attributes`, `holdings`), `offerId`, `channel`, `direction`,
    `context` and `now`, as in the service's API. The offer's attributes come from the catalog."""
    requests = list(records)
    offers = {offer.id: offer for offer in catalog.offers}
    unknown_ids = sorted({request["offerId"] for request in requests} - set(offers))
    if unknown_ids:
        raise ValueError(f"Not in the catalog: {', '.join(unknown_ids)}")
    chosen = [offers[request["offerId"]] for request in requests]

    rows: Rows = {
        "offer.id": known(np.array([offer.id for offer in chosen], dtype=object)),
        "offer.kind": known(np.array([offer.kind for offer in chosen], dtype=object)),
        "channel": known(np.array([request["channel"] for request in requests], dtype=object)),
        "direction": known(np.array([request.get("direction", "inbound") for request in requests], dtype=object)),
        "now": known(np.array([local_day(request["now"], catalog.time_zone) for request in requests], dtype=float)),
        "customer.holdings": _column([request.get("customer", {}).get("holdings") for request in requests], {"type": "array"}),
    }
    sources = {
        "customer": [request.get("customer", {}).get("attributes", {}) for request in requests],
        "context": [request.get("context", {}) for request in requests],
        "offer": [offer.attributes for offer in chosen],
    }
    for path, schema in catalog.declared().items():
        root, name = path.split(".")
        rows[path] = _column([source.get(name) for source in sources[root]], schema)
    return rows


def _column(values: list[Any], schema: Mapping[str, Any]) -> Column:
    present = np.array([value is not None for value in values], dtype=bool)
    kind = schema["type"]
    if kind == "array":
        filled = np.empty(len(values), dtype=object)
        filled[:] = [frozenset(value or ()) for value in values]
    elif kind == "string" and schema.get("format") == "date":
        filled = np.array([0 if value is None else day_number(value) for value in values], dtype=float)
    elif kind == "string":
        filled = np.array(["" if value is None else value for value in values], dtype=object)
    else:
        filled = np.array([0 if value is None else value for value in values], dtype=float)
    return Column(filled, present)
