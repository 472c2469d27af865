# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lifecycle hooks: which of them a clone gets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

Hook = Mapping[str, Any]  # as DescribeLifecycleHooks returns it

# CodeDeploy puts such a hook on each group of a deployment group, and completes only the hooks that it has put there
# itself ("Integrating CodeDeploy with Amazon EC2 Auto Scaling" in its user guide). A copy is never completed:
# github.com/hashicorp/terraform-provider-aws/issues/2993.
CODEDEPLOY = "CodeDeploy-managed-automatic-"


def copied(hooks: Iterable[Hook]) -> list[Hook]:
    """Those that a clone gets."""
    return [each for each in hooks if not _of_codedeploy(each)]


def left_out(group: str, hooks: Iterable[Hook]) -> list[str]:
    names = sorted(each["LifecycleHookName"] for each in hooks if _of_codedeploy(each))
    if not names:
        return []
    return [
        f"{group} has hooks that CodeDeploy manages ({', '.join(names)}). They are not copied to its clone, because "
        "CodeDeploy completes no copies and the instances would wait in vain. If CodeDeploy installs what the "
        "instances need, put that into the image."
    ]


def _of_codedeploy(hook: Hook) -> bool:
    return str(hook["LifecycleHookName"]).startswith(CODEDEPLOY)
