"""What a model sees that is trained on contacts of one's own: what the file knows, as the schema says that it is to be
read, and what can be derived from it. Whatever is the same in all contacts is left out: nothing is to be learned from it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from .catalog import Catalog, Offer
from .expressions import derive_all, evaluate
from .features import Feature
from .rows import Rows

# For rules, never for a score (see features.py), whatever a file says of them.
NEVER = ("customer.vulnerable", "customer.deceased")
MOST_VALUES = 20        # of a text without an enum, the most frequent; each takes a column
# As a list in model.yaml and a text in an expression may hold it without more ado.
PLAIN = re.compile(r"[\w/.,&+-]+(?: [\w/.,&+-]+)*")


def contact_features(
    catalog: Catalog, rows: Rows, appeal: Mapping[str, float], usual_appeal: float, tell: Callable[[str], None],
) -> tuple[Feature, ...]:
    """`appeal` and `usual_appeal` as in `accept_features`; `tell` hears what is left out, and why."""
    complete, not_derived = derive_all(rows, catalog.derived)
    for name, reason in not_derived.items():
        tell(f"Left out customer.{name}: {reason}")
    for path in NEVER:
        if path in complete and complete[path].known.any():
            tell(f"Left out {path}: it is for rules, never for a score")
    possible = [
        *_declared(catalog, complete, ("customer", "context")), *_derived(catalog, complete), *_holdings(catalog, complete),
        Feature("offer.kind", one_hot=tuple(sorted(set(complete["offer.kind"].values)))), *_declared(catalog, complete, ("offer",)),
        Feature("channel", one_hot=catalog.channels), Feature('direction == "inbound"'),
    ]
    told = [feature for feature in possible if _differs(feature, complete)]
    return (*told, Feature("offer.id", mapping=appeal, default=usual_appeal))


def offers_of(catalog: Catalog, model: str, offer_ids: Iterable[str]) -> tuple[Offer, ...]:
    """Those that ask the model, and those that contacts are about."""
    ids = {offer.id for offer in catalog.scored_by(model)} | set(offer_ids)
    return tuple(offer for offer in catalog.offers if offer.id in ids)


def _declared(catalog: Catalog, rows: Rows, roots: tuple[str, ...]) -> list[Feature]:
    return [
        feature for path, schema in catalog.declared().items()
        if path.split(".")[0] in roots and path not in NEVER and rows[path].known.any()
        and schema["type"] != "array" and schema.get("format") != "date-time"
        for feature in _features(path, schema, rows)
    ]


def _features(path: str, schema: Mapping[str, Any], rows: Rows) -> list[Feature]:
    if schema["type"] != "string":
        return [_of_numbers(path, rows)]
    if schema.get("format") == "date":      # where there is none, it has mostly not happened: that tells as much as the days
        return [_of_numbers(f"daysBetween({path}, now)", rows), Feature(f"has({path})")]
    values = schema["enum"] if "enum" in schema else _most_frequent(rows[path].values[rows[path].known])
    return [Feature(path, one_hot=tuple(value for value in values if PLAIN.fullmatch(value)), other=True)]


def _derived(catalog: Catalog, rows: Rows) -> list[Feature]:
    features = []
    for name, cases in catalog.derived.items():
        path = f"customer.{name}"
        if path not in rows or not rows[path].known.any():
            continue
        values = dict.fromkeys(case["is"] for case in cases)
        if all(isinstance(value, str) for value in values):
            features.append(Feature(path, one_hot=tuple(value for value in values if PLAIN.fullmatch(value)), other=True))
        else:
            features.append(_of_numbers(path, rows))
    return features


def _holdings(catalog: Catalog, rows: Rows) -> list[Feature]:
    """Each product that is held, and whether one that the offer names in an attribute is."""
    column = rows["customer.holdings"]
    held = _most_frequent(product for products in column.values[column.known] for product in sorted(products))
    named = [
        path for path, schema in catalog.declared().items()
        if path.startswith("offer.") and schema["type"] == "string" and set(rows[path].values[rows[path].known]) & set(held)
    ]
    sources = [f"{path} in customer.holdings" for path in named] + [f'"{product}" in customer.holdings' for product in held]
    return [Feature(source, default=0) for source in sources]


def _of_numbers(source: str, rows: Rows) -> Feature:
    """What is unknown counts as the middle one; of yes and no, as the share of yes."""
    column = evaluate(source, rows)
    known = column.values[column.known].astype(float)
    yes_no = bool(np.isin(known, (0, 1)).all())
    middle = round(float(known.mean() if yes_no else np.median(known)), 6)
    return Feature(source, default=int(middle) if middle.is_integer() else middle)


def _most_frequent(values: Iterable[str]) -> tuple[str, ...]:
    """Ascending; of those that are as frequent as others the first ones."""
    counted = sorted(Counter(value for value in values if PLAIN.fullmatch(value)).items(), key=lambda item: (-item[1], item[0]))
    return tuple(sorted(value for value, _ in counted[:MOST_VALUES]))


def _differs(feature: Feature, rows: Rows) -> bool:
    return bool((np.ptp(feature.encode(rows), axis=0) > 0).any()) if feature.one_hot != () else False
