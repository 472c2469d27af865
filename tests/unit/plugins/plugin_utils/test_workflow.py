# SPDX-License-Identifier: GPL-3.0-or-later
"""What a job of a workflow knows of the jobs before it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.plugin_utils.workflow import of_workflow

RELEASED = {"to": {"image_id": "ami-1", "release": "1.2.0"}}
REFUSED = {"end_state": "refused"}


@pytest.mark.parametrize(
    ("variables", "options"),
    [
        ({"awx_workflow_job_id": 7, "bluegreen_outcome_web_shop": RELEASED}, {"only_image": "ami-1"}),
        ({"bluegreen_outcome_web_shop": RELEASED}, {}),  # a job that was launched again by itself
        ({"awx_workflow_job_id": 7}, {}),
        ({"awx_workflow_job_id": 7, "bluegreen_outcome_other": RELEASED}, {}),
        ({"awx_workflow_job_id": 7, "bluegreen_outcome_web_shop": {"to": {"image_id": ""}}}, {}),
        (
            {"awx_workflow_job_id": 7, "bluegreen_outcome_web_shop": RELEASED | REFUSED},
            {"only_image": "ami-1", "spare_others": True},
        ),
        ({"awx_workflow_job_id": 7, "bluegreen_outcome_web_shop": REFUSED}, {"only_image": "", "spare_others": True}),
        ({"awx_workflow_job_id": 7, "bluegreen_outcome_web_shop": "text of a survey"}, {}),
    ],
)
def test_a_workflow_is_about_the_image_that_its_jobs_have_released(
    variables: Mapping[str, Any], options: Mapping[str, Any]
) -> None:
    assert of_workflow(variables, "web-shop") == options
