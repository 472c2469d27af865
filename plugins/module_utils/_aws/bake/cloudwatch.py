# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""CloudWatch: one function, one API call (pages of one listing count as one)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from ..base.batches import batches
from ..base.errors import AwsError, doing

Client = Any
Item = dict[str, Any]

MOST_NAMES = 100  # DescribeAlarms takes no more names, and returns no more alarms in a page (API reference)
HICCUP = "InternalError"  # "An error has occurred. Retry the request" (GetMetricData, MetricDataResult.StatusCode)
UNREADABLE = (HICCUP, "Forbidden")
READS = 3  # of data with a hiccup
INVALID = "ValidationError"  # the error of AWS for such an expression where it takes one time series, as in an alarm


def describe_alarms(cloudwatch: Client, names: Sequence[str]) -> list[Item]:
    """Metric and composite alarms; those that do not exist are left out. At most ``MOST_NAMES`` names."""
    with doing(f"reading alarms {', '.join(names)}"):
        pages = cloudwatch.get_paginator("describe_alarms").paginate(
            AlarmNames=list(names),
            AlarmTypes=["MetricAlarm", "CompositeAlarm"],  # metric alarms alone, when not said
            PaginationConfig={"PageSize": MOST_NAMES},
        )
        return [alarm for page in pages for kind in ("MetricAlarms", "CompositeAlarms") for alarm in page.get(kind, [])]


def find_alarms(cloudwatch: Client, prefix: str) -> list[Item]:
    """Metric alarms whose names begin so."""
    with doing(f"reading alarms {prefix}…"):
        pages = cloudwatch.get_paginator("describe_alarms").paginate(
            AlarmNamePrefix=prefix, AlarmTypes=["MetricAlarm"], PaginationConfig={"PageSize": MOST_NAMES}
        )
        return [alarm for page in pages for alarm in page["MetricAlarms"]]


def describe_tags(cloudwatch: Client, alarm_arn: str) -> dict[str, str]:
    with doing(f"reading the tags of {alarm_arn}"):
        return {tag["Key"]: tag["Value"] for tag in cloudwatch.list_tags_for_resource(ResourceARN=alarm_arn)["Tags"]}


def accepted_fields(cloudwatch: Client) -> frozenset[str]:
    """What this version of the SDK lets PutMetricAlarm say."""
    return frozenset(cloudwatch.meta.service_model.operation_model("PutMetricAlarm").input_shape.members)


def put_alarm(cloudwatch: Client, request: Mapping[str, Any]) -> None:
    """Tags of an alarm that exists already stay as they are (PutMetricAlarm in the API reference)."""
    with doing(f"making alarm {request['AlarmName']}"):
        cloudwatch.put_metric_alarm(**request)


def delete_alarms(cloudwatch: Client, names: Sequence[str]) -> None:
    """Those that do not exist are passed over."""
    with doing(f"deleting alarms {', '.join(names)}"):
        for batch in batches(names, MOST_NAMES):
            cloudwatch.delete_alarms(AlarmNames=batch)


def get_metric_data(
    cloudwatch: Client, queries: Sequence[Mapping[str, Any]], start: datetime, end: datetime
) -> list[Item]:
    """The results of all queries; a result whose points span pages comes in several parts.

    A result that AWS could not compute, though it was asked again, or may not show, is an error: it would pass for one
    without data. So are several time series of one expression: they would pass for one.
    """
    for _read in range(READS):
        with doing("reading metrics"):
            pages = cloudwatch.get_paginator("get_metric_data").paginate(
                MetricDataQueries=list(queries), StartTime=start, EndTime=end
            )
            results = [result for page in pages for result in page["MetricDataResults"]]
        if not any(result["StatusCode"] == HICCUP for result in results):
            break
    for result in results:
        if (code := result["StatusCode"]) in UNREADABLE:
            messages = "; ".join(message["Value"] for message in result.get("Messages", [])) or "no reason given"
            raise AwsError(f"AWS did not show metric {result['Label']}: {messages} (GetMetricData: {code}).", code)
    for query in queries:
        if "Expression" in query:
            _check_single(query, results)
    return results


def _check_single(query: Mapping[str, Any], results: Sequence[Item]) -> None:
    """A search, or a query with GROUP BY, returns several time series. Each is a result with a label of its own.
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-search-expressions.html
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-metrics-insights-math.html
    """
    series = {result.get("Label") for result in results if result["Id"] == query["Id"]}
    if len(series) > 1:
        raise AwsError(
            f"Expression {query['Expression']} gives {len(series)} time series. Combine them with SUM, AVG or MAX.",
            INVALID,
        )
