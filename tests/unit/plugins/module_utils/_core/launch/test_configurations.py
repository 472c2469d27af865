# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.launch.configurations import (
    converted,
    not_converted,
)
from botocore.loaders import create_loader

# As AWS tells of one with everything set.
EVERYTHING: dict[str, Any] = {
    "LaunchConfigurationName": "web",
    "LaunchConfigurationARN": "arn:configuration",
    "CreatedTime": datetime(2020, 1, 1, tzinfo=UTC),
    "ImageId": "ami-old",
    "InstanceType": "m5.large",
    "KeyName": "ops",
    "KernelId": "aki-1",
    "RamdiskId": "ari-1",
    "UserData": "ZWNobw==",
    "SecurityGroups": ["sg-1", "sg-2"],
    "AssociatePublicIpAddress": False,
    "ClassicLinkVPCId": "vpc-1",
    "ClassicLinkVPCSecurityGroups": ["sg-9"],
    "BlockDeviceMappings": [
        {"DeviceName": "/dev/xvda", "Ebs": {"VolumeSize": 20, "VolumeType": "gp3", "Encrypted": True}},
        {"DeviceName": "/dev/sdb", "NoDevice": True},
        {"DeviceName": "/dev/sdc", "VirtualName": "ephemeral0", "NoDevice": False},
    ],
    "InstanceMonitoring": {"Enabled": False},
    "SpotPrice": "0.5",
    "IamInstanceProfile": "web",
    "EbsOptimized": True,
    "PlacementTenancy": "dedicated",
    "MetadataOptions": {"HttpTokens": "required", "HttpPutResponseHopLimit": 1},
}


def test_every_field_has_its_place_in_the_template() -> None:
    assert converted(EVERYTHING) == {
        "ImageId": "ami-old",
        "InstanceType": "m5.large",
        "KeyName": "ops",
        "KernelId": "aki-1",
        "RamDiskId": "ari-1",
        "UserData": "ZWNobw==",
        "NetworkInterfaces": [{"DeviceIndex": 0, "AssociatePublicIpAddress": False, "Groups": ["sg-1", "sg-2"]}],
        "BlockDeviceMappings": [
            {"DeviceName": "/dev/xvda", "Ebs": {"VolumeSize": 20, "VolumeType": "gp3", "Encrypted": True}},
            {"DeviceName": "/dev/sdb", "NoDevice": ""},
            {"DeviceName": "/dev/sdc", "VirtualName": "ephemeral0"},
        ],
        "Monitoring": {"Enabled": False},
        "InstanceMarketOptions": {
            "MarketType": "spot",
            "SpotOptions": {"MaxPrice": "0.5", "SpotInstanceType": "one-time"},
        },
        "IamInstanceProfile": {"Name": "web"},
        "EbsOptimized": True,
        "Placement": {"Tenancy": "dedicated"},
        "MetadataOptions": {"HttpTokens": "required", "HttpPutResponseHopLimit": 1},
    }


def test_the_sdk_knows_no_field_that_is_not_thought_of() -> None:
    shapes = create_loader().load_service_model("autoscaling", "service-2")["shapes"]
    assert set(shapes["LaunchConfiguration"]["members"]) == set(EVERYTHING)


def test_what_a_template_has_no_place_for_is_named() -> None:
    assert not_converted(EVERYTHING) == ["ClassicLinkVPCId", "ClassicLinkVPCSecurityGroups"]
    assert not_converted({**EVERYTHING, "ClassicLinkVPCId": "", "ClassicLinkVPCSecurityGroups": []}) == []


@pytest.mark.parametrize(
    ("fields", "data"),
    [
        ({"SecurityGroups": ["sg-1", "web"]}, {"SecurityGroupIds": ["sg-1"], "SecurityGroups": ["web"]}),
        ({"IamInstanceProfile": "arn:aws:iam::1:x"}, {"IamInstanceProfile": {"Arn": "arn:aws:iam::1:x"}}),
        ({"EbsOptimized": False}, {}),
        (
            {"AssociatePublicIpAddress": True},
            {"NetworkInterfaces": [{"DeviceIndex": 0, "AssociatePublicIpAddress": True}]},
        ),
    ],
)
def test_fields_take_the_form_of_a_template(fields: dict[str, Any], data: dict[str, Any]) -> None:
    assert converted(fields) == data


def test_security_groups_by_name_beside_a_public_address_are_refused() -> None:
    with pytest.raises(BluegreenError, match="Launch configuration web names security groups \\(default\\)"):
        converted({**EVERYTHING, "SecurityGroups": ["default"]})
