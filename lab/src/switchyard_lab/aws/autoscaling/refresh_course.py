# SPDX-License-Identifier: GPL-3.0-or-later
"""How an instance refresh goes from one status to the next.

After the user guide: "Add checkpoints to an instance refresh", "Undo changes with a manual or auto rollback".
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from ...clock import Clock
from ..cloudwatch.alarm_book import AlarmBook
from ..elbv2.backend import LabELBv2
from . import attachments, launch_source
from .group import LabGroup
from .member import LabMember
from .refresh import ROLLING_BACK, Refresh
from .refresh_preferences import HOUR, WHOLE
from .replacement import Standing, serves, survey, units, waits_for

BLIND = "Waiting for CloudWatch alarms to have sufficient data. For example: {}."  # the lab's words
CANCELED = "Cancelled due to user request."


@dataclass(frozen=True)
class Course:
    elbv2: LabELBv2
    book: AlarmBook
    clock: Clock

    def standing(self, group: LabGroup, refresh: Refresh) -> Standing:
        return survey(group, refresh, partial(self._ready, group, refresh))

    def advance(self, group: LabGroup, refresh: Refresh) -> None:
        if refresh.forward:
            self._hear_alarms(group, refresh)
        now = self.clock.now()
        match refresh.status:
            case "Pending":
                refresh.status, refresh.moved = "InProgress", now
            case "InProgress" | "RollbackInProgress":
                self._follow(group, refresh)
            case "Baking" if now >= refresh.held_until:
                self._succeed(group, refresh)
            case "Baking":
                left = round((refresh.held_until - now) * self.clock.speed)
                refresh.reason = f"Waiting for bake time to finish before continuing. There are {left} seconds left."
            case "Cancelling" if not (refresh.waits and _in_transition(group)):
                refresh.end("Cancelled", CANCELED)

    def roll_back(self, group: LabGroup, refresh: Refresh, reason: str) -> None:
        """What was launched since the start is to go, and the group launches again what it did before."""
        refresh.roll_back(reason, self.clock.now())
        refresh.outdated = {each.instance_id for each in group.instance_states} - refresh.before

    def _ready(self, group: LabGroup, refresh: Refresh, member: LabMember) -> bool:
        warm = self.clock.passed(member.in_service_since, refresh.preferences.warmup)
        return warm and self._healthy(group, member)

    def _healthy(self, group: LabGroup, member: LabMember) -> bool:
        """By every health check of the group."""
        if not serves(member):
            return False
        return not group.checks("ELB") or attachments.passes_health_check(group, self.elbv2, member.instance_id)

    def _hear_alarms(self, group: LabGroup, refresh: Refresh) -> None:
        """It fails when one rings, and replaces nothing for as long as one has no data."""
        states = {name: alarm.state for name in refresh.preferences.alarms if (alarm := self.book.alarms.get(name))}
        ringing = [name for name, state in states.items() if state == "ALARM"]
        unsure = [name for name in refresh.preferences.alarms if states.get(name, "INSUFFICIENT_DATA") != "OK"]
        if ringing:
            self._fail(group, refresh, f"CloudWatch alarm {ringing[0]} is in ALARM state.")
            return
        refresh.blind = bool(unsure)
        if unsure and refresh.status == "InProgress":
            refresh.reason = BLIND.format(unsure[0])

    def _follow(self, group: LabGroup, refresh: Refresh) -> None:
        standing = self.standing(group, refresh)
        self._note(group, refresh, standing)
        now, back = self.clock.now(), refresh.status == ROLLING_BACK
        goal = WHOLE if back else refresh.checkpoints[0]
        if now < refresh.held_until or refresh.blind:
            return
        if not standing.reached(goal) or (goal == WHOLE and _warm_outdated(group, refresh)):
            refresh.reason = waits_for(standing)
            if self.clock.passed(refresh.moved, HOUR):
                self._fail(
                    group, refresh, f"Instance refresh made no progress for an hour. {refresh.reason or ''}".strip()
                )
        elif back:
            refresh.end("RollbackSuccessful", (refresh.rollback or {}).get("RollbackReason"))
        elif not standing.reached(refresh.checkpoints[-1]):
            self._hold(refresh, standing)
        elif refresh.preferences.bake_time:
            refresh.status, refresh.held_until = "Baking", now + self.clock.real(refresh.preferences.bake_time)
        else:
            self._succeed(group, refresh)

    def _note(self, group: LabGroup, refresh: Refresh, standing: Standing) -> None:
        """In a rollback, the percentage goes down again, and what was not updated stays as it was."""
        if refresh.status == ROLLING_BACK:
            left = units(each for each in group.live if each.instance_id in refresh.outdated)
            refresh.percentage = min(refresh.percentage, WHOLE * left // (standing.desired or 1))
        else:
            refresh.percentage, refresh.to_update = standing.percentage, standing.to_update
        if group.warm_pool:
            left = len(_warm_outdated(group, refresh))
            done = WHOLE * (len(group.prepared) - left) // (len(group.prepared) or 1) if group.prepared else WHOLE
            refresh.warm = {"PercentageComplete": done, "InstancesToUpdate": left}
        progress = (standing.updated, standing.remaining, len(standing.leaving), len(_warm_outdated(group, refresh)))
        warming = any(self._healthy(group, each) for each in standing.coming)
        if progress != refresh.progress or warming or self.clock.now() < refresh.held_until:
            refresh.progress, refresh.moved = progress, self.clock.now()

    def _hold(self, refresh: Refresh, standing: Standing) -> None:
        """At the highest checkpoint that is reached; those below are skipped."""
        reached = [each for each in refresh.checkpoints[:-1] if standing.reached(each)]
        refresh.checkpoints = refresh.checkpoints[len(reached) :]
        delay = refresh.preferences.checkpoint_delay
        refresh.held_until = self.clock.now() + self.clock.real(delay)
        refresh.reason = f"Reached the checkpoint of {reached[-1]} %. Waiting {delay} seconds before continuing."

    def _fail(self, group: LabGroup, refresh: Refresh, reason: str) -> None:
        if refresh.status == ROLLING_BACK:
            refresh.end("RollbackFailed", reason)
        elif refresh.preferences.rolls_back:
            self.roll_back(group, refresh, reason)
        else:
            refresh.end("Failed", reason)

    def _succeed(self, group: LabGroup, refresh: Refresh) -> None:
        """Only now the group is given the desired configuration."""
        refresh.end("Successful")
        if refresh.configuration:
            launch_source.give(group, refresh.configuration)


def _in_transition(group: LabGroup) -> bool:
    return any(each.lifecycle_state not in ("InService", "Standby") for each in group.instances)


def _warm_outdated(group: LabGroup, refresh: Refresh) -> list[LabMember]:
    return [each for each in group.warm_instances if each.instance_id in refresh.outdated]
