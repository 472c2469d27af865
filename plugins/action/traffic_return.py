# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the module of the same name in-process; what only the controller knows is read here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..module_utils._args.release.traffic_return import ReturnOptions
from ..module_utils._ops.release.traffic_return import traffic_return
from ..plugin_utils._in_process import TO_RETURN, InProcess, playbook_command
from ..plugin_utils.owner import claimant
from ..plugin_utils.workflow import of_workflow


class ActionModule(InProcess):
    spec, work = ReturnOptions, staticmethod(traffic_return)
    warmed = TO_RETURN

    def given(self, variables: Mapping[str, Any]) -> dict[str, Any]:
        without_rule = " -e bluegreen_image=" if "bluegreen_image" in variables else ""
        known = {**claimant(variables), "deploy_command": playbook_command("deploy", variables) + without_rule}
        if not self._task.args.get("previous"):
            return known
        return {**known, **of_workflow(variables, str(self._task.args["service"]))}
