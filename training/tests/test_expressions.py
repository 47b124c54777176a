"""The part of CEL that columns use: precedence, and three-valued logic as in the service."""

import numpy as np
import pytest

from training.expressions import ExpressionError, derive, evaluate
from training.rows import Column, day_number, known

YES, NO = Column(np.array([True]), np.array([True])), Column(np.array([False]), np.array([True]))
MISSING = Column(np.array([0.0]), np.array([False]))
ROWS = {
    "customer.yes": YES, "customer.no": NO, "customer.missing": MISSING,
    "customer.age": known(np.array([40.0])), "customer.region": known(np.array(["north"], dtype=object)),
    "customer.holdings": known(np.array([frozenset({"card"})], dtype=object)),
    "customer.born": known(np.array([float(day_number("2000-02-29"))])), "now": known(np.array([float(day_number("2026-02-28"))])),
}
UNKNOWN = "unknown"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("customer.age", 40), ("customer.age >= 40", True), ("customer.age + 2 * 3", 46), ("-customer.age", -40), ("customer.missing > 1", UNKNOWN),
        ('customer.region == "north"', True), ("customer.region == 'a && b'", False), ('customer.region in ["south", "north"]', True),
        ('"card" in customer.holdings', True), ('"loan" in customer.holdings', False), ('"card" in customer.missing', UNKNOWN),
        ("!customer.no && customer.yes", True), ("!(customer.no || customer.yes)", False), ("customer.no && customer.no || customer.yes", True),
        ("customer.no && customer.missing", False), ("customer.missing && customer.no", False), ("customer.yes && customer.missing", UNKNOWN),
        ("customer.yes || customer.missing", True), ("customer.missing || customer.no", UNKNOWN), ("!customer.missing", UNKNOWN),
        ("has(customer.missing)", False), ("has(customer.age)", True), ("true", True),
        ("daysBetween(customer.born, now)", 9496), ("yearsBetween(customer.born, now)", 25), ("yearsBetween(now, customer.born)", -25),
        ("daysBetween(customer.missing, now)", UNKNOWN),
    ],
)
def test_values(source, expected):
    result = evaluate(source, ROWS)
    if expected is UNKNOWN:
        assert not result.known[0]
    else:
        assert result.known[0] and result.values[0] == expected


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("customer.agee", "No such attribute: customer.agee"), ("customer.age >", "Not an expression"), ("today()", "No such function here: today"),
        ("1 < 2 < 3", "Not understood here"), ("__import__('os')", "No such function here"), ("customer.age[0]", "Not understood here"),
    ],
)
def test_what_is_refused(source, message):
    with pytest.raises(ExpressionError, match=message):
        evaluate(source, ROWS)


def test_the_first_case_that_holds_is_the_derived_value():
    derived = {"stage": [{"is": "a", "when": "customer.missing > 1"}, {"is": "b", "when": "customer.age < 50"}, {"is": "c"}]}
    assert derive(ROWS, derived, ("stage",))["customer.stage"].values[0] == "b"
