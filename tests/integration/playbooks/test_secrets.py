# SPDX-License-Identifier: GPL-3.0-or-later
"""What checks send is in nothing that a release writes: its output at -vvv, artifacts, tags, the record."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.playing import BIN, ROOT, started
from tests.sample import Sample

# The lab's instances repeat the path in their answers, so the checks fail with it.
CHECKS = [
    {
        "path": "/a?key=query-s3cr3t",
        "headers": {"Authorization": "Bearer t0ken-s3cr3t", "X-Number": 1},
        "json": {"path": "/"},
    },
    {"path": "/login", "method": "POST", "body": {"password": "body-s3cr3t"}, "status": [401]},
]


@pytest.mark.parametrize("in_process", [True, pytest.param(False, marks=pytest.mark.thorough)])
def test_a_release_whose_checks_fail_writes_none(
    sample: Sample, good: dict[str, object], tmp_path: Path, in_process: bool
) -> None:
    test_route = sample.definition["bluegreen_test_route"]
    said = {
        **good,
        "bluegreen_checks": CHECKS,
        "bluegreen_test_route": {**test_route, "headers": {"X-Candidate": "header-s3cr3t"}},
        "bluegreen_store": f"file://{tmp_path}/store",
        "bluegreen_in_process": in_process,
    }
    (tmp_path / "store").mkdir()
    (tmp_path / "said.json").write_text(json.dumps(said), encoding="utf-8")
    environment = {
        **os.environ,
        **sample.lab.env,
        "ANSIBLE_SHOW_CUSTOM_STATS": "1",
        "PATH": f"{BIN}:{os.environ['PATH']}",
    }
    given = ["-i", str(sample.lab.inventory), "-e", f"@{tmp_path}/said.json", "-vvv"]
    code, output, errors = started([str(ROOT / "playbooks/deploy.yml"), *given], environment, 300)
    written = [output, errors, tags(sample)]
    written += [path.read_text(encoding="utf-8") for path in (tmp_path / "store").rglob("*") if path.is_file()]
    assert code != 0
    assert "GET /a?***: expected JSON value path to be" in output
    assert "POST /login: expected status 401, got 200" in output
    assert any("GET /a?***" in each for each in written[3:]), "The record has the finding."
    assert [each for each in written if "s3cr3t" in each] == []


def tags(sample: Sample) -> str:
    elbv2, groups = sample.lab.client("elbv2"), sample.lab.client("autoscaling")
    arns = [each["TargetGroupArn"] for each in elbv2.describe_target_groups()["TargetGroups"]]
    found: list[Any] = [elbv2.describe_tags(ResourceArns=arns), groups.describe_tags()]
    return json.dumps(found, default=str)
