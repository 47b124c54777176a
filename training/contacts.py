"""Reads contacts from a CSV file: what was offered to whom, with what was known then, and whether it was accepted."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from .catalog import Catalog
from .cells import cell_value, one_of
from .observations import Observations
from .rows import local_day, rows_of

REQUIRED = ("offer.id", "channel", "now", "accepted")
DIRECTIONS = ("inbound", "outbound")
HOLDINGS = "customer.holdings"


def read_contacts(file: Path, catalog: Catalog) -> Observations:
    """A CSV file with a header of paths: `offer.id`, `channel`, `now` and `accepted` (1 or 0), and as many as are known
    of `direction`, `customer.…` and `context.…`. An empty cell is unknown; `customer.holdings` is separated by `|`.

    Raises ValueError with the line of the file where something does not fit.
    """
    declared = catalog.declared()
    words = {"offer.id": tuple(offer.id for offer in catalog.offers), "channel": catalog.channels, "direction": DIRECTIONS}
    requests, accepted = [], []
    for where, record in _records(file, catalog, declared):
        requests.append(_request(where, record, declared, words))
        accepted.append(cell_value(where, "accepted", record["accepted"], {"type": "boolean"}))
    if not requests:
        raise ValueError(f"{file}: no contacts below the header")
    rows = rows_of(requests, catalog)
    order = np.argsort(rows["now"].values, kind="stable")
    return Observations(
        {path: column[order] for path, column in rows.items()}, np.array(accepted)[order], None, file.name,
        tuple(requests[place] for place in order),
    )


def _records(file: Path, catalog: Catalog, declared: dict[str, Any]) -> Iterator[tuple[str, dict[str, str]]]:
    """Each line below the header, with its place, as cells by name; empty lines are passed over."""
    with file.open(newline="", encoding="utf-8-sig") as text:
        lines = csv.reader(text)
        try:
            header = [name.strip() for name in next(lines, [])]
            _check_header(file, header, catalog, declared)
            for cells in lines:
                if not cells:
                    continue
                where = f"{file}:{lines.line_num}"
                if len(cells) != len(header):
                    counts = f"{_count(len(cells), 'cell')}, and the header names {_count(len(header), 'column')}"
                    raise ValueError(f"{where}: {counts}; an unknown value is an empty cell")
                yield where, {name: cell.strip() for name, cell in zip(header, cells)}
        except UnicodeDecodeError:
            raise ValueError(f"{file}: is not UTF-8; save it as CSV in UTF-8") from None
        except csv.Error as error:
            raise ValueError(f"{file}:{lines.line_num}: {error}") from None


def _check_header(file: Path, header: list[str], catalog: Catalog, declared: dict[str, Any]) -> None:
    missing = [name for name in REQUIRED if name not in header]
    if missing:
        hint = "; put commas between the columns" if len(header) == 1 and ";" in header[0] else ""
        raise ValueError(f"{file}:1: no column {', '.join(missing)}{hint}")
    twice = sorted({name for name in header if header.count(name) > 1})
    if twice:
        raise ValueError(f"{file}:1: more than one column {', '.join(twice)}")
    derived = [name for name in header if name.removeprefix("customer.") in catalog.derived and name.startswith("customer.")]
    if derived:
        raise ValueError(f"{file}:1: {', '.join(derived)} is derived from others by schema.yaml; leave the column out")
    offers = [name for name in header if name.startswith("offer.") and name in declared]
    if offers:
        raise ValueError(f"{file}:1: {', '.join(offers)} is told by the catalog's offers; leave the column out")
    allowed = {*REQUIRED, "direction", HOLDINGS, *(path for path, schema in declared.items() if schema["type"] != "array")}
    strange = [name for name in header if name not in allowed]
    lists = [name for name in strange if _in_schema(name, catalog)]
    if lists:
        raise ValueError(f"{file}:1: {', '.join(lists)} is no text, number, date or boolean in schema.yaml; leave the column out")
    if strange:
        names = ", ".join(name or "a column without a name" for name in strange)
        raise ValueError(f"{file}:1: schema.yaml does not declare {names}; declare it there, or leave the column out")


def _in_schema(path: str, catalog: Catalog) -> bool:
    root, _, name = path.partition(".")
    return root in ("customer", "context") and name in ((catalog.schema.get(root) or {}).get("properties") or {})


def _request(where: str, record: dict[str, str], declared: dict[str, Any], words: dict[str, tuple[str, ...]]) -> dict[str, Any]:
    for name in REQUIRED[:3]:
        if not record[name]:
            raise ValueError(f"{where}: {name} is empty")
    for name in ("offer.id", "channel", "direction"):
        if record.get(name):
            one_of(where, name, record[name], words[name])
    parts: dict[str, dict[str, Any]] = {"customer": {}, "context": {}}
    for path, text in record.items():
        root, _, name = path.partition(".")
        if path in declared and text:
            parts[root][name] = cell_value(where, path, text, declared[path])
    customer: dict[str, Any] = {"attributes": parts["customer"]}
    holdings = [product.strip() for product in record.get(HOLDINGS, "").split("|")]
    if any(holdings):
        customer["holdings"] = [product for product in holdings if product]
    try:
        local_day(record["now"], "UTC")
    except (ValueError, OverflowError):
        raise ValueError(f"{where}: now must be a time as 2026-11-23T10:00:00Z, not {record['now']!r}") from None
    return {
        "customer": customer, "context": parts["context"], "offerId": record["offer.id"], "channel": record["channel"],
        "direction": record.get("direction") or DIRECTIONS[0], "now": record["now"],
    }


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
