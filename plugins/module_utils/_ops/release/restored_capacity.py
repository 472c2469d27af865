# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The capacity of stable, restored before all traffic returns to it."""

from __future__ import annotations

from functools import partial

from ..._core.base.errors import BluegreenError, StoppedError, UnconfirmedError
from ..._core.base.findings import Report
from ..._core.release.traffic_return import Plan
from ..._core.targets.everywhere import everywhere
from ..._core.targets.launch_failures import HURRIED
from ..._core.targets.members import Members
from ..._core.targets.serving_capacity import ServingCapacity, serving
from ..base.run import Run
from ..base.wait import poll
from ..group.capacity import hold
from ..targets.health import LONGEST_PAUSE
from ..targets.instance_wait import InstanceWait
from .returned_routes import ReturnedRoutes


class StableShortError(BluegreenError):
    """Stable cannot take the traffic."""


class RestoredCapacity:
    """``now`` is what stable can carry."""

    def __init__(self, run: Run, plan: Plan, routes: ReturnedRoutes, report: Report) -> None:
        self._run, self._plan, self._routes, self._report = run, plan, routes, report
        self._stable, self._reached = plan.stable, plan.service.reached(plan.stable.color)
        self.now = plan.capacity

    def restore(self, timeout: float) -> None:
        """Restore what the group's own scaling or a person has made smaller, so that all traffic does not overload what
        is left.

        What stable can carry it gets at once, the rest as its instances become healthy. When the time has ended, or AWS
        cannot launch them, it gets everything anyway, because the candidate is not better, unless none of its
        targets is healthy.
        """
        group = self._require_group()
        self._run.progress(f"{group.group} has {self.now}; its capacity is restored first")
        self._report.of(self._follow, group, timeout)  # whoever has lost the lease sends nothing more
        if not self.now.serving:
            raise StableShortError(
                f"No instance of {group.group}, which is stable, is healthy, so the traffic stays where it is. Look at "
                f"the targets of {self._stable.name}, then run again.",
                warnings=self._report.findings,
            )
        if not self.now.firm:
            self._report.note(f"{group.group} takes all traffic with {self.now}.")

    def _require_group(self) -> Members:
        """The group whose capacity can be restored; an error when there is none."""
        if self._plan.group and not self._plan.lack:
            return self._plan.group
        if self._has_grown:
            self._routes.send(self._plan.service, self._carries)
        raise StableShortError(
            f"{self._stable.color}, which is stable, has {self.now} in {self._stable.name}, and {self._plan.lack}, so "
            "no more of the traffic returns to it. Attach a group with healthy instances, then run again.",
            warnings=self._report.findings,
        )

    def _follow(self, group: Members, timeout: float) -> None:
        """Until it can carry everything, or the time has ended."""
        wait = InstanceWait(self._run, group.group, self._reached[0], HURRIED)
        deadline = self._run.clock.monotonic() + timeout
        look = partial(self._look, wait)
        self._report.of(look)
        hold(self._run, group.group, self.now.needed)
        doing = f"waiting until {group.group} can carry all traffic"
        if not self.now.firm and (left := deadline - self._run.clock.monotonic()) > 0:
            poll(self._run, doing, look, self._is_firm, left, LONGEST_PAUSE, standing=self._stands)

    def _look(self, wait: InstanceWait) -> None:
        """All traffic is sent at the end. What cannot be read, written or confirmed now is tried again after the next
        look."""
        self._see(wait)
        if self.now.firm or not self._has_grown:
            return
        try:
            self._routes.send(self._routes.read(), self._carries)
        except StoppedError:
            raise
        except UnconfirmedError:
            return
        except BluegreenError as error:
            self._report.note(self._routes.with_broken(error))

    def _see(self, wait: InstanceWait) -> None:
        sight = wait.read()
        wait.look(sight)
        targets = everywhere([sight.targets[arn] for arn in self._reached])
        healthy = [target.id for target in targets if target.healthy]
        self.now = ServingCapacity(serving(sight.members, healthy), self.now.needed)

    def _is_firm(self, _seen: None) -> bool:
        return self.now.firm

    @property
    def _carries(self) -> int:
        """How many percent of the traffic."""
        return self.now.share(self._routes.weight)

    @property
    def _has_grown(self) -> bool:
        return self._carries > self._routes.weight

    def _stands(self, _seen: None) -> str:
        has = f"it has {self.now}, and {self._stable.color} has {self._routes.weight} % of the traffic."
        return " ".join([has, *self._routes.broken])
