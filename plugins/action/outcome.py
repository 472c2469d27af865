# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""In-process twin of the module of the same name."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from ansible.errors import AnsibleError

from ..module_utils._args.release.plan import OutcomeOptions
from ..module_utils._ops.release.outcome import outcome
from ..plugin_utils._in_process import InProcess
from ..plugin_utils.owner import owner


class ActionModule(InProcess):
    spec, work = OutcomeOptions, staticmethod(outcome)

    def given(self, variables: Mapping[str, Any]) -> dict[str, Any]:
        return {"by": owner(variables), **({} if "service" in self._task.args else self._service(variables))}

    def _service(self, variables: Mapping[str, Any]) -> dict[str, str]:
        """The host's name, where that of its service cannot be evaluated: that is why the run is refused."""
        with suppress(AnsibleError):
            if named := self._templar.template(variables.get("bluegreen_service")):
                return {"service": str(named).strip()}
        return {"service": variables["inventory_hostname"]}
