# SPDX-License-Identifier: GPL-3.0-or-later
"""provision.yml: the candidate as the service's variables want it."""

from __future__ import annotations

from base64 import b64decode

from tests.sample import Sample


def test_a_candidate_with_headroom_and_user_data_of_its_release(sample: Sample) -> None:
    """Stable runs three instances, of at most six."""
    wanted = {"bluegreen_headroom_percent": 50, "bluegreen_user_data": "#!/bin/sh\nstart {{ bluegreen_release }}\n"}
    played = sample.open("provision", bluegreen_release="1.1.0", **wanted)
    assert played.returncode == 0, played.messages
    groups = sample.lab.client("autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"]
    (candidate,) = [group for group in groups if "-green-" in group["AutoScalingGroupName"]]
    assert (candidate["MinSize"], candidate["DesiredCapacity"], candidate["MaxSize"]) == (2, 5, 6)
    assert {each["LifecycleState"] for each in candidate["Instances"]} == {"InService"}
    template = candidate["LaunchTemplate"]
    (version,) = sample.lab.client("ec2").describe_launch_template_versions(
        LaunchTemplateId=template["LaunchTemplateId"], Versions=[template["Version"]]
    )["LaunchTemplateVersions"]
    assert b64decode(version["LaunchTemplateData"]["UserData"]) == b"#!/bin/sh\nstart 1.1.0\n"
