# SPDX-License-Identifier: GPL-3.0-or-later
"""Target groups as they are now: who is registered, how healthy they are, who drains."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from .balancer import Rotation, SlowStart, eligible
from .checker import Checker
from .config import GroupConfig, TargetConfig
from .health import CheckResult, Health

Report = Callable[[dict[str, Any]], None]


class Target:
    def __init__(self, config: TargetConfig, *, starts_slowly: bool) -> None:
        self.config = config
        self.health = Health()
        self.starts_slowly = starts_slowly  # once it is healthy, where the group has slow start
        self.slow_start: SlowStart | None = None
        self._in_flight: set[asyncio.Timeout] = set()

    @property
    def outstanding(self) -> int:
        return len(self._in_flight)

    def takes_turn(self) -> bool:
        """In slow start, only now and then."""
        now = asyncio.get_running_loop().time()
        if self.slow_start and self.slow_start.is_over(now):
            self.slow_start = None
        return self.slow_start is None or self.slow_start.takes_turn(now)

    @asynccontextmanager
    async def request(self) -> AsyncIterator[None]:
        """Counts a request, which lasts until it is done or the deregistration delay is over."""
        async with asyncio.timeout(None) as scope:
            self._in_flight.add(scope)
            try:
                yield
            finally:
                self._in_flight.discard(scope)

    def cut_off(self) -> None:
        now = asyncio.get_running_loop().time()
        for scope in self._in_flight:
            scope.reschedule(now)


class TargetGroup:
    def __init__(self, config: GroupConfig, speed: float, checker: Checker, report: Report) -> None:
        self.config = config
        self._speed = speed
        self._checker = checker
        self._report = report
        self._rotation = Rotation()
        self._registered: dict[TargetConfig, Target] = {}
        self._checks: dict[TargetConfig, asyncio.Task[None]] = {}
        self._draining: dict[TargetConfig, asyncio.TimerHandle] = {}
        self._failing: dict[TargetConfig, asyncio.TimerHandle] = {}  # those reported as unhealthy.draining

    def apply(self, config: GroupConfig) -> None:
        self.config = config
        wanted = set(config.targets)
        for target in [target for key, target in self._registered.items() if key not in wanted]:
            self._deregister(target)
        for key in config.targets:
            if key not in self._registered:
                self._register(key)
        for target in self._registered.values():
            target.slow_start = target.slow_start if config.slow_start_seconds else None
            self._check_if_in_use(target)

    def choose(self, wanted: TargetConfig | None = None) -> Target | None:
        """The target that the client's cookie names while it may have traffic, else the next one in turn."""
        candidates = self._candidates()
        if not candidates:
            return None
        if wanted is not None:
            for target in candidates:
                if target.config == wanted:
                    return target
        return self._rotation.next(candidates, self.config.algorithm)

    def _candidates(self) -> Sequence[Target]:
        """A zonal shift has no effect on a group that fails open ("Supported resources" in the ARC developer guide)."""
        registered = list(self._registered.values())
        present = [target for target in registered if target.config.id not in self.config.shifted]
        return eligible(present if any(target.health.state == "healthy" for target in present) else registered)

    def count(self, state: str) -> int:
        return sum(target.health.state == state for target in self._registered.values())

    @property
    def is_empty(self) -> bool:
        return not self._registered

    def close(self) -> None:
        for task in self._checks.values():
            task.cancel()
        for timer in (*self._draining.values(), *self._failing.values()):
            timer.cancel()

    def _register(self, key: TargetConfig) -> None:
        """A target that comes back while it drains is registered again; its old requests may now take their time."""
        if timer := self._draining.pop(key, None):
            timer.cancel()
        self._registered[key] = Target(key, starts_slowly=self._has_full_share())

    def _deregister(self, target: Target) -> None:
        """No new requests from now on, not even sticky ones. AWS shows `draining` for the whole delay, idle or not."""
        del self._registered[target.config]
        self._stop_checks(target)
        delay = self.config.deregistration_delay / self._speed
        self._draining[target.config] = asyncio.get_running_loop().call_later(delay, self._drained, target)

    def _drained(self, target: Target) -> None:
        if self.config.ends_drained:
            target.cut_off()
        del self._draining[target.config]
        self._report({"op": "drained", **self._name(target)})

    def _check_if_in_use(self, target: Target) -> None:
        """Only groups that a listener uses are checked; one that comes (back) into use starts from `initial`."""
        if not self.config.in_use:
            self._stop_checks(target)
        elif target.config not in self._checks:
            self._set_health(target, Health())
            self._checks[target.config] = asyncio.create_task(self._keep_checking(target))

    def _stop_checks(self, target: Target) -> None:
        self._fail_no_more(target)
        if task := self._checks.pop(target.config, None):
            task.cancel()

    async def _keep_checking(self, target: Target) -> None:
        self._set_health(target, target.health.being_checked())
        async for result in self._checker.results(target.config, lambda: self.config.health):
            self._note(target, result)

    def _note(self, target: Target, result: CheckResult) -> None:
        before = target.health
        target.health = before.after(result, self.config.health)
        if target.health.state != before.state:
            self._start_slowly(target)
            self._begin_to_fail(target)
        if not target.health.looks_like(before):
            self._report_health(target)
            if target.health.state == "unhealthy" and self.config.ends_unhealthy:
                target.cut_off()

    def _begin_to_fail(self, target: Target) -> None:
        """For so long an unhealthy target of a Network Load Balancer is ``unhealthy.draining``, which gets no new
        connections either ("Edit target group attributes for your Network Load Balancer", unhealthy target draining
        interval)."""
        self._fail_no_more(target)
        seconds = self.config.unhealthy_draining_seconds / self._speed
        if target.health.state == "unhealthy" and seconds and not self.config.ends_unhealthy:
            self._failing[target.config] = asyncio.get_running_loop().call_later(seconds, self._failed, target)

    def _fail_no_more(self, target: Target) -> None:
        if timer := self._failing.pop(target.config, None):
            timer.cancel()

    def _failed(self, target: Target) -> None:
        del self._failing[target.config]
        self._report_health(target)

    def _start_slowly(self, target: Target) -> None:
        """ "Newly registered targets enter slow start mode only when there is at least one healthy target that is not
        in slow start mode", once they are healthy; one that becomes unhealthy exits it, and later enters it again
        ("Edit target group attributes for your Application Load Balancer", slow start mode)."""
        target.slow_start = None
        if target.health.state != "healthy":
            target.starts_slowly = True
        elif target.starts_slowly and self.config.slow_start_seconds:
            seconds = self.config.slow_start_seconds / self._speed
            target.slow_start = SlowStart(asyncio.get_running_loop().time(), seconds)

    def _has_full_share(self) -> bool:
        """Whether a target takes all of its turns."""
        return any(each.health.state == "healthy" and not each.slow_start for each in self._registered.values())

    def _set_health(self, target: Target, health: Health) -> None:
        target.health = health
        self._report_health(target)

    def _report_health(self, target: Target) -> None:
        health = target.health
        state = "unhealthy.draining" if target.config in self._failing else health.state
        reported = {"state": state, "reason": health.reason, "description": health.description}
        self._report({"op": "health", **self._name(target), **reported})

    def _name(self, target: Target) -> dict[str, Any]:
        return {"group": self.config.arn, "id": target.config.id, "port": target.config.port}
