# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes to a group that something else is happening to."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from ..._aws.base.errors import AwsError
from .run import Run
from .wait import poll

# Auto Scaling does one thing at a time to a group, and refuses a second meanwhile; the SDK does not retry these.
IN_USE = {"ResourceContention", "ResourceInUse", "ScalingActivityInProgress"}
IN_USE_SECONDS = 60.0
DOING = "waiting until Auto Scaling has finished what it is doing to the group"

T = TypeVar("T")


def when_free(run: Run, write: Callable[[], T], timeout: float = IN_USE_SECONDS) -> T:
    """Make the call, again and again while the group is busy."""
    answers: list[T] = []

    def attempt() -> AwsError | None:
        try:
            answers.append(write())
        except AwsError as error:
            if error.code not in IN_USE:
                raise
            return error
        return None

    if refused := poll(run, DOING, attempt, lambda error: error is None, timeout):
        raise refused
    return answers[0]
