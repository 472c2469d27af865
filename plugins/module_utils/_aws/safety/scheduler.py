# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""EventBridge Scheduler: one function, one API call (pages of a listing count as one)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..base.errors import AwsError, doing

Client = Any
Item = dict[str, Any]

NOT_FOUND = "ResourceNotFoundException"
# Of CreateSchedule: there is one of this name. Of UpdateSchedule and DeleteSchedule: "Updating or deleting the resource
# can cause an inconsistent state" (API reference), as shortly after another write
# (github.com/alchemy-run/distilled/pull/248); the SDK does not retry it.
CONFLICT = "ConflictException"


def create_schedule(client: Client, request: Mapping[str, Any]) -> None:
    """The SDK sends a token along, so that its retries make no second one."""
    with doing(f"making schedule {request['Name']}"):
        client.create_schedule(**request)


def update_schedule(client: Client, request: Mapping[str, Any]) -> bool:
    """False for one that is gone, as it is when it has called."""
    try:
        with doing(f"changing schedule {request['Name']}"):
            client.update_schedule(**request)
    except AwsError as error:
        if error.code != NOT_FOUND:
            raise
        return False
    return True


def get_schedule(client: Client, group: str, name: str) -> Item | None:
    """None for one that is gone, as it is when it has called."""
    try:
        with doing(f"reading schedule {name}"):
            return dict(client.get_schedule(GroupName=group, Name=name))
    except AwsError as error:
        if error.code != NOT_FOUND:
            raise
        return None


def delete_schedule(client: Client, group: str, name: str) -> None:
    """One that is gone is what was asked for."""
    try:
        with doing(f"deleting schedule {name}"):
            client.delete_schedule(GroupName=group, Name=name)
    except AwsError as error:
        if error.code != NOT_FOUND:
            raise


def list_schedules(client: Client, group: str, prefix: str) -> list[str]:
    """Their names."""
    with doing(f"listing the schedules of group {group}"):
        pages = client.get_paginator("list_schedules").paginate(GroupName=group, NamePrefix=prefix)
        return [str(each["Name"]) for page in pages for each in page["Schedules"]]


def get_schedule_group(client: Client, group: str) -> Item:
    with doing(f"reading schedule group {group}"):
        return dict(client.get_schedule_group(Name=group))
