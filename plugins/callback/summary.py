# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""At the end of a run of several services: how many have ended how, and which."""

from __future__ import annotations

DOCUMENTATION = r"""
name: summary
type: aggregate
version_added: 1.0.0
short_description: Show at the end how the services of a run have ended
description:
  - Shows how many services have succeeded, were refused, rolled back or halted, with their names, at the end of
    C(ansible-playbook) with a playbook of this collection; and why, for those that a person has to look at. A service
    that no batch has come to is shown as not begun.
  - It takes no task. With one service, it shows nothing, as the outcome of that is shown anyway.
requirements:
  - It is enabled by C(callbacks_enabled = switchyard.bluegreen.summary) in section C(defaults) of ansible.cfg, or by
    the environment variable E(ANSIBLE_CALLBACKS_ENABLED).
author:
  - The switchyard.bluegreen contributors (@switchyard)
"""

from typing import Any

from ansible.plugins.callback import CallbackBase

from ..module_utils._core.release.play_summary import fleet_lines

OUTCOME = "switchyard.bluegreen.outcome"


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "switchyard.bluegreen.summary"
    CALLBACK_NEEDS_ENABLED = True

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._ends: dict[str, str] = {}
        self._messages: dict[str, str] = {}
        self._hosts: list[str] = []  # of the play in progress
        self._services: dict[str, None] = {}

    def v2_playbook_on_play_start(self, play: Any) -> None:
        inventory = play.get_variable_manager()._inventory
        # At the start of a play, the inventory is restricted to its first batch.
        self._hosts = [host.name for host in inventory.get_hosts(play.hosts, ignore_restrictions=True)]

    def v2_runner_on_ok(self, result: Any) -> None:
        self._note(result)

    def v2_runner_on_failed(self, result: Any, **_more: Any) -> None:
        self._note(result)

    def _note(self, result: Any) -> None:
        """An outcome; without one, the play is not one of releases."""
        if result.task.action == OUTCOME and (state := result.result.get("end_state")):
            self._ends[result.host.name] = str(state)
            self._messages[result.host.name] = str(result.result.get("message", ""))
            self._services |= dict.fromkeys(self._hosts)

    def v2_playbook_on_stats(self, stats: Any) -> None:
        if len(self._services) < 2:
            return
        failed = {*stats.failures, *stats.dark}
        for line in fleet_lines(self._ends, list(self._services), failed, self._messages):
            self._display.display(line, stderr=True)
