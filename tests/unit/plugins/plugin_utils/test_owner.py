# SPDX-License-Identifier: GPL-3.0-or-later
"""Who runs a play, as those read it who are refused meanwhile."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.plugin_utils.owner import claimant, owner


@pytest.mark.parametrize(
    ("variables", "environment", "said"),
    [
        ({"awx_job_id": 4711}, {}, "AWX job 4711"),
        (
            {"awx_job_id": 4711, "awx_workflow_job_id": 12, "awx_user_name": "ann"},
            {"CI_JOB_ID": "1"},
            "AWX job 4711 of workflow job 12 (ann)",
        ),
        ({}, {"GITHUB_RUN_ID": "99"}, "GitHub Actions run 99"),
        ({}, {"CI_JOB_ID": "7"}, "GitLab job 7"),
        ({}, {"BUILD_TAG": "jenkins-web-3"}, "Jenkins build jenkins-web-3"),
    ],
)
def test_a_job_is_named_by_its_number(variables: Mapping[str, Any], environment: Mapping[str, str], said: str) -> None:
    assert owner(variables, environment) == said


def test_a_person_is_named_with_machine_and_process() -> None:
    assert re.fullmatch(r".+@.+, process \d+", owner({}, {}))


def test_the_process_of_the_run_is_its_controller() -> None:
    assert re.fullmatch(r"[0-9a-f]+\.\d+:\d+:\d+", claimant({})["process"])
