# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How often a release looks, so that many at the same time do not use up the request rates of their account."""

from __future__ import annotations

from math import ceil

SHORTEST, LONGEST = 5, 60  # seconds
LOOK_CALLS = 2  # DescribeTargetHealth of the candidate and of stable, in each look of a bake.
# "The bucket size for non-mutating API actions is 40 tokens and the refill rate is 10 tokens per second" (Request
# throttling for the ELB API, in the user guide); heartbeats, other stages and other people need the rest.
LOOKS_PER_SECOND = 4
# Services of one play that begin at the same time, and seconds until each further one does. A release makes some
# hundred calls of that API, so an account has enough for one release in ten seconds, however many begin.
BEGIN_TOGETHER, BEGIN_EVERY = 10, 10.0


def poll_seconds(at_once: int) -> int:
    """For this many services that bake at the same time. DescribeAlarms, one per look, has 9 per second (CloudWatch
    service quotas), so it is not what binds."""
    return min(LONGEST, max(SHORTEST, ceil(at_once * LOOK_CALLS / LOOKS_PER_SECOND)))


def begins_after(place: int, at_once: int) -> float:
    """In seconds, for the service at this place of its play, from 0. One that had to wait for a fork begins when it
    gets one."""
    return max(0, place + 1 - BEGIN_TOGETHER) * BEGIN_EVERY if place < at_once else 0.0
