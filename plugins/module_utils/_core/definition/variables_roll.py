# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Variables of services that are rolled in place, or made ready for blue and green."""

from __future__ import annotations

from ..traffic.sessions import LONGEST
from .variable import Variable

HELD = 172800  # seconds: CheckpointDelay and BakeTime of RefreshPreferences in the EC2 Auto Scaling API reference

ROLL = (
    Variable(
        "min_healthy_percentage",
        "percent",
        "The percentage of the desired capacity that must be in service, healthy and warmed up at any time.",
        "90",
        default=100,
        most=100,
    ),
    Variable(
        "max_healthy_percentage",
        "percent",
        "The percentage of the desired capacity that may run at the same time, at most 100 more than the minimum.",
        "120",
        default=110,
        least=100,
        most=200,
    ),
    Variable(
        "instance_warmup",
        "duration",
        "How long an instance must be in service before it counts.",
        "2m",
        said="the group's default instance warmup, or else its health check grace period",
    ),
    Variable(
        "checkpoints",
        "percents",
        "The percentages of replaced instances at which the service is verified and baked, in rising order. This is "
        "always done when everything is replaced.",
        "[10, 50]",
        default=[],
        said="only at the end",
        least=1,
        most=100,
    ),
    Variable(
        "bake_seconds",
        "duration",
        "How long the bake takes at each checkpoint and at the end.",
        "2m",
        default=60,
    ),
    Variable(
        "hold_seconds",
        "duration",
        "How long AWS holds the refresh at each checkpoint and at the end. It then continues by itself, so this must "
        "be longer than `bluegreen_bake_seconds` plus the time of the checks.",
        "10m",
        default=300,
        most=HELD,
    ),
    Variable(
        "scale_in_protected",
        "choice",
        "What happens to instances that are protected from scale-in. With `wait`, AWS waits for an hour until the "
        "protection is removed, and then fails.",
        "refresh",
        default="wait",
        choices=("refresh", "ignore", "wait"),
    ),
    Variable(
        "standby",
        "choice",
        "What happens to instances in standby. With `wait`, AWS waits for an hour until they are back in service, and "
        "then fails.",
        "terminate",
        default="wait",
        choices=("terminate", "ignore", "wait"),
    ),
    Variable(
        "roll_timeout",
        "duration",
        "How long to wait until the next checkpoint or the end is reached, the rest of the hold before it included. "
        "After that, the refresh is rolled back.",
        "8h",
        default=14400,
    ),
)

ADOPTION = (
    Variable(
        "adopt_group",
        "text",
        "The Auto Scaling group that runs the service.",
        "web-asg",
        default="",
        said="the only one that is attached to the live target group",
    ),
    Variable(
        "adopt_test_route",
        "new_test_route",
        "The test route to create, modeled on the first route: `header` and `priority` for a rule, or `port` and "
        "optionally `protocol` for a listener of its own. Each may have the `host` for requests.",
        "{header: {name: X-Candidate, value: 'yes'}, priority: 5}",
        default={},
        said="no test route is created",
    ),
    Variable(
        "adopt_stickiness_seconds",
        "duration",
        "How long the routes keep a client on its target group. Required if the targets are sticky and the routes are "
        "not. With 0, the routes stay as they are.",
        "1h",
        default=0,
        most=LONGEST,
    ),
)
