# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What prevents a clone, before anything is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..base.arns import target_group_name
from ..base.errors import BluegreenError
from ..base.groups import is_being_deleted
from ..base.tags import COLOR, SERVICE, tags_of
from ..launch.templates import Data
from ..targets.members import target_groups_of

Group = Mapping[str, Any]  # as DescribeAutoScalingGroups returns it


def check_source(name: str, group: Group | None) -> Group:
    if group is None:
        raise BluegreenError(f"There is no Auto Scaling group {name} to build from.")
    if is_being_deleted(group):
        raise BluegreenError(f"{name} is being deleted; name a group that stays to build from.")
    if not group["DesiredCapacity"]:
        raise BluegreenError(
            f"{name} runs no instances (desired capacity 0), so there is no size to build the clone at. "
            "Scale it to what the service needs, then run again."
        )
    return group


def is_of(group: Group, service: str, color: str) -> bool:
    """Whether a group is this environment's, and there to stay."""
    tags = tags_of(group)
    return tags.get(SERVICE) == service and tags.get(COLOR) == color and not is_being_deleted(group)


def check_reuse(group: Group, image_id: str | None, service: str, color: str, wanted_image_id: str) -> None:
    """A name that is taken must be that of the very same clone."""
    name, tags = group["AutoScalingGroupName"], tags_of(group)
    if is_being_deleted(group):
        raise BluegreenError(f"{name} is being deleted; wait until it is gone, or leave out the name to get a new one.")
    if not is_of(group, service, color):
        owner = " ".join(tags[key] for key in (SERVICE, COLOR) if key in tags) or "no service"
        raise BluegreenError(f"{name} exists and belongs to {owner}, not to {service} {color}; give another name.")
    if image_id != wanted_image_id:
        has = f"image {image_id}" if image_id else "an unknown image"
        raise BluegreenError(
            f"{name} exists with {has}, and a name is never used for another image ({wanted_image_id}). Leave "
            "out the name to get the next one, or remove the group first."
        )


def check_user_data(group: Group, data: Data, wanted: str | None) -> None:
    """Not shown: it may hold secrets. A second group next to this one would share its target group."""
    if wanted is not None and data.get("UserData") != wanted:
        raise BluegreenError(
            f"{group['AutoScalingGroupName']} exists with this image and other user data. "
            "Remove it first; the next one will have the new user data."
        )


def check_all_served(source: Group, wanted: Sequence[str]) -> None:
    """Refuse to build a clone that serves fewer target groups than its source.

    Whoever asks the load balancer of one that is left out would be answered 503 once the source is removed.
    """
    served = target_groups_of(source)
    if len(served) > len(wanted):
        name, into = source["AutoScalingGroupName"], ", ".join(map(target_group_name, wanted))
        raise BluegreenError(
            f"{name} serves {len(served)} target groups: {', '.join(map(target_group_name, served))}. A group built "
            f"from it would serve only {into}, and the others would be without targets once {name} is removed. Name "
            "all of them in bluegreen_target_groups, and as many for the other color, in the same order, or detach "
            f"{name} from the others (docs/connections.md)."
        )


def check_all_attached(group: Group, wanted: Sequence[str]) -> None:
    """Refuse a group that does not serve each target group of its environment: some clients would be answered 503."""
    if lacking := [arn for arn in wanted if arn not in target_groups_of(group)]:
        raise BluegreenError(
            f"{group['AutoScalingGroupName']} is not attached to target group "
            f"{', '.join(map(target_group_name, lacking))}, which is its environment's too by "
            "bluegreen_target_groups. Attach it, or correct the definition."
        )


def check_target_groups(found: Sequence[Mapping[str, Any]]) -> None:
    """An Auto Scaling group registers instances, so that is what they must take."""
    for group in found:
        if group.get("TargetType", "instance") != "instance":
            raise BluegreenError(
                f"Target group {group['TargetGroupName']} takes targets of type {group['TargetType']}; "
                "an Auto Scaling group can only be attached to one of type instance."
            )
