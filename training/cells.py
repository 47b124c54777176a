"""A cell of contacts.csv as the value that the service would have: what it would refuse is refused here, with the line."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from typing import Any

YES_NO = {"1": True, "yes": True, "true": True, "0": False, "no": False, "false": False}
SHOWN = 12      # of the values that a column may have, in a message


def cell_value(where: str, path: str, text: str, schema: dict[str, Any]) -> Any:
    """Raises ValueError, which begins with `where`, if the text is no value of the schema."""
    if schema["type"] == "string":
        return _text(where, path, text, schema)
    number = _number(where, path, text, schema["type"])
    if schema["type"] == "boolean":
        return bool(number)
    _check_limits(where, path, text, number, schema)
    return int(number) if schema["type"] == "integer" else number


def one_of(where: str, path: str, text: str, allowed: Sequence[Any]) -> str:
    if text in allowed:
        return text
    shown = ", ".join(map(str, allowed[:SHOWN])) + (f" or one of {len(allowed) - SHOWN} more" if len(allowed) > SHOWN else "")
    raise ValueError(f"{where}: {path} must be {'one of ' if len(allowed) > 1 else ''}{shown}, not {text!r}")


def _text(where: str, path: str, text: str, schema: dict[str, Any]) -> str:
    if schema.get("format") == "date":
        try:
            return date.fromisoformat(text).isoformat()
        except ValueError:
            raise ValueError(f"{where}: {path} must be a date as 2026-11-23, not {text!r}") from None
    return one_of(where, path, text, schema["enum"]) if "enum" in schema else text


def _number(where: str, path: str, text: str, kind: str) -> float:
    try:
        number = float(YES_NO[text.lower()] if kind == "boolean" else text)
    except (KeyError, ValueError):
        number = math.nan
    if not math.isfinite(number):
        raise ValueError(f"{where}: {path} must be {'1 or 0' if kind == 'boolean' else 'a number'}, not {text!r}")
    if kind == "integer" and not number.is_integer():
        raise ValueError(f"{where}: {path} must be a whole number, not {text!r}")
    return number


def _check_limits(where: str, path: str, text: str, number: float, schema: dict[str, Any]) -> None:
    limits = (
        ("minimum", "at least", lambda limit: number >= limit), ("maximum", "at most", lambda limit: number <= limit),
        ("exclusiveMinimum", "more than", lambda limit: number > limit), ("exclusiveMaximum", "less than", lambda limit: number < limit),
    )
    for keyword, words, holds in limits:
        if keyword in schema and not holds(schema[keyword]):
            raise ValueError(f"{where}: {path} must be {words} {schema[keyword]}, not {text!r}")
    if "enum" in schema and number not in schema["enum"]:
        one_of(where, path, text, schema["enum"])
