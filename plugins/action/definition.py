# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the module of the same name in-process, with the variables of the service read here, on the controller."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..module_utils._args.definition.service import DefinitionOptions
from ..module_utils._core.definition.finding import refusals, warnings
from ..module_utils._core.definition.service import as_data
from ..module_utils._ops.definition.service import definition
from ..plugin_utils._in_process import InProcess
from ..plugin_utils.definition import read_definition
from ..plugin_utils.hook_tasks import Around


class ActionModule(InProcess):
    spec, work = DefinitionOptions, staticmethod(definition)

    def given(self, variables: Mapping[str, Any]) -> dict[str, Any]:
        if "definition" in self._task.args:
            return {}
        work = self._templar.template(self._task.args["work"])
        values, findings = read_definition(dict(variables), self._templar, Around.of(self._task, self._loader), work)
        return {"definition": as_data(values), "findings": refusals(findings), "remarks": warnings(findings)}
