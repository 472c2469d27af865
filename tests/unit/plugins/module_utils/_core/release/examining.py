# SPDX-License-Identifier: GPL-3.0-or-later
"""What a release is examined for, of a service that is live in blue with an old image."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.release.case import Case
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.release.facts import (
    Facts,
)
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.release.intent import find_intent
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.release.parts import WHOLE, Part, ReleaseParts
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.release.preflight import Examined, examine
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.service.environments import Service

from ..definition.reading import define
from .running import ARNS, OLD, service

TUESDAY = datetime(2026, 1, 6, 12, tzinfo=UTC)
GROUP = {
    "AutoScalingGroupName": "web-blue-v001",
    "DesiredCapacity": 2,
    "MinSize": 1,
    "MaxSize": 4,
    "TargetGroupARNs": [ARNS["blue"]],
}


def examined(
    stands: Service | None = None, facts: Facts | None = None, stages: Sequence[Part] = WHOLE, **said: Any
) -> Examined:
    """Of a service that is live in blue with an old image."""
    definition = define(stages[0] if len(stages) == 1 else "deploy", **{"alarms": "web-5xx", **said})
    intent = find_intent(definition, stands or service(OLD), ReleaseParts(stages))
    return examine(Case(definition, intent, facts or Facts(), TUESDAY, 3, 5), [])
