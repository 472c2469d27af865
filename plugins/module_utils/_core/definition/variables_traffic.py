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
        "HTTP requests to send through the test route, and the expected answers, as in the option `checks` of the "
        "module `http_check`. A text in the list is the path of a check. The values of headers, the queries and the "
        "bodies are not shown.",
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
        "How long the bake with all traffic takes, unless the strategy sets it. Applies only if alarms or metrics are "
        "set.",
        "10m",
        default=FINAL_BAKE_SECONDS,
    ),
    Variable(
        "shift_timeout",
        "duration",
        "How long the steps of a run may take together, including bakes, pauses and hooks. After that, the traffic is "
        "returned. With 0 there is no limit.",
        "2h",
        default=0,
        said="no limit",
    ),
    Variable(
        "propagation_timeout",
        "duration",
        "How long a step with a shorter bake lasts at most, until the request counts of the target groups follow the "
        "weights. With DNS records it lasts until their TTL has passed, and with these and sticky routes until a whole "
        "minute of requests has been counted since. With 0, there is no wait.",
        "2m",
        default=300,
    ),
    Variable(
        "stickiness_seconds",
        "duration",
        "How long a client stays with the environment that answered it first. With 0, each request is routed by the "
        "weights.",
        "1h",
        said="the stickiness of the routes does not change",
        most=LONGEST,
    ),
    Variable(
        "alarms",
        "names",
        "Names of the CloudWatch alarms that return the traffic when they go to state `ALARM`. `roll.yml` accepts at "
        "most 10.",
        "[web-blue-5xx, web-green-5xx]",
        default=[],
        said="no alarms",
    ),
    Variable(
        "metrics",
        "metrics",
        "Metrics to judge the candidate by in every bake, as the option `metrics` of the module `bake`. `errors` and "
        "`latency` are built in. A text in the list is the name of a metric.",
        "[{name: errors}, {name: latency}]",
        default=[],
        said="no metrics",
    ),
    Variable(
        "metrics_lag",
        "duration",
        "How long after its end a minute of metrics is complete in CloudWatch. Only complete minutes are judged, so "
        "each bake with metrics lasts this much longer. A bake with a duration other than 0 must be at least this "
        "long. Metrics with a period of more than a minute need a bake of one period, or of two with a threshold or "
        "with `compare: points`. Steps with a pause do not wait. Does not apply if every metric is a dry run.",
        "3m",
        default=120,
    ),
    Variable(
        "inconclusive",
        "choice",
        "What to do if a bake did not have enough data. `rollback` returns the traffic and fails. `pause` ends the run "
        "and leaves the traffic where it is. `continue` treats the bake as passed.",
        "pause",
        default="rollback",
        choices=("rollback", "pause", "continue"),
    ),
    Variable(
        "return_role",
        "text",
        "The ARN of an IAM role with which AWS returns the traffic if a release stops responding, by schedules of "
        "EventBridge Scheduler.",
        "arn:aws:iam::123456789012:role/bluegreen-return",
        default="",
        said="the traffic stays as it is",
    ),
    Variable(
        "return_after",
        "duration",
        "With `return_role`, how long after a release has stopped responding AWS returns the traffic, give or take a "
        "minute.",
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
        "How long the old environment must have had no requests before it is removed. It is at least the duration of "
        "sticky sessions.",
        "10m",
        default=180,
    ),
    Variable(
        "quiet_timeout",
        "duration",
        "How long to wait until the old environment gets no more requests.",
        "30m",
        default=900,
    ),
    Variable(
        "ttl_margin_seconds",
        "duration",
        "With DNS records as routes, how long, in addition to their TTL, the environment must have had no weight.",
        "5m",
        default=60,
    ),
    Variable(
        "drain_timeout",
        "duration",
        "How long to wait until the targets are drained. The minimum is the target group's deregistration delay plus "
        "one minute.",
        "15m",
        said="the deregistration delay plus one minute",
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
        "The time over which the instances are terminated, a few at a time, so that clients with long-lived "
        "connections do not all reconnect at once. With 0, all are drained together.",
        "1h",
        default=0,
    ),
    Variable(
        "keep_versions",
        "whole",
        "How many of the launch template versions that this collection created are kept for the service.",
        "5",
        default=10,
    ),
)
