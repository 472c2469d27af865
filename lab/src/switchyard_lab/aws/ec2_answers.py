# SPDX-License-Identifier: GPL-3.0-or-later
"""EC2: as many instances as a request asks for, and once for each of its client tokens."""

from __future__ import annotations

from typing import cast

from moto.core.responses import ActionResult
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.responses import EC2Response


class InstanceAnswers(EC2Response):
    def run_instances(self) -> ActionResult:
        """As many as MaxCount, or at least MinCount; moto looks at the latter alone. A repeated client token gives the
        first answer again."""
        answers, key = self.ec2_backend.answers, ("instances", self._get_param("ClientToken"))
        if key in answers:
            return cast(ActionResult, answers[key])
        asked = self.params
        try:
            self.params = {**asked, "MinCount": self._get_param("MaxCount")}
            answer = super().run_instances()
        except EC2ClientError:
            self.params = asked
            answer = super().run_instances()
        if key[1]:
            answers[key] = answer
        return answer
