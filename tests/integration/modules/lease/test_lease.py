# SPDX-License-Identifier: GPL-3.0-or-later
"""One run at a time changes a service."""

from __future__ import annotations

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.lease.claim import Claim
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.lease.process import process_of

from switchyard_lab.scene import Scene
from tests.in_process import in_process
from tests.integration.conftest import Ask

from ..conftest import Made


def take(ask: Ask, service: dict[str, Any], run: str, **more: Any) -> dict[str, Any]:
    return ask("lease", **service, run=run, doing="deploy", **({"by": f"job {run}"} | more))


def read(ask: Ask, definition: dict[str, Any]) -> Any:
    return ask("service_info", **definition, gather=["routes"])["service"]["lease"]


def test_a_run_takes_the_lease_and_gives_it_back(
    ask: Ask, definition: dict[str, Any], service: dict[str, Any], made: Made
) -> None:
    made()
    assert ask("lease", check=True, **service, run="a", doing="deploy")["changed"]
    assert made("write") == []
    held = take(ask, service, "a")
    assert held["changed"], held
    assert made("write") == ["AddTags", "AddTags"], "asked for, and held"
    found = read(ask, definition)
    assert {key: found[key] for key in ("run", "by", "doing", "alive")} == {
        "run": "a",
        "by": "job a",
        "doing": "deploy",
        "alive": True,
    }
    made()
    assert ask("lease", **service, run="a", state="released")["changed"]
    assert made("write") == ["RemoveTags"]
    assert read(ask, definition) is None
    assert not ask("lease", **service, run="a", state="released")["changed"]
    assert made("write") == []


def test_another_run_is_refused_by_name_and_leaves_nothing_behind(
    ask: Ask, definition: dict[str, Any], service: dict[str, Any]
) -> None:
    take(ask, service, "a")
    refused = take(ask, service, "b")
    assert refused["failed"]
    assert refused["msg"].startswith(f"job a is changing {service['service']} (deploy, since ")
    assert read(ask, definition)["run"] == "a"


def test_of_many_that_ask_at_once_one_gets_it(ask: Ask, definition: dict[str, Any], service: dict[str, Any]) -> None:
    runs = [f"run-{number}" for number in range(12)]

    def contend(run: str) -> dict[str, Any]:
        return in_process("lease", {**service, "run": run, "doing": "deploy"}, check=False)

    with ThreadPoolExecutor(len(runs)) as pool:
        results = dict(zip(runs, pool.map(contend, runs), strict=True))
    winners = [run for run, result in results.items() if not result.get("failed")]
    assert len(winners) == 1, results
    assert read(ask, definition)["run"] == winners[0]


def test_a_lease_that_is_over_is_taken_and_swept_away(
    ask: Ask, scene: Scene, definition: dict[str, Any], service: dict[str, Any]
) -> None:
    take(ask, service, "a", seconds=1)
    time.sleep(1 + 5 + 0.1)  # the lease, and by how much the clocks may differ
    assert read(ask, definition)["alive"] is False
    assert not take(ask, service, "b").get("failed")
    blue = definition["target_groups"]["blue"]
    tags = scene.elbv2.describe_tags(ResourceArns=[blue])["TagDescriptions"][0]["Tags"]
    assert [tag["Key"] for tag in tags if tag["Key"].startswith("bluegreen:lease:")] == ["bluegreen:lease:b"]


def test_the_lease_of_a_process_that_is_dead_is_over_at_once(
    ask: Ask, definition: dict[str, Any], service: dict[str, Any]
) -> None:
    sleeper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    process = str(process_of(sleeper.pid))
    take(ask, service, "a", process=process)
    assert take(ask, service, "b")["failed"]
    sleeper.kill()
    sleeper.wait()
    assert read(ask, definition)["alive"] is False
    assert not take(ask, service, "b").get("failed")


def test_a_run_that_has_lost_the_lease_changes_nothing(
    ask: Ask, definition: dict[str, Any], service: dict[str, Any], made: Made
) -> None:
    lease = take(ask, service, "a")["lease"]
    blue, green = (definition["target_groups"][color] for color in ("blue", "green"))
    weights: dict[str, Any] = {"routes": definition["routes"], "weights": {blue: 90, green: 10}}
    assert not take(ask, service, "b", override={"reason": "the pipeline hangs", "allow": ["lease"]}).get("failed")
    made()
    refused = ask("route_weights", **weights, lease=lease)
    assert refused["failed"]
    assert refused["other_run"] == "b"
    assert "The lease of" in refused["msg"]
    assert "job b is changing" in refused["msg"]
    assert made("write") == []


def test_a_run_whose_lease_was_taken_and_given_back_meanwhile_changes_nothing(
    ask: Ask, service: dict[str, Any], made: Made
) -> None:
    lease = take(ask, service, "a")["lease"]
    ask("lease", **service, run="a", state="released")
    made()
    refused = ask("settle", **service, groups={}, stable="blue", lease=lease)
    assert "may have changed the service" in refused["msg"]
    assert made("write") == []


def test_a_lease_that_is_half_over_is_renewed_by_the_next_task(
    ask: Ask, definition: dict[str, Any], service: dict[str, Any], made: Made
) -> None:
    lease = take(ask, service, "a", seconds=6)["lease"]
    weights = {"routes": definition["routes"], "weights": {definition["target_groups"]["blue"]: 100}}
    time.sleep(3)
    made()
    assert not ask("route_weights", **weights, lease=lease).get("failed")
    assert made("write") == ["AddTags"]
    assert read(ask, definition)["silent_seconds"] < 3


def test_a_plan_that_no_longer_holds_is_refused(
    ask: Ask, scene: Scene, definition: dict[str, Any], service: dict[str, Any]
) -> None:
    groups = list(definition["target_groups"].values())
    scene.elbv2.add_tags(ResourceArns=groups, Tags=[{"Key": "bluegreen:stable", "Value": "blue"}])
    planned = ask("service_info", **definition, gather=["routes", "groups"])["service"]
    blue, green = (definition["target_groups"][color] for color in ("blue", "green"))
    ask("route_weights", routes=definition["routes"], weights={blue: 90, green: 10})
    refused = take(ask, service, "a", routes=definition["routes"], expected=planned)
    assert refused["failed"]
    assert "was changed while this run was planned" in refused["msg"]
    assert "The weights are 90/10 now, and were 100/0." in refused["msg"]
    assert read(ask, definition) is None


def test_where_no_tag_has_room_who_is_at_work_is_still_named(
    ask: Ask, scene: Scene, definition: dict[str, Any], service: dict[str, Any]
) -> None:
    """A resource has 50 tags at most."""
    take(ask, service, "a")
    others = [{"Key": f"tag-{number}", "Value": ""} for number in range(60)]
    blue = definition["target_groups"]["blue"]
    (found,) = scene.elbv2.describe_tags(ResourceArns=[blue])["TagDescriptions"]
    scene.elbv2.add_tags(ResourceArns=[blue], Tags=others[: 50 - len(found["Tags"])])
    assert "job a is changing" in take(ask, service, "b")["msg"]
    ask("lease", **service, run="a", state="released")
    scene.elbv2.add_tags(ResourceArns=[blue], Tags=others[50 - len(found["Tags"]) :][:1])
    assert "TooManyTags" in take(ask, service, "b")["msg"]


def test_it_can_be_taken_by_a_controller_whose_clock_is_behind(
    ask: Ask, scene: Scene, definition: dict[str, Any], service: dict[str, Any]
) -> None:
    lease = take(ask, service, "a")["lease"]
    ahead = Claim.from_data({**lease["claim"], "fence": lease["claim"]["fence"] + 60_000})
    tag = {"Key": ahead.key, "Value": ahead.text()}
    scene.elbv2.add_tags(ResourceArns=list(definition["target_groups"].values()), Tags=[tag])
    taken = take(ask, service, "b", override={"reason": "it hangs", "allow": ["lease"]})["lease"]
    weights = {"routes": definition["routes"], "weights": {definition["target_groups"]["blue"]: 100}}
    assert not ask("route_weights", **weights, lease=taken).get("failed")
    assert ask("route_weights", **weights, lease={**lease, "claim": ahead.as_data()})["failed"]
