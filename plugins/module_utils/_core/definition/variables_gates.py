# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Variables that say when a service may be released, what else runs, and who decides."""

from __future__ import annotations

from .variable import Variable

GATES = (
    Variable(
        "windows",
        "windows",
        "The hours in which the service may be released, a list of `{days, from, to, timezone}`.",
        "[{days: [mon, tue, wed, thu], from: '09:00', to: '16:00', timezone: Europe/Berlin}]",
        default=[],
        said="any hour",
    ),
    Variable(
        "override",
        "override",
        "The reason why a release may pass closed windows and a freeze. Or a mapping of that `reason` and `allow`, a "
        "list of `window`, `freeze`, `rejected`, `leaving`, `lease` and `store`.",
        "{reason: users cannot pay, allow: [freeze]}",
        default="",
        said="nothing is passed",
    ),
    Variable(
        "hooks",
        "hooks",
        "Files of your own tasks: absolute paths, by the name of the hook.",
        "{before_shift: /srv/hooks/warm_up.yml}",
        default={},
        said="no hooks",
    ),
    Variable(
        "hook_timeout",
        "duration",
        "How long a hook may take. During this time, no other run can take over the service. A hook that takes longer "
        "is not stopped.",
        "30m",
        default=600,
        least=60,
        most=86400,
    ),
)

NOTIFICATIONS = (
    Variable(
        "notify",
        "notify",
        "Who is notified of what happens to the service: a list of `{sns: ARN}`, `{webhook: URL, secret: …}` and "
        "`{chat: URL}`, each with an optional list of `events` (docs/notifications.md).",
        "[{chat: 'https://chat.example.com/hooks/1', events: [waiting, rolled_back, halted]}]",
        default=[],
        said="nobody",
        secret=True,
    ),
)

PACE = (
    Variable(
        "poll_seconds",
        "duration",
        "How often bakes and waits poll after their first checks. A longer interval means fewer API calls, and "
        "failures are detected later. It has no effect on returns of traffic.",
        "15s",
        said="5s for up to 10 services that are released at the same time, "
        "and half a second more for each further one, up to 60s",
        least=5,
        most=60,
    ),
)

FREEZE = (
    Variable(
        "freeze_reason",
        "text",
        "The reason why nothing may be released. `freeze.yml` requires it.",
        "Stock-taking",
        default="",
        said="none",
    ),
    Variable(
        "freeze_by",
        "text",
        "The person who freezes the service, and who can lift the freeze.",
        "Alex",
        default="",
        said="the user who runs the play; on AWX, the user who launched the job",
    ),
    Variable(
        "freeze_until",
        "moment",
        "When the freeze ends, in ISO 8601 with an offset from UTC.",
        "'2027-01-04T08:00:00+01:00'",
        default="",
        said="when it is lifted",
    ),
)

STORE = (
    Variable(
        "store",
        "store",
        "Where leases and records of the service are kept: `s3://bucket/prefix`, or `file:///directory` for runs on "
        "one machine. `store.yml` creates it.",
        "s3://example-releases/bluegreen",
        default="",
        said="no store",
    ),
)

WATCH = (
    Variable(
        "abandoned",
        "choice",
        "What `watch.yml` does with a release whose run died: `return` the traffic to the stable environment, or "
        "`resume` the release with the candidate's own image. A release that cannot be resumed is returned.",
        "resume",
        default="return",
        choices=("return", "resume"),
    ),
    Variable(
        "keep_failed",
        "duration",
        "How long a rejected candidate stays, so that you can inspect it, before `watch.yml` removes it.",
        "4h",
        default=86400,
    ),
    Variable(
        "event_alarm",
        "text",
        "The name of an alarm that went into ALARM, as an event gives it to `watch.yml`. A service that has it among "
        "its `bluegreen_alarms` then returns to the release before, within `bluegreen_watch_period` after a release.",
        "web-5xx",
        default="",
        said="no alarm",
    ),
    Variable(
        "watch_period",
        "duration",
        "For how long after a release `bluegreen_event_alarm` returns the traffic.",
        "2h",
        default=3600,
    ),
)

APPROVAL = (
    Variable(
        "approve_weight",
        "percent",
        "The weight to approve: the percentage of the traffic at which the release waits. `approve.yml` requires it. "
        "If the release waits at another weight, nothing is approved.",
        "10",
        said="none",
        most=100,
    ),
    Variable(
        "approve_by",
        "text",
        "The person who approves.",
        "Alex",
        default="",
        said="the user who runs the play; on AWX, the user who launched the job",
    ),
)
