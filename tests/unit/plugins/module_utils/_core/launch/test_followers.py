# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.launch.followers import (
    Followed,
    followers_of,
)


def launching(name: str, template: str = "lt-1", version: str = "$Latest", **fields: Any) -> dict[str, Any]:
    specification = {"LaunchTemplateId": template, "LaunchTemplateName": f"name of {template}", "Version": version}
    return {"AutoScalingGroupName": name, "LaunchTemplate": specification, **fields}


def mixed(name: str, override: str) -> dict[str, Any]:
    own = {"LaunchTemplateSpecification": {"LaunchTemplateId": override, "Version": "$Latest"}}
    main = {"LaunchTemplateSpecification": {"LaunchTemplateId": "lt-7", "Version": "3"}, "Overrides": [own]}
    return {"AutoScalingGroupName": name, "MixedInstancesPolicy": {"LaunchTemplate": main}}


def test_who_follows_is_who_launches_the_latest_version_and_stays() -> None:
    groups = [
        launching("web-blue-v001"),
        launching("worker"),
        launching("by-number", version="3"),
        launching("by-default", version="$Default"),
        launching("elsewhere", "lt-8"),
        launching("leaving", Status="Delete in progress"),
        mixed("batch", "lt-1"),
        {"AutoScalingGroupName": "old", "LaunchConfigurationName": "old"},
    ]
    assert followers_of({"lt-1", "lt-2"}, groups, "web-blue-v001") == {"lt-1": ["batch", "worker"]}


def test_a_person_is_told_which_groups_follow_and_where_the_version_is_made() -> None:
    followed = Followed(launching("web-blue-v001"), "web", {"lt-1": ["batch", "worker"]})
    (remark,) = followed.remarks()
    assert remark.startswith("batch and worker follow $Latest of launch template name of lt-1, which web-blue-v001")
    assert "in launch template bluegreen-web, so that batch and worker do not launch it" in remark


def test_followers_of_the_services_own_template_will_launch_the_image() -> None:
    source = launching("web-blue-v001", "lt-9", "4")
    source["LaunchTemplate"]["LaunchTemplateName"] = "bluegreen-web"
    (remark,) = Followed(source, "web", {"lt-9": ["worker"]}).remarks()
    assert "is web's own, and will launch the new image at the next scale-out. Give worker another" in remark


def test_a_template_of_somebody_else_is_a_finding() -> None:
    tagged = {"LaunchTemplateName": "bluegreen-web", "Tags": [{"Key": "bluegreen:service", "Value": "web"}]}
    foreign = {"LaunchTemplateName": "bluegreen-web", "Tags": []}
    source = launching("web-blue-v001")
    assert Followed(source, "web", {}, tagged).findings() == []
    assert "without the tag bluegreen:service=web" in Followed(source, "web", {}, foreign).findings()[0]
