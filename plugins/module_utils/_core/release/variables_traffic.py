# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Variables that say how a candidate is verified, gets the traffic and is judged."""

from __future__ import annotations

from ..safety.schedules import RETURN_AFTER
from ..traffic.sessions import LONGEST
from .strategies import FINAL_BAKE_SECONDS
from .variable import Variable

VERIFICATION = (
    Variable(
        "checks",
        "checks",
        "HTTP requests to make through the test route, and what their answers must be like, as the option `checks` of "
        "the module `http_check`. A text in the list stands for the path of a check.",
        "[{path: /version, json: {ready: true}, max_ms: 500}]",
        default=[],
        said="no checks",
    ),
    Variable(
        "release_from",
        "mark",
        "Where a response names its release: the name of a header, or a dotted path in a JSON body.",
        "{header: X-Release}",
        default={},
        said="not checked",
    ),
    Variable(
        "instance_from",
        "mark",
        "Where a response names its instance: the name of a header, or a dotted path in a JSON body. Every instance "
        "must have answered.",
        "{json: instance.id}",
        default={},
        said="not checked",
    ),
)

TRAFFIC = (
    Variable(
        "strategy",
        "strategy",
        "How the traffic is moved: `all_at_once`, `canary`, `linear`, a name such as `Canary10Percent5Minutes`, a "
        "mapping with a `type` and its settings, or a list of steps with rising weights, the last of them 100. Text "
        "such as `10,50,100` is a list of steps.",
        "[{weight: 10, bake_seconds: 10m}, {weight: 100, bake_seconds: 5m}]",
        default="all_at_once",
    ),
    Variable(
        "final_bake_seconds",
        "duration",
        "How long the candidate must stay good with the whole traffic, where the strategy does not say it. Applies "
        "only where alarms or metrics are set.",
        "10m",
        default=FINAL_BAKE_SECONDS,
    ),
    Variable(
        "shift_timeout",
        "duration",
        "How long the steps of a run may take together, with their bakes, pauses and hooks. The traffic is returned "
        "when it is over. With 0 there is no limit.",
        "2h",
        default=0,
        said="no limit",
    ),
    Variable(
        "propagation_timeout",
        "duration",
        "How long a step with a shorter bake lasts at most, until the request counts of the target groups follow the "
        "weights. With DNS records it is the end of their TTL that is waited for. With 0 nothing is waited for.",
        "2m",
        default=300,
    ),
    Variable(
        "stickiness_seconds",
        "duration",
        "How long a client stays with the environment that answered it first. With 0, each request goes by the "
        "weights.",
        "1h",
        said="the routes stay as sticky as they are",
        most=LONGEST,
    ),
    Variable(
        "alarms",
        "names",
        "Names of the CloudWatch alarms that return the traffic when they ring. `roll.yml` takes at most 10.",
        "[web-blue-5xx, web-green-5xx]",
        default=[],
        said="no alarms",
    ),
    Variable(
        "metrics",
        "metrics",
        "Metrics to judge the candidate by in every bake, as the option `metrics` of the module `bake`. `errors` and "
        "`latency` are known by name. A text in the list stands for the name of a metric.",
        "[{name: errors}, {name: latency}]",
        default=[],
        said="no metrics",
    ),
    Variable(
        "inconclusive",
        "choice",
        "What to do when a bake had not enough data to judge by. `rollback` returns the traffic and fails. `pause` "
        "ends the run and leaves the traffic where it is. `continue` takes it for a pass.",
        "pause",
        default="rollback",
        choices=("rollback", "pause", "continue"),
    ),
    Variable(
        "return_role",
        "text",
        "The ARN of an IAM role with which AWS returns the traffic when a release gives no sign of life any more, by "
        "schedules of EventBridge Scheduler.",
        "arn:aws:iam::123456789012:role/bluegreen-return",
        default="",
        said="the traffic stays as it is",
    ),
    Variable(
        "return_after",
        "duration",
        "With `return_role`, how long after the last sign of life AWS returns the traffic, give or take a minute.",
        "10m",
        default=RETURN_AFTER,
        least=180,
        most=86400,
    ),
)

ENDING = (
    Variable(
        "retain_seconds",
        "duration",
        "How long the old environment stays at full capacity after the release.",
        "1d",
        default=3600,
    ),
    Variable(
        "quiet_seconds",
        "duration",
        "For how long nobody may have sent a request to the old environment before it is removed. It is at least as "
        "long as sessions stick.",
        "10m",
        default=180,
    ),
    Variable(
        "quiet_timeout",
        "duration",
        "How long to wait until nobody sends requests to the old environment any more.",
        "30m",
        default=900,
    ),
    Variable(
        "ttl_margin_seconds",
        "duration",
        "With DNS records as routes, for how long beyond their TTL the environment must have had no weight.",
        "5m",
        default=60,
    ),
    Variable(
        "drain_timeout",
        "duration",
        "How long to wait until the targets are drained. It is never less than the target group's deregistration delay "
        "and a minute.",
        "15m",
        said="the deregistration delay and a minute",
    ),
    Variable(
        "removal_timeout",
        "duration",
        "How long to wait until the drained instances have run their termination hooks.",
        "30m",
        said="the longest heartbeat timeout of the termination hooks and ten minutes",
    ),
    Variable(
        "teardown_spread_seconds",
        "duration",
        "Over how long to end the instances, a few at a time, so that clients with long-lived connections do not all "
        "connect anew at once. With 0 all are drained together.",
        "1h",
        default=0,
    ),
    Variable(
        "keep_versions",
        "whole",
        "How many versions that this collection made of the launch template are kept for the service.",
        "5",
        default=10,
    ),
)
