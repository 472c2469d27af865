# SPDX-License-Identifier: GPL-3.0-or-later
"""The instance refreshes of all groups: started, canceled, rolled back, and remembered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from moto.autoscaling.exceptions import AutoscalingClientError, ValidationError

from ..cloudwatch import backend as cloudwatch
from . import launch_source, validation
from .group import LabGroup
from .groups import GroupBackend
from .launch_source import Configuration
from .member import LabMember
from .refresh import Refresh
from .refresh_course import Course
from .refresh_preferences import Preferences
from .selection import current_versions

STRATEGIES = ("Rolling",)
RUNNING = "An Instance Refresh is already in progress and blocks the execution of this Instance Refresh."


class RefreshBackend(GroupBackend):
    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.refreshes: dict[str, list[Refresh]] = {}  # by group, the newest first

    @property
    def course(self) -> Course:
        return Course(self.elbv2, cloudwatch.backend(self.region_name, self.account_id).book, self.clock)

    def start_refresh(self, group_name: str, request: Mapping[str, Any]) -> Refresh:
        group, asked = self.changeable(group_name), request.get("Preferences", {})
        if request.get("Strategy", "Rolling") not in STRATEGIES:
            raise ValidationError(f"The lab knows the strategy {STRATEGIES[0]} only")
        if group.refresh and group.refresh.active:
            raise AutoscalingClientError("InstanceRefreshInProgress", RUNNING)
        configuration = request.get("DesiredConfiguration")
        validation.check_template(self.ec2_backend, configuration or {})
        _check_named_types(group, request)
        preferences = Preferences.requested(asked, group)
        self._check_alarms(preferences)
        if preferences.rolls_back:
            self._check_reversible(group, configuration, "ValidationError")
        refresh = Refresh(
            group_name,
            preferences,
            configuration,
            request.get("Strategy", STRATEGIES[0]),
            before=frozenset(each.instance_id for each in group.instance_states),
            outdated={each.instance_id for each in _outdated(group, preferences, configuration)},
            checkpoints=list(preferences.checkpoints),
        )
        refresh.to_update = len(refresh.outdated)
        group.refresh = refresh
        self.refreshes.setdefault(group_name, []).insert(0, refresh)
        return refresh

    def cancel_refresh(self, group_name: str, waits: bool) -> Refresh:
        """Nothing that was replaced is undone."""
        refresh = self._active(self.changeable(group_name))
        refresh.status, refresh.waits = "Cancelling", waits
        return refresh

    def roll_back_refresh(self, group_name: str) -> Refresh:
        group = self.changeable(group_name)
        refresh = self._active(group)
        if not refresh.forward:
            raise _not_found(group_name)
        self._check_reversible(group, refresh.configuration, "IrreversibleInstanceRefresh")
        self.course.roll_back(group, refresh, "Manual rollback: started by a user request.")
        return refresh

    def _active(self, group: LabGroup) -> Refresh:
        if group.refresh is None or not group.refresh.active or group.refresh.status == "Cancelling":
            raise _not_found(group.name)
        return group.refresh

    def _check_alarms(self, preferences: Preferences) -> None:
        """ "If the alarm state is INSUFFICIENT_DATA or ALARM, you receive an error" (user guide, auto rollback)."""
        for name in preferences.alarms:
            alarm = self.course.book.alarms.get(name)
            if alarm is None:
                raise ValidationError(f"CloudWatch alarm {name} does not exist")
            if alarm.state != "OK":
                raise ValidationError(f"CloudWatch alarm {name} must be in OK state; it is in {alarm.state}")

    @staticmethod
    def _check_reversible(group: LabGroup, configuration: Configuration | None, code: str) -> None:
        """As RollbackInstanceRefresh lists what it does not support."""
        if configuration is None:
            raise AutoscalingClientError(code, "A rollback requires a desired configuration.")
        if launch_source.moves(group):
            raise AutoscalingClientError(
                code,
                "A rollback is not supported: the launch template of the Auto Scaling group uses $Latest, $Default, or "
                "a Systems Manager parameter instead of an AMI ID.",
            )

    def _forget(self, group_name: str) -> None:
        super()._forget(group_name)
        self.refreshes.pop(group_name, None)


def _check_named_types(group: LabGroup, request: Mapping[str, Any]) -> None:
    """ "An instance refresh will fail if you start it with" either of them "in an Auto Scaling group that has
    InstanceRequirements configured" (user guide, "How an instance refresh works", Limitations). The lab refuses the
    request; the message is its own, for AWS documents none."""
    refused = {"SkipMatching", "DesiredConfiguration"} & {*request, *request.get("Preferences", {})}
    if refused and any("InstanceRequirements" in each for each in group.overrides):
        raise ValidationError(
            f"{' and '.join(sorted(refused))} can't be specified for an Auto Scaling group with attribute-based "
            "instance type selection"
        )


def _outdated(group: LabGroup, preferences: Preferences, configuration: Configuration | None) -> list[LabMember]:
    """Everything that is there, or with skip matching what was launched from something else."""
    found = [each for each in group.instance_states if "Terminating" not in each.lifecycle_state]
    if not preferences.skips_matching:
        return found
    with launch_source.lent(group, configuration):
        versions = current_versions(group)
        types = {each["InstanceType"] for each in group.overrides if "InstanceType" in each}
    matching = [each for each in found if each.version in versions and (not types or each.instance_type in types)]
    return [each for each in found if each not in matching]


def _not_found(group_name: str) -> AutoscalingClientError:
    return AutoscalingClientError(
        "ActiveInstanceRefreshNotFound",
        f"No in progress or pending Instance Refresh found for Auto Scaling group {group_name}",
    )
