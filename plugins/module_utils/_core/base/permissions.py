# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What to do about a call that AWS does not permit."""

from __future__ import annotations

import re

PLAYBOOKS = (
    *("adopt", "approve", "deploy", "freeze", "history", "plan", "provision", "roll", "rollback", "status", "store"),
    *("swap", "teardown", "unfreeze", "verify", "watch"),
)
# "Troubleshoot access denied error messages" in the IAM User Guide.
DENIED = re.compile(r'is not authorized to perform: (?P<action>[\w-]+:\w+)(?: on resource: "?(?P<resource>[^\s"]+))?')
# Policies that are added for a variable: by the service that they allow calls of, by an action, or by the call that was
# refused, which may need an action of another service.
ADDED = {
    "s3": "with-store",
    "sns": "with-notify",
    "scheduler": "with-return",
    **dict.fromkeys(("iam:GetRole", "iam:SimulatePrincipalPolicy"), "with-return"),
    **dict.fromkeys(("CreateSchedule", "UpdateSchedule"), "with-return"),
}
# Auto Scaling says no more than this (hashicorp/terraform-provider-aws#12722).
TEMPLATE = "You are not authorized to use launch template"
TO_LAUNCH = "ec2:RunInstances, ec2:CreateTags, iam:PassRole for its instance profile or ssm:GetParameters for its image"


def needed(message: str, playbook: str, call: str) -> str:
    """A sentence with a space before it, from AWS's; empty where AWS was not asked for a permission."""
    found = DENIED.search(message)
    policy = playbook
    if found:
        service = found["action"].partition(":")[0]
        added = [ADDED[each] for each in (service, found["action"], call) if each in ADDED]
        policy = added[0] if added and playbook != "store" else playbook
        what = found["action"] + (f" on {found['resource']}" if found["resource"] else "")
    elif message.startswith(TEMPLATE):
        what = f"what a launch from the template needs: {TO_LAUNCH}"
    else:
        return ""
    if playbook in PLAYBOOKS:
        return f" {playbook}.yml needs {what}; docs/iam/{policy}.json allows it."
    return f" This needs {what}; docs/iam/ has a policy for each playbook."
