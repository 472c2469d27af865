# SPDX-License-Identifier: GPL-3.0-or-later
"""A record that is written by itself, where Route 53 refuses the record set that loses its traffic."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import StoppedError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.traffic.decisions import plan_return
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.base.run import Run
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.traffic.record import RecordKind
from botocore.exceptions import ClientError

from tests.unit.plugins.module_utils._core.traffic.routes import record_route


class Route53:
    """Refuses the first batch, and then does as it is told."""

    def __init__(self, then: Exception | None = None) -> None:
        self.batches: list[list[tuple[str, str]]] = []
        self._then = then

    def change_resource_record_sets(self, HostedZoneId: str, ChangeBatch: dict[str, Any]) -> Any:  # noqa: N803
        changes = ChangeBatch["Changes"]
        self.batches.append([(each["Action"], each["ResourceRecordSet"]["SetIdentifier"]) for each in changes])
        if len(self.batches) == 1:
            raise ClientError({"Error": {"Code": "NoSuchHealthCheck"}}, "ChangeResourceRecordSets")
        if self._then:
            raise self._then
        return {"ChangeInfo": {"Id": f"of {HostedZoneId}"}}


def write(client: Route53, warnings: list[str]) -> Any:
    route = record_route(("blue", 50), ("green", 50), zone="Z1")
    change: Any = plan_return(route, "blue", "green", 100)
    return RecordKind().write_alone(Run(client=lambda _service: client), change, warnings.append)


def test_it_is_deleted_instead() -> None:
    client, warnings = Route53(), list[str]()
    assert write(client, warnings) == "of Z1"
    assert client.batches[1] == [("DELETE", "blue"), ("DELETE", "green"), ("CREATE", "blue")]
    assert [each.partition(":")[0] for each in warnings] == [
        "Record set green of A www.example.com (zone Z1) could not be given weight 0, so it was deleted"
    ]


def test_a_run_that_has_to_stop_meanwhile_stops() -> None:
    warnings = list[str]()
    with pytest.raises(StoppedError, match="another run"):
        write(Route53(StoppedError("another run has the lease")), warnings)
    assert warnings == []
