# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Decides once per run which image a rule selects for a service."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..._aws.launch import ec2
from ..._core.base.errors import BluegreenError
from ..._core.launch.image_rule import FoundImage, ImageRule, check_label, choose, title
from ..._core.launch.images import created
from ..._core.release.parts import ReleaseParts
from ..._core.service.environments import Service
from ..base.run import Run


@dataclass(frozen=True)
class Resolved:
    """``stays``: why the service keeps what it runs, though the rule finds another image; else empty."""

    found: FoundImage
    values: Mapping[str, str]  # of the definition
    stays: str = ""


def resolve(
    run: Run,
    rule: ImageRule,
    images: Sequence[Mapping[str, Any]],
    service: Service | None,
    parts: ReleaseParts,
    now: datetime,
) -> Resolved:
    """``images`` are those that the rule may mean."""
    found = choose(images, rule, now, None if parts.builds else _kept(service))
    check_label(found)
    run.progress(str(found))
    if parts.builds and rule.newest and not rule.label and service and (running := _read_running(run, service, found)):
        stays = (
            f"{service.name} runs {title(running)}, and nothing newer is found: {title(found.image)} is the newest of "
            f"{rule}. To go back to that one, set bluegreen_image_id to it."
        )
        run.progress(stays)
        return Resolved(found, {"image_id": str(running["ImageId"]), "release": ""}, stays)
    return Resolved(found, {"image_id": found.id, "release": rule.release or found.release})


def _kept(service: Service | None) -> str | None:
    """The image of what a run that builds nothing continues with."""
    if service is None:
        return None
    group = service.environments[service.stable if service.is_settled else service.candidate].group
    return group.image_id if group else None


def _read_running(run: Run, service: Service, found: FoundImage) -> Mapping[str, Any] | None:
    """The image that is stable, where it was created after the one that was found."""
    stable = service.stable_environment.group
    if stable is None or stable.image_id in (None, found.id):
        return None
    with suppress(BluegreenError):  # it may be deregistered by now
        for image in ec2.describe_images(run.client("ec2"), [stable.image_id]):
            return image if created(image) > created(found.image) else None
    return None
