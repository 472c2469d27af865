# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""User data that is still what was planned."""

from __future__ import annotations

DOCUMENTATION = r"""
name: as_planned
version_added: 1.0.0
short_description: Refuse user data that has changed since a release was planned
description:
  - A plan does not contain user data, because it may be secret. So the user data is evaluated again where a task needs
    it, and a lookup in it may return another value by then.
  - Returns the user data if it has the digest that the plan contains, and fails otherwise.
positional: sha256
options:
  _input:
    description: The user data, encoded with Base64, or an empty text.
    type: str
    required: true
  sha256:
    description: The SHA-256 of the planned user data before it was encoded; empty for none.
    type: str
    required: true
author:
  - The switchyard.bluegreen contributors (@switchyard)
seealso:
  - module: switchyard.bluegreen.plan
"""

EXAMPLES = r"""
- name: Make the launch template of the first group
  amazon.aws.ec2_launch_template:
    template_name: "{{ release_stage.group }}"
    image_id: "{{ release_plan.definition.image_id }}"
    user_data: "{{ bluegreen_user_data | b64encode | switchyard.bluegreen.as_planned(release_stage.user_data_sha256) }}"
"""

RETURN = r"""
_value:
  description: The same user data.
  type: str
"""

from collections.abc import Callable

from ..module_utils._core.launch.templates import check_unchanged
from ..plugin_utils.filtering import reading


def as_planned(user_data: str, sha256: str) -> str:
    with reading("as_planned", "user data that is encoded with Base64 and a SHA-256"):
        check_unchanged(user_data, sha256)
        return user_data


class FilterModule:
    def filters(self) -> dict[str, Callable[..., str]]:
        return {"as_planned": as_planned}
