"""A second, independent reading of model.yaml: one request at a time, from the file's text alone. It knows only the
five shapes of expression that our columns use, and shares no code with the package."""

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import yaml

PATH = re.compile(r"[\w.]+")
EQUALS = re.compile(r'([\w.]+) == "([^"]*)"')
CONTAINS = re.compile(r"([\w.]+) in ([\w.]+)")
HAS = re.compile(r"has\(([\w.]+)\)")
DAYS = re.compile(r"daysBetween\(([\w.]+), ([\w.]+)\)")


def read_offers(root):
    return {offer["id"]: offer for file in (root / "offers").glob("*.yaml") for offer in yaml.safe_load(file.read_text("utf-8"))}


def features_of(manifest, request, offers):
    """The row, float32."""
    facts = _facts(request, offers[request["offerId"]])
    row = []
    for column in manifest["inputs"][0]["columns"]:
        value = _value(column["from"], facts)
        if "oneHot" in column:
            row += [float(value == name) for name in column["oneHot"]]
            if column.get("other"):
                row.append(float(value not in column["oneHot"]))
        elif "map" in column:
            row.append(column["map"].get(value, column["default"]))
        else:
            row.append(float(column["default"] if value is None else value))
    return np.array(row, dtype=np.float32)


def _facts(request, offer):
    """All that an expression can name, by path; what is missing is not there."""
    now = datetime.strptime(request["now"], "%Y-%m-%dT%H:%M:%S%z").astimezone(ZoneInfo("Europe/Stockholm")).date()
    customer = {**request["customer"]["attributes"], "holdings": request["customer"].get("holdings")}
    facts = {"now": now, "channel": request["channel"], "direction": request["direction"], "offer.id": offer["id"], "offer.kind": offer["kind"]}
    for root, values in (("customer", customer), ("context", request["context"]), ("offer", offer["attributes"])):
        facts.update({f"{root}.{name}": value for name, value in values.items() if value is not None})
    facts["customer.phase"] = _phase(customer, now)
    return facts


def _phase(customer, now):
    """As schema.yaml says it, written out by hand."""
    products, complaints = customer.get("productCount"), customer.get("openComplaints")
    if "cancellationDate" in customer:
        return "exit"
    if "memberSince" in customer and (now - date.fromisoformat(customer["memberSince"])).days < 90:
        return "onboard"
    if (complaints is not None and complaints > 0) or (customer.get("loginsLast30Days") == 0 and products is not None and products <= 1):
        return "retain"
    return "engage" if products is not None and products >= 1 else "attract"


def _value(source, facts):
    if PATH.fullmatch(source):
        return facts.get(source)
    if match := EQUALS.fullmatch(source):
        return None if match[1] not in facts else facts[match[1]] == match[2]
    if match := CONTAINS.fullmatch(source):
        return None if match[1] not in facts or match[2] not in facts else facts[match[1]] in facts[match[2]]
    if match := HAS.fullmatch(source):
        return match[1] in facts
    if match := DAYS.fullmatch(source):
        first, second = (facts.get(path) for path in match.groups())
        return None if first is None or second is None else (_day(second) - _day(first)).days
    raise AssertionError(f"A shape of expression that this reader does not know: {source}")


def _day(value):
    return value if isinstance(value, date) else date.fromisoformat(value)
