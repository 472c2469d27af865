# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the module of the same name in-process."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..module_utils._args.refresh.roll import RefreshOptions
from ..module_utils._ops.refresh.roll import instance_refresh
from ..plugin_utils._in_process import InProcess
from ..plugin_utils.owner import claimant


class ActionModule(InProcess):
    spec, work = RefreshOptions, staticmethod(instance_refresh)

    def given(self, variables: Mapping[str, Any]) -> dict[str, Any]:
        return claimant(variables)
