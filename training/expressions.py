"""The part of CEL (https://cel.dev) that model columns and derived attributes use, over whole columns of rows.

Evaluation is three-valued, as in the service: an operation on something unknown is unknown, except that
`false && unknown` is false and `true || unknown` is true. Nothing is executed: the text is parsed into Python's
syntax tree, whose precedence is CEL's once `&&`, `||` and `!` are spelled `and`, `or` and `~`, and the tree is
walked with a short list of allowed nodes.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np

from .rows import Column, Rows, row_count

_TOKEN = re.compile(r"""(?P<text>"[^"\\]*"|'[^'\\]*')|(?P<word>[A-Za-z_]\w*)|(?P<operator>&&|\|\||!=|!)|(?P<rest>.)""", re.S)
_SPELLING = {"&&": " and ", "||": " or ", "!": "~", "true": "True", "false": "False"}
_COMPARISONS: dict[type, Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge,
}
_ARITHMETIC: dict[type, Callable[[Any, Any], Any]] = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul}


class ExpressionError(ValueError):
    """The expression is not CEL, or not of the part that is understood here; the message quotes it."""


def evaluate(source: str, rows: Rows) -> Column:
    """The expression's value in each row. Booleans are numpy booleans, numbers floats, texts Python strings."""
    if source in rows:      # also a name that is a word of Python's, as customer.class
        return rows[source]
    try:
        return _Evaluation(source, rows).of(_parse(source))
    except TypeError as error:
        raise ExpressionError(f"Not understood here: {source}") from error


@lru_cache(maxsize=1024)
def _parse(source: str) -> ast.expr:
    spelled = "".join(_SPELLING.get(match.group(), match.group()) for match in _TOKEN.finditer(source))
    try:
        return ast.parse(spelled.strip(), mode="eval").body
    except SyntaxError as error:
        raise ExpressionError(f"Not an expression: {source}") from error


class _Evaluation:
    def __init__(self, source: str, rows: Rows) -> None:
        self.source = source
        self.rows = rows
        self.count = row_count(rows)

    def of(self, node: ast.expr) -> Column:
        match node:
            case ast.Constant():
                return self.constant(node.value)
            case ast.Name() | ast.Attribute():
                return self.path(node)
            case ast.BoolOp():
                return self.logic(isinstance(node.op, ast.Or), [self.of(part) for part in node.values])
            case ast.UnaryOp(op=ast.Invert()):
                operand = self.of(node.operand)
                return Column(~operand.values.astype(bool), operand.known)
            case ast.UnaryOp(op=ast.USub()):
                operand = self.of(node.operand)
                return Column(-operand.values, operand.known)
            case ast.BinOp() if type(node.op) in _ARITHMETIC:
                return self.both(node.left, node.right, _ARITHMETIC[type(node.op)])
            case ast.Compare(ops=[ast.In()]):
                return self.membership(node.left, node.comparators[0])
            case ast.Compare(ops=[comparison]) if type(comparison) in _COMPARISONS:
                result = self.both(node.left, node.comparators[0], _COMPARISONS[type(comparison)])
                return Column(result.values.astype(bool), result.known)
            case ast.Call(func=ast.Name(id=name)):
                return self.call(name, node.args)
        raise ExpressionError(f"Not understood here: {self.source}")

    def constant(self, value: Any) -> Column:
        dtype = object if isinstance(value, str) else bool if isinstance(value, bool) else float
        return Column(np.full(self.count, value, dtype=dtype), np.ones(self.count, dtype=bool))

    def path(self, node: ast.expr) -> Column:
        path = ast.unparse(node)
        if path not in self.rows:
            raise ExpressionError(f"No such attribute: {path}, in: {self.source}")
        return self.rows[path]

    def both(self, left: ast.expr, right: ast.expr, operation: Callable[[Any, Any], Any]) -> Column:
        a, b = self.of(left), self.of(right)
        return Column(operation(a.values, b.values), a.known & b.known)

    def logic(self, is_or: bool, parts: list[Column]) -> Column:
        """One part that settles it (true for ||, false for &&) is enough, whatever else is unknown."""
        settled = np.zeros(self.count, dtype=bool)
        all_known = np.ones(self.count, dtype=bool)
        for part in parts:
            settled |= part.known & (part.values.astype(bool) == is_or)
            all_known &= part.known
        return Column(settled if is_or else ~settled, settled | all_known)

    def membership(self, left: ast.expr, right: ast.expr) -> Column:
        item = self.of(left)
        if isinstance(right, ast.List):
            allowed = [ast.literal_eval(element) for element in right.elts]
            return Column(np.isin(item.values, allowed), item.known)
        container = self.of(right)
        both_known = item.known & container.known
        found = np.fromiter(
            (ok and value in values for ok, value, values in zip(both_known, item.values, container.values)), dtype=bool, count=self.count
        )
        return Column(found, both_known)

    def call(self, name: str, arguments: list[ast.expr]) -> Column:
        if name == "has" and len(arguments) == 1:
            return Column(self.path(arguments[0]).known, np.ones(self.count, dtype=bool))
        if name == "daysBetween" and len(arguments) == 2:
            return self.both(*arguments, lambda first, second: second - first)
        if name == "yearsBetween" and len(arguments) == 2:
            return self.both(*arguments, _whole_years)
        if name in ("pauseRatio", "sinceLastEvent"):
            # The simulated population has no events: what they would tell is unknown, as in the service.
            return Column(np.zeros(self.count), np.zeros(self.count, dtype=bool))
        raise ExpressionError(f"No such function here: {name}, in: {self.source}")


def _whole_years(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Completed calendar years from one day to another, as ages are counted; negative where the second is earlier."""
    def parts(days: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        dates = days.astype("int64").astype("datetime64[D]")
        years = dates.astype("datetime64[Y]").astype(int)
        months = dates.astype("datetime64[M]")
        return years, months.astype(int) % 12 * 31 + (dates - months.astype("datetime64[D]")).astype(int)

    (years_early, place_early), (years_late, place_late) = parts(np.minimum(first, second)), parts(np.maximum(first, second))
    years = (years_late - years_early - (place_late < place_early)).astype(float)
    return np.where(second < first, -years, years)


def derive(rows: Rows, derived: dict[str, Any], names: tuple[str, ...]) -> Rows:
    """Adds the named derived attributes (`schema.yaml`, `derived`): the first case whose condition holds."""
    result = dict(rows)
    for name in names:
        result[f"customer.{name}"] = _derived(result, derived[name])
    return result


def derive_all(rows: Rows, derived: dict[str, Any]) -> tuple[Rows, dict[str, str]]:
    """Adds all that can be derived here, and tells by name why others cannot."""
    result = dict(rows)
    left_out: dict[str, str] = {}
    for name, cases in derived.items():
        if not isinstance(cases, list):
            left_out[name] = f"a model tells it: {cases['model']}"
            continue
        try:
            result[f"customer.{name}"] = _derived(result, cases)
        except ExpressionError as error:
            left_out[name] = str(error)
    return result, left_out


def _derived(rows: Rows, cases: list[dict[str, Any]]) -> Column:
    texts = any(isinstance(case["is"], str) for case in cases)
    values = np.full(row_count(rows), None, dtype=object) if texts else np.zeros(row_count(rows))
    open_rows = np.ones(row_count(rows), dtype=bool)
    for case in cases:
        when = case.get("when", True)
        condition = evaluate(when if isinstance(when, str) else str(when).lower(), rows)
        holds = open_rows & condition.known & condition.values.astype(bool)
        values[holds] = case["is"]
        open_rows &= ~holds
    return Column(values, ~open_rows)
