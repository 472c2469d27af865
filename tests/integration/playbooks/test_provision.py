# SPDX-License-Identifier: GPL-3.0-or-later
"""provision.yml: the candidate as the service's variables want it, and the user's own tasks once it is there."""

from __future__ import annotations

import json
from base64 import b64decode
from pathlib import Path

from tests.sample import Sample

HOOK = """\
- ansible.builtin.copy:
    content: "{{ bluegreen_hook.name }} {{ bluegreen_hook.service.candidate }}"
    dest: "{{ playbook_noted }}"
"""


def test_a_candidate_with_headroom_user_data_and_a_hook(sample: Sample, tmp_path: Path) -> None:
    """Stable runs three instances, of at most six. The hook is given as text, as a survey gives it."""
    hook, noted = tmp_path / "hook.yml", tmp_path / "noted"
    hook.write_text(HOOK)
    wanted = {"bluegreen_headroom_percent": 50, "bluegreen_user_data": "#!/bin/sh\nstart {{ bluegreen_release }}\n"}
    hooks = {"bluegreen_hooks": json.dumps({"after_provision": str(hook)}), "playbook_noted": str(noted)}
    played = sample.open("provision", bluegreen_release="1.1.0", **wanted, **hooks)
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
    assert noted.read_text() == "after_provision green"
