# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a service stands, as a table for a person."""

from __future__ import annotations

DOCUMENTATION = r"""
name: status_table
version_added: 1.0.0
short_description: Show where a service stands as a table
description:
  - Turns what M(switchyard.bluegreen.service_info) returns into lines of text, one for each environment, the stable one
    first. A freeze, and a release that waits for approval, are shown above.
options:
  _input:
    description: The service, as M(switchyard.bluegreen.service_info) returns it under C(service).
    type: dict
    required: true
author:
  - The switchyard.bluegreen contributors (@switchyard)
seealso:
  - module: switchyard.bluegreen.service_info
"""

EXAMPLES = r"""
- name: Show where the service stands
  ansible.builtin.debug:
    msg: "{{ web.service | switchyard.bluegreen.status_table }}"
  # =>
  # - "web: blue is stable, nothing in progress"
  # - "       weight  release  image      group          healthy  pinned at  retained until"
  # - "blue   100 %   1.0.0    ami-0b1e1  web-blue-v001  3/3      -          -"
  # - "green  0 %     -        -          -              0/0      -          -"
"""

RETURN = r"""
_value:
  description: Lines of text.
  type: list
  elements: str
"""

from collections.abc import Callable, Mapping
from typing import Any

from ..module_utils._core.service.status import status_lines
from ..plugin_utils.filtering import reading


def status_table(service: Mapping[str, Any]) -> list[str]:
    with reading("status_table", "a service as service_info returns it"):
        return list(status_lines(service))


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"status_table": status_table}
