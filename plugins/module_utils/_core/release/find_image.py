# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finders: whether the image can be released, and whether it should be."""

from __future__ import annotations

from ..base.timestamps import to_the_minute
from ..history.outcome import find_rolled_back, was_left
from ..history.sentences import how, what
from ..launch.images import deprecated_since
from ..launch.instance_types import misfits
from ..service.environments import Service
from .bring_up import CANDIDATE, ROLL, rejection_message
from .case import Case


def find_bad_image(case: Case) -> list[str]:
    """A rule finds the same image night after night, and users must not get a bad one each time. Who gives its ID, or
    lets it pass, has decided to try it again."""
    candidate, service = case.definition.candidate, case.service
    builds = case.parts.builds and case.bring_up.kind in (CANDIDATE, ROLL)
    allowed = candidate.rule is None or case.definition.gates.override.allows("rejected")
    if allowed or not builds or service is None or _runs(service, candidate.image_id):
        return []
    said = _why_bad(service, candidate.image_id)
    if not said:
        return []
    return [
        f"bluegreen_image finds {candidate.image_id}, which was rolled back, and a rule does not release such an image "
        f"again. {said} Let the rule find a fixed image. To release this one again, set bluegreen_override to "
        "{reason: why, allow: [rejected]}."
    ]


def find_outdated_image(case: Case) -> list[str]:
    """What AWS launches anyway, and will not for ever."""
    if case.facts.image is None:
        return []
    image, found = case.facts.image(), []
    if since := deprecated_since(image, case.at):
        found.append(
            f"Image {image['ImageId']} is deprecated since {to_the_minute(since)}. AWS launches it until its owner "
            "deregisters it; release a newer one."
        )
    if image.get("ImageAllowed") is False:
        found.append(
            f"Image {image['ImageId']} does not meet the criteria of Allowed AMIs, which is in audit mode. When it is "
            "enabled, no instance can be launched from this image."
        )
    return found


def find_misfits(case: Case) -> list[str]:
    if case.facts.image is None or case.facts.types is None:
        return []
    return misfits(case.facts.image(), case.facts.types())


def _runs(service: Service, image_id: str) -> bool:
    stable = service.stable_environment.group
    return stable is not None and stable.image_id == image_id


def _why_bad(service: Service, image_id: str) -> str:
    if run := find_rolled_back(service.outcomes, image_id):
        said = f"{what(run)} {how(run)}."
        return f"{said[0].upper()}{said[1:]} {run.reason}".strip()
    group = service.candidate_environment.group
    if group and group.image_id == image_id and not was_left(service.outcomes, image_id):
        return rejection_message(group)
    return ""
