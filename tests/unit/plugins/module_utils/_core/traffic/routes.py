# SPDX-License-Identifier: GPL-3.0-or-later
"""Routes of service web as they are read from AWS, by the weights that they have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.traffic.forward_route import ForwardRoute
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.traffic.record import (
    RecordDefinition,
    RecordRoute,
)
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.traffic.record_sets import Records

PREFIX = "arn:aws:elasticloadbalancing:eu-west-1:123456789012"
LISTENER = f"{PREFIX}:listener/app/web/0/1"
BLUE, GREEN = (f"{PREFIX}:targetgroup/web-{color}/0" for color in ("blue", "green"))
ENVIRONMENTS = {"blue": [BLUE], "green": [GREEN]}
WWW = {"zone": "example.com", "name": "www.example.com"}


def forwarding(weights: Mapping[str, int], stickiness: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
    """The actions of a listener or a rule that splits requests among target groups, by their ARNs."""
    groups = [{"TargetGroupArn": arn, "Weight": weight} for arn, weight in weights.items()]
    config = {"TargetGroups": groups} | ({} if stickiness is None else {"TargetGroupStickinessConfig": stickiness})
    return [{"Type": "forward", "Order": 1, "ForwardConfig": config}]


def forward_route(
    weights: Mapping[str, int], stickiness: Mapping[str, Any] | None = None, arn: str = LISTENER
) -> ForwardRoute:
    return ForwardRoute.read(arn, forwarding(weights, stickiness))


def record_route(*found: tuple[str | None, int], **more: Any) -> RecordRoute:
    """By set identifiers; None is that of a simple record. ``more`` is what else its definition says."""
    definition = RecordDefinition.parse({**WWW, **more})
    assert definition
    sets = [
        {"Name": "www.example.com.", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.1"}]}
        | ({"SetIdentifier": identifier, "Weight": weight} if identifier else {})
        for identifier, weight in found
    ]
    records = Records.read("Z1", "www.example.com", "A", sets, definition.targets)
    return RecordRoute(definition, records, 60).leading({"blue": [], "green": []})
