# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How often the tasks of one play call an API of which its account has few calls per second."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Rate:
    """``burst`` calls at once, and ``per_second`` more."""

    name: str
    burst: int
    per_second: float

    def turn(self, last: float, now: float) -> tuple[float, float]:
        """After how many seconds the next call may be made, and what ``last`` is for the one after it: the moment until
        which the calls so far are paid for (generic cell rate algorithm, ITU-T I.371, annex A). In seconds of one
        clock."""
        paid = max(last, now) + 1 / self.per_second
        return max(0.0, paid - now - self.burst / self.per_second), paid


# An account has 40 tokens for all its calls of ELB and gets 10 more per second, and as many for its reads (Request
# throttling for the ELB API, in the user guide). Plans, leases, returns of traffic and other people need the rest.
ELB = Rate("elb", 30, 7.0)
# "DescribeAlarms: 9 transactions per second" (CloudWatch service quotas).
ALARMS = Rate("alarms", 8, 8.0)


def rate_of(service: str, operation: str) -> Rate | None:
    """``service`` as in the names of botocore's events."""
    if service == "elastic-load-balancing-v2":
        return ELB
    return ALARMS if operation == "DescribeAlarms" else None
