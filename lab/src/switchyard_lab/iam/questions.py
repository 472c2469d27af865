# SPDX-License-Identifier: GPL-3.0-or-later
"""What a call asks of the policies of its caller. A service that is not in the table asks for its action on every
resource, so that only a policy that names no resource allows it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from . import autoscaling, ec2, elbv2, others, s3
from .call import ApiCall
from .policy import Question

# IAM's prefixes of actions, where they are not the names by which requests are signed.
PREFIXES = {"elbv2": "elasticloadbalancing", "monitoring": "cloudwatch"}

SERVICES: Mapping[str, Callable[[ApiCall], list[Question]]] = {
    "autoscaling": autoscaling.questions,
    "cloudwatch": others.cloudwatch,
    "ec2": ec2.questions,
    "elasticloadbalancing": elbv2.questions,
    "route53": others.route53,
    "s3": s3.questions,
    "scheduler": others.scheduler,
}


def questions(call: ApiCall) -> list[Question]:
    return SERVICES.get(call.service, others.one_resource)(call)
