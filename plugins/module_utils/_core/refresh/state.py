# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Instance refreshes: the state that AWS returns, and what it means for a wait."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..base.errors import BluegreenError
from ..base.groups import is_being_deleted, suspended_on
from ..base.tags import COLOR, tags_of
from ..launch.sources import Group, LaunchPlan, overrides_of, templates_of
from ..launch.templates import TemplateRef
from ..targets.members import target_groups_of
from .preferences import Preferences

FORWARD = ("Pending", "InProgress", "Baking")
BAKING, CANCELING, ROLLING_BACK = "Baking", "Cancelling", "RollbackInProgress"
ACTIVE = (*FORWARD, CANCELING, ROLLING_BACK)
# What is launched while AddToLoadBalancer is suspended is never registered, and without the others AWS replaces nothing
# (Amazon EC2 Auto Scaling User Guide, "How suspended processes affect other processes").
NEEDED = {"AddToLoadBalancer", "InstanceRefresh", "Launch", "Terminate"}
SUCCESSFUL, CANCELED, ROLLED_BACK = "Successful", "Cancelled", "RollbackSuccessful"


@dataclass(frozen=True)
class Refresh:
    """``configuration`` is what it makes the group launch; empty when that stays as it is."""

    id: str
    group: str
    status: str
    reason: str
    percentage: int
    to_update: int
    started: datetime | None
    ended: datetime | None
    configuration: Mapping[str, Any]
    rollback_reason: str | None

    @classmethod
    def read(cls, item: Mapping[str, Any]) -> Refresh:
        return cls(
            id=item["InstanceRefreshId"],
            group=item["AutoScalingGroupName"],
            status=item["Status"],
            reason=item.get("StatusReason") or "",
            percentage=item.get("PercentageComplete", 0),
            to_update=item.get("InstancesToUpdate", 0),
            started=item.get("StartTime"),
            ended=item.get("EndTime"),
            configuration=item.get("DesiredConfiguration") or {},
            rollback_reason=item.get("RollbackDetails", {}).get("RollbackReason"),
        )

    @classmethod
    def begun(cls, refresh_id: str, group: str, configuration: Mapping[str, Any]) -> Refresh:
        """As StartInstanceRefresh answers."""
        data = {"InstanceRefreshId": refresh_id, "AutoScalingGroupName": group, "Status": FORWARD[0]}
        return cls.read({**data, "DesiredConfiguration": configuration})

    @property
    def active(self) -> bool:
        return self.status in ACTIVE

    @property
    def forward(self) -> bool:
        """Whether it can be rolled back: AWS does so only while it runs."""
        return self.status in FORWARD

    def passed(self, percentage: int) -> bool:
        """Whether so much was replaced and has warmed up. All of it is when the bake begins."""
        return self.status in (BAKING, SUCCESSFUL) or (self.status == "InProgress" and self.percentage >= percentage)

    def message(self) -> str:
        reason = f" {self.reason}" if self.reason else ""
        match self.status:
            case "RollbackInProgress":
                return f"{self.group} is being rolled back, {self.percentage} % still have the new image.{reason}"
            case "InProgress":
                return f"{self.group} has replaced {self.percentage} %, {self.to_update} left.{reason}"
            case _:
                return f"The instance refresh of {self.group} is {self.status}.{reason}"

    def as_data(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "status": self.status,
            "reason": self.reason,
            "percentage": self.percentage,
            "to_update": self.to_update,
            "started": self.started.isoformat() if self.started else None,
            "ended": self.ended.isoformat() if self.ended else None,
            "rollback_reason": self.rollback_reason,
        }


def under_way(refreshes: Sequence[Refresh]) -> Refresh | None:
    """AWS runs one at a time."""
    return next((each for each in refreshes if each.active), None)


def doubts(group: Group) -> list[str]:
    """AWS uses the group's own health checks: those of the load balancer count only if the group uses them, and none
    while they are suspended."""
    if "HealthCheck" in suspended_on(group):
        return [
            f"HealthCheck is suspended on {group['AutoScalingGroupName']}, so AWS takes a new instance for healthy "
            f"when it has warmed up, whether it answers or not. {_resume(group, ['HealthCheck'])}"
        ]
    if "ELB" in group["HealthCheckType"].split(",") or not target_groups_of(group):
        return []
    return [
        f"{group['AutoScalingGroupName']} does not use the health checks of its load balancer, so AWS takes a new "
        "instance for healthy when it has warmed up, whether it answers or not. Give the group health check type ELB, "
        "or an instance_warmup in which every instance is sure to answer."
    ]


def find_refused(group: Group) -> list[str]:
    """AWS starts such a refresh without a desired configuration only, and then it brings no image (Amazon EC2 Auto
    Scaling User Guide, "How an instance refresh works", Limitations)."""
    if not any("InstanceRequirements" in each for each in overrides_of(group)):
        return []
    return [
        f"The mixed instances policy of {group['AutoScalingGroupName']} chooses instance types by attributes "
        "(InstanceRequirements), and AWS refuses to roll such a group to another image. Release with deploy.yml, or "
        "name the instance types in the policy."
    ]


def find_suspended(group: Group) -> list[str]:
    """AWS starts such a refresh, and its minimum does not count whether an instance is registered."""
    suspended = sorted(NEEDED & suspended_on(group))
    if not suspended:
        return []
    return [
        f"Suspended on {group['AutoScalingGroupName']}: {', '.join(suspended)}. AWS would replace its instances by "
        f"ones that get no requests, or stop half-way. {_resume(group, suspended)}"
    ]


def _resume(group: Group, processes: Sequence[str]) -> str:
    return (
        "Resume it first: aws autoscaling resume-processes --auto-scaling-group-name "
        f"{group['AutoScalingGroupName']} --scaling-processes {' '.join(processes)}"
    )


def find_unbounded(group: Group) -> list[str]:
    """For a weight that is not smaller than the desired capacity, AWS "might replace all InService instances at once"
    (Amazon EC2 Auto Scaling User Guide, "How an instance refresh works", Limitations)."""
    name, desired = group["AutoScalingGroupName"], group["DesiredCapacity"]
    largest = max((int(each.get("WeightedCapacity") or 0) for each in overrides_of(group)), default=0)
    if not 0 < desired <= largest:
        return []
    return [
        f"{name} has desired capacity {desired} and an instance type of weight {largest}, so AWS may replace all its "
        f"instances at the same time. Set its desired capacity above {largest}, or release with deploy.yml."
    ]


def check_alone(group: Group, service: str, groups: Sequence[Group]) -> None:
    """``groups`` are all of the service. A roll next to a release would change what that is built from."""
    name, color = group["AutoScalingGroupName"], tags_of(group).get(COLOR)
    for each in groups:
        other = tags_of(each).get(COLOR)
        if not is_being_deleted(each) and color and other not in (None, color):
            raise BluegreenError(
                f"{service} has a second environment, {each['AutoScalingGroupName']}, in {other}, so {name} is not "
                "rolled. Finish or roll back that release, or remove it with teardown.yml first."
            )


def check_not_rolled(active: Refresh | None) -> None:
    """A group is not cloned while its instances are replaced."""
    if active:
        raise BluegreenError(f"{active.message()} Wait until that is over, or roll it back with rollback.yml first.")


def outdated(group: Group, plan: LaunchPlan, preferences: Preferences) -> list[str]:
    """Ids of the instances that were not launched from what the plan wants, but for those that are to be left alone."""
    wanted = {(each.template_id, each.found) for each in plan.revisions.values()}
    return [
        each["InstanceId"]
        for each in group["Instances"]
        if not each["LifecycleState"].startswith("Terminating")
        and not (preferences.standby == "ignore" and each["LifecycleState"] == "Standby")
        and not (preferences.scale_in_protected == "ignore" and each["ProtectedFromScaleIn"])
        and _launched_from(each) not in wanted
    ]


def updated(group: Group, configuration: Mapping[str, Any]) -> list[str]:
    """Ids of the instances that were launched from what a refresh makes the group launch."""
    wanted = {(ref.id, int(ref.version)) for ref in templates_of(configuration) if ref.version.isdigit()}
    return [each["InstanceId"] for each in group["Instances"] if _launched_from(each) in wanted and _serves(each)]


def is_mixed(group: Group) -> bool:
    """Whether it has instances that were not launched from what it launches now, as while it is rolled."""
    return len(updated(group, group)) < sum(map(_serves, group["Instances"]))


def launches(group: Group, plan: LaunchPlan) -> bool:
    """Whether the group itself launches what the plan wants."""
    images = {each["ImageId"] for each in overrides_of(group) if "ImageId" in each}
    return images <= {plan.image_id} and all(
        ref and each.found and (ref.id, plan.numbers[ref]) == (each.template_id, each.found)
        for ref, each in plan.revisions.items()
    )


def _serves(instance: Mapping[str, Any]) -> bool:
    return bool(instance["LifecycleState"] == "InService")


def _launched_from(instance: Mapping[str, Any]) -> tuple[str | None, int | None]:
    if "LaunchTemplate" not in instance:
        return None, None
    ref = TemplateRef.read(instance["LaunchTemplate"])
    return ref.id, int(ref.version) if ref.version.isdigit() else None
