# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Notices others who act on a group that is rolled: with a refresh of their own, or by changing what it launches."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from ..._aws.base.written import SECONDS
from ..._core.base.errors import BluegreenError
from ..._core.base.groups import is_being_deleted
from ..._core.base.tags import tags_of
from ..._core.launch.sources import specification_of, specifications_of
from ..._core.refresh.history import Rolled
from ..._core.refresh.state import Refresh, under_way
from ..base.run import Run, together
from ..base.wait import poll
from ..launch.templates import plan_launch, read_images
from ..targets.members import require_group
from .wait import read_refreshes

Group = Mapping[str, Any]


def read_group(run: Run, name: str) -> Group:
    group = require_group(run, name)
    if is_being_deleted(group):
        raise BluegreenError(f"{name} is being deleted, so nothing in it can be replaced.")
    return group


def check_same(run: Run, group: Group, active: Refresh, service: str, image_id: str) -> None:
    """AWS refuses a second refresh, so the one that runs has to lead where it is wanted."""
    if why := find_other(run, group, active, service, image_id):
        raise BluegreenError(why, refresh=active.as_data())


def find_other(run: Run, group: Group, active: Refresh, service: str, image_id: str) -> str:
    """Why a roll to the image cannot continue this refresh; empty when it can."""
    if not active.forward:
        return f"{active.message()} Wait until that is over, then run again."
    image, specified = image_of(run, active), dict(specification_of(active.configuration))
    if image != image_id:
        leads = f"{image or specified or 'what it launches already'}, not to {image_id}"
    elif _brings_more(run, group, active, service, image_id):
        leads = f"{image_id} by {specified}, which brings more than that image"
    else:
        return ""
    return (
        f"{active.group} is being rolled to {leads}: {active.percentage} % done. Wait until that is over, or roll it "
        "back with state rolled_back (rollback.yml) first."
    )


def check_own(run: Run, group: Group, active: Refresh, service: str, image: str | None) -> None:
    """An error for a refresh to the image that somebody else has started."""
    rolled = Rolled.read(tags_of(group))
    if image is None or image != rolled.image or _brings_more(run, group, active, service, image):
        raise BluegreenError(
            f"Instance refresh {active.id} of {active.group}, to {image or 'what the group launches already'}, was not "
            f"started by a roll of this collection ({rolled.image or 'none'} was its last), so it is not taken back. "
            "Wait until it is over, or cancel it, then run again.",
            refresh=active.as_data(),
        )


def require_image(run: Run, ended: Refresh, image_id: str | None, done: str) -> None:
    """A refresh is over for AWS; what the group launches may have been changed by somebody else meanwhile, or be about
    to: a group launches what a refresh brings only when that is over. A read may not show this at once."""
    name = ended.group

    def look() -> tuple[str, list[Refresh]]:
        group, found = together(partial(read_group, run, name), partial(read_refreshes, run, name))
        return read_images(run, [group])[name] or "an unknown image", found

    doing = f"waiting until {name} launches {image_id}"
    launched, found = poll(run, doing, look, lambda seen: image_id in (None, seen[0]), SECONDS)
    if image_id and launched != image_id:
        raise BluegreenError(
            f"AWS says that {name} is {done}, but the group launches {launched} and not {image_id}. Somebody else has "
            "changed it. Check it with status.yml, then run again."
        )
    active = under_way([each for each in found if each.id != ended.id])
    if active:
        raise BluegreenError(
            f"AWS says that {name} is {done}, but another instance refresh of it has begun since, to "
            f"{image_of(run, active) or 'what the group launches already'}. Check it with status.yml, then run again.",
            refresh=active.as_data(),
        )


def image_of(run: Run, refresh: Refresh) -> str | None:
    """The image that it brings. A refresh that was started elsewhere may name none, or its template otherwise."""
    if "LaunchTemplateId" not in specification_of(refresh.configuration):
        return None
    return read_images(run, [{"AutoScalingGroupName": refresh.group, **refresh.configuration}])[refresh.group]


def _brings_more(run: Run, group: Group, refresh: Refresh, service: str, image_id: str) -> bool:
    """Than a roll to this image does, as another version of the launch template may. Where that cannot be read, since
    the image was deregistered for example, it is not held up."""
    try:
        planned = plan_launch(run, group, service, image_id, None)
    except BluegreenError:
        return False
    brought = {(each.get("LaunchTemplateId"), each.get("Version")) for each in specifications_of(refresh.configuration)}
    return brought != {(each.template_id, str(each.found)) for each in planned.revisions.values()}
