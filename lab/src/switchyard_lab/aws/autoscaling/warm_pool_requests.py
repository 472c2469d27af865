# SPDX-License-Identifier: GPL-3.0-or-later
"""Auto Scaling, the requests about warm pools."""

from __future__ import annotations

from moto.core.responses import ActionResult, EmptyResult

from .requests import GroupRequests

MOST_INSTANCES = 50  # in one answer


class WarmPoolRequests(GroupRequests):
    def describe_warm_pool(self) -> ActionResult:
        group = self.backend.group(self.group_name)
        reported = {"WarmPoolConfiguration": group.warm_pool} if group.warm_pool else {}
        return self._page("Instances", group.warm_instances, MOST_INSTANCES, **reported)

    def delete_warm_pool(self) -> ActionResult:
        self.backend.delete_warm_pool(self.group_name, self._get_bool_param("ForceDelete", False))
        return EmptyResult()
