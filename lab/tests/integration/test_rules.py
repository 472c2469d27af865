# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWS returns of a rule is not all what it takes back."""

from __future__ import annotations

import pytest

from switchyard_lab.scene import Scene, forward, refusal

HOSTS = ["www.example.com"]


@pytest.mark.parametrize("spelled", [{"Values": HOSTS}, {"HostHeaderConfig": {"Values": HOSTS}}])
def test_hosts_are_told_in_two_places_and_taken_in_one(scene: Scene, spelled: dict[str, object]) -> None:
    blue = scene.target_group()
    listener = scene.listener({blue: 100})
    asked = {"ListenerArn": listener, "Actions": [forward({blue: 100})]}
    condition = {"Field": "host-header", **spelled}
    (rule,) = scene.elbv2.create_rule(Priority=1, Conditions=[condition], **asked)["Rules"]
    (reported,) = rule["Conditions"]
    assert reported == {"Field": "host-header", "Values": HOSTS, "HostHeaderConfig": {"Values": HOSTS}}
    assert refusal(scene.elbv2.create_rule, Priority=2, Conditions=[reported], **asked) == "ValidationError"


def test_sticky_targets_among_several_groups_need_a_sticky_group(scene: Scene) -> None:
    blue, green = scene.target_group(), scene.target_group()
    sticky = [{"Key": "stickiness.enabled", "Value": "true"}]
    scene.elbv2.modify_target_group_attributes(TargetGroupArn=blue, Attributes=sticky)
    listener = scene.listener({blue: 100})
    both = forward({blue: 100, green: 0})
    change = scene.elbv2.modify_listener
    assert refusal(change, ListenerArn=listener, DefaultActions=[both]) == "InvalidLoadBalancerAction"
    both["ForwardConfig"]["TargetGroupStickinessConfig"] = {"Enabled": True, "DurationSeconds": 60}
    change(ListenerArn=listener, DefaultActions=[both])
