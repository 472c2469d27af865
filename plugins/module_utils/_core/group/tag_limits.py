# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many tags a group may have, and how long their values may be ("Tag Auto Scaling groups and instances" in the user
guide of Amazon EC2 Auto Scaling)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..base.errors import BluegreenError
from ..base.tag_text import LONGEST_VALUE
from ..base.tags import RESERVED, tags_of

MOST_TAGS = 50  # without those that AWS itself sets, whose keys begin with aws:
ADDED_TAGS = 10  # the bluegreen: tags that a group has at the same time, at most


def find_lack_of_tags(source: Mapping[str, Any]) -> list[str]:
    """Whether a release could set its tags on ``source``, and on a clone, which has the same tags."""
    own = [key for key in tags_of(source) if not key.startswith(RESERVED)]
    most = MOST_TAGS - ADDED_TAGS
    if len(own) <= most:
        return []
    return [
        f"{source['AutoScalingGroupName']} has {len(own)} tags of its own. AWS accepts {MOST_TAGS}, and a release "
        f"needs up to {ADDED_TAGS} for itself. Remove {len(own) - most} of them."
    ]


def check_release(label: str) -> None:
    """The label of a release is the value of a tag."""
    if len(label) > LONGEST_VALUE:
        raise BluegreenError(
            f"The label of a release is a tag, and AWS accepts at most {LONGEST_VALUE} characters; this one has "
            f"{len(label)}. Shorten bluegreen_release."
        )
