# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""In-process twin of the module of the same name; what a person says of the service is read here, on the controller."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..module_utils._args.release.definition import DEFINITION
from ..module_utils._core.release.finding import refusals, warnings
from ..module_utils._ops.release.definition import definition
from ..plugin_utils._in_process import InProcess
from ..plugin_utils.definition import read_definition


class ActionModule(InProcess):
    spec, work = DEFINITION, staticmethod(definition)

    def given(self, variables: Mapping[str, Any]) -> dict[str, Any]:
        work = self._templar.template(self._task.args["work"])
        read, findings = read_definition(dict(variables), self._templar, self._loader, work)
        return {"definition": read.as_data(), "findings": refusals(findings), "remarks": warnings(findings)}
