# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the module of the same name in-process."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from ansible.errors import AnsibleError

from ..module_utils._args.release.plan import OutcomeOptions
from ..module_utils._ops.release.outcome import outcome
from ..plugin_utils._in_process import InProcess
from ..plugin_utils.definition import read_variable
from ..plugin_utils.owner import owner


class ActionModule(InProcess):
    spec, work = OutcomeOptions, staticmethod(outcome)

    def given(self, variables: Mapping[str, Any]) -> dict[str, Any]:
        named = {} if "service" in self._task.args else self._service(variables)
        return {"by": owner(variables), "later": later_hosts(variables), "fail_on": self._fail_on(variables), **named}

    def _fail_on(self, variables: Mapping[str, Any]) -> list[str]:
        """The variable bluegreen_fail_on, read by itself: a run may be refused because of any other one. Malformed,
        it is refused itself."""
        return list(read_variable("bluegreen_fail_on", variables, self._templar, self._loader))

    def _service(self, variables: Mapping[str, Any]) -> dict[str, str]:
        """The host's name, where that of its service cannot be evaluated: that is why the run is refused."""
        with suppress(AnsibleError):
            if named := self._templar.template(variables.get("bluegreen_service")):
                return {"service": str(named).strip()}
        return {"service": variables.get("inventory_hostname", "localhost")}


def later_hosts(variables: Mapping[str, Any]) -> list[str]:
    """The hosts of batches that have not begun. A service mostly has the name of its host.

    Both lists are without the hosts that have failed.
    """
    hosts, batch = (variables.get(f"ansible_play_{name}", []) for name in ("hosts", "batch"))
    return list(hosts[hosts.index(batch[-1]) + 1 :]) if batch else []
