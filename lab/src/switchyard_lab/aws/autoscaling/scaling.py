# SPDX-License-Identifier: GPL-3.0-or-later
"""How a policy changes a group's capacity when an alarm that names it is in ALARM."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from moto.autoscaling.exceptions import AutoscalingClientError, ValidationError

from ...clock import Clock
from ..cloudwatch.alarm_book import Alarm
from ..cloudwatch.metric_alarms import MetricAlarmJudge
from .group import LabGroup

MINUTE = 60

Policy = Mapping[str, Any]


@dataclass
class Scaling:
    """Remembers when each policy was invoked last."""

    clock: Clock

    def __post_init__(self) -> None:
        self._invoked: dict[tuple[str, str], float] = {}
        self._changed: dict[str, float] = {}

    def hear(self, alarm: Alarm, arn: str, policy: Policy, group: LabGroup) -> None:
        """An alarm with an action of Auto Scaling invokes it once per minute for as long as it is in ALARM.

        See https://repost.aws/knowledge-center/autoscaling-policy-cloudwatch-alarm.
        """
        key = (alarm.name, arn)
        before = self._invoked.get(key, -math.inf)
        if alarm.state != "ALARM" or not alarm.actions_enabled or group.status or group.suspends("AlarmNotification"):
            return
        if alarm.updated <= before and not self.clock.passed(before, MINUTE):
            return
        self._invoked[key] = self.clock.now()
        judge = alarm.judge
        value = judge.latest if isinstance(judge, MetricAlarmJudge) else None
        if value is not None or policy["PolicyType"] == "SimpleScaling":
            self._scale(group, policy, alarm, value or 0.0)

    def execute(self, group: LabGroup, policy: Policy, request: Mapping[str, Any]) -> None:
        """ExecutePolicy: as if an alarm had set the policy off, with the metric's value that the request tells."""
        match policy["PolicyType"]:
            case "SimpleScaling" if request.get("HonorCooldown") and not self._cooled(group, policy):
                raise AutoscalingClientError("ScalingActivityInProgress", "The cooldown period is not over yet.")
            case "SimpleScaling":
                self._resize(group, self._simple(group, policy))
            case "StepScaling" if "MetricValue" not in request or "BreachThreshold" not in request:
                raise ValidationError("MetricValue and BreachThreshold are required for policies of type StepScaling")
            case "StepScaling":
                difference = float(request["MetricValue"]) - float(request["BreachThreshold"])
                if _step(policy, difference) is None:
                    raise ValidationError(f"There is no step adjustment for metric value {request['MetricValue']}")
                self._resize(group, self._stepped(group, policy, difference))
            case kind:
                raise ValidationError(f"ExecutePolicy is not supported for policies of type {kind}")

    def _scale(self, group: LabGroup, policy: Policy, alarm: Alarm, value: float) -> None:
        match policy["PolicyType"]:
            case "TargetTrackingScaling":
                self._resize(group, self._tracked(group, policy, alarm, value))
            case "StepScaling":
                self._resize(group, self._stepped(group, policy, value - float(alarm.definition.get("Threshold", 0))))
            case "SimpleScaling" if self._cooled(group, policy):
                self._resize(group, self._simple(group, policy))

    def _resize(self, group: LabGroup, wanted: int) -> None:
        """Within the bounds."""
        wanted = min(max(wanted, group.min_size or 0), group.max_size or 0)
        if wanted != group.desired_capacity:
            group.set_desired_capacity(wanted)
            self._changed[group.name] = self.clock.now()

    @staticmethod
    def _simple(group: LabGroup, policy: Policy) -> int:
        return adjusted(group.desired_capacity or 0, policy, int(policy["ScalingAdjustment"]))

    def _tracked(self, group: LabGroup, policy: Policy, alarm: Alarm, value: float) -> int:
        """In proportion to the target; instances that warm up count neither for more nor let the group scale in."""
        configuration = policy["TargetTrackingConfiguration"]
        desired, warming = group.desired_capacity or 0, self._warming(group, policy)
        ratio = value / float(configuration["TargetValue"])
        if alarm.definition["ComparisonOperator"].startswith("Greater"):
            return max(desired, math.ceil((desired - warming) * ratio))
        if warming or configuration.get("DisableScaleIn"):
            return desired
        return min(desired, math.ceil(desired * ratio))

    def _stepped(self, group: LabGroup, policy: Policy, difference: float) -> int:
        """While instances warm up, breaches in the same step are one scale-out, and nothing scales in."""
        desired, warming = group.desired_capacity or 0, self._warming(group, policy)
        step = _step(policy, difference)
        if step is None:
            return desired
        wanted = adjusted(desired - warming, policy, int(step["ScalingAdjustment"]))
        return max(desired, wanted) if warming else wanted

    def _warming(self, group: LabGroup, policy: Policy) -> int:
        """Members that are not in service, or not for long; the warmup of the policy, the group's, or its cooldown."""
        wanted = (policy.get("EstimatedInstanceWarmup"), getattr(group, "default_instance_warmup", None))
        seconds = next((each for each in wanted if each is not None), group.default_cooldown)
        warming = [member for member in group.live if not self._long_in_service(member.in_service_since, seconds)]
        changed = self._changed.get(group.name)
        return len(warming) if changed is not None and not self.clock.passed(changed, seconds + MINUTE) else 0

    def _long_in_service(self, since: float, seconds: int) -> bool:
        return bool(since) and self.clock.passed(since, seconds)

    def _cooled(self, group: LabGroup, policy: Policy) -> bool:
        seconds = policy.get("Cooldown", group.default_cooldown)
        return self.clock.passed(self._changed.get(group.name, -math.inf), seconds)


def _step(policy: Policy, difference: float) -> Mapping[str, Any] | None:
    """The step adjustment for a metric that is this far from its threshold."""
    for step in policy["StepAdjustments"]:
        lower = float(step.get("MetricIntervalLowerBound", -math.inf))
        upper = float(step.get("MetricIntervalUpperBound", math.inf))
        if lower <= difference < upper:
            return step
    return None


def adjusted(desired: int, policy: Policy, adjustment: int) -> int:
    """A percentage is rounded towards zero, but moves at least one, or MinAdjustmentMagnitude."""
    match policy["AdjustmentType"]:
        case "ExactCapacity":
            return adjustment
        case "PercentChangeInCapacity":
            change = int(desired * adjustment / 100) or int(math.copysign(1, adjustment))
            least = int(policy.get("MinAdjustmentMagnitude") or 0)
            return desired + int(math.copysign(max(abs(change), least), adjustment))
    return desired + adjustment
