# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes that AWS does not take yet, such as those to a group that Auto Scaling is at work on."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from ..._aws.base.errors import AwsError
from .run import Run
from .wait import poll

# Auto Scaling does one thing at a time to a group, and refuses a second meanwhile; the SDK does not retry these.
IN_USE = {"ResourceContention", "ResourceInUse", "ScalingActivityInProgress"}
# For up to half a minute after an instance profile was made, a launch template that names it is refused
# (github.com/eksctl-io/eksctl/issues/8039, github.com/hashicorp/terraform-provider-aws/pull/5633).
NEW_PROFILE = "Invalid IAM Instance Profile"
IN_USE_SECONDS = 60.0
DOING = "waiting until Auto Scaling takes the change"

T = TypeVar("T")


def when_free(run: Run, write: Callable[[], T], timeout: float = IN_USE_SECONDS) -> T:
    """Make the call, again and again while the group is busy, or EC2 does not know its instance profile yet."""
    return when_accepted(run, DOING, write, _is_busy, timeout)


def when_accepted(
    run: Run, doing: str, write: Callable[[], T], is_passing: Callable[[AwsError], bool], timeout: float
) -> T:
    """Make the call, again and again while AWS refuses it with what passes, or throttles it."""
    answers: list[T] = []

    def attempt() -> AwsError | None:
        """A refusal is the answer, and no look that failed, unless it says nothing of what was asked for."""
        try:
            answers.append(write())
        except AwsError as error:
            if error.throttled or error.expired:
                raise
            return error
        return None

    def is_final(refused: AwsError | None) -> bool:
        return refused is None or not is_passing(refused)

    if refused := poll(run, doing, attempt, is_final, timeout, standing=str):
        raise refused
    return answers[0]


def _is_busy(refused: AwsError) -> bool:
    return refused.code in IN_USE or NEW_PROFILE in str(refused)
