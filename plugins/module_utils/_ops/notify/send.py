# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sends a notice to its targets. It never keeps a run waiting for long, and never fails one."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Thread
from time import monotonic

from ..._aws.notify import sns
from ..._core.base.errors import BluegreenError
from ..._core.notify.notice import Notice, signature
from ..._core.notify.target import CHAT, SNS, Recipient
from ..base.run import Run
from ..checks.requests import Http

PATIENCE = 4.0  # seconds for all targets together, which get it at the same time


class Delivery:
    """One notice on its way to one target; ``problem`` is why it has not arrived."""

    def __init__(self, run: Run, target: Recipient, notice: Notice) -> None:
        self._run, self._target, self._notice = run, target, notice
        self.problem = f"No answer came within {PATIENCE:g} seconds."
        self._thread = Thread(target=self._send, daemon=True)  # a name server may keep it for longer
        self._thread.start()

    def wait(self, until: float) -> None:
        self._thread.join(max(0.0, until - monotonic()))

    def _send(self) -> None:
        try:
            self.problem = self._publish() if self._target.kind == SNS else self._post()
        except BluegreenError as error:
            self.problem = str(error)
        except Exception as error:  # the text of one that is not foreseen may quote a secret
            self.problem = f"There was an unexpected {type(error).__name__}."

    def _publish(self) -> str:
        target, notice = self._target, self._notice
        client = self._run.client("sns", target.region)
        sns.publish(client, target.address, notice.topic(), group=notice.group, deduplication=notice.id)
        return ""

    def _post(self) -> str:
        """Redirects are not followed: what is sent is for the host that a person has named."""
        target, notice = self._target, self._notice
        headers = {"Content-Type": "application/json; charset=utf-8"}
        if target.kind == CHAT:
            body = notice.chat()
        else:
            body = notice.body()
            headers["X-Bluegreen-Event"] = notice.event
            headers["X-Bluegreen-Delivery"] = notice.id
            headers["X-Bluegreen-Signature"] = signature(target.secret, body, notice.at)
        reply = Http(PATIENCE, validate_certs=True)("POST", target.address, headers, body)
        if reply.error:
            return f"{reply.error}."
        return "" if 200 <= reply.status < 300 else f"It answered with HTTP status {reply.status}."


def send(run: Run, targets: Sequence[Recipient], notice: Notice) -> list[str]:
    """What has not arrived, as warnings. Targets are named by their number: a URL may be a secret."""
    chosen = [(number, each) for number, each in enumerate(targets, 1) if notice.event in each.events]
    until = monotonic() + PATIENCE
    deliveries = [(number, each, Delivery(run, each, notice)) for number, each in chosen]
    for _number, _target, delivery in deliveries:
        delivery.wait(until)
    return [
        f"Notification {notice.event} of {notice.service} was not sent to target {number} of bluegreen_notify "
        f"({target.kind}). {delivery.problem}"
        for number, target, delivery in deliveries
        if delivery.problem
    ]
