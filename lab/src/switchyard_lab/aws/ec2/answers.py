# SPDX-License-Identifier: GPL-3.0-or-later
"""EC2: as many instances as a request asks for, and what is made once for each client token."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any, cast

from moto.core.responses import ActionResult
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.responses import EC2Response


class Answers:
    """A repeated client token gives the first answer again. "If you retry a successful request using the same client
    token, but one or more of the parameters are different … the retry fails with an IdempotentParameterMismatch error"
    (Ensuring idempotency in the Amazon EC2 Developer Guide; the sentence: rust-lang/bors#830)."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], tuple[Mapping[str, Any], ActionResult]] = {}

    def once(self, operation: str, asked: Mapping[str, Any], make: Callable[[], ActionResult]) -> ActionResult:
        key = (operation, str(asked.get("ClientToken") or ""))
        if key in self._known:
            before, answer = self._known[key]
            if before != asked:
                raise EC2ClientError(
                    "IdempotentParameterMismatch",
                    "Arguments on this idempotent request are inconsistent with arguments used in previous request(s).",
                )
            return answer
        answer = make()
        if key[1]:
            self._known[key] = (asked, answer)
        return answer


class InstanceAnswers(EC2Response):
    def once(self, operation: str, make: Callable[[], ActionResult]) -> ActionResult:
        """moto changes the parameters that it is given."""
        return cast(Answers, self.ec2_backend.answers).once(operation, deepcopy(dict(self.params)), make)

    def run_instances(self) -> ActionResult:
        return self.once("RunInstances", self._run_instances)

    def _run_instances(self) -> ActionResult:
        """As many as MaxCount, or at least MinCount; moto looks at the latter alone."""
        asked = self.params
        try:
            self.params = {**asked, "MinCount": self._get_param("MaxCount")}
            return super().run_instances()
        except EC2ClientError:
            self.params = asked
            return super().run_instances()
