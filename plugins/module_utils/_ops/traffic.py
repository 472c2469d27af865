# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Proves that an environment gets no traffic, before it is removed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from .._aws import cloudwatch
from .._core.traffic import Requests, check_idle, quiet_window, refuse_requests, request_queries
from .run import Run
from .service import read_service
from .wait import poll


def traffic_check(options: Mapping[str, Any], run: Run) -> dict[str, Any]:
    """The work of module traffic_check. Reads only, so check mode makes no difference."""
    color = options["color"]
    service = read_service(run, options["service"], options["routes"], options["target_groups"], ["routes"])
    check_idle(service, color)
    arn = service.environments[color].target_group_arn
    window = quiet_window(options["quiet_seconds"], service.routes, arn)
    queries = request_queries(service.routes, [arn])
    if not window or not queries:
        uncounted = f"{color} of {options['service']} has no weight; Network Load Balancers do not count its requests."
        return {"changed": False, "quiet_seconds": 0, "warnings": [uncounted] if window else []}

    deadline = run.clock.now() + options["wait_timeout"]

    def look() -> Requests:
        now = datetime.fromtimestamp(run.clock.now(), UTC)
        since = now - timedelta(seconds=window)
        return Requests.read(cloudwatch.get_metric_data(run.client("cloudwatch"), queries, since, now))

    def decided(seen: Requests) -> bool:
        """Quiet, or not to be quiet in time, so that nobody waits in vain."""
        return seen.last is None or seen.last.timestamp() + window > deadline

    run.progress(f"looking whether {color} of {options['service']} was without requests for {window} s")
    refuse_requests(poll(look, decided, run.clock, options["wait_timeout"]), arn, window)
    return {"changed": False, "quiet_seconds": window}
