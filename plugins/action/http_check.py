# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the module of the same name in-process."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..module_utils._args.checks.verify import CheckingOptions
from ..module_utils._ops.checks.verify import http_check
from ..plugin_utils._in_process import InProcess
from ..plugin_utils.revealed import revealed


class ActionModule(InProcess):
    spec, work = CheckingOptions, staticmethod(http_check)

    def revealed(self, variables: Mapping[str, Any]) -> dict[str, Any]:
        return revealed(self._task.args, variables, self._templar, self._loader)
