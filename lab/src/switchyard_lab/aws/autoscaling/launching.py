# SPDX-License-Identifier: GPL-3.0-or-later
"""How a group gets an instance from EC2."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, cast

from moto.core.exceptions import ServiceException
from moto.ec2.models.instance_types import INSTANCE_TYPES
from moto.ec2.models.instances import Instance
from moto.ec2.models.launch_templates import LaunchTemplateVersion

from ..ec2.backend import LabEC2
from .group import LabGroup
from .member import LabMember
from .mixed import SPECIFICATION, named_template
from .validation import security_groups_of

GROUP_NAME_TAG = "aws:autoscaling:groupName"
NO_CAPACITY = "InsufficientInstanceCapacity"
BALANCED_ONLY = "balanced-only"
NO_OVERRIDE: dict[str, Any] = {}
SPOT = {"MarketType": "spot"}


class LaunchError(Exception):
    """EC2 refused; the message is what AWS puts into the activity's status message."""

    def __init__(self, message: str, code: str = "") -> None:
        super().__init__(message)
        self.code = code


def template_version(group: LabGroup, override: Mapping[str, Any]) -> LaunchTemplateVersion:
    """The override's own, or the group's; $Latest and $Default mean what they mean at the moment of the launch."""
    if own := override.get(SPECIFICATION):
        return named_template(group.ec2_backend, own).get_version(own.get("Version") or "$Default")
    assert group.ec2_launch_template is not None
    named = group.ec2_backend.get_launch_template(group.ec2_launch_template.id)  # an error once it is deleted
    return named.get_version(group.launch_template_version)


def launch(group: LabGroup, subnet: str | None) -> tuple[Instance, LaunchTemplateVersion | None]:
    """Run one instance in the subnet; return it with what it was launched from."""
    if not set(group.target_group_arns) <= set(group.autoscaling_backend.elbv2_backend.target_groups):
        raise LaunchError("One or more target groups not found. Validating load balancer configuration failed.")
    try:
        if group.ec2_launch_template is None:
            return _run_configured(group, subnet), None
        return _run_preferred(group, subnet)
    except ServiceException as error:
        raise LaunchError(f"{error.message.rstrip('.')}.", error.code) from error


def start(group: LabGroup, member: LabMember) -> None:
    """An instance of the warm pool; one that runs continues running."""
    try:
        group.ec2_backend.start_instances([member.instance_id])
    except ServiceException as error:
        raise LaunchError(f"{error.message.rstrip('.')}.") from error


def _run_preferred(group: LabGroup, subnet: str | None) -> tuple[Instance, LaunchTemplateVersion]:
    """From the first override that EC2 has capacity for: the On-Demand allocation strategy "prioritized".

    Spot Instances are taken in the same order, whatever their strategy, for on the lab all cost the same; with
    lowest-price, they are spread over as many of the first ones as SpotInstancePools says.
    """
    *preferred, last = _spread(group) if group.wants_spot else group.overrides or [NO_OVERRIDE]
    for override in preferred:
        try:
            return _run(group, override, subnet)
        except ServiceException as error:
            if error.code != NO_CAPACITY:
                raise
    return _run(group, last, subnet)


def _spread(group: LabGroup) -> list[Mapping[str, Any]]:
    """What the fewest instances were launched from comes first among the pools."""
    found: list[Mapping[str, Any]] = list(group.overrides or [NO_OVERRIDE])
    pools = ((group.mixed_instances_policy or {}).get("InstancesDistribution") or {}).get("SpotInstancePools", 1)
    used = Counter(member.instance_type for member in group.live if member.is_spot)
    return sorted(found[:pools], key=lambda override: used[override.get("InstanceType", "")]) + found[pools:]


def _run(group: LabGroup, override: Mapping[str, Any], subnet: str | None) -> tuple[Instance, LaunchTemplateVersion]:
    version = template_version(group, override)
    ec2 = cast(LabEC2, group.ec2_backend)
    image_id = ec2.resolved(override.get("ImageId") or version.data.get("ImageId", ""))
    ec2.describe_images(ami_ids=[image_id])
    tags = {**group.get_propagated_tags(), **version.instance_tags, GROUP_NAME_TAG: group.name}
    market = SPOT if group.wants_spot else version.data.get("InstanceMarketOptions")
    reservation = ec2.run_instances(
        image_id,
        1,
        version.user_data,
        version.data.get("SecurityGroups", []),
        security_group_ids=security_groups_of(version.data),
        instance_type=override.get("InstanceType") or _smallest(override) or version.instance_type,
        is_instance_type_default=False,
        key_name=version.data.get("KeyName"),
        launch_template={"LaunchTemplateId": version.template.id, "Version": str(version.number)},
        subnet_id=subnet,
        tags={"instance": tags},
        instance_market_options=market,
        block_device_mappings=version.data.get("BlockDeviceMappings"),
    )
    return reservation.instances[0], version


def _smallest(override: Mapping[str, Any]) -> str | None:
    """Of the instance types with the attributes that are asked for, the smallest, as it would be the cheapest."""
    if "InstanceRequirements" not in override:
        return None
    vcpus, memory = (override["InstanceRequirements"].get(name, {}) for name in ("VCpuCount", "MemoryMiB"))
    sizes = sorted(
        (int(known["VCpuInfo"]["DefaultVCpus"]), int(known["MemoryInfo"]["SizeInMiB"]), name)
        for name, known in INSTANCE_TYPES.items()
    )
    fitting = (name for cpus, mebibytes, name in sizes if _within(cpus, vcpus) and _within(mebibytes, memory))
    found = next(fitting, None)
    if found is None:
        raise LaunchError("No instance type has the attributes of InstanceRequirements.")
    return found


def _within(number: int, bounds: Mapping[str, Any]) -> bool:
    return int(bounds.get("Min", 0)) <= number <= int(bounds.get("Max", number))


def _run_configured(group: LabGroup, subnet: str | None) -> Instance:
    """From a launch configuration, which is launch template data under other names."""
    configuration = group.launch_config
    assert configuration is not None
    group.ec2_backend.describe_images(ami_ids=[configuration.image_id])
    reservation = group.ec2_backend.run_instances(
        configuration.image_id,
        1,
        configuration.user_data,
        [],
        security_group_ids=configuration.security_groups,
        instance_type=configuration.instance_type,
        is_instance_type_default=False,
        key_name=configuration.key_name,
        block_device_mappings=configuration.block_device_mapping_dict,
        subnet_id=subnet,
        tags={"instance": {**group.get_propagated_tags(), GROUP_NAME_TAG: group.name}},
    )
    return reservation.instances[0]


def next_subnet(group: LabGroup, among: Iterable[LabMember]) -> str | None:
    """The one that has the fewest of those, for AWS keeps the Availability Zones of a group even.

    "If launch attempts fail in an Availability Zone, Auto Scaling attempts to launch instances in another healthy
    Availability Zone", unless the group is to stay balanced (user guide, "Auto Scaling group Availability Zone
    distribution").
    """
    named = _subnets(group)
    if not named:
        return None
    subnets = [each for each in named if not _is_shifted(group, each)] or named
    used = Counter(member.instance.subnet_id for member in among)
    if not set(subnets) - group.exhausted_subnets:
        group.exhausted_subnets.clear()
    return min((each for each in subnets if each not in group.exhausted_subnets), key=lambda subnet: used[subnet])


def _subnets(group: LabGroup) -> list[str]:
    """Those that are named, or the default ones of the Availability Zones that are named."""
    if group.vpc_zone_identifier:
        return list(group.vpc_zone_identifier.split(","))
    default = group.ec2_backend.get_default_subnets()
    return [default[zone].id for zone in group.availability_zones if zone in default]


def _is_shifted(group: LabGroup, subnet: str) -> bool:
    """ "Auto Scaling will launch all new capacity requests in the healthy Availability Zones" ("Amazon EC2 Auto Scaling
    groups" in the ARC developer guide)."""
    zone = group.ec2_backend.get_subnet(subnet).availability_zone
    return group.shifted_zone is not None and bool(zone == group.shifted_zone)


def note_failure(group: LabGroup, subnet: str | None, failure: LaunchError) -> None:
    distribution = group.availability_zone_distribution or {}
    if subnet and failure.code == NO_CAPACITY and distribution.get("CapacityDistributionStrategy") != BALANCED_ONLY:
        group.exhausted_subnets.add(subnet)
