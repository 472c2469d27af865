# SPDX-License-Identifier: GPL-3.0-or-later
"""An environment that is in use, or comes to be in use while it is being removed, stays."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._aws.group import autoscaling
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.service import settle

from switchyard_lab.client import LabProcess
from switchyard_lab.scene import Scene
from tests.in_process import in_process
from tests.integration.conftest import Ask

from ..conftest import Made
from ..pair import Pair

SIZES = ("MinSize", "MaxSize", "DesiredCapacity")

Act = Callable[[], Any]


class Old:
    """Green is stable and has all traffic; blue is the old environment."""

    def __init__(self, scene: Scene, *, network: bool = False) -> None:
        self.scene, self.pair = scene, Pair(scene, network=network)
        self.listener = self.pair.listener()
        self.weigh(0)
        self.pair.declare_stable("green")
        self.name = self.pair.groups[0]
        self.tag("bluegreen:retain-until", "2020-01-01T00:00:00+00:00")
        self.pair.healthy()

    @property
    def options(self) -> dict[str, Any]:
        return {
            "service": self.pair.service,
            "name": self.name,
            "state": "absent",
            "routes": [self.listener],
            "target_groups": [self.pair.blue],
        }

    def weigh(self, blue: int) -> None:
        action = self.pair.forward(blue, 100 - blue)
        self.scene.elbv2.modify_listener(ListenerArn=self.listener, DefaultActions=[action])

    def tag(self, key: str, value: str) -> None:
        tag = {"ResourceId": self.name, "ResourceType": "auto-scaling-group", "PropagateAtLaunch": False}
        self.scene.autoscaling.create_or_update_tags(Tags=[{**tag, "Key": key, "Value": value}])

    def untag(self, key: str) -> None:
        tag = {"ResourceId": self.name, "ResourceType": "auto-scaling-group", "Key": key}
        self.scene.autoscaling.delete_tags(Tags=[tag])

    def tags(self) -> dict[str, str]:
        return {tag["Key"]: tag["Value"] for tag in self.scene.describe(self.name)["Tags"]}

    def returned(self, **options: Any) -> dict[str, Any]:
        """What a rollback declares."""
        groups = dict(zip(("blue", "green"), self.pair.groups, strict=True))
        return {**self.pair.definition, "groups": groups, "stable": "blue", **options}

    def declared(self) -> str:
        found = self.scene.elbv2.describe_tags(ResourceArns=[self.pair.blue])["TagDescriptions"]
        return str({tag["Key"]: tag["Value"] for tag in found[0]["Tags"]}["bluegreen:stable"])

    def serves(self) -> bool:
        """Whether everything of it is there, and it is not marked as leaving."""
        found = self.scene.describe(self.name)
        attached = [*found["TargetGroupARNs"], *(each["Identifier"] for each in found.get("TrafficSources", []))]
        return self.pair.blue in attached and len(found["Instances"]) == 1 and "bluegreen:leaving" not in self.tags()


@pytest.fixture(params=[False, True], ids=["application", "network"])
def old(request: pytest.FixtureRequest, scene: Scene) -> Old:
    return Old(scene, network=request.param)


def after(monkeypatch: pytest.MonkeyPatch, function: str, act: Act) -> None:
    """Somebody else acts right after the module has made this call for the first time."""
    call, acted = getattr(autoscaling, function), []

    def made(*arguments: Any, **options: Any) -> Any:
        answer = call(*arguments, **options)
        if not acted:
            acted.append(act())
        return answer

    monkeypatch.setattr(autoscaling, function, made)


CHANGES = {
    "declared stable": (lambda old: old.pair.declare_stable("blue"), "is stable"),
    "given traffic": (lambda old: old.weigh(10), "sends 10 % to"),
    "no longer retained": (lambda old: old.untag("bluegreen:retain-until"), "bluegreen:retain-until has changed"),
    "taken up by a run": (lambda old: old.tag("bluegreen:run", "another"), "another run has taken it up"),
}


@pytest.mark.parametrize("moment", ["tag_group", "detach_target_group"])
@pytest.mark.parametrize("change", CHANGES)
def test_what_comes_to_be_in_use_meanwhile_stays_and_is_whole_again(
    monkeypatch: pytest.MonkeyPatch, lab: LabProcess, scene: Scene, change: str, moment: str
) -> None:
    for name, value in lab.env.items():
        monkeypatch.setenv(name, value)
    old = Old(scene)
    act, said = CHANGES[change]
    after(monkeypatch, moment, lambda: act(old))
    refused = in_process("autoscaling_clone", old.options, check=False)
    assert f"{old.name} is not removed" in refused["msg"]
    assert said in refused["msg"]
    assert old.serves()


def test_a_return_during_a_long_drain_has_its_targets_back_before_it_stops_waiting(
    monkeypatch: pytest.MonkeyPatch, lab: LabProcess, scene: Scene
) -> None:
    for name, value in lab.env.items():
        monkeypatch.setenv(name, value)
    old = Old(scene)
    delay = {"Key": "deregistration_delay.timeout_seconds", "Value": "3000"}
    scene.elbv2.modify_target_group_attributes(TargetGroupArn=old.pair.blue, Attributes=[delay])
    returned: list[float] = []

    def declare() -> None:
        old.pair.declare_stable("blue")
        returned.append(time.monotonic())

    after(monkeypatch, "detach_target_group", declare)
    refused = in_process("autoscaling_clone", old.options, check=False)
    assert "blue of" in refused["msg"]
    assert "It is attached to its target groups again." in refused["msg"]
    assert old.serves()
    assert time.monotonic() - returned[0] < settle.BACK_OUT_SECONDS


def test_what_aws_does_not_attach_again_during_a_refresh_is_reported_with_the_reason(
    monkeypatch: pytest.MonkeyPatch, lab: LabProcess, scene: Scene
) -> None:
    """Somebody sends traffic to the old environment, and starts a refresh of its group, while it drains."""
    for name, value in lab.env.items():
        monkeypatch.setenv(name, value)
    old = Old(scene)
    group = {"AutoScalingGroupName": old.name}

    def take_up() -> None:
        scene.autoscaling.start_instance_refresh(**group, Preferences={"InstanceWarmup": 3600})
        old.weigh(10)

    after(monkeypatch, "detach_target_group", take_up)
    refused = in_process("autoscaling_clone", old.options, check=False)
    assert "sends 10 % to" in refused["msg"]
    assert "InstanceRefreshInProgress" in refused["msg"]
    assert f"attach {old.name} and remove its tag bluegreen:leaving" in refused["msg"]
    assert "bluegreen:leaving" in old.tags()
    scene.autoscaling.cancel_instance_refresh(**group)


@pytest.mark.parametrize("refused_call", [None, "ResumeProcesses", "PutWarmPool"])
def test_a_return_during_a_spread_removal_gets_the_group_back(
    monkeypatch: pytest.MonkeyPatch, lab: LabProcess, scene: Scene, refused_call: str | None
) -> None:
    """Of ten minutes, within seconds. What AWS refuses to restore is reported, and keeps nothing else back."""
    for name, value in lab.env.items():
        monkeypatch.setenv(name, value)
    old = Old(scene)
    group = {"AutoScalingGroupName": old.name}
    scene.autoscaling.update_auto_scaling_group(**group, MinSize=1, DesiredCapacity=2, MaxSize=4)
    scene.autoscaling.put_warm_pool(**group, MinSize=1)
    scene.autoscaling.put_scheduled_update_group_action(
        **group, ScheduledActionName="morning", Recurrence="0 8 * * *", MinSize=1
    )
    scene.in_service(old.name, 2)
    before = scene.describe(old.name)
    if refused_call:
        scene.lab.fault(operation=refused_call, times=1, error="AccessDenied")
    after(monkeypatch, "update_group", lambda: old.pair.declare_stable("blue"))
    began = time.monotonic()
    refused = in_process("autoscaling_clone", old.options | {"spread_seconds": 600}, check=False)
    assert time.monotonic() - began < settle.BACK_OUT_SECONDS
    assert "blue of" in refused["msg"]
    assert ("AccessDenied" in refused["msg"]) == (refused_call is not None)
    now = scene.describe(old.name)
    assert [now[key] for key in SIZES] == [before[key] for key in SIZES]
    assert ("WarmPoolConfiguration" in now) == (refused_call != "PutWarmPool")
    assert "bluegreen:leaving" not in old.tags()


def test_an_environment_in_use_is_refused_before_the_first_write(ask: Ask, old: Old, made: Made) -> None:
    old.weigh(10)
    alone = {key: value for key, value in old.options.items() if key in ("service", "name", "state")}
    old.pair.declare_stable("blue")
    made()
    for options in (alone, old.options, old.options | {"state": "leaving"}):
        refused = ask("autoscaling_clone", **options)
        assert "blue of" in refused["msg"]
        assert "sends 10 % to" in refused["msg"]
    assert made("write") == []
    assert old.serves()


def test_a_removal_that_cannot_go_on_leaves_nothing_half_detached(ask: Ask, scene: Scene, old: Old) -> None:
    scene.lab.fault(operation="DescribeTargetGroupAttributes", times=1, error="AccessDenied")
    failed = ask("autoscaling_clone", **old.options)
    assert "AccessDenied" in failed["msg"]
    assert failed["msg"].endswith("It is attached to its target groups again. Run again to continue.")
    assert old.serves()
    assert ask("autoscaling_clone", **old.options)["changed"]
    assert scene.describe(old.name) == {}


def test_what_nobody_uses_is_drained_and_removed(ask: Ask, scene: Scene, old: Old, made: Made) -> None:
    made()
    removed = ask("autoscaling_clone", **old.options, retain_until="2020-01-01T00:00:00+00:00")
    assert removed["changed"], removed
    assert made("write")[:2] == ["CreateOrUpdateTags", "DetachTrafficSources"]
    assert scene.describe(old.name) == {}


def test_all_that_speaks_against_it_is_read_right_before_what_may_be_missed_and_once_more_at_the_beginning(
    ask: Ask, scene: Scene, made: Made
) -> None:
    old = Old(scene)
    made()
    ask("autoscaling_clone", **old.options)
    calls = made()
    before_writes: dict[str, set[str]] = {}
    read: set[str] = set()
    for call in calls:
        if call.startswith("Describe"):
            read.add(call)
        else:
            before_writes[call], read = read, set()
    everything = {"DescribeAutoScalingGroups", "DescribeTags", "DescribeListeners"}
    assert everything | {"DescribeRules"} <= before_writes["CreateOrUpdateTags"]
    assert everything <= before_writes["DetachTrafficSources"]
    assert everything <= before_writes["UpdateAutoScalingGroup"]
    assert calls.count("DescribeListeners") == 3, "a look while it drains costs less"
    assert calls.count("DescribeRules") == 1, "no rule names it"


def test_a_deadline_that_was_moved_since_it_was_read_is_kept(ask: Ask, old: Old) -> None:
    refused = ask("autoscaling_clone", **old.options, retain_until="2019-01-01T00:00:00+00:00")
    assert "bluegreen:retain-until has changed" in refused["msg"]
    assert old.serves()


def test_an_announced_removal_is_finished_by_the_next(ask: Ask, scene: Scene, old: Old) -> None:
    announced = old.options | {"state": "leaving", "reason": "hook before_teardown has begun"}
    assert ask("autoscaling_clone", **announced)["changed"]
    assert old.tags()["bluegreen:leaving"].endswith("hook before_teardown has begun")
    assert not ask("autoscaling_clone", **announced)["changed"]
    assert ask("autoscaling_clone", **old.options)["changed"]
    assert scene.describe(old.name) == {}


def test_nobody_returns_to_an_environment_whose_hook_has_begun(ask: Ask, old: Old, made: Made) -> None:
    old.tag("bluegreen:leaving", "2026-11-28T05:00:00+00:00 hook before_teardown has begun")
    made()
    refused = ask("settle", **old.returned())["msg"]
    assert f"{old.name} is being removed since 2026-11-28 05:00 UTC (hook before_teardown has begun)" in refused
    assert "Deploy its image again instead" in refused
    assert made("write") == []


def test_a_return_goes_on_when_the_removal_backs_out(ask: Ask, old: Old) -> None:
    old.tag("bluegreen:leaving", "2026-11-28T05:00:00+00:00 It is being removed.")
    backing_out = threading.Timer(1.0, old.untag, ["bluegreen:leaving"])
    backing_out.start()
    assert ask("settle", **old.returned())["changed"]
    backing_out.join()
    assert old.declared() == "blue"
    assert "bluegreen:retain-until" not in old.tags()


def test_a_return_to_what_goes_on_leaving_is_taken_back(ask: Ask, old: Old, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settle, "BACK_OUT_SECONDS", 1.0)
    old.tag("bluegreen:leaving", "2026-11-28T05:00:00+00:00 It is being removed.")
    assert "is not declared stable" in ask("settle", **old.returned())["msg"]
    assert old.declared() == "green"
    assert "bluegreen:retain-until" in old.tags()
    override = {"reason": "nothing was contracted", "allow": ["leaving"]}
    assert ask("settle", **old.returned(override=override))["changed"]
    assert old.declared() == "blue"
    assert old.serves()
