# SPDX-License-Identifier: GPL-3.0-or-later
"""Auto Scaling, the requests about instance refreshes."""

from __future__ import annotations

from moto.core.responses import ActionResult

from .refresh import Refresh
from .requests import GroupRequests


class RefreshRequests(GroupRequests):
    def start_instance_refresh(self) -> ActionResult:
        return _answer(self.backend.start_refresh(self.group_name, self._get_params()))

    def describe_instance_refreshes(self) -> ActionResult:
        ids = self._get_param("InstanceRefreshIds", [])
        found = self.backend.refreshes.get(self.backend.group(self.group_name).name, [])
        return self._page("InstanceRefreshes", [each.described() for each in found if not ids or each.id in ids])

    def cancel_instance_refresh(self) -> ActionResult:
        waits = self._get_bool_param("WaitForTransitioningInstances", True)
        return _answer(self.backend.cancel_refresh(self.group_name, waits))

    def rollback_instance_refresh(self) -> ActionResult:
        return _answer(self.backend.roll_back_refresh(self.group_name))


def _answer(refresh: Refresh) -> ActionResult:
    return ActionResult({"InstanceRefreshId": refresh.id})
