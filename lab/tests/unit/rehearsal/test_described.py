# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWS returned, as people save it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from switchyard_lab.rehearsal.described import Described, read_described
from switchyard_lab.rehearsal.inventory import NotReadyError

BLUE = {"TargetGroupName": "web-blue", "TargetGroupArn": "arn:blue"}


def test_files_are_known_by_what_is_in_them(tmp_path: Path) -> None:
    (tmp_path / "one.json").write_text(json.dumps({"TargetGroups": [BLUE]}), encoding="utf-8")
    (tmp_path / "two.json").write_text(json.dumps({"MetricAlarms": [{"AlarmName": "web-5xx"}]}), encoding="utf-8")
    (tmp_path / "vpcs.json").write_text(json.dumps({"Vpcs": []}), encoding="utf-8")
    described = read_described(tmp_path)
    assert described.target_group("web-blue") == described.target_group("arn:blue") == BLUE
    assert described.alarm("web-5xx") == {"AlarmName": "web-5xx"}
    assert described.alarm("other") == {}


def test_the_group_is_the_largest_behind_a_target_group_of_the_service() -> None:
    small = {"AutoScalingGroupName": "old", "TargetGroupARNs": ["arn:blue"], "DesiredCapacity": 0}
    large = {"AutoScalingGroupName": "web", "TargetGroupARNs": ["arn:blue"], "DesiredCapacity": 4}
    other = {"AutoScalingGroupName": "db", "TargetGroupARNs": ["arn:db"], "DesiredCapacity": 9}
    described = Described(target_groups=[BLUE], groups=[small, large, other])
    assert described.group_behind(["web-blue"]) == large
    assert described.group_behind(["unknown"]) == {}


def test_what_is_not_json_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "groups.json").write_text("An error occurred (ExpiredToken)", encoding="utf-8")
    with pytest.raises(NotReadyError, match=r"groups\.json is not JSON"):
        read_described(tmp_path)
    with pytest.raises(NotReadyError, match="is not a folder"):
        read_described(tmp_path / "missing")
