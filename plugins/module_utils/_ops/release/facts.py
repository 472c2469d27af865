# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads everything that decisions about a release need, concurrently; what several reads need is read once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from functools import partial
from typing import Any

from ..._aws.base.errors import AwsError
from ..._aws.group import autoscaling, parts
from ..._aws.launch import ec2
from ..._aws.release import quotas
from ..._aws.traffic import elbv2, listeners, target_groups
from ..._core.base.errors import BluegreenError
from ..._core.base.sessions import UnrenewedSession
from ..._core.definition.service import Definition
from ..._core.group.clone import Size
from ..._core.launch.followers import Followed
from ..._core.launch.templates import security_groups_of
from ..._core.lease.contest import Holder
from ..._core.refresh.state import Refresh, under_way
from ..._core.release.bring_up import CANDIDATE, ROLL
from ..._core.release.facts import Fact, Facts, Item, NotThereError
from ..._core.release.intent import Intent
from ..._core.release.quotas import FEW_TARGETS, Quota, markets_of, quota_of
from ..._core.service.environments import Service
from ..._core.service.strangers import find_strangers
from ..._core.traffic.decisions import plan_split
from ..._core.traffic.pairs import Color
from ..bake.alarms import read_alarms
from ..base.run import Run, together
from ..launch.images import find_image
from ..launch.own_template import read_followed
from ..lease.holder import stored_holder
from ..refresh.others import find_other
from ..refresh.wait import read_refreshes
from ..safety.return_role import read_group, read_pass_role, read_role
from ..traffic.kinds import check_changes
from ..traffic.references import read_strays
from .source import Source

# What the group names does not exist (Error codes for the Amazon EC2 API).
NOT_THERE = ("InvalidInstanceType", "InvalidSubnetID", "InvalidKeyPair", "InvalidGroup")

Reads = Iterator[tuple[str, Callable[[], Any]]]


def read_facts(run: Run, definition: Definition, intent: Intent, image: Item | None = None) -> Facts:
    """``image``: that of the release, where it was read already."""
    reads = dict(_reads(run, definition, intent, image))
    facts = together(*[partial(_read, read) for read in reads.values()]) if reads else []
    return Facts(**dict(zip(reads, facts, strict=True)))


def _read(read: Callable[[], Any]) -> Fact[Any]:
    try:
        return Fact(read())
    except AwsError as error:
        return Fact(NotThereError(str(error)) if error.code.startswith(NOT_THERE) else error)
    except BluegreenError as error:
        return Fact(error)


def _reads(run: Run, definition: Definition, intent: Intent, image: Item | None) -> Reads:
    """What this run needs to read, by the names of the facts."""
    parts, service = intent.parts, intent.service
    shifts = parts.provisions or parts.swaps
    if definition.store:
        yield "store", partial(_read_holder, run, definition)
    if service and not parts.rolls:
        yield "weights", partial(_check_weights, run, service)
    if parts.releases:
        yield "session", partial(_session, run)
        yield "alarms", partial(read_alarms, run, definition.shift.alarms)
    if shifts and service:
        yield "strays", partial(_strays, run, definition, service)
        yield from _balanced(run, service)
    if shifts and service and intent.bring_up.kind == CANDIDATE:
        yield "idle_owners", partial(_owners, run, service, service.candidate)
        yield "stable_owners", partial(_owners, run, service, service.stable)
    judged = parts.swaps and definition.shift.metrics
    tested = parts.verifies and definition.verification.test_route
    if service and (intent.bring_up.adds_group or judged or tested):
        describe = partial(elbv2.describe_target_groups_by_arn, run.client("elbv2"))
        yield "target_groups", partial(describe, service.target_groups)
    if parts.swaps and service and definition.net.role:
        yield "schedule_group", partial(read_group, run, NotThereError)
        yield "return_role", partial(read_role, run, definition.net.role)
        yield "pass_role", partial(read_pass_role, run, definition.net.role)
    if parts.builds:
        source = Source(run, definition, intent, image)
        if definition.candidate.image_id:
            yield "image", source.image
        if intent.bring_up.source is not None:
            yield from _launching(run, definition, intent, source)


def _read_holder(run: Run, definition: Definition) -> Holder | None:
    """Who has the lease that is kept in the store."""
    return stored_holder(run, definition.store, definition.place.name)


def _balanced(run: Run, service: Service) -> Reads:
    """The attributes of target groups that routes share out, and of their Network Load Balancer."""
    balanced = [route for route in service.routes if not route.in_front]
    if balanced:
        yield "attributes", partial(_attributes, run, service.target_groups)
    network = [route.load_balancer for route in balanced if not route.by_request]
    if network:
        yield "balancer", partial(listeners.describe_balancer_attributes, run.client("elbv2"), network[0])


def _launching(run: Run, definition: Definition, intent: Intent, source: Source) -> Reads:
    """What instances with the new image need."""
    bring_up = intent.bring_up
    yield "launched", source.launched
    if not intent.roll_has_begun:
        yield "types", source.types
        if bring_up.first_group is None and bring_up.creates_group:
            yield "key_pair", partial(_key_pair, run, source)
            yield "security_groups", partial(_security_groups, run, source)
            yield "live_image", partial(_live_image, run, source)
            yield "followed", partial(_followed, run, definition, source)
    if bring_up.kind == ROLL:
        yield "other_refresh", partial(_other_refresh, run, definition, source)
    else:
        yield from _building(run, definition, intent, source)


def _building(run: Run, definition: Definition, intent: Intent, source: Source) -> Reads:
    bring_up, client, name = intent.bring_up, run.client("autoscaling"), str(intent.bring_up.source)
    yield "group", source.group
    yield "changes", source.changes
    if intent.service and bring_up.creates_group:
        yield "balancers", partial(_balancers, run, intent.service)
    if bring_up.first_group:
        yield "namesakes", partial(autoscaling.describe_groups, client, names=[name])
    else:
        yield "refresh", partial(_refresh, run, name)
        if bring_up.creates_group:
            yield "hooks", partial(parts.describe_hooks, client, name)
    if bring_up.replaces:
        yield "leaving", partial(autoscaling.describe_groups, client, names=[str(bring_up.candidate)])
    if bring_up.adds_group:
        yield "group_limits", partial(autoscaling.describe_account_limits, client)
        yield "target_limits", partial(_target_limits, run, definition, intent, source)
        yield "quota", partial(_quota, run, definition, intent, source)
        yield "subnets", partial(_subnets, run, source)


def _check_weights(run: Run, service: Service) -> None:
    """Whether the routes could be given weights, whichever; these are what the release begins with."""
    percents = {service.stable: 100, service.candidate: 0}
    check_changes(run, [plan_split(route, percents) for route in service.routes])


def _attributes(run: Run, arns: Collection[str]) -> dict[str, Any]:
    client = run.client("elbv2")
    found = together(*[partial(target_groups.describe_attributes, client, arn) for arn in arns])
    return dict(zip(arns, found, strict=True))


def _strays(run: Run, definition: Definition, service: Service) -> Any:
    test_route = definition.place.test_route
    return read_strays(run, service, service.target_groups, test_route.title if test_route else None)


def _owners(run: Run, service: Service, color: Color) -> dict[str, str]:
    """The groups of targets that do not seem to be instances of the environment's group. As a rule there are no such
    targets."""
    strangers = find_strangers(service.environments[color], {})
    asked = [target.id for target in strangers if target.id.startswith("i-")]
    return autoscaling.owners_of(run.client("autoscaling"), asked) if asked else {}


def _refresh(run: Run, group: str) -> Refresh | None:
    return under_way(read_refreshes(run, group))


def _other_refresh(run: Run, definition: Definition, source: Source) -> str:
    group = source.group()
    active = _refresh(run, group["AutoScalingGroupName"])
    return find_other(run, group, active, definition.place.name, definition.candidate.image_id) if active else ""


def _followed(run: Run, definition: Definition, source: Source) -> Followed:
    return read_followed(run, source.group(), definition.place.name)


def _key_pair(run: Run, source: Source) -> dict[str, Any] | None:
    name = source.launched().get("KeyName")
    return ec2.describe_key_pair(run.client("ec2"), name) if name else None


def _security_groups(run: Run, source: Source) -> list[dict[str, Any]]:
    """Named ones are of launch configurations; nobody makes these any more."""
    ids = [each for each in security_groups_of(source.launched()) if each.startswith("sg-")]
    return ec2.describe_security_groups(run.client("ec2"), ids) if ids else []


def _live_image(run: Run, source: Source) -> dict[str, Any] | None:
    """The image of the group that the candidate is built from; empty where that is not known."""
    image_id = source.live_image_id()
    return find_image(run, image_id) if image_id else {}


def _subnets(run: Run, source: Source) -> list[dict[str, Any]] | None:
    """None for a group that names none: AWS chooses the default subnets of its zones at the launch."""
    names = [each for each in source.group().get("VPCZoneIdentifier", "").replace(" ", "").split(",") if each]
    return ec2.describe_subnets(run.client("ec2"), names) if names else None


def _balancers(run: Run, service: Service) -> list[dict[str, Any]]:
    """The load balancers in front of the service. For routes of load balancers, AWS says which these are."""
    client, arns = run.client("elbv2"), {each.load_balancer for each in service.routes if each.load_balancer}
    if service.in_front:
        described = elbv2.describe_target_groups_by_arn(client, service.target_groups)
        arns |= {arn for group in described for arn in group["LoadBalancerArns"]}
    return together(*[partial(listeners.describe_load_balancer, client, arn) for arn in sorted(arns)])


def _target_limits(run: Run, definition: Definition, intent: Intent, source: Source) -> dict[str, int]:
    """The account's limits of targets; empty where there are so few targets that it does not matter."""
    targets = int(source.group()["DesiredCapacity"]) + _desired(definition, intent, source)
    return elbv2.describe_account_limits(run.client("elbv2")) if targets > FEW_TARGETS else {}


def _desired(definition: Definition, intent: Intent, source: Source) -> int:
    """How large the new group is to be."""
    headroom = 0 if intent.bring_up.first_group else definition.candidate.headroom_percent
    return Size.read(source.group(), headroom).desired


def _quota(run: Run, definition: Definition, intent: Intent, source: Source) -> Quota:
    markets = markets_of(source.group(), source.launched(), _desired(definition, intent, source))
    code = quota_of(intent.bring_up.sized, [each["InstanceType"] for each in source.types()], markets)
    quota = quotas.describe_quota(run.client("service-quotas"), "ec2", code)
    metric, now = quota.get("UsageMetric"), run.now
    used = quotas.usage(run.client("cloudwatch"), metric, now) if metric else None
    return Quota(quota["QuotaName"], quota["Value"], used)


def _session(run: Run) -> UnrenewedSession | None:
    found: UnrenewedSession | None = getattr(run.client, "unrenewed", None)
    return found
