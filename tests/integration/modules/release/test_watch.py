# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan of a watch: what is left of a run that died, what a person has rejected, and mostly nothing."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.history.outcome import (
    Outcome,
    Version,
    tags_with,
)
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.lease.process import process_of

from tests.integration.conftest import Ask

from ..alarms import alarm_in
from ..conftest import Made, Plan
from ..pair import Pair

WATCH = ["watch"]


@pytest.fixture
def left(ask: Ask, pair: Pair) -> dict[str, Any]:
    """The variables of a service whose release stands at 10 %."""
    listener = pair.listener()
    pair.healthy()
    pair.declare_stable()
    ask("environment_mark", group=pair.groups[1], mark="run", value="first")
    left = {**pair.definition, "routes": [listener]}
    ask("route_weights", routes=left["routes"], weights=pair.split(90, 10))
    return left


def service_of(left: dict[str, Any]) -> dict[str, Any]:
    return {key: left[key] for key in ("service", "target_groups")}


def hold(ask: Ask, left: dict[str, Any], doing: str = "deploy", **more: Any) -> dict[str, Any]:
    return dict(ask("lease", **service_of(left), run="first", doing=doing, by="job 1", **more)["lease"])


def die(ask: Ask, left: dict[str, Any], doing: str = "deploy") -> None:
    """A run that had the lease, and whose process is gone."""
    ended = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    hold(ask, left, doing, process=str(process_of(ended.pid)))
    ended.kill()
    ended.wait()


def test_what_a_run_that_died_has_left_is_returned(ask: Ask, plan: Plan, left: dict[str, Any], made: Made) -> None:
    die(ask, left)
    made()
    planned = plan(WATCH, **left)
    assert len(made()) <= 5
    (stage,) = planned["stages"]
    assert (stage["role"], stage["tasks"], stage["run"]) == ("release", "return", "first")
    assert (planned["doing"], planned["watch"]["do"]) == ("watch", "return")
    assert planned["watch"]["why"].startswith("job 1 has not renewed its lease for ")


def test_a_malformed_variable_of_a_release_holds_no_return_up(ask: Ask, plan: Plan, left: dict[str, Any]) -> None:
    die(ask, left)
    assert plan(WATCH, **left, strategy="typo", abandoned="resume")["watch"]["do"] == "return"
    refused = plan(WATCH, **left, store="nowhere")
    assert refused["failed"], "nobody knows whether a run that lives has its lease there"
    assert "bluegreen_store" in refused["msg"]


def test_a_run_that_lives_is_left_alone_and_one_that_is_faster_too(
    ask: Ask, plan: Plan, left: dict[str, Any], made: Made
) -> None:
    die(ask, left)
    planned = plan(WATCH, **left)
    ask("lease", **service_of(left), run="second", doing="deploy", by="job 2")
    lost = ask("lease", **left, run=planned["run"], doing="watch", by="watch", expected=planned["service"])
    assert (lost["failed"], lost["overtaken"]) == (True, True)
    ended = ask("outcome", service=left["service"], refused=lost["msg"], overtaken=True, asked=planned["asked"])
    assert ended["end_state"] == "unchanged"

    made()
    alive = plan(WATCH, **left)
    calls = made()
    assert (alive["stages"], alive["doing"]) == ([], "")
    assert alive["watch"]["why"].startswith(f"job 2 is changing {left['service']} (deploy, since")
    ended = ask("outcome", service=left["service"], plan=alive)
    assert (ended["end_state"], "job 2 is changing" in ended["message"]) == ("unchanged", True)
    assert len(calls) <= 5, calls
    assert made() == [], "it was read just now, and nothing was done to it"


def test_a_deploy_that_is_overtaken_is_refused_as_ever(ask: Ask, left: dict[str, Any]) -> None:
    ended = ask("outcome", service=left["service"], refused="Another one was faster.", overtaken=True, asked={})
    assert ended["end_state"] == "refused"


def test_a_release_is_taken_on_with_its_own_image(ask: Ask, plan: Plan, left: dict[str, Any]) -> None:
    die(ask, left, "swap")
    image = ask("service_info", **left)["service"]["environments"]["green"]["image_id"]
    planned = plan(WATCH, **left, abandoned="resume", strategy="50,100", image_id="ami-00000000000000000")
    assert not planned.get("failed"), planned["msg"]
    assert (planned["doing"], planned["parts"], planned["watch"]["do"]) == ("swap", ["swap"], "resume")
    assert [stage["weights"] for stage in planned["stages"] if stage["do"] == "shift"] == [
        {"blue": 50, "green": 50},
        {"blue": 0, "green": 100},
    ]
    assert (planned["definition"]["image_id"], planned["wanted"]["image_id"]) == (image, image)


def test_a_candidate_that_waits_for_an_approval_is_not_released_for_another_run_that_died(
    ask: Ask, plan: Plan, pair: Pair, left: dict[str, Any]
) -> None:
    """A workflow waits for a person; a deploy of another image dies before its first stage."""
    ask("route_weights", routes=left["routes"], weights=pair.split(100, 0))
    ask("environment_mark", group=pair.groups[1], mark="run", value="before")
    began = int(time.time()) - 60
    outcome = Outcome("before", "provision", "job 0", began, began + 30, "provisioned", Version(), Version())
    tags = [{"Key": key, "Value": value} for key, value in tags_with(outcome, []).items()]
    pair.scene.elbv2.add_tags(ResourceArns=list(pair.arns), Tags=tags)
    die(ask, left, "deploy")
    for mode in ("return", "resume"):
        planned = plan(WATCH, **left, abandoned=mode)
        assert (planned["watch"]["do"], planned["stages"]) == ("", []), planned["watch"]
        assert "which still waits for traffic" in planned["watch"]["why"]


def test_what_cannot_be_taken_on_is_returned(ask: Ask, plan: Plan, left: dict[str, Any]) -> None:
    die(ask, left)
    ask("freeze", **service_of(left), reason="Stock-taking")
    planned = plan(WATCH, **left, abandoned="resume")
    assert [stage["do"] for stage in planned["stages"]] == ["return"]
    assert "It cannot be taken on: " in planned["watch"]["why"]
    assert "is frozen: Stock-taking. Lift the freeze" in planned["watch"]["why"]


def test_a_rejected_candidate_is_removed_in_time_and_by_the_guards_of_every_removal(
    ask: Ask, plan: Plan, pair: Pair, left: dict[str, Any]
) -> None:
    ask("route_weights", routes=left["routes"], weights=pair.split(100, 0))
    ask("environment_mark", group=pair.groups[1], mark="rejected", value="Alarm web-green-5xx rang.")
    stays = plan(WATCH, **left)
    assert (stays["stages"], "and stays until 20" in stays["watch"]["why"]) == ([], True)
    planned = plan(WATCH, **left, keep_failed=0)
    assert [(stage["do"], stage["group"]) for stage in planned["stages"]] == [
        ("idle", pair.groups[1]),
        ("teardown", pair.groups[1]),
    ]
    # What somebody does until the lease is taken, and until the group is ended.
    ask("environment_mark", group=pair.groups[1], mark="run", value="second")
    lost = ask("lease", **left, run=planned["run"], doing="watch", by="watch", expected=planned["service"])
    assert lost["overtaken"], lost
    ask("route_weights", routes=left["routes"], weights=pair.split(99, 1))
    stage = planned["stages"][-1]
    target = {"service": left["service"], "routes": left["routes"], "target_groups": stage["target_groups"]}
    target |= {"name": stage["group"], "retain_until": stage["retain_until"]}
    refused = ask("autoscaling_clone", **target, state="absent")
    assert "is not removed" in refused["msg"]


def test_teardown_leaves_what_a_frozen_service_could_return_to(
    ask: Ask, plan: Plan, pair: Pair, left: dict[str, Any]
) -> None:
    ask("route_weights", routes=left["routes"], weights=pair.split(0, 100))
    groups = {"blue": pair.groups[0], "green": pair.groups[1]}
    ask("settle", **service_of(left), groups=groups, stable="green", retain_seconds=0)
    assert [each["do"] for each in plan(["teardown"], **left)["stages"]] == ["idle", "teardown"]
    ask("freeze", **service_of(left), reason="Stock-taking")
    kept = plan(["teardown"], **left)
    assert kept["stages"] == []
    assert "is frozen: Stock-taking. So blue stays for a return to it" in str(kept["warnings"])
    passed = plan(["teardown"], **left, override="we are short of addresses")
    assert [each["do"] for each in passed["stages"]] == ["idle", "teardown"]


@pytest.mark.parametrize("kept_in", ["tags", "directory"])
def test_a_candidate_without_traffic_is_turned_down_by_a_rollback_once_and_only_while_nobody_is_at_work(
    ask: Ask, pair: Pair, left: dict[str, Any], tmp_path: Path, kept_in: str
) -> None:
    ask("route_weights", routes=left["routes"], weights=pair.split(100, 0))
    store = {"store": f"file://{tmp_path}"} if kept_in == "directory" else {}
    lease = hold(ask, left, **store)
    renewed = {**service_of(left), "routes": left["routes"], "lease": lease, "hook_timeout": 600}
    renewing = threading.Timer(2.0, ask, ["service_info"], renewed)
    renewing.start()
    kept = ask("traffic_return", **left, **store, previous=True)
    renewing.join()
    assert (kept["waiting"], kept["left_to"]) == (None, "first")
    assert f"job 1 is changing {left['service']} (deploy, since" in str(kept["warnings"])
    ask("lease", **service_of(left), **store, run="first", doing="deploy", state="released")
    found = ask("traffic_return", **left, **store, previous=True)
    assert (found["waiting"], found["left_to"]) == (pair.groups[1], None)
    assert ask("traffic_return", **left)["waiting"] is None, "only for a person"
    ask("candidate_reject", **left, reason="It was rejected by rollback.yml.")
    assert ask("traffic_return", **left, previous=True)["waiting"] is None


@pytest.fixture
def released(ask: Ask, pair: Pair, left: dict[str, Any]) -> dict[str, Any]:
    """The same release, settled just now; the environment before it is retained."""
    ask("route_weights", routes=left["routes"], weights=pair.split(0, 100))
    groups = {"blue": pair.groups[0], "green": pair.groups[1]}
    ask("settle", **service_of(left), groups=groups, stable="green", retain_seconds=3600)
    environments = ask("service_info", **left)["service"]["environments"]
    before, after = (Version.of(environments[color]) for color in ("blue", "green"))
    now = int(time.time())
    outcome = Outcome("first", "deploy", "job 1", now - 60, now, "succeeded", before, after)
    tags = [{"Key": key, "Value": value} for key, value in tags_with(outcome, []).items()]
    pair.scene.elbv2.add_tags(ResourceArns=list(pair.arns), Tags=tags)
    return left


def test_an_alarm_after_a_release_returns_to_the_release_before_if_it_rings(
    plan: Plan, pair: Pair, released: dict[str, Any], made: Made
) -> None:
    rings, quiet = (alarm_in(pair.scene.lab, state) for state in ("ALARM", "OK"))
    said = {**released, "alarms": [rings, quiet]}
    planned = plan(WATCH, **said, event_alarm=rings)
    assert (planned["watch"]["do"], planned["doing"]) == ("roll_back", "rollback"), planned["watch"]
    assert f"Alarm {rings} is in ALARM" in planned["watch"]["why"]
    (stage,) = planned["stages"]
    assert stage["previous"]
    assert planned["wanted"]["image_id"] == planned["service"]["environments"]["blue"]["image_id"]

    made()
    late = plan(WATCH, **said, event_alarm=quiet)
    assert (late["stages"], late["watch"]["why"].endswith("It is no longer in state ALARM.")) == ([], True)
    assert len(made()) <= 6
    assert plan(WATCH, **said, event_alarm="of-another-service")["watch"] == {"do": "", "why": ""}


def test_an_alarm_of_which_nobody_knows_whose_it_is_is_no_silence(
    plan: Plan, pair: Pair, released: dict[str, Any]
) -> None:
    rings = alarm_in(pair.scene.lab, "ALARM")
    refused = plan(WATCH, **released, alarms={"web": rings}, event_alarm=rings)
    assert refused["failed"]
    assert "bluegreen_alarms: " in refused["msg"]
    other = plan(WATCH, **released, strategy="typo", alarms=["web"], event_alarm=rings)
    assert (other["watch"]["do"], "bluegreen_strategy" in str(other["warnings"])) == ("", True)


def test_a_candidate_is_not_removed_by_variables_that_cannot_be_read(
    ask: Ask, plan: Plan, pair: Pair, left: dict[str, Any]
) -> None:
    """A hook would be left out, or the candidate go before its time."""
    ask("route_weights", routes=left["routes"], weights=pair.split(100, 0))
    ask("environment_mark", group=pair.groups[1], mark="rejected", value="Alarm web-green-5xx rang.")
    stays = plan(WATCH, **left, keep_failed="30 days")
    assert "bluegreen_keep_failed: " in str(stays["warnings"])
    refused = plan(WATCH, **left, keep_failed=0, hooks={"before_tear_down": "drain.yml"})
    assert refused["failed"]
    assert "before_teardown" in refused["msg"]


def test_an_alarm_while_a_release_is_paused_returns_it_if_it_rings(
    plan: Plan, pair: Pair, left: dict[str, Any]
) -> None:
    now = int(time.time())
    outcome = Outcome("first", "deploy", "job 1", now - 60, now, "paused", Version(), Version())
    tags = [{"Key": key, "Value": value} for key, value in tags_with(outcome, []).items()]
    pair.scene.elbv2.add_tags(ResourceArns=list(pair.arns), Tags=tags)
    rings, quiet = (alarm_in(pair.scene.lab, state) for state in ("ALARM", "OK"))
    said = {**left, "alarms": [rings, quiet]}
    planned = plan(WATCH, **said, event_alarm=rings)
    assert [(each["do"], each["run"]) for each in planned["stages"]] == [("return", "first")]
    assert f"Alarm {rings} is in ALARM" in planned["watch"]["why"]
    assert plan(WATCH, **said, event_alarm=quiet)["stages"] == []
    assert plan(WATCH, **said)["stages"] == []


def test_without_a_way_back_an_alarm_after_a_release_is_refused_with_what_to_do(
    plan: Plan, pair: Pair, released: dict[str, Any]
) -> None:
    """The person on call has to know."""
    rings = alarm_in(pair.scene.lab, "ALARM")
    pair.scene.lab.client("autoscaling").delete_auto_scaling_group(
        AutoScalingGroupName=pair.groups[0], ForceDelete=True
    )
    refused = plan(WATCH, **released, alarms=[rings], event_alarm=rings)
    assert refused["failed"]
    assert "A watch cannot take it back: No previous environment is retained." in refused["msg"]
