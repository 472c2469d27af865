# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls whose answer was lost. The SDK makes such a call again, and AWS refuses to do what is done already."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from ..._aws.base.errors import AwsError

T = TypeVar("T")


def unless_done(write: Callable[[], T], refusal: str, read_back: Callable[[], T | None]) -> T:
    """Make the call. If AWS refuses it with error code ``refusal``, the answer is what ``read_back`` finds.

    ``read_back`` returns None when things are not as the call would have left them; then the refusal stands.
    """
    try:
        return write()
    except AwsError as error:
        if error.code != refusal or (found := read_back()) is None:
            raise
        return found
