# SPDX-License-Identifier: GPL-3.0-or-later
"""What Auto Scaling refuses and moto accepts."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from moto.autoscaling.exceptions import AutoscalingClientError, ValidationError
from moto.core.exceptions import ServiceException
from moto.ec2.models import EC2Backend
from moto.iam.models import iam_backends

from ..ec2.backend import LabEC2
from ..parameters import is_parameter
from .mixed import SPECIFICATION, named_template

if TYPE_CHECKING:
    from ..elbv2.backend import LabELBv2
    from .group import LabGroup

SHORTEST_LIFETIME = 86400  # seconds
MOST_SOURCES = 10  # in one AttachTrafficSources or DetachTrafficSources
PROCESSES = (
    "AddToLoadBalancer",
    "AlarmNotification",
    "AZRebalance",
    "HealthCheck",
    "InstanceRefresh",
    "Launch",
    "ReplaceUnhealthy",
    "ScheduledActions",
    "Terminate",
)


def check_protection(group: LabGroup, force: bool) -> None:
    """The message is the lab's own; AWS documents none (user guide, "Configure deletion protection")."""
    if group.deletion_protection == "prevent-all-deletion" or (
        force and group.deletion_protection == "prevent-force-deletion"
    ):
        raise ValidationError(
            f"AutoScalingGroup {group.name} can't be deleted: its deletion protection is {group.deletion_protection}."
        )


def check_sizes(minimum: int, maximum: int, desired: int | None) -> None:
    if minimum > maximum:
        raise ValidationError(f"Max bound, {maximum}, must be greater than or equal to min bound, {minimum}")
    if desired is not None and not minimum <= desired <= maximum:
        raise ValidationError(
            f"Desired capacity:{desired} must be between the specified min size:{minimum} and max size:{maximum}"
        )


def check_desired(group: LabGroup, desired: int) -> None:
    if desired > (group.max_size or 0):
        raise ValidationError(
            f"New SetDesiredCapacity value {desired} is above max value {group.max_size} for the AutoScalingGroup."
        )
    if desired < (group.min_size or 0):
        raise ValidationError(
            f"New SetDesiredCapacity value {desired} is below min value {group.min_size} for the AutoScalingGroup."
        )


def check_lifetime(request: Mapping[str, Any]) -> None:
    """ "Either 0 or a number equal to or greater than 86,400 seconds" (MaxInstanceLifetime in the API reference)."""
    if 0 < request.get("MaxInstanceLifetime", 0) < SHORTEST_LIFETIME:
        raise ValidationError(f"MaxInstanceLifetime must be 0 or at least {SHORTEST_LIFETIME}")


def check_sources(elbv2: LabELBv2, arns: Iterable[str]) -> None:
    """Of a target group of VPC Lattice, the lab knows only what its ARN tells."""
    lattice = re.compile(rf"arn:aws:vpc-lattice:{elbv2.region_name}:{elbv2.account_id}:targetgroup/tg-[0-9a-f]{{17}}")
    if not {arn for arn in arns if not lattice.fullmatch(arn)} <= set(elbv2.target_groups):
        raise ValidationError("Provided Target Groups may not be valid. Please ensure they exist and try again.")
    for arn in arns:
        group = elbv2.target_groups.get(arn)
        if group is not None and group.target_type != "instance":
            raise ValidationError(
                f"Target group {group.name} has target type {group.target_type}; a group can only have type instance"
            )


def check_number(arns: Sequence[str]) -> None:
    if len(arns) > MOST_SOURCES:
        raise ValidationError(f"You can specify up to {MOST_SOURCES} traffic sources")


def check_template(ec2: EC2Backend, request: Mapping[str, Any]) -> None:
    """AWS resolves the templates when they are given to a group, and wants what they name to exist."""
    if "InstanceId" in request:
        raise ValidationError("Launch configurations can't be made of instances in this account.")
    policy = (request.get("MixedInstancesPolicy") or {}).get("LaunchTemplate") or {}
    overrides = policy.get("Overrides", [])
    specifications = [each.get(SPECIFICATION) for each in (policy, *overrides)]
    try:
        for specification in filter(None, [request.get("LaunchTemplate"), *specifications]):
            version = named_template(ec2, specification).get_version(specification.get("Version") or "$Default")
            if is_parameter(version.image_id) and any("InstanceRequirements" in each for each in overrides):
                raise ValidationError(f'Invalid id: "{version.image_id}" (expecting "ami-...")')
            ec2.describe_images(ami_ids=[cast(LabEC2, ec2).resolved(version.image_id)])
            cast(LabEC2, ec2).check_named(version.data.get("KeyName"), security_groups_of(version.data))
            check_profile(ec2.account_id, version.data.get("IamInstanceProfile") or {})
    except ServiceException as error:
        raise ValidationError(f"You must use a valid fully-formed launch template. {error.message}") from error


def security_groups_of(data: Mapping[str, Any]) -> list[str]:
    """IDs in launch template data."""
    interfaces: list[dict[str, Any]] = data.get("NetworkInterfaces", [])
    return data.get("SecurityGroupIds") or [each for interface in interfaces for each in interface.get("Groups", [])]


def check_profile(account: str, named: Mapping[str, str]) -> None:
    """In the words of github.com/hashicorp/terraform-provider-aws/issues/5217 and 24910."""
    known = iam_backends[account]["aws"].instance_profiles.values()
    for field, value in named.items():
        if value not in [getattr(each, field.lower()) for each in known]:
            raise ValidationError(
                f"Value ({value}) for parameter iamInstanceProfile.{field.lower()} is invalid. "
                f"Invalid IAM Instance Profile {'ARN' if field == 'Arn' else 'name'}"
            )


def check_configuration(known: Container[str], request: Mapping[str, Any]) -> None:
    name = request.get("LaunchConfigurationName")
    if name is not None and name not in known:
        raise ValidationError(f"Launch configuration name not found - Launch configuration {name} not found")


def check_source_is_free(group: LabGroup, request: Mapping[str, Any]) -> None:
    """ "Update restriction" in the user guide, "How an instance refresh works", Limitations."""
    changes = {"LaunchConfigurationName", "LaunchTemplate", "MixedInstancesPolicy"} & request.keys()
    if changes and group.refresh and group.refresh.active and group.refresh.configuration is not None:
        raise ValidationError(
            "An active instance refresh with a desired configuration exists. All configuration options derived from "
            "the desired configuration are not available for update while the instance refresh is active."
        )


def check_not_refreshed(group: LabGroup) -> None:
    """An error of AttachTrafficSources, AttachLoadBalancerTargetGroups and PutWarmPool in the API reference."""
    if group.refresh and group.refresh.active:
        raise AutoscalingClientError(
            "InstanceRefreshInProgress",
            f"An active instance refresh already exists for the Auto Scaling group {group.name}.",
        )


def check_processes(processes: Iterable[str]) -> None:
    unknown = sorted(set(processes) - set(PROCESSES))
    if unknown:
        raise ValidationError(f"1 validation error detected: unknown scaling processes {unknown}")


def already_exists(name: str) -> AutoscalingClientError:
    return AutoscalingClientError(
        "AlreadyExists",
        f"AutoScalingGroup by this name already exists - A group with the name {name} already exists",
    )


def in_use() -> AutoscalingClientError:
    return AutoscalingClientError(
        "ResourceInUse",
        "You cannot delete an AutoScalingGroup while there are instances or pending Spot instance request(s) "
        "still in the group.",
    )
