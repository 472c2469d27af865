# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sees whether the data plane follows the weights: an API call that has succeeded has not reached it yet."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from functools import cached_property
from typing import Any

from ..._args.bake.bake import BakeOptions
from ..._aws.bake import cloudwatch
from ..._aws.base.errors import AwsError
from ..._aws.traffic import elbv2
from ..._core.bake.propagation import Split, by_target_groups, countable
from ..._core.bake.report import UNCOUNTED, requests_message
from ..._core.bake.request_counts import PERIOD, request_queries
from ..._core.traffic.kinds import parse_routes
from ..._core.traffic.route import Route
from ..base.run import Run
from ..traffic.kinds import read_routes
from ..traffic.named_groups import target_group_arns

BEFORE = timedelta(minutes=5)  # in which requests show that there is traffic at all


class Propagation:
    """Whether requests follow the weights that the routes of a bake had before this is made.

    A bake that takes no time asks for none: CloudWatch counts them by the minute.
    """

    def __init__(self, run: Run, options: BakeOptions) -> None:
        self._run, takes_time = run, options.seconds or options.propagation_timeout
        self._definitions = parse_routes(options.routes if takes_time and not run.check_mode else [])
        self._stable = options.stable.every if options.stable else []
        self._stable_down, self._strays = options.judge_stable == "once_up", options.strays
        self._candidate = options.candidate.every if options.candidate else []
        self._since, self._began = run.now, run.clock.monotonic()
        self._split: Split | None = None
        self.doubts: list[str] = []

    def followed(self) -> bool:
        """Whether nothing speaks against it; without traffic, and where requests are not counted, nothing can.

        Routes in front of load balancers and sticky routes share out clients, which send more or fewer requests: these
        do not show the weights, and neither do counts that include requests of strays. In front, earlier answers have
        to expire; then a whole period of what came after has to be counted. A stable environment that was down may
        have no target, and then its requests are not counted (RequestCount in the CloudWatch metrics for Application
        Load Balancers). What cannot be read is an error.
        """
        self.doubts = []
        if self._expiring:
            return False
        if self._stable_down or not self._definitions or not self._queries:  # without routes nobody asks
            return True
        self._split = self._read()
        if self._in_front or self._strays or not countable(self._routes):
            return bool(self._split.requests) or not self._split.traffic(self._stable)
        followed = [self._has_followed(self._split, route) for route in by_target_groups(self._routes)]
        return all(followed)

    def _has_followed(self, split: Split, route: Route) -> bool:
        own = split.of(route)
        if not own.traffic(self._stable):
            return True
        astray = own.astray(route)
        self.doubts += [f"The requests do not follow the weights: {each}." for each in astray]
        return bool(own.requests and not astray)

    def requests(self) -> str:
        """How many requests the candidate gets of all, as last read: at most one call more."""
        if not self._candidate or not self._definitions:
            return ""
        with suppress(AwsError):
            if not self._queries:
                return "requests are not counted"
            self._split = self._split or self._read()
        return requests_message(self._split, self._candidate)

    def standing(self) -> str:
        if self._expiring:
            return "earlier answers of resolvers have not expired"
        return " ".join(self.doubts) or UNCOUNTED

    def _read(self) -> Split:
        end = self._run.now + timedelta(seconds=PERIOD)
        results = cloudwatch.get_metric_data(self._run.client("cloudwatch"), self._queries, self._since - BEFORE, end)
        return Split.read(results, self._groups, self._since + timedelta(seconds=self._expiry))

    @property
    def _expiring(self) -> bool:
        return self._run.clock.monotonic() < self._began + self._expiry

    @cached_property
    def _expiry(self) -> float:
        """For how many seconds answers of resolvers from before the shift may last."""
        return max(route.ttl for route in self._routes) if self._in_front else 0.0

    @property
    def _in_front(self) -> bool:
        return any(each.in_front for each in self._definitions)

    @cached_property
    def _groups(self) -> list[str]:
        """The target groups that share the requests out, by ARN."""
        if not self._in_front:
            return list(dict.fromkeys(arn for route in self._routes for arn in route.weights))
        return list(target_group_arns(self._run, [*self._candidate, *self._stable]).values())

    @cached_property
    def _queries(self) -> list[dict[str, Any]]:
        """None where requests are not counted."""
        if not self._in_front:
            return request_queries([route.load_balancer for route in self._routes], self._groups)
        found = elbv2.describe_target_groups_by_arn(self._run.client("elbv2"), self._groups)
        return request_queries([balancer for group in found for balancer in group["LoadBalancerArns"]], self._groups)

    @cached_property
    def _routes(self) -> list[Route]:
        return read_routes(self._run, self._definitions)
