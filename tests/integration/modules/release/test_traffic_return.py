# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from switchyard_lab.scene import Scene, eventually, forward
from tests.integration.conftest import Ask

from ..conftest import Made, Plan
from ..demo import Demo


@pytest.fixture
def options(scene: Scene) -> dict[str, Any]:
    """Blue is stable and has a fifth of the traffic on two listeners; green has the rest. Each is one instance."""
    demo, blue, green = Demo(scene), scene.target_group(), scene.target_group()
    balancer = scene.load_balancer()
    listeners = [scene.listener({blue: 20, green: 80}, balancer, port) for port in (80, 81)]
    scene.elbv2.add_tags(ResourceArns=[blue, green], Tags=[{"Key": "bluegreen:stable", "Value": "blue"}])
    for color, arn in (("blue", blue), ("green", green)):
        scene.in_service(
            demo.group(1, color, TargetGroupARNs=[arn], HealthCheckType="ELB", HealthCheckGracePeriod=600), 1
        )
        scene.healthy(arn, 1)
    return {"service": demo.service, "routes": listeners, "target_groups": {"blue": blue, "green": green}}


def shares_of_blue(scene: Scene, options: dict[str, Any]) -> list[int]:
    found = scene.elbv2.describe_listeners(ListenerArns=options["routes"])["Listeners"]
    actions = {each["ListenerArn"]: each["DefaultActions"][0]["ForwardConfig"]["TargetGroups"] for each in found}
    blue = options["target_groups"]["blue"]
    return [
        next(each["Weight"] for each in actions[arn] if each["TargetGroupArn"] == blue) for arn in options["routes"]
    ]


def test_every_route_returns_after_two_rounds_of_reads(
    ask: Ask, scene: Scene, options: dict[str, Any], made: Made
) -> None:
    made()
    reported = ask("traffic_return", check=True, **options)
    assert (reported["changed"], reported["moves"], made("write")) == (True, [], [])

    returned = ask("traffic_return", **options)
    assert (returned["changed"], returned["service"]["phase"], returned["serving"], returned["needed"]) == (
        True,
        "shifting",
        1,
        1,
    )
    assert [move["weight"] for move in returned["moves"]] == [100]
    assert shares_of_blue(scene, options) == [100, 100]
    assert made().index("ModifyListener") == 5  # of the groups and the routes; of tags and both target groups

    again = ask("traffic_return", **options)
    assert (again["changed"], again["service"]["phase"], again["moves"], made("write")) == (False, "settled", [], [])


@pytest.mark.parametrize("second", [{"blue": 0, "green": 0}, {"blue": 100, "green": 0}], ids=["both", "one"])
def test_weights_that_are_all_zero_are_for_a_person_to_return(
    ask: Ask, scene: Scene, options: dict[str, Any], made: Made, second: dict[str, int]
) -> None:
    """A run that has failed does not say that it returned anything."""
    for route, weights in zip(options["routes"], ({"blue": 0, "green": 0}, second), strict=True):
        split = {options["target_groups"][color]: weight for color, weight in weights.items()}
        scene.elbv2.modify_listener(ListenerArn=route, DefaultActions=[forward(split)])
    made()
    failed = ask("traffic_return", run="20261123T120000Z-1a2b", **options)
    assert (failed["failed"], failed["changed"], made("write")) == (True, False, [])
    assert "Run rollback.yml to give all traffic" in failed["msg"]
    assert ask("traffic_return", check=True, **options)["changed"]
    returned = ask("traffic_return", **options)
    assert (returned["changed"], shares_of_blue(scene, options)) == (True, [100, 100])


def test_a_route_that_cannot_be_written_does_not_keep_the_others(
    ask: Ask, scene: Scene, options: dict[str, Any]
) -> None:
    for after in (0, 1):  # it is tried again after the other one
        scene.lab.fault(operation="ModifyListener", times=1, error="AccessDenied", after=after)
    refused = ask("traffic_return", **options)
    assert refused["failed"]
    assert "AccessDenied" in refused["msg"]
    assert shares_of_blue(scene, options) == [20, 100]


def test_what_cannot_be_read_of_the_groups_does_not_keep_the_traffic(
    ask: Ask, scene: Scene, options: dict[str, Any]
) -> None:
    scene.lab.fault(operation="DescribeAutoScalingGroups", times=1, error="AccessDenied")
    returned = ask("traffic_return", **options)
    assert shares_of_blue(scene, options) == [100, 100]
    assert (returned["changed"], returned["needed"]) == (True, 1), "one healthy target at least"
    assert "AccessDenied" in str(returned["warnings"])


def test_nothing_returns_to_an_environment_of_which_nothing_is_healthy(
    ask: Ask, scene: Scene, options: dict[str, Any]
) -> None:
    group = options["target_groups"]["blue"]
    ((instance, _port),) = scene.health(group)
    member = scene.autoscaling.describe_auto_scaling_instances(InstanceIds=[instance])["AutoScalingInstances"][0]
    scene.autoscaling.suspend_processes(
        AutoScalingGroupName=member["AutoScalingGroupName"], ScalingProcesses=["ReplaceUnhealthy"]
    )
    scene.lab.fault(instance=instance, action="crash")
    eventually(lambda: scene.health(group)[instance, 8080], "unhealthy".__eq__)
    refused = ask("traffic_return", **options, wait_timeout=0)
    assert refused["failed"]
    assert "so the traffic stays where it is" in refused["msg"]
    assert shares_of_blue(scene, options) == [20, 20]


def rule(scene: Scene, options: dict[str, Any]) -> str:
    """A third route, which splits as the others do."""
    groups = options["target_groups"]
    made = scene.elbv2.create_rule(
        ListenerArn=options["routes"][0],
        Priority=7,
        Conditions=[{"Field": "path-pattern", "PathPatternConfig": {"Values": ["/a*"]}}],
        Actions=[forward({groups["blue"]: 20, groups["green"]: 80})],
    )
    return str(made["Rules"][0]["RuleArn"])


def colors(scene: Scene, options: dict[str, Any]) -> None:
    for color, arn in options["target_groups"].items():
        scene.elbv2.add_tags(ResourceArns=[arn], Tags=[{"Key": "bluegreen:color", "Value": color}])


def swapped(options: dict[str, Any]) -> dict[str, Any]:
    groups = options["target_groups"]
    return {**options, "target_groups": {"blue": groups["green"], "green": groups["blue"]}}


def test_a_definition_with_swapped_colors_is_not_followed(
    ask: Ask, plan: Plan, scene: Scene, options: dict[str, Any], made: Made
) -> None:
    colors(scene, options)
    made()
    definition = swapped(options)
    for refused in (ask("service_info", **definition), plan(**definition, image_id="ami-0123456789abcdef0")):
        assert "as blue, but it is tagged bluegreen:color=green" in refused["msg"]
        assert "as green, but it is tagged bluegreen:color=blue" in refused["msg"]
    found = ask("service_info", **definition, as_found=True)
    assert found["service"]["environments"]["blue"]["target_group_arn"] == options["target_groups"]["blue"]
    assert made("write") == []
    returned = ask("traffic_return", **definition)
    assert "The tags are followed" in str(returned["warnings"])
    assert shares_of_blue(scene, options) == [100, 100]


def test_nothing_returns_to_targets_that_were_deregistered_by_hand(
    ask: Ask, scene: Scene, options: dict[str, Any], made: Made
) -> None:
    group = options["target_groups"]["blue"]
    ((instance, _port),) = scene.health(group)
    member = scene.autoscaling.describe_auto_scaling_instances(InstanceIds=[instance])["AutoScalingInstances"][0]
    source = [{"Identifier": group, "Type": "elbv2"}]
    name = member["AutoScalingGroupName"]
    scene.autoscaling.detach_traffic_sources(AutoScalingGroupName=name, TrafficSources=source)
    eventually(lambda: "healthy" in scene.health(group).values(), lambda healthy: not healthy)
    made()
    refused = ask("traffic_return", **options)
    assert refused["failed"]
    assert f"{name} is not attached to {group.split('/')[1]}" in refused["msg"]
    assert "ModifyListener" not in made("write")
    assert shares_of_blue(scene, options) == [20, 20]


def test_a_return_does_not_wait_for_instances_that_nobody_will_register(
    ask: Ask, scene: Scene, options: dict[str, Any]
) -> None:
    group = options["target_groups"]["blue"]
    ((instance, _port),) = scene.health(group)
    scene.elbv2.deregister_targets(TargetGroupArn=group, Targets=[{"Id": instance}])
    eventually(lambda: "healthy" in scene.health(group).values(), lambda healthy: not healthy)
    refused = ask("traffic_return", **options, wait_timeout=600)
    assert f"is registered in {group.split('/')[1]}, so no more of the traffic returns" in refused["msg"]
    assert shares_of_blue(scene, options) == [20, 20]


def test_a_route_that_became_a_maintenance_page_does_not_keep_the_others(
    ask: Ask, scene: Scene, options: dict[str, Any]
) -> None:
    page = rule(scene, options)
    fixed = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "503"}}
    scene.elbv2.modify_rule(RuleArn=page, Actions=[fixed])
    refused = ask("traffic_return", **{**options, "routes": [*options["routes"], page]})
    assert refused["failed"]
    assert "has returned to blue, but not on every route" in refused["msg"]
    assert f"{page} does not forward to target groups" in refused["msg"]
    assert shares_of_blue(scene, options) == [100, 100]


def test_a_rule_that_was_deleted_does_not_keep_the_others(ask: Ask, scene: Scene, options: dict[str, Any]) -> None:
    gone = rule(scene, options)
    scene.elbv2.delete_rule(RuleArn=gone)
    refused = ask("traffic_return", **{**options, "routes": [gone, *options["routes"]]})
    assert gone in refused["msg"]
    assert shares_of_blue(scene, options) == [100, 100]


@pytest.mark.parametrize("previous", [False, True])
def test_a_rule_that_was_made_anew_is_an_error_also_where_nothing_is_left_to_return(
    ask: Ask, scene: Scene, options: dict[str, Any], made: Made, previous: bool
) -> None:
    """Its successor may send the candidate as much as before."""
    gone = rule(scene, options)
    scene.elbv2.delete_rule(RuleArn=gone)
    rule(scene, options)
    definition = {**options, "routes": [*options["routes"], gone]}
    assert "but not on every route" in ask("traffic_return", **definition)["msg"]
    made()
    refused = ask("traffic_return", **definition, previous=previous)
    assert refused["failed"]
    assert gone in refused["msg"]
    assert "Correct these by hand, then run again." in refused["msg"]
    assert made("write") == []


def test_what_somebody_gave_to_a_third_target_group_stays_there(
    ask: Ask, scene: Scene, options: dict[str, Any]
) -> None:
    groups, third = options["target_groups"], scene.target_group()
    split = {groups["blue"]: 20, groups["green"]: 50, third: 30}
    scene.elbv2.modify_listener(ListenerArn=options["routes"][0], DefaultActions=[forward(split)])
    refused = ask("traffic_return", **options)
    assert "forwards elsewhere" in refused["msg"]
    (listener,) = scene.elbv2.describe_listeners(ListenerArns=options["routes"][:1])["Listeners"]
    weights = {
        group["TargetGroupArn"]: group["Weight"]
        for group in listener["DefaultActions"][0]["ForwardConfig"]["TargetGroups"]
    }
    assert weights == {groups["blue"]: 70, groups["green"]: 0, third: 30}
    assert shares_of_blue(scene, options)[1] == 100


def test_a_person_may_say_what_is_stable_where_the_tags_were_lost(
    ask: Ask, scene: Scene, options: dict[str, Any]
) -> None:
    scene.elbv2.remove_tags(ResourceArns=list(options["target_groups"].values()), TagKeys=["bluegreen:stable"])
    assert "Which environment" in ask("traffic_return", **options)["msg"]
    assert ask("service_info", **options, as_found=True, stable="blue")["service"]["stable"] == "blue"
    assert ask("traffic_return", **options, stable="blue")["changed"]
    assert shares_of_blue(scene, options) == [100, 100]


def test_what_tags_declare_is_believed_before_a_person(ask: Ask, scene: Scene, options: dict[str, Any]) -> None:
    returned = ask("traffic_return", **options, stable="green")
    assert "tags declare blue stable" in str(returned["warnings"])
    assert shares_of_blue(scene, options) == [100, 100]


def test_a_store_that_is_gone_does_not_keep_the_traffic_from_its_return(
    ask: Ask, scene: Scene, options: dict[str, Any], tmp_path: Path
) -> None:
    taken = {key: options[key] for key in ("service", "target_groups")} | {"run": "a", "doing": "deploy"}
    lease = ask("lease", **taken, store=f"file://{tmp_path}")["lease"]
    lease |= {"store": f"file://{tmp_path}/gone", "stage": {"title": "Return the traffic"}}
    returned = ask("traffic_return", **options, lease=lease)
    assert shares_of_blue(scene, options) == [100, 100]
    (warning,) = [each for each in returned["warnings"] if "history" in each]
    assert warning.startswith("The history of this run has gaps. The store file://")


def test_a_rollback_begins_the_record_of_its_run(ask: Ask, options: dict[str, Any], tmp_path: Path) -> None:
    store = f"file://{tmp_path}"
    returned = ask("traffic_return", **options, doing="rollback", by="kim", store=store)
    (path,) = (tmp_path / options["service"] / "records").iterdir()
    record = json.loads(path.read_text(encoding="utf-8"))
    assert record["run"] == returned["lease"]["claim"]["run"]
    assert (record["doing"], record["by"]) == ("rollback", "kim")
    (stage,) = record["stages"]
    assert (stage["changed"], stage["moves"]) == (True, returned["moves"])
