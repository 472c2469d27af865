# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Proves that an environment gets no traffic, before it is removed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from ..._args.release.idle_check import IdleOptions
from ..._aws.bake import cloudwatch
from ..._aws.traffic import elbv2
from ..._core.bake.request_counts import Requests, request_queries
from ..._core.base.arns import is_application
from ..._core.release.idle_check import check_idle, check_strays, quiet_window, refuse_requests
from ..._core.service.environments import Service
from ..._core.service.place import Place
from ..base.run import Run
from ..base.wait import poll
from ..service.read import read_service
from ..traffic.references import read_strays

LONGEST_FIRST_PAUSE = 5.0  # seconds


def traffic_check(options: IdleOptions, run: Run) -> dict[str, Any]:
    """The work of module traffic_check. Reads only; check mode does not wait for answers to run out."""
    color = options.color
    service = _read_idle(options, run)
    groups = service.environments[color].target_groups
    waited = _outlive_answers(options, run, service)
    window = quiet_window(options.quiet_seconds, service.routes, color)
    balancers = _load_balancers(run, service, groups)
    queries, said = request_queries(balancers, groups), []
    if window and not all(map(is_application, balancers)):
        said = [f"{color} of {options.service} has no weight; Network Load Balancers do not count its requests."]
        _stay_idle(options, run, window, f"waiting until {color} has been without weight for {window} s")
    if not window or not queries:
        return {"changed": False, "quiet_seconds": 0, "ttl_waited_seconds": waited, "warnings": said}

    deadline = run.clock.now() + options.wait_timeout
    count = _counter(run, queries, window)

    def look() -> Requests:
        seen = count()
        check_idle(_read(options, run), color)  # whoever returns to it meanwhile does not wait for this
        return seen

    def decided(seen: Requests) -> bool:
        """Quiet, or not to be quiet in time, so that nobody waits in vain."""
        return seen.last is None or seen.last.timestamp() + window > deadline

    doing = f"waiting until {color} of {options.service} has had no requests for {window} s"
    run.progress(doing)
    first = min(LONGEST_FIRST_PAUSE, window / 10)
    seen = poll(run, doing, look, decided, options.wait_timeout, first=first, standing=Requests.message)
    refuse_requests(seen, service.environments[color].name, window)
    return {"changed": False, "quiet_seconds": window, "ttl_waited_seconds": waited, "warnings": said}


def _counter(run: Run, queries: Sequence[dict[str, Any]], window: int) -> Callable[[], Requests]:
    """The requests within the ``window``. CloudWatch charges for each metric that is read, so it is asked again only
    when the latest request that is known may have left the window."""
    seen: Requests | None = None

    def count() -> Requests:
        nonlocal seen
        now, length = run.now, timedelta(seconds=window)
        if seen is None or seen.last is None or now >= seen.last + length:
            seen = Requests.read(cloudwatch.get_metric_data(run.client("cloudwatch"), queries, now - length, now))
        return seen

    return count


def _read(options: IdleOptions, run: Run) -> Service:
    place = Place.parse(options.service, options.routes, options.target_groups)
    return read_service(run, place)


def _read_idle(options: IdleOptions, run: Run) -> Service:
    """The service, whose environment nothing sends requests to."""
    service, color = _read(options, run), options.color
    check_idle(service, color)
    groups = service.environments[color].target_groups
    check_strays(service, color, read_strays(run, service, groups, options.test_route))
    return service


def _outlive_answers(options: IdleOptions, run: Run, service: Service) -> int:
    """Wait until no resolver keeps an answer that led to an environment without weight; for how many seconds.

    Route 53 does not report since when a record has had its weight, so the time runs from now, and the weight is
    checked all along. The margin is for what was written just before: name servers may give the earlier answer for
    another minute.
    """
    if not service.in_front or run.check_mode:
        return 0
    seconds = int(service.ttl + options.ttl_margin_seconds)
    doing = f"waiting {seconds} s until no resolver keeps an answer that leads to {options.color}"
    run.progress(doing)
    _stay_idle(options, run, seconds, doing)
    return seconds


def _stay_idle(options: IdleOptions, run: Run, seconds: int, doing: str) -> None:
    """Wait until the environment has been without weight for ``seconds``. Where nothing is counted, time is all
    there is to wait for."""
    if not seconds or run.check_mode:
        return
    end = run.clock.monotonic() + seconds

    def look() -> bool:
        check_idle(_read(options, run), options.color)
        return run.clock.monotonic() >= end

    poll(run, doing, look, bool, seconds, first=1.0)


def _load_balancers(run: Run, service: Service, target_groups: Sequence[str]) -> list[str]:
    """The load balancers that count requests to these target groups."""
    if not service.in_front:
        return [route.load_balancer for route in service.routes]
    found = elbv2.describe_target_groups_by_arn(run.client("elbv2"), target_groups)
    return [arn for group in found for arn in group["LoadBalancerArns"]]
