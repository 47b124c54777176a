"""Requests with the score that Python gives them, for the service's own tests: it must answer the same."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from .catalog import Catalog
from .population import hide, simulate_contacts
from .rows import EPOCH, Rows, row_count

SIMULATED = "The customers are simulated."
DESCRIPTION = (
    "Requests and what Python answers to them with the model in this repository. Each of `rows` has the request's `customer` "
    "(`attributes`, `holdings`; what is missing is unknown), `offerId`, `channel`, `direction`, `context` and `now` "
    "(the decision's time), and in `outputs` the final number of each output of the model for that offer, after calibration. "
    "An offer's own attributes stand in the catalog. The service must answer each number within `tolerance` × max(1, |number|). "
    "{origin} Written by `python -m training`."
)


def example_requests(catalog: Catalog, model: str, count: int, seed: int) -> list[dict[str, Any]]:
    """Simulated requests with every seventh value missing, some of visitors, at all hours of the day."""
    rng = np.random.default_rng([seed, 3])
    contacts = simulate_contacts(catalog, model, count, rng)
    minutes = rng.integers(0, 24 * 60, count)
    rows = hide(contacts.rows, rng, share=1 / 7, visitors=0.08)
    declared = catalog.declared()
    return [_request(rows, row, int(minutes[row]), declared, catalog) for row in range(row_count(rows))]


def examples_text(model: str, requests: Sequence[dict[str, Any]], outputs: dict[str, np.ndarray], origin: str = SIMULATED) -> str:
    """JSON with one request a line."""
    rows = [
        json.dumps({**request, "outputs": {name: float(values[place]) for name, values in outputs.items()}}, ensure_ascii=False)
        for place, request in enumerate(requests)
    ]
    head = json.dumps({"description": DESCRIPTION.replace("{origin}", origin), "model": model, "tolerance": 1e-6}, indent=2)[:-2]
    return head + ',\n  "rows": [\n    ' + ",\n    ".join(rows) + "\n  ]\n}\n"


def _request(rows: Rows, row: int, minute: int, declared: dict[str, dict[str, Any]], catalog: Catalog) -> dict[str, Any]:
    parts: dict[str, dict[str, Any]] = {"customer": {}, "context": {}}
    for path, schema in declared.items():
        root, name = path.split(".")
        if root in parts and path in rows and rows[path].known[row]:
            parts[root][name] = _json(rows[path].values[row], schema)
    customer: dict[str, Any] = {"attributes": parts["customer"]}
    holdings = rows["customer.holdings"]
    if holdings.known[row]:
        customer["holdings"] = sorted(holdings.values[row])
    return {
        "customer": customer,
        "offerId": rows["offer.id"].values[row],
        "channel": rows["channel"].values[row],
        "direction": rows["direction"].values[row],
        "context": parts["context"],
        "now": _instant(int(rows["now"].values[row]), minute, catalog.time_zone),
    }


def _json(value: Any, schema: dict[str, Any]) -> Any:
    if schema["type"] == "boolean":
        return bool(value)
    if schema["type"] == "string":
        return _date(int(value)).isoformat() if schema.get("format") == "date" else str(value)
    return int(value) if float(value).is_integer() else float(value)


def _date(day: int) -> date:
    return EPOCH + timedelta(days=day)


def _instant(day: int, minute: int, time_zone: str) -> str:
    local = datetime.combine(_date(day), time(minute // 60, minute % 60), ZoneInfo(time_zone))
    return local.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
