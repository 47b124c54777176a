"""The catalog as training sees it: the schema's words and the offers that a model scores."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True)
class Offer:
    """One offer. A name that `attributes` lacks is unknown, as it is for the service."""

    id: str
    kind: str
    attributes: dict[str, Any]
    prior: float            # the catalog's own guess of the propensity
    models: frozenset[str]  # ids of the models that its propensity and value ask


@dataclass(frozen=True)
class Catalog:
    schema: dict[str, Any]
    offers: tuple[Offer, ...]  # ascending by id

    @property
    def time_zone(self) -> str:
        return self.schema["timeZone"]

    @property
    def channels(self) -> tuple[str, ...]:
        return tuple(self.schema["channels"])

    def scored_by(self, model: str) -> tuple[Offer, ...]:
        """The offers that ask a model; all of them where none does, so that a model can come before its first offer."""
        return tuple(offer for offer in self.offers if model in offer.models) or self.offers

    def categories(self, path: str) -> tuple[str, ...]:
        """The values that a text attribute may take: an enum's ("customer.region") or a derived attribute's ("customer.phase")."""
        root, name = path.split(".")
        if root == "customer" and name in self.schema.get("derived", {}):
            return tuple(case["is"] for case in self.schema["derived"][name])
        return tuple(self.schema[root]["properties"][name]["enum"])

    def declared(self) -> dict[str, dict[str, Any]]:
        """Every attribute that the schema declares, by path, with its JSON Schema."""
        return {
            f"{root}.{name}": schema
            for root in ("customer", "context", "offer")
            for name, schema in self.schema[root]["properties"].items()
        }


def load_catalog(folder: Path) -> Catalog:
    """Reads `schema.yaml` and `offers/*.yaml`. It trusts what it reads: checking is the service's `validate`."""
    schema = yaml.safe_load((folder / "schema.yaml").read_text(encoding="utf-8"))
    entries: list[dict[str, Any]] = []
    for file in sorted((folder / "offers").glob("*.yaml")):
        entries.extend(yaml.safe_load(file.read_text(encoding="utf-8")) or [])
    if not entries:
        raise FileNotFoundError(f"No offers in {folder / 'offers'}: training needs a catalog; name its folder with --catalog")
    offers = sorted((_offer(entry) for entry in entries), key=lambda offer: offer.id)
    return Catalog(schema=schema, offers=tuple(offers))


def _offer(entry: dict[str, Any]) -> Offer:
    factors = [entry["propensity"], *entry["value"].values()]
    return Offer(
        id=entry["id"],
        kind=entry["kind"],
        attributes=dict(entry.get("attributes", {})),
        prior=float(entry["propensity"]["prior"]),
        models=frozenset(factor["model"] for factor in factors if isinstance(factor, dict) and "model" in factor),
    )
