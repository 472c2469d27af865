# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What DescribeImages returns for an image, and what that means for a release."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from ..base.timestamps import to_the_minute

Image = Mapping[str, Any]  # as DescribeImages returns it

LONG_AGO = datetime.min.replace(tzinfo=UTC)


def created(image: Image) -> datetime:
    moment = image.get("CreationDate")
    return datetime.fromisoformat(moment) if moment else LONG_AGO


def deprecated_since(image: Image, now: datetime) -> datetime | None:
    """None for one that is not deprecated, or not yet. It can be launched anyway, but is out of date ("Deprecate
    an Amazon EC2 AMI" in the EC2 User Guide)."""
    moment = image.get("DeprecationTime")
    since = datetime.fromisoformat(moment) if moment else None
    return since if since and since <= now else None


def unusable(image: Image, now: datetime) -> str:
    """Why a rule passes it over, as the end of a sentence; empty for one that it takes. AWS lists the deprecated images
    of an account to that account, whatever the request says (IncludeDeprecated in DescribeImages)."""
    if image["State"] != "available":
        return f"is {image['State']}"
    since = deprecated_since(image, now)
    return f"is deprecated since {to_the_minute(since)}" if since else ""
