# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWS returned, as people save it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from switchyard_lab.rehearsal.described import Described, read_described
from switchyard_lab.rehearsal.inventory import NotReadyError

BLUE = {"TargetGroupName": "web-blue", "TargetGroupArn": "arn:blue"}


def saved(folder: Path, **texts: str) -> Path:
    for name, text in texts.items():
        (folder / f"{name}.json").write_text(text, encoding="utf-8")
    return folder


def test_files_are_known_by_what_is_in_them(tmp_path: Path) -> None:
    groups, alarms = json.dumps({"TargetGroups": [BLUE]}), json.dumps({"MetricAlarms": [{"AlarmName": "web-5xx"}]})
    described = read_described(saved(tmp_path, one=groups, two=alarms))
    assert described.target_group("web-blue") == described.target_group("arn:blue") == BLUE
    assert described.alarm("web-5xx") == {"AlarmName": "web-5xx"}
    assert described.alarm("other") == {}
    assert described.unused == ()


@pytest.mark.parametrize(
    "text",
    [
        '{"Rules": [{"RuleArn": "a"}]}\n{"Rules": [{"RuleArn": "b"}]}\n',
        '[{"Rules": [{"RuleArn": "a"}]}, {"Rules": [{"RuleArn": "b"}]}]',
        '{"Rules": [{"RuleArn": "a"}, {"RuleArn": "b"}], "TargetGroups": []}',
    ],
    ids=["appended", "in a list", "in one"],
)
def test_a_file_may_hold_several_answers(tmp_path: Path, text: str) -> None:
    described = read_described(saved(tmp_path, rules=text))
    assert [each["RuleArn"] for each in described.rules] == ["a", "b"]
    assert described.unused == ()


def test_what_is_not_used_is_said(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("", encoding="utf-8")
    alarms = json.dumps([{"AlarmName": "web-5xx"}, {"AlarmName": "web-4xx"}])
    mixed = json.dumps({"Rules": [], "Listeners": [], "NextMarker": "abc"})
    texts = {"alarms": alarms, "listeners": json.dumps({"Listeners": []}), "mixed": mixed}
    described = read_described(saved(tmp_path, **texts))
    assert [each.removeprefix(f"{tmp_path}/").partition(":")[0] for each in described.unused] == [
        "alarms.json is not used",
        "listeners.json is not used",
        "mixed.json has Listeners in it, which is not used.",
        "mixed.json is only the first page. Save all of them",
        "notes.txt is not used",
        f"There is nothing in {tmp_path} that is used",
    ]


def test_the_group_is_the_largest_behind_a_target_group_of_the_service() -> None:
    small = {"AutoScalingGroupName": "old", "TargetGroupARNs": ["arn:blue"], "DesiredCapacity": 0}
    large = {"AutoScalingGroupName": "web", "TargetGroupARNs": ["arn:blue"], "DesiredCapacity": 4}
    other = {"AutoScalingGroupName": "db", "TargetGroupARNs": ["arn:db"], "DesiredCapacity": 9}
    described = Described(target_groups=[BLUE], groups=[small, large, other])
    assert described.group_behind(["web-blue"]) == large
    assert described.group_behind(["unknown"]) == {}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("An error occurred (ExpiredToken)", r"groups\.json is not JSON: .* Save it with --output json\."),
        ("AutoScalingGroups:\n- MinSize: 1\n", r"groups\.json is not JSON"),
        ("", r"groups\.json is empty"),
        ("[]", r"groups\.json is empty"),
        ('{"AutoScalingGroups": null}', "AutoScalingGroups is not a list of descriptions"),
        ('{"AutoScalingGroups": ["web"]}', "AutoScalingGroups is not a list of descriptions"),
    ],
)
def test_what_aws_did_not_return_is_a_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(NotReadyError, match=sentence):
        read_described(saved(tmp_path, groups=text))


def test_what_cannot_be_read_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(NotReadyError, match="is not a folder"):
        read_described(tmp_path / "missing")
    (tmp_path / "folder.json").mkdir()
    with pytest.raises(NotReadyError, match=r"folder\.json cannot be read: Is a directory"):
        read_described(tmp_path)
