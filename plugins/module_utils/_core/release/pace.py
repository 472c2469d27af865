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


def poll_seconds(at_once: int) -> int:
    """For this many services that bake at the same time. DescribeAlarms, one per look, has 9 per second (CloudWatch
    service quotas), so it is not what binds."""
    return min(LONGEST, max(SHORTEST, ceil(at_once * LOOK_CALLS / LOOKS_PER_SECOND)))
