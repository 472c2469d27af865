# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What forbids a release at this moment."""

from __future__ import annotations

DOCUMENTATION = r"""
name: closed_gates
version_added: 1.0.0
short_description: What forbids a release at this moment
description:
  - Returns whether a service is frozen, and whether it is outside of the hours in which it may be released.
  - A shift of traffic that is in progress may be finished outside of these hours, but not while the service is frozen.
positional: windows, override
options:
  _input:
    description: The service, as M(switchyard.bluegreen.service_info) returns it under C(service).
    type: dict
    required: true
  windows:
    description:
      - The hours in which the service may be released; at any hour when there are none.
      - Each window may have C(days), a list of C(mon), C(tue), C(wed), C(thu), C(fri), C(sat) and C(sun), by default
        all. It may have C(from) and C(to), hours such as C(09:00), by default the whole day, and C(timezone), the name
        of a time zone, by default C(UTC). A window whose C(to) is before its C(from) closes on the next day.
    type: list
    elements: dict
    required: true
  override:
    description:
      - Why closed gates may be passed, or a mapping with C(reason) and C(allow), a list of C(window) and C(freeze).
      - The gates that it lets pass are left out.
    type: raw
    default: ''
author:
  - The switchyard.bluegreen contributors (@switchyard)
seealso:
  - module: switchyard.bluegreen.freeze
"""

EXAMPLES = r"""
- name: Release within office hours only
  ansible.builtin.assert:
    that: closed == []
    fail_msg: "{{ closed | join(' ') }}"
  vars:
    closed: "{{ web.service | switchyard.bluegreen.closed_gates(windows) }}"
    windows:
      - {days: [mon, tue, wed, thu], from: "09:00", to: "16:00", timezone: Europe/Berlin}
"""

RETURN = r"""
_value:
  description: A sentence for each gate that is closed.
  type: list
  elements: str
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from ..module_utils._core.release.gates import find_closed_gates
from ..module_utils._core.service.override import Override
from ..module_utils._core.service.windows import parse_windows
from ..plugin_utils.filtering import reading


def closed_gates(service: Mapping[str, Any], windows: Any, override: Any = "") -> list[str]:
    with reading("closed_gates", "a service as service_info returns it, windows and an override"):
        closed = find_closed_gates(service, parse_windows(windows), datetime.now(UTC))
        passed = Override.parse(override)
        return [sentence for gate, sentence in closed.items() if not passed.allows(gate)]


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"closed_gates": closed_gates}
