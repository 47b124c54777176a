"""What a model of yes or no learns from: rows as the service would have known them, and whether it was a yes."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from .acceptance import true_probability
from .catalog import Catalog
from .population import hide, simulate_contacts
from .rows import Rows, local_day, rows_of

YES_NO = {"1": True, "yes": True, "true": True, "0": False, "no": False, "false": False}
WORDS = {"boolean": "1 or 0", "integer": "a number", "number": "a number"}
REQUIRED = ("offer.id", "channel", "now", "accepted")


@dataclass(frozen=True)
class Observations:
    """In order of time, so that the last ones tell how the model does on what comes after."""

    rows: Rows
    accepted: np.ndarray                # for churn: whether the customer left
    truth: np.ndarray | None            # true probabilities: of simulated contacts only
    source: str                         # for the card


def simulated(catalog: Catalog, model: str, rows: int, seed: int) -> Observations:
    rng = np.random.default_rng([seed, 1])
    contacts = simulate_contacts(catalog, model, rows, rng)
    truth = true_probability(contacts, catalog)
    accepted = rng.random(rows) < truth
    return Observations(hide(contacts.rows, rng), accepted, truth, "simulated")


def read_contacts(file: Path, catalog: Catalog) -> Observations:
    """A CSV file with a header of paths: `offer.id`, `channel`, `now` and `accepted` (1 or 0), and as many as are known
    of `direction`, `customer.…` and `context.…`. An empty cell is unknown; `customer.holdings` is separated by `|`.

    Raises ValueError with the line of the file where something does not fit.
    """
    declared = catalog.declared()
    with file.open(newline="", encoding="utf-8-sig") as lines:
        reader = csv.DictReader(lines)
        header = list(reader.fieldnames or [])
        _check_header(file, header, declared)
        requests, accepted = [], []
        for record in reader:
            where = f"{file}:{reader.line_num}"
            requests.append(_request(where, record, header, declared))
            accepted.append(_cell(where, "accepted", record["accepted"], {"type": "boolean"}))
    if not requests:
        raise ValueError(f"{file}: no contacts below the header")
    rows = rows_of(requests, catalog)
    order = np.argsort(rows["now"].values, kind="stable")
    return Observations({path: column[order] for path, column in rows.items()}, np.array(accepted)[order], None, file.name)


def _check_header(file: Path, header: list[str], declared: dict[str, Any]) -> None:
    missing = [name for name in REQUIRED if name not in header]
    if missing:
        raise ValueError(f"{file}:1: no column {', '.join(missing)}")
    allowed = {*REQUIRED, "direction", "customer.holdings", *(path for path in declared if not path.startswith("offer."))}
    strange = [name for name in header if name not in allowed]
    if strange:
        raise ValueError(f"{file}:1: schema.yaml does not declare {', '.join(strange)}; declare it there, or leave the column out")


def _request(where: str, record: dict[str, str], header: list[str], declared: dict[str, Any]) -> dict[str, Any]:
    parts: dict[str, dict[str, Any]] = {"customer": {}, "context": {}}
    for path in header:
        root, _, name = path.partition(".")
        if path in declared and record[path]:
            parts[root][name] = _cell(where, path, record[path], declared[path])
    customer: dict[str, Any] = {"attributes": parts["customer"]}
    if record.get("customer.holdings"):
        customer["holdings"] = record["customer.holdings"].split("|")
    for name in REQUIRED[:3]:
        if not record[name]:
            raise ValueError(f"{where}: {name} is empty")
    try:
        local_day(record["now"], "UTC")
    except ValueError:
        raise ValueError(f"{where}: now must be a time as 2026-11-23T10:00:00Z, not {record['now']!r}") from None
    return {
        "customer": customer, "context": parts["context"], "offerId": record["offer.id"], "channel": record["channel"],
        "direction": record.get("direction") or "inbound", "now": record["now"],
    }


def _cell(where: str, path: str, text: str, schema: dict[str, Any]) -> Any:
    is_date = schema.get("format") == "date"
    if schema["type"] == "string" and not is_date:
        return text
    try:
        if is_date:
            date.fromisoformat(text)
            return text
        return YES_NO[text.strip().lower()] if schema["type"] == "boolean" else float(text)
    except (KeyError, ValueError):
        raise ValueError(f"{where}: {path} must be {'a date as 2026-11-23' if is_date else WORDS[schema['type']]}, not {text!r}") from None
