# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A page that shows what a run did."""

from __future__ import annotations

DOCUMENTATION = r"""
name: release_page
version_added: 1.0.0
short_description: Show a release as an HTML page
description:
  - Turns the record of a run, as M(switchyard.bluegreen.history_info) returns it, into one HTML file. The page shows
    how the run ended, the weights over time, each stage with its verdict, and who ran it.
  - With O(series) it also shows the requests, the errors and the latency of each color over time.
  - The page loads nothing from a network and runs no script.
positional: series
options:
  _input:
    description: The record of a run.
    type: dict
    required: true
  series:
    description:
      - What was counted while the run worked.
      - A mapping with C(period), how many seconds each point stands for, C(percentile), which one the latency is, and
        C(points), a list for each color. A point has C(at), when its period begins, in seconds since the epoch,
        C(requests), C(errors), and C(latency_ms), which may be null.
    type: dict
author:
  - The switchyard.bluegreen contributors (@switchyard)
seealso:
  - module: switchyard.bluegreen.history_info
"""

EXAMPLES = r"""
- name: Read the latest run
  switchyard.bluegreen.history_info:
    service: web
    target_groups: {blue: web-blue, green: web-green}
    store: s3://example-releases/bluegreen
    run: latest
  register: latest

- name: Write its page
  ansible.builtin.copy:
    content: "{{ latest.record | switchyard.bluegreen.release_page }}"
    dest: /srv/www/web.html
    mode: "0644"
"""

RETURN = r"""
_value:
  description: The page.
  type: str
"""

from collections.abc import Callable, Mapping
from typing import Any

from ..module_utils._core.history.page import PageRun, page
from ..module_utils._core.history.record import Record
from ..module_utils._core.history.series import Series
from ..plugin_utils.filtering import reading


def release_page(record: Mapping[str, Any], series: Mapping[str, Any] | None = None) -> str:
    with reading("release_page", "a record and series as history_info returns them"):
        run = PageRun(
            Record.from_data(record), Series.from_data(series) if series else None, alive=record.get("alive", False)
        )
        return page([run])


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"release_page": release_page}
