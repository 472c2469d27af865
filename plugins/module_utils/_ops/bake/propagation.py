# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sees whether the data plane follows the weights: an API call that has succeeded has not reached it yet."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cached_property

from ..._args.bake.watch import BakeOptions
from ..._aws.bake import cloudwatch
from ..._aws.base.errors import AwsError
from ..._core.bake.propagation import Split, countable
from ..._core.release.idle_check import PERIOD, request_queries
from ..._core.traffic.kinds import parse_routes
from ..._core.traffic.route import Route
from ..base.run import Run
from ..traffic.kinds import read_routes

BEFORE = timedelta(minutes=5)  # in which requests tell that there is traffic at all


class Propagation:
    """Of the weights that the routes of a bake were given before this is made."""

    def __init__(self, run: Run, options: BakeOptions) -> None:
        self._run = run
        self._definitions = parse_routes([] if run.check_mode else options.routes)
        self._stable = options.stable.target_group if options.stable else None
        self._stable_down = not options.judge_stable
        self._since, self._began = _time(run.clock.now()), run.clock.monotonic()
        self.doubts: list[str] = []

    def followed(self) -> bool:
        """Whether nothing speaks against it; without traffic, and where requests are not counted, nothing can.

        Routes in front of load balancers share out clients, which send more or fewer requests: these say nothing of
        the weights, but answers of before have to run out. A stable environment that was down may have no target, and
        then its requests are not counted (RequestCount in the CloudWatch metrics for Application Load Balancers).
        """
        self.doubts = []
        if any(each.in_front for each in self._definitions):
            return self._run.clock.monotonic() >= self._began + max(route.ttl for route in self._routes)
        if self._stable_down or not self._definitions:  # without routes nobody asks
            return True
        groups = list(self._routes[0].weights)
        queries = request_queries([route.load_balancer for route in self._routes], groups)
        if not queries or not countable(self._routes):
            return True
        end = _time(self._run.clock.now()) + timedelta(seconds=PERIOD)
        try:
            results = cloudwatch.get_metric_data(self._run.client("cloudwatch"), queries, self._since - BEFORE, end)
        except AwsError as error:  # the next look may succeed
            self.doubts = [str(error)]
            return False
        split = Split.read(results, groups, self._since)
        if not split.traffic(self._stable):
            return True
        self.doubts = [f"The requests do not follow the weights: {each}." for each in split.astray(self._routes[0])]
        return bool(split.requests and not self.doubts)

    @cached_property
    def _routes(self) -> list[Route]:
        return read_routes(self._run, self._definitions)


def _time(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
