# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who runs the play: the job of a controller or of a CI system, or a person on a machine."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from getpass import getuser
from typing import Any

from ..module_utils._ops.base.parent import controller
from ..module_utils._ops.lease.process import process_of

# AWX and Automation Controller set these as extra variables of each job (User Guide, "Extra Variables").
AWX_JOB, AWX_WORKFLOW, AWX_USER = "awx_job_id", "awx_workflow_job_id", "awx_user_name"
# Each system's documentation of the variables that it sets in the environment of a job.
CI = {
    "GITHUB_RUN_ID": "GitHub Actions run",
    "CI_JOB_ID": "GitLab job",
    "BUILD_TAG": "Jenkins build",
    "BUILD_BUILDID": "Azure Pipelines build",
    "CIRCLE_WORKFLOW_ID": "CircleCI workflow",
}


def owner(variables: Mapping[str, Any], environment: Mapping[str, str] | None = None) -> str:
    """As a person knows it. ``environment``: by default that of this process."""
    environment = os.environ if environment is None else environment
    if job := variables.get(AWX_JOB):
        workflow, user = variables.get(AWX_WORKFLOW), variables.get(AWX_USER)
        return f"AWX job {job}" + (f" of workflow job {workflow}" if workflow else "") + (f" ({user})" if user else "")
    for name, title in CI.items():
        if number := environment.get(name):
            return f"{title} {number}"
    return f"{_user()}@{socket.gethostname()}, process {controller()}"


def claimant(variables: Mapping[str, Any]) -> dict[str, str]:
    """Options of a task that takes a lease."""
    return {"by": owner(variables), "process": str(process_of(controller()) or "")}


def _user() -> str:
    """A container may run as a user that has no name."""
    try:
        return getuser()
    except (KeyError, OSError):
        return str(os.getuid())
