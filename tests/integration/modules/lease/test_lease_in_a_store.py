# SPDX-License-Identifier: GPL-3.0-or-later
"""A lease that is kept in a store: conditional writes let one of all who ask have it."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.lease.process import process_of

from switchyard_lab.scene import Scene
from tests.in_process import in_process
from tests.integration.conftest import Ask

from ..conftest import Made
from ..demo import Demo

GONE = {"reason": "users cannot pay", "allow": ["store"]}


def options(definition: dict[str, Any], store: str, run: str, **more: Any) -> dict[str, Any]:
    asked = {key: definition[key] for key in ("service", "target_groups")}
    return {**asked, "store": store, "run": run, "doing": "deploy", "by": f"job {run}", **more}


def nowhere(store: str) -> str:
    """A bucket or a directory that is not there."""
    return f"{store.removesuffix('/bluegreen')}-nowhere"


def holder(ask: Ask, definition: dict[str, Any], store: str) -> Any:
    return ask("service_info", **definition, gather=["routes"], store=store)["service"]["lease"]


def test_it_is_taken_refused_to_others_and_given_back(
    ask: Ask, definition: dict[str, Any], store: str, made: Made
) -> None:
    made()
    held = ask("lease", **options(definition, store, "a"))
    assert held["lease"]["store"] == store
    assert made("write") == (["PutObject"] if store.startswith("s3") else [])
    assert holder(ask, definition, store)["run"] == "a"
    refused = ask("lease", **options(definition, store, "b"))
    assert "job a is changing" in refused["msg"]
    assert ask("lease", **options(definition, store, "a", state="released"))["changed"]
    assert holder(ask, definition, store) is None
    assert not ask("lease", **options(definition, store, "b")).get("failed")


def test_of_many_that_ask_at_once_one_gets_it(definition: dict[str, Any], store: str, ask: Ask) -> None:
    def contend(number: int) -> dict[str, Any]:
        return in_process("lease", options(definition, store, f"run-{number}"), check=False)

    with ThreadPoolExecutor(12) as pool:
        results = list(pool.map(contend, range(12)))
    winners = [each["lease"]["claim"]["run"] for each in results if not each.get("failed")]
    assert len(winners) == 1, results
    assert holder(ask, definition, store)["run"] == winners[0]


def test_one_that_was_taken_stops_its_run_before_the_next_change(
    ask: Ask, definition: dict[str, Any], store: str, made: Made
) -> None:
    lease = ask("lease", **options(definition, store, "a"))["lease"]
    weights = {"routes": definition["routes"], "weights": {definition["target_groups"]["blue"]: 100}}
    assert not ask("route_weights", **weights, lease=lease).get("failed")
    force = {"reason": "it hangs", "allow": ["lease"]}
    assert not ask("lease", **options(definition, store, "b", override=force)).get("failed")
    made()
    refused = ask("route_weights", **weights, lease=lease)
    assert refused["other_run"] == "b"
    assert made("write") == []


def test_a_store_that_is_gone_refuses_unless_it_may_be_left_out(
    ask: Ask, definition: dict[str, Any], store: str
) -> None:
    refused = ask("lease", **options(definition, nowhere(store), "a"))
    assert f"The store {nowhere(store)}" in refused["msg"]
    held = ask("lease", **options(definition, nowhere(store), "a", override=GONE))
    assert held["lease"]["store"] is None
    assert ask("service_info", **definition, gather=["routes"])["service"]["lease"]["run"] == "a"


@pytest.mark.parametrize("store", ["s3"], indirect=True)
def test_a_store_that_does_not_answer_for_a_moment_ends_no_release(
    ask: Ask, scene: Scene, definition: dict[str, Any], store: str
) -> None:
    """Its answers come after more attempts than a call has."""
    lease = ask("lease", **options(definition, store, "a"))["lease"]
    weights = {"routes": definition["routes"], "weights": {definition["target_groups"]["blue"]: 100}}
    scene.lab.fault(operation="GetObject", times=5, error="ServiceUnavailable")
    assert not ask("route_weights", **weights, lease=lease).get("failed")
    scene.lab.fault(operation="GetObject", times=1, error="AccessDenied")
    refused = ask("route_weights", **weights, lease=lease)
    assert "Allow what docs/store.md lists" in refused["msg"]


def test_a_return_of_traffic_takes_it_and_goes_on_without_a_store(
    ask: Ask, scene: Scene, demo: Demo, store: str
) -> None:
    scene.in_service(demo.live(), 1)
    definition, groups = demo.definition, demo.definition["target_groups"]
    scene.healthy(groups["blue"], 1)
    scene.elbv2.add_tags(ResourceArns=list(groups.values()), Tags=[{"Key": "bluegreen:stable", "Value": "blue"}])
    ask("lease", **options(definition, store, "a"))
    for where, taken in ((store, True), (nowhere(store), False)):
        ask("route_weights", routes=definition["routes"], weights={groups["blue"]: 90, groups["green"]: 10})
        back = ask("traffic_return", **definition, store=where, doing="rollback", by="a person")
        assert (back["changed"], back["lease"] is not None) == (True, taken), back
    assert any("The lease was not taken" in each for each in back["warnings"])
    assert holder(ask, definition, store)["by"] == "a person"


@pytest.mark.parametrize("where", ["tags", "store"])
def test_a_return_that_finds_nothing_to_do_sweeps_away_who_died_and_nobody_else(
    ask: Ask, scene: Scene, demo: Demo, store: str, where: str
) -> None:
    """Status would call the release abandoned, and tell to run what has just been run."""
    definition, groups = demo.definition, demo.definition["target_groups"]
    scene.elbv2.add_tags(ResourceArns=list(groups.values()), Tags=[{"Key": "bluegreen:stable", "Value": "blue"}])
    kept = {"store": store if where == "store" else None}
    taken = options(definition, store, "a") | kept
    back = {**definition, **kept, "doing": "rollback", "by": "a person"}

    def read() -> Any:
        return ask("service_info", **definition, gather=["routes"], **kept)["service"]["lease"]

    sleeper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    ask("lease", **taken, process=str(process_of(sleeper.pid)))
    assert not ask("traffic_return", **back)["changed"]
    assert read()["alive"]
    sleeper.kill()
    sleeper.wait()
    assert not ask("traffic_return", **back, check=True)["changed"]
    assert not read()["alive"]
    assert not ask("traffic_return", **back)["changed"]
    assert read() is None


@pytest.mark.parametrize("operation", ["AddTags", "RemoveTags"])
def test_a_return_has_its_lease_also_where_the_first_answer_never_comes(
    ask: Ask, scene: Scene, demo: Demo, operation: str
) -> None:
    """One that it had and did not know of would stay when it has ended."""
    scene.in_service(demo.live(), 1)
    definition, groups = demo.definition, demo.definition["target_groups"]
    scene.healthy(groups["blue"], 1)
    scene.elbv2.add_tags(ResourceArns=list(groups.values()), Tags=[{"Key": "bluegreen:stable", "Value": "blue"}])
    service = {key: definition[key] for key in ("service", "target_groups")}
    assert not ask("lease", **service, run="a", doing="deploy", by="job a").get("failed")
    ask("route_weights", routes=definition["routes"], weights={groups["blue"]: 90, groups["green"]: 10})
    scene.lab.fault(operation=operation, silent=True)
    back = ask("traffic_return", **definition, doing="rollback", by="a person")
    assert (back["changed"], back["lease"] is not None, back["warnings"]) == (True, True, []), back
