# SPDX-License-Identifier: GPL-3.0-or-later
"""EC2: which images an account is shown, and what is shown of each.

What an image cannot be registered with, tags of the lab say: ``lab:created`` and ``lab:deprecated`` are moments as AWS
writes them, ``lab:owner`` is another account, or one that has an alias, such as ``amazon``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from moto.ec2.exceptions import InvalidParameterValueError
from moto.ec2.models.amis import Ami

ALIASES = ("amazon", "aws-marketplace", "aws-backup-vault")
OWN, NOBODY_ELSE = "self", "none"
DISABLED, AUDIT, ENABLED = "disabled", "audit-mode", "enabled"


@dataclass
class AllowedImages:
    """The account's setting ("Control the discovery and use of AMIs in Amazon EC2 with Allowed AMIs"). An image is
    allowed that meets all conditions of any criterion; the lab knows those on providers and names. The account's own
    images always are (EnableAllowedImagesSettings in the API reference)."""

    state: str = DISABLED
    criteria: Sequence[Mapping[str, Any]] = field(default_factory=list)

    def allows(self, image: Ami, account: str) -> bool:
        owners = {image.owner_id, image.owner_alias}
        return account in owners or any(
            _among(owners, each.get("ImageProviders")) and _named(image, each.get("ImageNames"))
            for each in self.criteria
        )

    def hides(self, image: Ami, account: str) -> bool:
        return self.state == ENABLED and not self.allows(image, account)


def describe(images: Iterable[Ami], account: str, allowed: AllowedImages, asked: Mapping[str, Any]) -> list[Ami]:
    """The images that DescribeImages lists, by what the request says. Filters and owners apply to IDs, too.

    Those that others have deprecated are left out unless their ID is given or they are asked for; the account's own are
    always listed. Disabled ones are left out unless they are asked for.
    """
    ids = asked.get("ImageIds") or []
    found = [each for each in images if (not ids or each.id in ids) and not allowed.hides(each, account)]
    if owners := asked.get("Owners"):
        found = [each for each in found if _is_of(each, owners, account)]
    if not ids and not asked.get("IncludeDeprecated"):
        found = [each for each in found if each.owner_id == account or not is_deprecated(each)]
    if not asked.get("IncludeDisabled"):
        found = [each for each in found if each.state != "disabled"]
    for one in asked.get("Filters") or []:
        found = [each for each in found if _passes(each, one["Name"], one["Values"], account, allowed)]
    for each in found:
        each.image_allowed = None if allowed.state == DISABLED else allowed.allows(each, account)  # type: ignore[attr-defined]
        each.deprecation_time = _tags(each).get("lab:deprecated")  # type: ignore[attr-defined]
    return found


def dated(image: Ami) -> None:
    """An image is as old, and of whom, as its tags say."""
    said = _tags(image)
    if created := said.get("lab:created"):
        image.creation_date = datetime.fromisoformat(created)
    if owner := said.get("lab:owner"):
        image.owner_alias = owner if owner in ALIASES else None
        image.owner_id = "137112412989" if owner in ALIASES else owner


def is_deprecated(image: Ami) -> bool:
    since = _tags(image).get("lab:deprecated")
    return since is not None and datetime.fromisoformat(since) <= datetime.now(UTC)


def _passes(image: Ami, name: str, values: Sequence[str], account: str, allowed: AllowedImages) -> bool:
    """Values are alternatives, in which ``*`` and ``?`` stand for any characters, and a backslash for the character
    after it. They are compared case by case ("Filter" in the API reference; "List and filter using the CLI and API" in
    the EC2 User Guide). A tag that an image lacks has no value."""
    if name == "image-allowed":
        seen: list[Any] = [str(allowed.allows(image, account)).lower()]
    elif name == "creation-date":
        seen = [image.creation_date.strftime("%Y-%m-%dT%H:%M:%S.000Z")]
    else:
        value = image.get_filter_value(name)
        seen = list(value) if isinstance(value, list | set | tuple) else [value]
    shown = [str(each).lower() if isinstance(each, bool) else str(each) for each in seen if each is not None]
    return any(pattern(value).fullmatch(each) for value in values for each in shown)


def pattern(value: str) -> re.Pattern[str]:
    parts = re.findall(r"\\.|.", value, re.DOTALL)
    wild = {"*": ".*", "?": "."}
    return re.compile("".join(wild.get(part) or re.escape(part[-1]) for part in parts), re.DOTALL)


def _is_of(image: Ami, owners: Sequence[str], account: str) -> bool:
    for owner in owners:
        if owner not in (OWN, *ALIASES) and not re.fullmatch(r"[0-9]{12}", owner):
            raise InvalidParameterValueError(owner)
    wanted = {account if owner == OWN else owner for owner in owners}
    return bool({image.owner_id, image.owner_alias} & wanted)


def _among(owners: set[str | None], providers: Sequence[str] | None) -> bool:
    return not providers or bool(owners & set(providers))


def _named(image: Ami, names: Sequence[str] | None) -> bool:
    return not names or any(pattern(each).fullmatch(image.name or "") for each in names)


def _tags(image: Ami) -> dict[str, str]:
    return {tag["key"]: tag["value"] for tag in image.get_tags()}
