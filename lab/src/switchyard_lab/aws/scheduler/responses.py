# SPDX-License-Identifier: GPL-3.0-or-later
"""EventBridge Scheduler, the requests that moto takes too easily."""

from __future__ import annotations

import json
from typing import Any, cast
from urllib.parse import unquote

from moto.scheduler.responses import EventBridgeSchedulerResponse

from .backend import LabScheduler


class LabSchedulerResponse(EventBridgeSchedulerResponse):
    @property
    def _lab(self) -> LabScheduler:
        return cast(LabScheduler, self.scheduler_backend)

    @property
    def _name(self) -> str:
        return unquote(self.uri.split("?")[0].split("/")[-1])

    def create_schedule(self) -> str:
        return json.dumps({"ScheduleArn": self._lab.create(self._request())})

    def update_schedule(self) -> str:
        return json.dumps({"ScheduleArn": self._lab.replace(self._request())})

    def delete_schedule(self) -> str:
        self._lab.remove(self._get_param("groupName"), self._name)
        return "{}"

    def create_schedule_group(self) -> str:
        group = self._lab.create_schedule_group(self._name, json.loads(self.body or "{}").get("Tags", []))
        return json.dumps({"ScheduleGroupArn": group.arn})

    def _request(self) -> dict[str, Any]:
        return {**json.loads(self.body), "Name": self._name}
