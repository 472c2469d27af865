# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deletes launch template versions that nobody needs any more."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from ..._aws.group import autoscaling
from ..._aws.launch import ec2
from ..._core.launch.sources import templates_of
from ..._core.launch.template_versions import disposable, versions_in_use
from ..base.run import Run, together

Group = Mapping[str, Any]

GONE = "launchTemplateVersionDoesNotExist"  # ResponseError in the API reference of EC2


def prune_versions(run: Run, removed: Group, service: str, keep: int) -> tuple[list[str], list[str]]:
    """What was deleted (``<template id>:<version>``) of the launch templates of a group, and what AWS said to that.

    The group itself needs none any more. In check mode nothing is deleted.
    """
    client = run.client("ec2")
    ids = list(dict.fromkeys(ref.id for ref in templates_of(removed)))
    histories = dict(
        zip(ids, together(*[partial(ec2.describe_template_history, client, each) for each in ids]), strict=True)
    )
    old = {template_id: disposable(service, keep, versions, ()) for template_id, versions in histories.items()}
    if not any(old.values()):
        return [], []
    groups = autoscaling.describe_groups(run.client("autoscaling"))
    others = [group for group in groups if group["AutoScalingGroupName"] != removed["AutoScalingGroupName"]]
    deleted, said = [], []
    for template_id in ids:
        in_use = versions_in_use(template_id, others)
        numbers = disposable(service, keep, histories[template_id], in_use)
        outcomes = _delete(run, template_id, numbers)
        deleted += [f"{template_id}:{each['VersionNumber']}" for each in outcomes if not _stays(each)]
        said += [
            f"AWS keeps version {each['VersionNumber']} of launch template {template_id}: "
            f"{each['ResponseError'].get('Message')}"
            for each in outcomes
            if _stays(each)
        ]
    return deleted, said


def _stays(outcome: Mapping[str, Any]) -> bool:
    """One that is gone already was deleted by the same call, whose answer was lost."""
    return bool(outcome.get("ResponseError", {}).get("Code", GONE) != GONE)


def _delete(run: Run, template_id: str, numbers: list[int]) -> list[dict[str, Any]]:
    if run.check_mode:
        return [{"VersionNumber": number} for number in numbers]
    return ec2.delete_template_versions(run.client("ec2"), template_id, numbers) if numbers else []
