# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from switchyard_lab.aws.cloudwatch.metric_math import ExpressionError
from switchyard_lab.aws.cloudwatch.metric_queries import QuerySet


@pytest.mark.parametrize(
    ("ids", "problem"),
    [
        (["a", "a"], "must be unique"),
        (["Errors"], "must begin with a lower-case letter"),
        (["5xx"], "must begin with a lower-case letter"),
        (["with-dash"], "must begin with a lower-case letter"),
        ([f"m{number}" for number in range(501)], "There are 501 MetricDataQueries; a call takes 500"),
    ],
)
def test_what_get_metric_data_refuses(ids: list[str], problem: str) -> None:
    with pytest.raises(ExpressionError, match=problem):
        QuerySet([{"Id": key, "Expression": "1"} for key in ids])
