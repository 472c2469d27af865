# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tags that are the memory of where a service stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SERVICE = "bluegreen:service"
COLOR = "bluegreen:color"
STABLE = "bluegreen:stable"  # on both target groups: the color last declared good
FROZEN = "bluegreen:frozen"  # on both target groups, while nothing is to be released: the reason,
FROZEN_BY = "bluegreen:frozen-by"  # who says so,
FROZEN_UNTIL = "bluegreen:frozen-until"  # and its end, if it has one
LEASE = "bluegreen:lease:"  # and the id of a run, on all target groups: that it changes the service, or asks to
OUTCOME = "bluegreen:outcome:"  # and a number, on all target groups: how the last runs have ended, 1 being the latest
RELEASE = "bluegreen:release"
RETAIN_UNTIL = "bluegreen:retain-until"  # on an old group: the deadline up to which it is kept warm
PINNED_MINIMUM = "bluegreen:pinned-minimum"  # on a pinned group: the minimum and the maximum that it had before, each
PINNED_MAXIMUM = "bluegreen:pinned-maximum"  # with what pins write; journaled before that, removed once it is restored
APPROVAL = "bluegreen:approval"  # on a candidate that waits for a person: weight, until when, run, who has approved
RUN = "bluegreen:run"  # on a candidate: the id of the run that acts on it
REJECTED = "bluegreen:rejected"  # on a candidate that was returned: when, and why
LEAVING = "bluegreen:leaving"  # on a group that is being removed: since when, and why
PREVIOUS_IMAGE = "bluegreen:previous-image"  # on a group that was rolled: the image that it had before,
PREVIOUS_RELEASE = "bluegreen:previous-release"  # and its release, for a return to it
ROLLED = (
    "bluegreen:rolled"  # on it as well: the image that it was rolled to, and "verified" once its checks have passed
)
COPYING = "bluegreen:copying"  # on a clone that is not complete yet: the group it is copied from
GROUP = "bluegreen:group"  # on an alarm that was made for a clone's scaling policies: that clone
TEST_ROUTE = "bluegreen:test-route"  # on a listener or a rule that was made as one: that users do not come by it
RESERVED = ("bluegreen:", "aws:")  # what a clone does not take over: this collection's tags, and those only AWS sets


def tags_of(group: Mapping[str, Any]) -> dict[str, str]:
    """An Auto Scaling group's tags, as DescribeAutoScalingGroups returns it."""
    return {tag["Key"]: tag["Value"] for tag in group.get("Tags", [])}


def find_other_run(group: str, tags: Mapping[str, str], run: str | None) -> str | None:
    """A sentence, where the candidate's ``tags`` say that another run acts on it; ``run`` None compares nothing."""
    owner = tags.get(RUN)
    if not run or owner == run:
        return None
    return f"{group} is the candidate of another run ({owner or 'none'}), not of this one ({run})."
