# SPDX-License-Identifier: GPL-3.0-or-later
"""What a rehearsal says differently than the inventory."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from switchyard_lab.rehearsal.builder import GOOD, StandIn
from switchyard_lab.rehearsal.services import Service
from switchyard_lab.rehearsal.variables import not_rehearsed, overrides

from .definitions import LISTENER, read

BUILT = StandIn(
    images={GOOD: "ami-good"},
    arns={LISTENER: "arn:new"},
    urls={LISTENER: "http://127.0.0.1:8000/"},
    target_groups={"web-blue": "arn:blue", "web-green": "arn:green"},
    alarms=["web-5xx"],
)


def said(service: Service, speed: float = 20) -> dict[str, Any]:
    return overrides(service, BUILT, GOOD, Path("/store"), speed)


def test_the_stand_in_takes_the_place_of_the_service(tmp_path: Path) -> None:
    its = said(read(tmp_path))
    assert (its["bluegreen_hosts"], its["bluegreen_routes"]) == ("web", ["arn:new"])
    assert its["bluegreen_target_groups"] == {"blue": ["arn:blue"], "green": ["arn:green"]}
    assert (its["bluegreen_image_id"], its["bluegreen_store"]) == ("ami-good", "file:///store")


def test_the_store_is_where_its_folder_is(tmp_path: Path) -> None:
    """The collection takes what follows file:// as it is."""
    its = overrides(read(tmp_path), BUILT, GOOD, Path("/my rehearsals/ü/store"), 20)
    assert its["bluegreen_store"] == "file:///my rehearsals/ü/store"


def test_a_release_has_the_alarms_of_the_stand_in(tmp_path: Path) -> None:
    its = said(read(tmp_path, bluegreen_alarms=["web-5xx", "cpu"]))
    assert its["bluegreen_alarms"] == ["web-5xx"]


def test_durations_are_divided_but_not_below_what_is_allowed(tmp_path: Path) -> None:
    service = read(tmp_path, bluegreen_strategy="Canary10Percent10Minutes", bluegreen_retain_seconds="2h")
    its = said(service)
    assert its["bluegreen_strategy"] == [{"weight": 10, "bake_seconds": 30}, {"weight": 100, "bake_seconds": 0}]
    assert its["bluegreen_retain_seconds"] == 360
    assert its["bluegreen_hook_timeout"] == service.durations["hook_timeout"] == 60
    assert said(service, speed=1)["bluegreen_strategy"][0] == {"weight": 10, "bake_seconds": 600}


def test_checks_are_rehearsed_as_far_as_the_labs_own_service_can_answer_them(tmp_path: Path) -> None:
    check = {"name": "version", "path": "/version?token=secret", "method": "POST", "repetitions": 3}
    dropped = {"status": [201], "json": {"ready": True}, "headers": {"Authorization": "secret"}, "max_ms": 100}
    route = {"arn": f"{LISTENER[:-1]}3", "url": "https://web.example.com:8443"}
    service = read(tmp_path, bluegreen_checks=["/plain", check | dropped], bluegreen_test_route=route)
    assert [(each["path"], each["status"]) for each in service.values["checks"]] == [
        ("/plain", [200]),
        ("/version?token=secret", [201]),
    ]
    built = replace(BUILT, arns=BUILT.arns | {route["arn"]: "arn:test"}, urls={route["arn"]: "http://127.0.0.1:8001/"})
    assert overrides(service, built, GOOD, Path("/store"), 20)["bluegreen_checks"] == [
        {"path": "/plain", "method": "GET", "repetitions": 1, "status": [200]},
        {"name": "version", "path": "/version", "method": "POST", "repetitions": 3, "status": [200]},
    ]
    assert not_rehearsed(service) == [
        "headers, status, json, max_ms, query of checks: instances run the lab's own service, with status 200"
    ]


def test_plain_checks_are_rehearsed_as_they_are(tmp_path: Path) -> None:
    route = {"arn": f"{LISTENER[:-1]}3", "url": "https://web.example.com:8443"}
    assert not_rehearsed(read(tmp_path, bluegreen_checks=["/", "/plain"], bluegreen_test_route=route)) == []


def test_bakes_take_as_long_as_the_definition_says(tmp_path: Path) -> None:
    strategy = [{"weight": 10, "bake_seconds": "10m"}, {"weight": 100}]
    assert read(tmp_path, bluegreen_strategy=strategy).baking_seconds == 600
    watched = {"bluegreen_strategy": strategy, "bluegreen_alarms": ["web-5xx"]}
    assert read(tmp_path, **watched).baking_seconds == 900  # with the final bake, which has five minutes
    judged = {"bluegreen_strategy": strategy, "bluegreen_metrics": ["errors"], "bluegreen_metrics_lag": "3m"}
    assert read(tmp_path, **judged).baking_seconds == 600 + 300 + 2 * 180  # and each with the lag of its metrics


def test_a_bake_is_as_long_as_the_metrics_of_the_lab_are_late(tmp_path: Path) -> None:
    strategy = [{"weight": 10, "bake_seconds": 60}, {"weight": 50}, {"weight": 100, "bake_seconds": "10m"}]
    judged = {"bluegreen_metrics": ["errors"], "bluegreen_metrics_lag": 60, "bluegreen_strategy": strategy}
    its = said(read(tmp_path, **judged))
    assert its["bluegreen_metrics_lag"] == 6
    assert [each["bake_seconds"] for each in its["bluegreen_strategy"]] == [6, 0, 30]
    judged["bluegreen_metrics"] = [{"name": "errors", "dry_run": True}]
    its = said(read(tmp_path, **judged))
    assert [each["bake_seconds"] for each in its["bluegreen_strategy"]] == [3, 0, 30]


def test_metrics_are_judged_by_the_minute(tmp_path: Path) -> None:
    """Which takes as many seconds as the lab is fast; a longer period stays as long as it is."""
    metrics, strategy = [{"name": "errors", "period": 300}], [{"weight": 100, "bake_seconds": "10m"}]
    service = read(tmp_path, bluegreen_metrics=metrics, bluegreen_strategy=strategy)
    assert [each["period"] for each in said(service)["bluegreen_metrics"]] == [60]
    assert not_rehearsed(service) == ["metrics are judged by the minute"]


def test_a_shift_may_take_its_time(tmp_path: Path) -> None:
    """Only its bakes are shorter; so the limit is that of the inventory."""
    assert "bluegreen_shift_timeout" not in said(read(tmp_path, bluegreen_shift_timeout="20m"))


def test_metrics_of_ones_own_are_left_out(tmp_path: Path) -> None:
    query = {"id": "failed", "namespace": "Shop", "metric_name": "Failed"}
    own = {"name": "errors", "compare": "none", "queries": [query], "value": "failed", "threshold": {"above": 1}}
    service = read(tmp_path, bluegreen_metrics=[own], bluegreen_strategy=[{"weight": 100, "bake_seconds": 300}])
    assert said(service)["bluegreen_metrics"] == []
    assert not_rehearsed(service) == ["the metrics errors have no data here and are left out"]


def test_what_reaches_beyond_the_lab_is_unset_and_said(tmp_path: Path) -> None:
    hook = tmp_path / "migrate.yml"
    hook.write_text("- ansible.builtin.command: /opt/migrate\n- lease: {state: released}\n", encoding="utf-8")
    service = read(
        tmp_path,
        bluegreen_hooks={"before_shift": str(hook)},
        bluegreen_notify=[{"chat": "https://chat.example.com/hook"}],
        bluegreen_metrics=[{"name": "errors"}],
        bluegreen_strategy=[{"weight": 10, "pause": {"seconds": 3600}}, {"weight": 100}],
    )
    its = said(service)
    assert (its["bluegreen_hooks"], its["bluegreen_notify"]) == ("", "")
    assert its["bluegreen_strategy"] == [{"weight": 10, "bake_seconds": 0}, {"weight": 100, "bake_seconds": 15}]
    assert [each["name"] for each in its["bluegreen_metrics"]] == ["errors"]
    assert not_rehearsed(service) == [
        "hooks are not run, for they may act on something real",
        "nobody is notified",
        "pauses for an approval are left out",
    ]
