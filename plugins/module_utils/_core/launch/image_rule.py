# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A rule for an image: what you set instead of its ID, and which of the images that AWS lists it selects."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ..base.errors import BluegreenError
from ..base.timestamps import to_the_minute
from .images import created, unusable

Image = Mapping[str, Any]  # as DescribeImages returns it

SELF = "self"
SPECIAL = re.compile(r"([*?\\])")  # what a filter of Amazon EC2 takes for a wildcard, and what escapes one
MOST_SHOWN = 5  # images that a sentence lists


@dataclass(frozen=True)
class ImageRule:
    """Either ``ssm``, the name of a parameter, or what images have in common. Without owners, a public image of
    anybody with such a name would do, so that these are the account's own as long as nobody says otherwise.

    ``release_tag`` is the key of the tag that holds an image's label, and ``release`` the label that was asked for.
    """

    ssm: str = ""
    name: str = ""
    owners: Sequence[str] = (SELF,)
    tags: Mapping[str, str] = field(default_factory=dict)
    newest: bool = False
    release_tag: str = ""
    release: str = ""

    @property
    def label(self) -> str:
        """The label that the image must have."""
        return self.release if self.release_tag else ""

    @property
    def filters(self) -> list[dict[str, Any]]:
        """As DescribeImages takes them."""
        wanted = {f"tag:{key}": value for key, value in self.tags.items()}
        if self.name:
            wanted["name"] = self.name
        if self.label:
            wanted[f"tag:{self.release_tag}"] = _literally(self.label)
        elif self.release_tag:
            wanted["tag-key"] = _literally(self.release_tag)
        return [{"Name": name, "Values": [value]} for name, value in wanted.items()]

    def __str__(self) -> str:
        """Within a sentence."""
        if self.ssm:
            return f"the parameter {self.ssm}"
        tags = dict(self.tags)
        if self.release_tag:
            tags[self.release_tag] = self.label or "*"
        tagged = f" tagged {', '.join(f'{key}={value}' for key, value in tags.items())}" if tags else ""
        return f"images{f' named {self.name}' if self.name else ''}{tagged} of {', '.join(self.owners)}"


@dataclass(frozen=True)
class FoundImage:
    """The image that a rule means. ``others`` that match are older, or only newer than ``kept``, which a candidate has
    already."""

    image: Image
    rule: ImageRule
    others: int = 0
    newer: Image | None = None

    @property
    def id(self) -> str:
        return str(self.image["ImageId"])

    @property
    def release(self) -> str:
        """The label that comes with the image."""
        return _tags(self.image).get(self.rule.release_tag, "") if self.rule.release_tag else ""

    def as_data(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "name": self.image.get("Name"),
            "created": self.image.get("CreationDate"),
            "rule": str(self.rule),
        }

    def __str__(self) -> str:
        return f"The image is {title(self.image)}, {self._why()}."

    def _why(self) -> str:
        if self.rule.ssm:
            return f"which {self.rule} names"
        if self.newer:
            return f"which the candidate has; it matches {self.rule}, as does {title(self.newer)}, which is newer"
        return f"{f'the newest of {self.others + 1}' if self.others else 'the only one among'} {self.rule}"


def choose(images: Sequence[Image], rule: ImageRule, now: datetime, kept: str | None = None) -> FoundImage:
    """The image that a rule means, among the images that AWS lists. ``kept`` is the one that a candidate has: a run
    that builds nothing continues with it as long as it matches."""
    if rule.ssm:
        return FoundImage(images[0], rule)
    usable = sorted((each for each in images if not unusable(each, now)), key=created, reverse=True)
    if not usable:
        raise BluegreenError(f"bluegreen_image finds no {rule} that a release could use.{_why_none(images, now)}")
    of_candidate = next((each for each in usable if each["ImageId"] == kept), None)
    if of_candidate:
        newer = usable[0] if usable[0] is not of_candidate else None
        return FoundImage(of_candidate, rule, len(usable) - 1, newer)
    if len(usable) > 1 and not rule.newest:
        raise BluegreenError(
            f"bluegreen_image finds {len(usable)} {rule}: {_listed(usable)}. Add newest: true to take the one that was "
            "created last, or narrow the rule."
        )
    if len(usable) > 1 and created(usable[0]) == created(usable[1]):
        raise BluegreenError(
            f"bluegreen_image finds two {rule} that were created last, both at {usable[0]['CreationDate']}: "
            f"{_listed(usable[:2])}. Narrow the rule."
        )
    return FoundImage(usable[0], rule, len(usable) - 1)


def check_label(found: FoundImage) -> None:
    """That the image has the label that was asked for, where its tags say what it is."""
    rule = found.rule
    if not rule.release_tag or (found.release and rule.release in ("", found.release)):
        return
    has = f"whose tag {rule.release_tag} is {found.release}" if found.release else f"without a tag {rule.release_tag}"
    wanted = f"bluegreen_release is {rule.release}" if rule.release else f"release_tag is {rule.release_tag}"
    raise BluegreenError(
        f"bluegreen_image finds {title(found.image)}, {has}, and {wanted}. Tag the image with its release, or correct "
        "the rule."
    )


def image_of_parameter(name: str, parameter: Mapping[str, Any]) -> str:
    """The image ID that a parameter holds. Its value is not shown: that of a SecureString is nobody's business."""
    value = str(parameter.get("Value", "")).strip()
    if parameter.get("Type") != "String" or not re.fullmatch(r"ami-[0-9a-f]+", value):
        raise BluegreenError(
            f"The parameter {name} of Systems Manager, a {parameter.get('Type')}, does not hold the ID of an image "
            "(AMI). bluegreen_image needs one of type String whose whole value is an ID."
        )
    return value


def title(image: Image) -> str:
    name = f"{image['Name']}, " if image.get("Name") else ""
    return f"{image['ImageId']} ({name}created {to_the_minute(created(image))})"


def _literally(text: str) -> str:
    return SPECIAL.sub(r"\\\1", text)


def _why_none(images: Sequence[Image], now: datetime) -> str:
    if not images:
        return " AWS lists none: check the name, the tags, the owners and the region."
    latest = sorted(images, key=created, reverse=True)[:MOST_SHOWN]
    return f" {' '.join(f'{title(each)} {unusable(each, now)}.' for each in latest)}"


def _listed(images: Sequence[Image]) -> str:
    more = f" and {len(images) - MOST_SHOWN} more" if len(images) > MOST_SHOWN else ""
    return f"{', '.join(map(title, images[:MOST_SHOWN]))}{more}"


def _tags(image: Image) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in image.get("Tags", [])}
