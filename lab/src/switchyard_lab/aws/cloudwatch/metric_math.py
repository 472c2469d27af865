# SPDX-License-Identifier: GPL-3.0-or-later
"""CloudWatch metric math over series of the same periods, without a clock or a store.

The grammar is Python's but for the logical operators, so Python's parser reads it and a walk over the tree, which knows
the nodes below and no others, computes it. Semantics as AWS documents them ("Using metric math"): where only one of two
series has data at a time, the other counts as 0; a division by zero drops the data point.
"""

from __future__ import annotations

import ast
import math
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from statistics import fmean

from .metrics import Series

# A time series, an array of them, or a number; None is a number that cannot be told (the average of no data).
Array = list[Series]
Value = Array | Series | float | None
Point = float | None
Operation = Callable[[float, float], Point]


class ExpressionError(ValueError):
    """The expression cannot be read, or does not fit its operands."""


OPERATORS: dict[type[ast.operator | ast.cmpop | ast.boolop], Operation] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: lambda a, b: a / b if b else None,
    ast.Eq: lambda a, b: float(a == b),
    ast.NotEq: lambda a, b: float(a != b),
    ast.Lt: lambda a, b: float(a < b),
    ast.LtE: lambda a, b: float(a <= b),
    ast.Gt: lambda a, b: float(a > b),
    ast.GtE: lambda a, b: float(a >= b),
    ast.And: lambda a, b: float(bool(a) and bool(b)),
    ast.Or: lambda a, b: float(bool(a) or bool(b)),
}
LOGICAL = {"AND": "and", "&&": "and", "OR": "or", "||": "or"}
TOKEN = re.compile(r'"[^"]*"|(?<![\w.])[A-Za-z_]\w*|&&|\|\|')

# Each point of one series, or the one value of an array at a time from the points that have data there.
MAPPERS: dict[str, Callable[[float], float]] = {"ABS": abs, "CEIL": math.ceil, "FLOOR": math.floor}
REDUCERS: dict[str, Callable[[Sequence[float]], float]] = {"SUM": math.fsum, "AVG": fmean, "MIN": min, "MAX": max}


def evaluate(expression: str, series: Mapping[str, Series], metrics: Sequence[str] = ()) -> Series:
    """The series that `expression` makes of `series` by id; `metrics` are the ids that METRICS() stands for."""
    try:
        tree = ast.parse(TOKEN.sub(_as_python, expression.strip()), mode="eval")
    except SyntaxError as error:
        raise ExpressionError(f"Syntax error in the expression: {expression}") from error
    value = _Evaluation(series, metrics).value(tree.body)
    if not isinstance(value, tuple):
        raise ExpressionError(f"The expression does not return a single time series: {expression}")
    return value


def _as_python(token: re.Match[str]) -> str:
    text = token[0]
    if text in LOGICAL:
        return f" {LOGICAL[text]} "
    # An id may be a word of Python's ("from", "is"): the underscore takes its meaning away.
    return text if text.startswith('"') else f"{text}_"


class _Evaluation:
    def __init__(self, series: Mapping[str, Series], metrics: Sequence[str]) -> None:
        self._series = series
        self._metrics = metrics

    def value(self, node: ast.expr) -> Value:
        match node:
            case ast.Constant(value=bool() | str() | bytes() | complex()):
                raise ExpressionError(f"{node.value!r} is not a number.")
            case ast.Constant(value=int() | float() as number):
                return float(number)
            case ast.Name(id=name):
                return self._named(name.removesuffix("_"))
            case ast.List(elts=elements):
                return [series for element in elements for series in _array(self.value(element))]
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return _combine(operator.sub, 0.0, self.value(operand))
            case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATORS:
                return _combine(OPERATORS[type(op)], self.value(left), self.value(right))
            case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in OPERATORS:
                return _combine(OPERATORS[type(op)], self.value(left), self.value(right))
            case ast.BoolOp(op=op, values=[first, *rest]):
                result = self.value(first)
                for other in rest:
                    result = _combine(OPERATORS[type(op)], result, self.value(other))
                return result
            case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
                return self._call(name.removesuffix("_"), arguments)
        raise ExpressionError("The expression holds something that metric math does not know.")

    def _named(self, name: str) -> Series:
        try:
            return self._series[name]
        except KeyError:
            raise ExpressionError(f"The id {name} is not one of the request.") from None

    def _call(self, function: str, arguments: list[ast.expr]) -> Value:
        match function, arguments:
            case "METRICS", []:
                return [self._series[name] for name in self._metrics]
            case "METRICS", [ast.Constant(value=str() as part)]:
                return [self._series[name] for name in self._metrics if part in name]
            case "FILL", [filled, ast.Name(id="REPEAT_")]:
                return _each(_repeat, self.value(filled))
            case "FILL", [filled, filler]:
                replacement = self.value(filler)
                return _each(lambda series: _fill(series, replacement), self.value(filled))
            case "IF", [condition, yes, *no] if len(no) <= 1:
                return _choose(self.value(condition), self.value(yes), self.value(no[0]) if no else None)
            case _, [argument] if function in MAPPERS:
                mapper = MAPPERS[function]
                return _each(
                    lambda series: tuple(None if p is None else mapper(p) for p in series), self.value(argument)
                )
            case _, [argument] if function in REDUCERS:
                return _reduce(function, self.value(argument))
        raise ExpressionError(f"The lab does not know {function} with {len(arguments)} arguments.")


def _combine(operation: Operation, left: Value, right: Value) -> Value:
    """Apply `operation` to two numbers, or point by point where a series takes part."""
    if isinstance(left, list) and isinstance(right, list):
        raise ExpressionError("Two arrays of time series cannot be combined.")
    if isinstance(left, list):
        return [_series(_combine(operation, series, right)) for series in left]
    if isinstance(right, list):
        return [_series(_combine(operation, left, series)) for series in right]
    if isinstance(left, tuple) and isinstance(right, tuple):
        return tuple(
            None if a is None and b is None else operation(a or 0.0, b or 0.0) for a, b in zip(left, right, strict=True)
        )
    if isinstance(left, tuple):
        return tuple(_both(operation, a, _number(right)) for a in left)
    if isinstance(right, tuple):
        return tuple(_both(operation, _number(left), b) for b in right)
    return _both(operation, left, right)


def _both(operation: Operation, left: Point, right: Point) -> Point:
    return None if left is None or right is None else operation(left, right)


def _each(function: Callable[[Series], Series], value: Value) -> Value:
    return [function(series) for series in value] if isinstance(value, list) else function(_series(value))


def _reduce(name: str, value: Value) -> Value:
    """A number of one series, or one series of an array."""
    reducer = REDUCERS[name]
    if isinstance(value, tuple):
        points = [point for point in value if point is not None]
        return reducer(points) if points else None
    array = _array(value)
    if not array:
        raise ExpressionError(f"{name} needs at least one time series.")
    return tuple(_reduced(name, points) for points in zip(*array, strict=True))


def _reduced(name: str, points: Sequence[Point]) -> Point:
    present = [point for point in points if point is not None]
    if not present:
        return None
    # "Missing values are treated as 0" is documented for AVG alone.
    return math.fsum(present) / len(points) if name == "AVG" else REDUCERS[name](present)


def _fill(series: Series, replacement: Value) -> Series:
    fillers = replacement if isinstance(replacement, tuple) else (_number(replacement),) * len(series)
    return tuple(f if point is None else point for point, f in zip(series, fillers, strict=True))


def _repeat(series: Series) -> Series:
    """Fill a gap with the last value before it; what is missing at the beginning stays so."""
    filled: list[Point] = []
    for point in series:
        filled.append(filled[-1] if point is None and filled else point)
    return tuple(filled)


def _choose(condition: Value, yes: Value, no: Value) -> Value:
    """IF: where the condition has no data there is no result; `no` left out drops the point."""
    if not isinstance(condition, tuple):
        return yes if _number(condition) else no
    length = len(condition)
    # A point that the condition asks for but the series lacks is 0 if true, dropped if false: documented so.
    when_true = [point or 0.0 for point in yes] if isinstance(yes, tuple) else [_number(yes)] * length
    when_false = list(no) if isinstance(no, tuple) else [_number(no)] * length
    return tuple(
        None if test is None else (a if test else b)
        for test, a, b in zip(condition, when_true, when_false, strict=True)
    )


def _array(value: Value) -> Array:
    return value if isinstance(value, list) else [_series(value)]


def _series(value: Value) -> Series:
    if not isinstance(value, tuple):
        raise ExpressionError("A time series is needed where the expression has something else.")
    return value


def _number(value: Value) -> Point:
    if isinstance(value, (list, tuple)):
        raise ExpressionError("A number is needed where the expression has time series.")
    return value
