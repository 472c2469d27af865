# SPDX-License-Identifier: GPL-3.0-or-later
"""Traffic returns on a listener whatever somebody has made of the record beside it."""

from __future__ import annotations

from typing import Any

import pytest

from switchyard_lab.scene import Scene, forward
from tests.integration.conftest import Ask

from ..front import Front
from ..names import Names, make_zone, values

GREEN = {"values": ["192.0.2.5"]}


@pytest.fixture
def names(scene: Scene) -> Names:
    """A fifth of www goes to blue."""
    names = make_zone(scene.lab)
    names.put_pair(20, 80)
    return names


@pytest.fixture
def options(scene: Scene, front: Front, names: Names) -> dict[str, Any]:
    """Blue is stable and can take everything; a fifth of the listener's traffic goes there too."""
    scene.group(1, (front.blue,))
    scene.healthy(front.blue, 1)
    scene.elbv2.add_tags(ResourceArns=[front.blue, front.green], Tags=[{"Key": "bluegreen:stable", "Value": "blue"}])
    shifted = forward(front.split(20, 80))
    scene.elbv2.modify_listener(ListenerArn=front.listener, DefaultActions=[shifted])
    record = {"zone": names.zone, "name": names.www}
    groups = {"blue": front.blue, "green": front.green}
    return {"service": scene.name("service"), "routes": [record, front.listener], "target_groups": groups}


def test_what_a_third_record_was_given_stays_there(
    ask: Ask, front: Front, names: Names, options: dict[str, Any]
) -> None:
    names.put_pair(20, 50)
    names.put("www", SetIdentifier="old", Weight=30, **values("192.0.2.9"))
    refused = ask("traffic_return", **options)
    assert refused["failed"]
    assert f"A {names.www} (zone {names.id}) forwards elsewhere: old 30 %" in refused["msg"]
    assert names.weights() == {"blue": 70, "green": 0, "old": 30}
    assert front.weights(front.listener) == front.split(100, 0)


@pytest.mark.parametrize(
    ("answer", "targets", "said"),
    [
        pytest.param("192.0.2.9", {}, "is a simple record; which of blue and green is it?", id="of nobody knows whom"),
        pytest.param("192.0.2.5", {"green": GREEN}, "has no record set blue", id="of the other environment"),
    ],
)
def test_a_simple_record_in_place_of_the_weighted_ones_does_not_keep_the_listener(
    ask: Ask, front: Front, names: Names, options: dict[str, Any], answer: str, targets: dict[str, Any], said: str
) -> None:
    simple = values(answer)
    gone = [{"Action": "DELETE", "ResourceRecordSet": each} for each in names.found()]
    come = {"Action": "CREATE", "ResourceRecordSet": {"Name": names.www, "Type": "A", **simple}}
    names.route53.change_resource_record_sets(HostedZoneId=names.id, ChangeBatch={"Changes": [*gone, come]})
    options["routes"][0]["targets"] = targets
    refused = ask("traffic_return", **options)
    assert refused["failed"]
    assert "has returned to blue, but not on every route" in refused["msg"]
    assert f"A {names.www} (zone {names.id}) {said}" in refused["msg"]
    assert [each["ResourceRecords"] for each in names.found()] == [simple["ResourceRecords"]], "as it was made"
    assert front.weights(front.listener) == front.split(100, 0)
