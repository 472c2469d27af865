# SPDX-License-Identifier: GPL-3.0-or-later
"""What a job of a workflow knows of the jobs before it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.plugin_utils.workflow import image_of_workflow

RELEASED = {"to": {"image_id": "ami-1", "release": "1.2.0"}}


@pytest.mark.parametrize(
    ("variables", "image"),
    [
        ({"awx_workflow_job_id": 7, "bluegreen_outcome_web_shop": RELEASED}, "ami-1"),
        ({"bluegreen_outcome_web_shop": RELEASED}, None),  # a job that was launched again by itself
        ({"awx_workflow_job_id": 7}, None),
        ({"awx_workflow_job_id": 7, "bluegreen_outcome_other": RELEASED}, None),
        ({"awx_workflow_job_id": 7, "bluegreen_outcome_web_shop": {"to": {"image_id": ""}}}, None),
        ({"awx_workflow_job_id": 7, "bluegreen_outcome_web_shop": {"end_state": "refused"}}, ""),
        ({"awx_workflow_job_id": 7, "bluegreen_outcome_web_shop": "text of a survey"}, None),
    ],
)
def test_a_workflow_is_about_the_image_that_its_jobs_have_released(
    variables: Mapping[str, Any], image: str | None
) -> None:
    assert image_of_workflow(variables, "web-shop") == image
