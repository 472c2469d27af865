# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Targets: what a task names, what a target group has, and whether these are where they should be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from ipaddress import ip_address
from typing import Any

from ..base.errors import BluegreenError

NOT_REGISTERED = "Target.NotRegistered"
NOT_IN_USE = "Target.NotInUse"
ZONAL_SHIFT = "zonal_shift_active"  # TargetAdministrativeOverrideStateEnum in the API reference
NAMED_IN_PROGRESS = 3  # targets that a progress sentence names; an error names them all


@dataclass(frozen=True)
class TargetGroup:
    """What DescribeTargetGroups says that matters to its targets. ``load_balancers`` are those that refer to it."""

    arn: str
    name: str
    target_type: str
    port: int | None
    load_balancers: Sequence[str] = ()

    @classmethod
    def read(cls, item: Mapping[str, Any]) -> TargetGroup:
        return cls(
            arn=item["TargetGroupArn"],
            name=item["TargetGroupName"],
            target_type=item["TargetType"],
            port=item.get("Port"),
            load_balancers=tuple(item.get("LoadBalancerArns", ())),
        )

    @property
    def in_use(self) -> bool:
        return bool(self.load_balancers)


@dataclass(frozen=True)
class Target:
    """A target as DescribeTargetHealth returns it; one that drains is still returned. With ``zonal_shift`` it gets no
    requests because its zone is shifted away from, whatever its health is."""

    id: str
    port: int | None
    availability_zone: str | None
    state: str
    reason: str | None
    description: str | None
    zonal_shift: bool = False

    @classmethod
    def read(cls, item: Mapping[str, Any]) -> Target:
        target, health = item["Target"], item["TargetHealth"]
        return cls(
            id=target["Id"],
            port=target.get("Port") or None,
            availability_zone=target.get("AvailabilityZone"),
            state=health["State"],
            reason=health.get("Reason"),
            description=health.get("Description"),
            zonal_shift=item.get("AdministrativeOverride", {}).get("State") == ZONAL_SHIFT,
        )

    @property
    def registration(self) -> Registration:
        return Registration(self.id, self.port, self.availability_zone)

    @property
    def draining(self) -> bool:
        return self.state == "draining"

    @property
    def failing(self) -> bool:
        """Whether it fails its health checks, also while a Network Load Balancer still sends its connections to it
        for a while (TargetHealth in the API reference)."""
        return self.state in ("unhealthy", "unhealthy.draining")

    @property
    def absent(self) -> bool:
        """Whether it was asked for by name and is not registered."""
        return self.reason == NOT_REGISTERED

    @property
    def unused(self) -> bool:
        """Whether no load balancer checks it."""
        return self.reason == NOT_IN_USE

    @property
    def healthy(self) -> bool:
        """Without health checks (the default of a Lambda target group) no better state is ever returned."""
        return self.state == "healthy" or self.reason == "Target.HealthCheckDisabled"

    def message(self) -> str:
        """In full, as the last words of a target that failed."""
        why = ": ".join(filter(None, [self.reason, self.description]))
        return f"{self.registration} {self.state}" + (f" ({why})" if why else "")

    def __str__(self) -> str:
        return f"{self.registration} {self.state}" + (f" ({self.reason})" if self.reason else "")


@dataclass(frozen=True)
class Registration:
    """What makes a target one of its own: the same instance on two ports is two targets."""

    id: str
    port: int | None = None
    availability_zone: str | None = None

    def matches(self, target: Target) -> bool:
        """What is not named (a zone that AWS finds out by itself), or not returned by AWS, may be anything."""
        return (
            self.id == target.id
            and self.port in (None, target.port)
            and target.availability_zone in (None, self.availability_zone or target.availability_zone)
        )

    def unregistered(self) -> Target:
        """As DescribeTargetHealth describes a target that was asked for and is not there."""
        return Target(self.id, self.port, self.availability_zone, "unused", NOT_REGISTERED, None)

    def __str__(self) -> str:
        return f"{self.id}:{self.port}" if self.port else self.id


@dataclass(frozen=True)
class Progress:
    """How far something is on the way: ``demo-green: 2 of 3 healthy, i-1:8080 initial (Elb.InitialHealthChecking)``."""

    where: str
    goal: str
    done: int
    total: int
    lacking: Sequence[str]

    @property
    def reached(self) -> bool:
        return self.done >= self.total

    def message(self, named: int | None = None) -> str:
        more = f"{len(self.lacking) - named} more" if named and len(self.lacking) > named else None
        return ", ".join(filter(None, [str(self), *self.lacking[:named], more]))

    def __str__(self) -> str:
        return f"{self.where}: {self.done} of {self.total} {self.goal}"


@dataclass(frozen=True)
class Look:
    """One look at everything that is waited for, and the targets that were seen in the task's target group.

    ``remark``: why it may take longer.
    """

    standings: Sequence[Progress]
    targets: Sequence[Target]
    remark: str = ""

    @property
    def reached(self) -> bool:
        return all(standing.reached for standing in self.standings)

    def message(self, named: int | None = None) -> str:
        lacking = [standing.message(named) for standing in self.standings if not standing.reached]
        remark = [self.remark] if self.remark and lacking else []
        return "; ".join([*lacking, *remark] or map(str, self.standings))


def complete_registrations(given: Sequence[Registration], group: TargetGroup) -> list[Registration]:
    """The targets that a task names, each once, with the port that AWS would give them."""
    if not given:
        raise BluegreenError("targets names no target; name at least one.")
    named = [replace(each, port=each.port or group.port) for each in given]
    for target in named:
        _check(target, group)
    if group.target_type == "lambda" and len(named) > 1:
        raise BluegreenError(f"Target group {group.name} takes one function; {len(named)} are named.")
    return list(dict.fromkeys(named))


def missing(named: Iterable[Registration], targets: Iterable[Target]) -> list[Registration]:
    """Those to be registered. A draining target is one of them: AWS takes it back in when it is registered again."""
    return [each for each, found in _paired(named, targets).items() if all(target.draining for target in found)]


def present(named: Iterable[Registration], targets: Iterable[Target]) -> list[Target]:
    """The named targets that are registered and not leaving yet."""
    return [target for found in _paired(named, targets).values() for target in found if not target.draining]


def strangers(named: Iterable[Registration], targets: Sequence[Target]) -> list[Target]:
    """Registered targets, not leaving yet, that are not named."""
    known = set(present(named, targets))
    return [target for target in targets if not target.draining and target not in known]


def health_of(named: Iterable[Registration], targets: Iterable[Target], where: str) -> Progress:
    """How many of the named are healthy; one that matches several registrations must be so in each."""
    found = [matching or [each.unregistered()] for each, matching in _paired(named, targets).items()]
    lacking = [str(target) for matching in found for target in matching if not target.healthy]
    return Progress(where, "healthy", sum(all(t.healthy for t in matching) for matching in found), len(found), lacking)


def drain_of(leaving: Iterable[Registration], targets: Iterable[Target], where: str) -> Progress:
    """How many of the leaving are gone: a target is returned as draining until its deregistration delay is over."""
    found = _paired(leaving, targets)
    left = [str(target) for matching in found.values() for target in matching]
    return Progress(where, "drained", sum(not matching for matching in found.values()), len(found), left)


def targets_as_data(targets: Iterable[Target | Registration]) -> list[dict[str, Any]]:
    return [asdict(target) for target in targets]


def _paired(named: Iterable[Registration], targets: Iterable[Target]) -> dict[Registration, list[Target]]:
    """The targets that each named one stands for. By id first: there may be hundreds of both."""
    by_id = defaultdict(list)
    for target in targets:
        by_id[target.id].append(target)
    return {each: [target for target in by_id[each.id] if each.matches(target)] for each in named}


def _is_address(text: str) -> bool:
    try:
        return bool(ip_address(text))
    except ValueError:
        return False


# By TargetType: what a target's id is called, and whether a text can be one.
IDS: Mapping[str, tuple[str, Callable[[str], bool]]] = {
    "instance": ("instance ids", lambda text: text.startswith("i-")),
    "ip": ("IP addresses", _is_address),
    "lambda": ("a function's ARN", lambda text: text.startswith("arn:") and ":function:" in text),
    "alb": ("a load balancer's ARN", lambda text: text.startswith("arn:") and ":loadbalancer/app/" in text),
}


def _check(target: Registration, group: TargetGroup) -> None:
    kind, is_one = IDS[group.target_type]
    if not is_one(target.id):
        raise BluegreenError(f"Target group {group.name} ({group.target_type}) takes {kind}; given: {target.id}.")
    if group.target_type == "lambda" and target.port:
        raise BluegreenError(f"A function has no port, so target {target} of {group.name} must be named without one.")
    if group.target_type in ("instance", "alb") and target.availability_zone:
        raise BluegreenError(
            f"Target group {group.name} ({group.target_type}) takes no availability zone for {target}."
        )
