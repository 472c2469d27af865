# SPDX-License-Identifier: GPL-3.0-or-later
"""Metric math against the examples of the CloudWatch user guide."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switchyard_lab.aws.cloudwatch.metric_math import ExpressionError, evaluate
from switchyard_lab.aws.cloudwatch.metrics import Series

GUIDE: dict[str, Series] = {
    # "Comparison and logical operators".
    "metric1": (30.0, 20.0, 0.0, 0.0),
    "metric2": (20.0, None, 20.0, None),
}
GUIDE_IF: dict[str, Series] = {
    # "Using IF expressions".
    "metric1": (1.0, 1.0, 0.0, 0.0, None),
    "metric2": (30.0, None, 0.0, 0.0, 30.0),
    "metric3": (0.0, 0.0, 20.0, None, 20.0),
}
TRAFFIC: dict[str, Series] = {
    "errors": (3.0, None, None, 5.0),
    "requests": (10.0, 20.0, None, 0.0),
    "from": (1.0, 2.0, 3.0, 4.0),
}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("metric1 < metric2", (0, 0, 1, 0)),
        ("metric1 >= 30", (1, 0, 0, 0)),
        ("metric1 > 15 AND metric2 > 15", (1, 0, 0, 0)),
        ("metric1 > 15 && metric2 > 15", (1, 0, 0, 0)),
        ("metric1 > 25 OR metric2 > 15", (1, 0, 1, 0)),
        ("metric1 > 25 || metric2 > 15", (1, 0, 1, 0)),
        ("metric1 == 0", (0, 0, 1, 1)),
        ("metric1 != 0", (1, 1, 0, 0)),
        ("metric2 <= 20", (1, None, 1, None)),
    ],
)
def test_comparison_and_logic(expression: str, expected: Series) -> None:
    assert evaluate(expression, GUIDE) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("IF(metric1, metric2, metric3)", (30, 0, 20, None, None)),
        ("IF(metric1, 5, metric3)", (5, 5, 20, None, None)),
        ("IF(metric1, metric2, 5)", (30, 0, 5, 5, None)),
        ("IF(metric1, metric2)", (30, 0, None, None, None)),
        ("IF(1, metric2, metric3)", (30, None, 0, 0, 30)),
        ("IF(0, metric2, metric3)", (0, 0, 20, None, 20)),
        ("IF(metric1 < 1, 10, 2)", (2, 2, 10, 10, None)),
    ],
)
def test_if(expression: str, expected: Series) -> None:
    assert evaluate(expression, GUIDE_IF) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        # No errors next to requests is a rate of 0; errors next to no requests is a division by zero and drops out.
        ("100 * errors / requests", (30, 0, None, None)),
        ("100 * FILL(errors, 0) / requests", (30, 0, None, None)),
        ("100*errors/FILL(requests, 1)", (30, 0, 0, None)),
        ("errors + requests", (13, 20, None, 5)),
        ("-errors", (-3, None, None, -5)),
        ("(errors - 1) * 2", (4, None, None, 8)),
        ("FILL(errors, 7)", (3, 7, 7, 5)),
        ("FILL(errors, requests)", (3, 20, None, 5)),
        ("FILL(errors, REPEAT)", (3, 3, 3, 5)),
        ("FILL(errors, MIN(errors))", (3, 3, 3, 5)),
        ("SUM(METRICS())", (14, 22, 3, 9)),
        ('SUM(METRICS("rr"))', (3, None, None, 5)),
        ('SUM([METRICS("rr"), METRICS("que")])', (13, 20, None, 5)),
        ("AVG([errors, requests])", (6.5, 10, None, 2.5)),
        ("MIN([errors, requests])", (3, 20, None, 0)),
        ("MAX([errors, requests])", (10, 20, None, 5)),
        ("MAX([errors, requests] / 10)", (1, 2, None, 0.5)),
        ("from / SUM(from)", (0.1, 0.2, 0.3, 0.4)),
        ("from - AVG(from)", (-1.5, -0.5, 0.5, 1.5)),
        ("from / MAX(errors)", (0.2, 0.4, 0.6, 0.8)),
        ("ABS(0 - errors)", (3, None, None, 5)),
        ("CEIL(from / 3)", (1, 1, 1, 2)),
        ("FLOOR(from / 3)", (0, 0, 1, 1)),
        ("from * 1e1", (10, 20, 30, 40)),
    ],
)
def test_arithmetic_and_functions(expression: str, expected: Series) -> None:
    assert evaluate(expression, TRAFFIC, tuple(TRAFFIC)) == pytest.approx(expected)


@pytest.mark.parametrize(
    "expression",
    [
        "",
        "errors +",
        "unknown / requests",
        "1 + 1",
        "SUM(errors)",
        "METRICS()",
        "[errors, requests]",
        "SUM([])",
        "FILL(errors, LINEAR)",
        "SUM(errors, requests)",
        "STDDEV(METRICS())",
        "errors < requests < from",
        "__import__('os')",
        "errors.__class__",
        "[e for e in errors]",
        "lambda: errors",
        "'text' * errors",
    ],
)
def test_what_is_no_series_is_refused(expression: str) -> None:
    with pytest.raises(ExpressionError):
        evaluate(expression, TRAFFIC, tuple(TRAFFIC))


points = st.one_of(st.none(), st.floats(-1e6, 1e6))


@given(st.lists(st.tuples(points, points), min_size=1, max_size=6))
def test_a_series_has_data_where_an_operand_has(pairs: list[tuple[float | None, float | None]]) -> None:
    first, second = zip(*pairs, strict=True)
    series = {"a": first, "b": second}
    total = evaluate("a + b", series)
    assert [point is None for point in total] == [a is None and b is None for a, b in pairs]
    assert total == evaluate("SUM([a, b])", series)


@given(st.lists(points, min_size=1, max_size=6))
def test_filled_series_have_no_gaps(values: list[float | None]) -> None:
    filled = evaluate("FILL(a, 0)", {"a": tuple(values)})
    assert filled == tuple(0.0 if value is None else value for value in values)
