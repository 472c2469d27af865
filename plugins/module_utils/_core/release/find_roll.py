# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finders: whether AWS can replace the instances of the live group in place."""

from __future__ import annotations

from ..launch.parameters import is_parameter
from ..refresh.state import find_refused, find_suspended, find_unbounded
from .bring_up import ROLL
from .case import Case


def find_limits_of_refresh(case: Case) -> list[str]:
    group = case.service.stable_environment.group if case.service else None
    if case.bring_up.kind != ROLL or group is None or not group.described or case.intent.roll_has_begun:
        return []
    return [*find_refused(group.described), *find_unbounded(group.described)]


def find_suspended_processes(case: Case) -> list[str]:
    """A roll that has begun needs them too; one that has nothing left to do does not."""
    group = case.service.stable_environment.group if case.service else None
    if case.bring_up.kind != ROLL or group is None or case.intent.asked.image_id == group.image_id:
        return []
    return find_suspended(group.described)


def find_other_user_data(case: Case) -> list[str]:
    return [] if case.intent.roll_has_begun else _other_user_data(case)


def find_user_data_left_out(case: Case) -> list[str]:
    return _other_user_data(case) if case.intent.roll_has_begun else []


def _other_user_data(case: Case) -> list[str]:
    group, wanted = case.service.stable_environment.group if case.service else None, case.intent.asked.user_data
    if case.bring_up.kind != ROLL or group is None or wanted in ("", group.user_data):
        return []
    return [
        f"{group.name} has other user data than bluegreen_user_data, and a roll replaces only the image. Release both "
        "with deploy.yml, or roll with bluegreen_user_data empty."
    ]


def find_parameter(case: Case) -> list[str]:
    """AWS rolls back no refresh of such a group (RollbackInstanceRefresh in the API reference)."""
    if case.bring_up.kind != ROLL or case.facts.launched is None:
        return []
    image_id, group = case.facts.launched().get("ImageId"), case.bring_up.source
    if not is_parameter(image_id):
        return []
    return [
        f"The launch template of {group} names a parameter of Systems Manager instead of an image, so AWS could not "
        f"roll {group} back. Set {group} to a version of its launch template that has the ID of the image."
    ]


def find_other_refresh(case: Case) -> list[str]:
    """A roll continues one that leads to its image."""
    why = case.facts.other_refresh() if case.facts.other_refresh else ""
    return [why] if why else []
