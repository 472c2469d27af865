# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.group.in_use import GroupIdentity, Use
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.traffic.references import Reference
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.traffic.requirements import Requirement

BLUE = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web-blue/0"
RULE = Reference("arn:rule", "rule 1 of HTTP:80", {BLUE: Fraction(100)})


def group(**tags: str) -> dict[str, Any]:
    carried = {"bluegreen:service": "web", "bluegreen:color": "blue"} | {f"bluegreen:{key}": tags[key] for key in tags}
    return {
        "AutoScalingGroupName": "web-blue-v001",
        "AutoScalingGroupARN": "arn:1",
        "Tags": [{"Key": key.replace("_", "-"), "Value": value} for key, value in carried.items()],
    }


@pytest.mark.parametrize(
    ("use", "reasons"),
    [
        (Use(group(), {BLUE: {"bluegreen:stable": "green"}}), []),
        (Use(group(), {BLUE: {"bluegreen:stable": "blue"}}), ["blue of web is stable"]),
        (
            Use(group(), {BLUE: {"bluegreen:stable": "green"}}, [RULE]),
            ["Rule 1 of HTTP:80 (arn:rule) sends 100 % to web-blue"],
        ),
        (Use(group(), {BLUE: {}}, [RULE]), []),  # a first release that never came up
        (Use(group(), {BLUE: {}}, [RULE], healthy=1), ["Rule 1 of HTTP:80 (arn:rule) sends 100 % to web-blue"]),
        (Use(group(), {}, routes={"A www": Fraction(10)}), ["A www gives it 10 %"]),
    ],
)
def test_why_an_environment_has_to_stay(use: Use, reasons: list[str]) -> None:
    assert use.reasons() == reasons


def test_what_may_not_change_meanwhile() -> None:
    due = GroupIdentity.read(group(retain_until="2026-11-28T05:00:00Z", run="a"))
    assert due.changes(GroupIdentity.read(group(retain_until="2026-11-28T05:00:00+00:00", run="a"))) == []
    assert "not retained" in due.changes(GroupIdentity.read(group(run="a")))[0]
    assert due.changes(GroupIdentity.read(group(retain_until="2026-11-28T05:00:00Z", run="b"))) == [
        "another run has taken it up (bluegreen:run: b)"
    ]


def test_no_weight_is_raised_on_what_is_being_removed() -> None:
    leaving = group(leaving="now") | {"TargetGroupARNs": [BLUE], "Instances": [], "DesiredCapacity": 1}
    leaving |= {"CreatedTime": None, "HealthCheckType": "EC2"}
    assert "is being removed" in str(Requirement(BLUE, 1, "web-blue-v001").finding([], leaving))
