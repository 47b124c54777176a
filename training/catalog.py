"""The catalog as training sees it: the schema's words and the offers that a model scores."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .core_yaml import read_yaml

VALIDATE = "`npx nbo validate` tells more"
ROOTS = ("customer", "context", "offer")
READABLE = ("string", "number", "integer", "boolean", "array")


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

    @property
    def derived(self) -> dict[str, Any]:
        """The derived attributes by name, in the order in which they may read each other."""
        return self.schema.get("derived") or {}

    def scored_by(self, model: str) -> tuple[Offer, ...]:
        """The offers that ask a model; all of them where none does, so that a model can come before its first offer."""
        return tuple(offer for offer in self.offers if model in offer.models) or self.offers

    def categories(self, path: str) -> tuple[str, ...]:
        """The values that a text attribute may take: an enum's ("customer.region") or a derived attribute's ("customer.phase")."""
        root, name = path.split(".")
        if root == "customer" and name in self.derived:
            return tuple(case["is"] for case in self.derived[name])
        return tuple(self.declared()[path]["enum"])

    def declared(self) -> dict[str, dict[str, Any]]:
        """Every attribute that the schema declares, by path, with its JSON Schema, whose `type` is one of READABLE.
        Others (objects, what may be a text or a number) no column can read."""
        found: dict[str, dict[str, Any]] = {}
        for root in ROOTS:
            whole = self.schema.get(root) or {}
            for name, schema in (whole.get("properties") or {}).items():
                plain = _plain(schema, whole)
                if plain is not None:
                    found[f"{root}.{name}"] = plain
        return found


def load_catalog(folder: Path) -> Catalog:
    """Reads `schema.yaml` and all of `offers/`, which may end in `.yml`, too. It trusts what it reads, as far as it can:
    checking is the service's `validate`.

    Raises ValueError where it cannot, with the file.
    """
    named = folder / "schema.yaml"
    file = folder / "schema.yml" if not named.exists() and (folder / "schema.yml").exists() else named
    schema = read_yaml(file)
    missing = [name for name in ("timeZone", "channels") if not isinstance(schema, dict) or not schema.get(name)]
    if missing:
        raise ValueError(f"{file}: no {' and no '.join(missing)}; {VALIDATE}")
    offers = sorted(_offers(folder / "offers"), key=lambda offer: offer.id)
    if not offers:
        raise FileNotFoundError(f"No offers in {folder / 'offers'}: training needs a catalog; name its folder with --catalog")
    return Catalog(schema=schema, offers=tuple(offers))


def _offers(folder: Path) -> Iterator[Offer]:
    for file in sorted(path for path in folder.rglob("*") if path.suffix in (".yaml", ".yml")):
        if any(part.startswith(".") for part in file.relative_to(folder).parts):
            continue
        entries = read_yaml(file)
        if entries is not None and not isinstance(entries, list):
            raise ValueError(f"{file}: must be a list of offers; {VALIDATE}")
        for place, entry in enumerate(entries or [], start=1):
            try:
                yield _offer(entry)
            except (AttributeError, KeyError, TypeError, ValueError):
                raise ValueError(f"{file}: offer {place} of the file is not whole: id, kind, value and propensity are needed; {VALIDATE}") from None


def _offer(entry: dict[str, Any]) -> Offer:
    propensity = entry["propensity"]
    factors = [propensity, *entry["value"].values()]
    return Offer(
        id=entry["id"],
        kind=entry["kind"],
        attributes=dict(entry.get("attributes") or {}),
        prior=float(propensity["prior"] if isinstance(propensity, dict) else propensity),
        models=frozenset(factor["model"] for factor in factors if isinstance(factor, dict) and "model" in factor),
    )


def _plain(schema: Any, whole: dict[str, Any]) -> dict[str, Any] | None:
    """What a reference points at, with the one type that is not null; of an enum without a type, that of its values."""
    for _ in range(8):      # a reference to a reference; one to itself ends here
        if not isinstance(schema, dict) or "$ref" not in schema:
            break
        found: Any = whole
        for step in str(schema["$ref"]).removeprefix("#/").split("/"):
            found = found.get(step) if isinstance(found, dict) else None
        schema = found
    if not isinstance(schema, dict):
        return None
    types = [schema["type"]] if isinstance(schema.get("type"), str) else list(schema.get("type") or [])
    values = [value for value in schema.get("enum") or [] if value is not None]
    if not types and values and all(isinstance(value, str) for value in values):
        types = ["string"]
    types = [kind for kind in types if kind != "null"]
    if len(types) != 1 or types[0] not in READABLE:
        return None
    return {**schema, "type": types[0], **({"enum": values} if "enum" in schema else {})}
