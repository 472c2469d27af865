# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Launch configurations as launch template data.

AWS has no new features for them, and new accounts can't make any; a clone launches from a template instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..base.errors import BluegreenError
from ..base.fields import carried, left_behind

Configuration = Mapping[str, Any]  # as DescribeLaunchConfigurations returns it

# Fields that a launch template has under the same name, or under another.
SAME = {"ImageId", "InstanceType", "KeyName", "KernelId", "MetadataOptions", "UserData"}
RENAMED = {"RamdiskId": "RamDiskId", "InstanceMonitoring": "Monitoring"}
RESHAPED = {
    "AssociatePublicIpAddress",
    "BlockDeviceMappings",
    "EbsOptimized",
    "IamInstanceProfile",
    "PlacementTenancy",
    "SecurityGroups",
    "SpotPrice",
}
READ_ONLY = {"CreatedTime", "LaunchConfigurationARN", "LaunchConfigurationName"}


def converted(configuration: Configuration) -> dict[str, Any]:
    """The data of a launch template that launches the same instances."""
    data = carried(configuration, SAME)
    data |= {RENAMED[key]: value for key, value in carried(configuration, RENAMED).items()}
    if mappings := configuration.get("BlockDeviceMappings"):
        data["BlockDeviceMappings"] = [_mapping(each) for each in mappings]
    if profile := configuration.get("IamInstanceProfile"):
        data["IamInstanceProfile"] = {"Arn" if profile.startswith("arn:") else "Name": profile}
    if configuration.get("EbsOptimized"):  # returned also when it was not set: the instance type decides then
        data["EbsOptimized"] = True
    if tenancy := configuration.get("PlacementTenancy"):
        data["Placement"] = {"Tenancy": tenancy}
    if price := configuration.get("SpotPrice"):
        data["InstanceMarketOptions"] = {
            "MarketType": "spot",
            "SpotOptions": {"MaxPrice": price, "SpotInstanceType": "one-time"},
        }
    return data | _network(configuration)


def not_converted(configuration: Configuration) -> list[str]:
    """Fields with something in them that a launch template has no place for."""
    return left_behind(configuration, SAME | set(RENAMED) | RESHAPED | READ_ONLY)


def _network(configuration: Configuration) -> dict[str, Any]:
    """The public address is a setting of a network interface, which then also has the security groups."""
    groups = list(configuration.get("SecurityGroups", []))
    named = [group for group in groups if not group.startswith("sg-")]
    if configuration.get("AssociatePublicIpAddress") is None:
        ids = [group for group in groups if group not in named]
        return {key: found for key, found in (("SecurityGroupIds", ids), ("SecurityGroups", named)) if found}
    if named:
        raise BluegreenError(
            f"Launch configuration {configuration['LaunchConfigurationName']} names security groups "
            f"({', '.join(named)}) and says whether there is a public address; a launch template takes the groups' "
            "IDs only then. Give the group a launch template."
        )
    public = {"DeviceIndex": 0, "AssociatePublicIpAddress": configuration["AssociatePublicIpAddress"]}
    return {"NetworkInterfaces": [{**public, **({"Groups": groups} if groups else {})}]}


def _mapping(mapping: Mapping[str, Any]) -> dict[str, Any]:
    """A device is left out by an empty text in a launch template, by true in a launch configuration."""
    found = {key: value for key, value in mapping.items() if key != "NoDevice"}
    return {**found, "NoDevice": ""} if mapping.get("NoDevice") else found
