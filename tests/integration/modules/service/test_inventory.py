# SPDX-License-Identifier: GPL-3.0-or-later
"""The inventory plugin finds services by their tags, and shows where each one stands."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
import pytest
from ansible.errors import AnsibleParserError
from ansible.inventory.data import InventoryData
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.loader import inventory_loader
from ansible.template import Templar

from switchyard_lab.client import LabProcess
from switchyard_lab.scene import Scene
from tests.integration.conftest import Ask
from tests.integration.policies import limited

from ..demo import Demo

Read = Callable[..., InventoryData]
PLUGIN = "switchyard.bluegreen.services"
OTHER_ACCOUNT = "222222222222"
EVERYTHING = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}


@pytest.fixture
def read(lab: LabProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Read:
    """``read("regions: [us-east-1]", …)``, lines of an inventory file → what Ansible knows then."""
    for name, value in lab.env.items():
        monkeypatch.setenv(name, value)

    def inventory(*lines: str) -> InventoryData:
        path = tmp_path / "fleet.bluegreen.yml"
        path.write_text("\n".join([f"plugin: {PLUGIN}", *lines]), encoding="utf-8")
        plugin, data = inventory_loader.get(PLUGIN), InventoryData()
        assert plugin.verify_file(str(path))
        plugin.parse(data, DataLoader(), str(path), cache=True)
        if getattr(plugin, "_cache", None):  # as Ansible's inventory manager does
            plugin.update_cache_if_changed()
        data.reconcile_inventory()
        return data

    return inventory


def tagged(demo: Demo, **tags: str) -> dict[str, Any]:
    """Its definition, once its target groups carry the tags by which it is found."""
    for color, arn in demo.definition["target_groups"].items():
        carried = {"service": demo.service, "color": color, "stable": "blue", **tags}
        listed = [{"Key": f"bluegreen:{key}", "Value": value} for key, value in carried.items()]
        demo.scene.elbv2.add_tags(ResourceArns=[arn], Tags=listed)
    return demo.definition


def groups_of(data: InventoryData, host: str) -> set[str]:
    return {group.name for group in data.get_host(host).get_groups()} - {"all"}


def test_a_service_is_a_host_in_the_groups_of_where_it_stands(
    ask: Ask, read: Read, demo: Demo, monkeypatch: pytest.MonkeyPatch
) -> None:
    definition, live = tagged(demo), demo.live(0)
    with monkeypatch.context() as keys:
        for key, value in limited(demo.scene.lab, "inventory").items():
            keys.setenv(key, value)
        data = read()
    variables = data.get_host(demo.service).get_vars()
    assert variables["bluegreen_target_groups"] == definition["target_groups"]
    assert variables["bluegreen_routes"] == definition["routes"]
    assert (variables["bluegreen_service"], variables["ansible_connection"]) == (demo.service, "local")
    assert variables["bluegreen_seen"]["environments"]["blue"] == {"release": "1", "group": live}
    known = {"bluegreen", "services_region_eu_west_1", "services_stable_blue", "services_last_unknown"}
    assert groups_of(data, demo.service) == known | {"services_phase_settled"}

    demo.group(0, "green")
    ask("freeze", service=demo.service, target_groups=definition["target_groups"], reason="Stock-taking")
    assert groups_of(read(), demo.service) == known | {"services_phase_provisioned", "services_frozen"}

    ask(
        "route_weights",
        routes=definition["routes"],
        target_groups=definition["target_groups"],
        weights={"blue": 90, "green": 10},
    )
    data = read("compose: {live: 'environments[stable].release'}", "keyed_groups: [{key: account, prefix: account}]")
    assert groups_of(data, demo.service) >= {"services_phase_shifting", "account_123456789012"}
    assert data.get_host(demo.service).get_vars()["live"] == "1"


def test_a_test_route_is_not_taken_for_a_route(read: Read, demo: Demo, capsys: pytest.CaptureFixture[str]) -> None:
    """Both forward to blue and to green; the tag says which one users take."""
    definition = tagged(demo)
    (production,) = definition["routes"]
    balancer = demo.scene.elbv2.describe_listeners(ListenerArns=[production])["Listeners"][0]["LoadBalancerArn"]
    blue, green = definition["target_groups"].values()
    demo.scene.listener({blue: 0, green: 100}, balancer, port=81)
    data = read()
    assert "bluegreen_routes" not in data.get_host(demo.service).get_vars()
    assert "services_phase_unknown" in groups_of(data, demo.service)
    warned = " ".join(capsys.readouterr().err.split())
    assert f"Tag it with bluegreen:service={demo.service}" in warned

    demo.scene.elbv2.add_tags(ResourceArns=[production], Tags=[{"Key": "bluegreen:service", "Value": demo.service}])
    data = read()
    assert data.get_host(demo.service).get_vars()["bluegreen_routes"] == [production]
    assert "services_phase_settled" in groups_of(data, demo.service)


def test_a_test_route_that_was_made_as_one_is_left_aside(ask: Ask, read: Read, demo: Demo) -> None:
    definition = tagged(demo)
    blue, green = definition["target_groups"].values()
    (production,) = definition["routes"]
    for way in ({"port": 8099}, {"header": {"name": "X-Candidate", "value": "yes"}, "priority": 3}):
        assert ask("test_route", route=production, weights={blue: 0, green: 100}, **way)["changed"]
        assert read().get_host(demo.service).get_vars()["bluegreen_routes"] == [production]


def test_nothing_that_aws_returned_is_a_template(ask: Ask, read: Read, demo: Demo) -> None:
    definition, reason = tagged(demo), "{{ 6 * 7 }} {{ lookup('pipe', 'id') }}"
    ask("freeze", service=demo.service, target_groups=definition["target_groups"], reason=reason)
    data = read("compose: {why: frozen.reason}", "keyed_groups: [{key: frozen.reason, prefix: why}]")
    variables = data.get_host(demo.service).get_vars()
    templar = Templar(loader=DataLoader(), variables=variables)
    shown = templar.template({name: variables[name] for name in ("why", "bluegreen_seen")})
    assert (shown["why"], shown["bluegreen_seen"]["frozen"]["reason"]) == (reason, reason)


def test_a_cache_saves_every_call(lab: LabProcess, read: Read, demo: Demo, tmp_path: Path) -> None:
    tagged(demo)
    kept = [f"cache: true\ncache_plugin: ansible.builtin.jsonfile\ncache_connection: {tmp_path}"]
    first, since = read(*kept), time.time()
    again = read(*kept)
    assert lab.calls(since) == []
    assert again.get_host(demo.service).get_vars() == first.get_host(demo.service).get_vars()


def elsewhere(scene: Scene, region: str, **keys: str) -> None:
    """Target groups of service shop in another region, or another account."""
    keys = keys or {"aws_access_key_id": "lab", "aws_secret_access_key": "lab"}
    elbv2, ec2 = (
        boto3.client(name, endpoint_url=scene.lab.endpoint, region_name=region, **keys) for name in ("elbv2", "ec2")
    )
    vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    for color in ("blue", "green"):
        tags = {"bluegreen:service": "shop", "bluegreen:color": color, "bluegreen:stable": "green"}
        listed = [{"Key": key, "Value": value} for key, value in tags.items()]
        elbv2.create_target_group(Name=f"shop-{color}", Protocol="HTTP", Port=80, VpcId=vpc, Tags=listed)


def test_regions_and_accounts_are_read_side_by_side(read: Read, scene: Scene) -> None:
    role = scene.lab.role("reader", EVERYTHING, account=OTHER_ACCOUNT)
    keys = scene.lab.client("sts").assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
    elsewhere(scene, "us-east-1")
    elsewhere(
        scene,
        "us-east-1",
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
    )
    accounts = f"accounts: [{{regions: [eu-west-1, us-east-1]}}, {{assume_role_arn: '{role}'}}]"
    with pytest.raises(AnsibleParserError, match=r"Several services would be host shop: .* account 123456789012, "):
        read("regions: [us-east-1]", accounts)
    data = read("regions: [us-east-1]", accounts, "hostname: [service, region, account]")
    hosts = {f"shop-us-east-1-{account}" for account in ("123456789012", OTHER_ACCOUNT)}
    assert hosts <= set(data.hosts)
    assert {"services_stable_green", "services_region_us_east_1"} <= groups_of(data, hosts.pop())


def test_a_region_that_may_not_be_read_is_an_error_or_left_out(
    lab: LabProcess, read: Read, demo: Demo, capsys: pytest.CaptureFixture[str]
) -> None:
    tagged(demo)
    lab.fault(operation="DescribeTargetGroups", error="denied")
    with pytest.raises(AnsibleParserError, match=r"eu-west-1: AWS refused listing target groups"):
        read()
    lab.fault(operation="DescribeTargetGroups", error="denied")
    assert demo.service not in read("strict_permissions: false").hosts
    assert "eu-west-1: AWS refused listing target groups" in " ".join(capsys.readouterr().err.split())
    lab.fault(operation="DescribeTargetGroups", error="ValidationError")
    with pytest.raises(AnsibleParserError, match="ValidationError"):
        read("strict_permissions: false")


def test_without_a_region_it_says_so(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(AnsibleParserError, match="Set regions"):
        read()


def test_what_is_removed_while_it_is_listed_hides_nothing(lab: LabProcess, read: Read, demo: Demo) -> None:
    """Somebody else's target group, between the call that lists it and the one that asks for its tags."""
    tagged(demo)
    lab.fault(operation="DescribeTags", error="TargetGroupNotFound")
    assert demo.service in read().hosts
