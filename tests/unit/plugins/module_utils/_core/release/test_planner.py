# SPDX-License-Identifier: GPL-3.0-or-later
"""The stages of a run, by how the service stands and what was asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.definition.parser import parse
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.definition.service import Definition
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.group.capacity import Bounds
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.group.marks import Marks, Remark
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.launch.templates import encoded, fingerprint
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.release.bring_up import (
    NOTHING,
    Asked,
    BringUp,
    find_bring_up,
    find_move,
)
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.release.parts import WHOLE, Part, ReleaseParts
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.release.planner import Planner
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.release.stages import TASKS, Stage
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.service.environments import Service

from ..definition.described import SERVICE, TEST_ROUTE
from ..service.services import with_group
from ..traffic.routes import record_route
from .running import ARNS, NEW, OLD, service

ROLES = Path(__file__).parents[6] / "roles"
NOW = datetime(2026, 1, 6, 12, tzinfo=UTC)
SAID: dict[str, Any] = {**SERVICE, "bluegreen_strategy": "10,100"}


def plan(
    stands: Service, parts: Sequence[Part] = WHOLE, image: str = NEW, zonal: Sequence[str] = (), **variables: Any
) -> list[Stage]:
    said = SAID | {f"bluegreen_{name}": value for name, value in variables.items()}
    values, findings = parse(said, "deploy", service="web")
    assert findings == []
    asked = Asked(image, user_data=fingerprint(encoded(values["user_data"])))
    if parts == ["teardown"]:
        bring_up = BringUp(NOTHING)
    else:
        bring_up = find_bring_up(stands, asked, values["group"]) if "provision" in parts else find_move(stands, asked)
    said = {"definition": Definition.read(values), "parts": ReleaseParts(parts), "at": NOW}
    return Planner(service=stands, bring_up=bring_up, asked=asked, zonal=zonal, **said).stages()


def kinds(stages: list[Stage]) -> list[str]:
    return [stage.do for stage in stages]


def apart(stands: Service, color: str = "green") -> Service:
    """Where the last route does not name the environment of this color."""
    first, *others = stands.routes
    left = {each: weight for each, weight in first.by_color().items() if each != color}
    return replace(stands, routes=[first, *others, first.plan(left).after])


def sticky(stands: Service) -> Service:
    (route,) = stands.routes
    return replace(stands, routes=[route.plan(route.by_color(), 60).after])


def behind_records(stands: Service) -> Service:
    return replace(stands, routes=[record_route(("blue", 100), ("green", 0))])


SWAP = ["look", "prepare", "shift", "shift", "settle"]


@pytest.mark.parametrize(
    ("stands", "parts", "expected"),
    [
        pytest.param(service(OLD), WHOLE, ["provision", *SWAP], id="a release"),
        pytest.param(apart(service(OLD)), WHOLE, ["join", "provision", *SWAP], id="the routes do not name green yet"),
        pytest.param(service(OLD, NEW), WHOLE, ["provision", *SWAP], id="the candidate is there"),
        pytest.param(service(OLD, NEW, 10), WHOLE, ["provision", *SWAP], id="it stands at 10 %"),
        pytest.param(apart(service(OLD, NEW, 10)), WHOLE, ["provision", *SWAP], id="and one route does not name it"),
        pytest.param(
            service(OLD, NEW, 50), WHOLE, ["provision", "look", "prepare", "shift", "settle"], id="beyond a step"
        ),
        pytest.param(service(OLD, "ami-third"), WHOLE, ["idle", "teardown", "provision", *SWAP], id="another one"),
        pytest.param(service(OLD, declared=False), WHOLE, ["declare", "provision", *SWAP], id="not declared"),
        pytest.param(service(NEW), WHOLE, [], id="it runs already"),
        pytest.param(service(OLD), ["provision"], ["provision"], id="provision alone"),
        pytest.param(service(OLD, NEW), ["swap"], ["resume", *SWAP], id="swap alone"),
        pytest.param(service(OLD, NEW), ["verify"], ["resume"], id="verify without a test route"),
    ],
)
def test_the_plan_has_what_is_to_be_done_and_nothing_else(
    stands: Service, parts: list[str], expected: list[str]
) -> None:
    assert kinds(plan(stands, parts)) == expected


def test_hooks_pauses_and_the_test_route_are_stages_where_they_are_defined() -> None:
    hooks = {name: f"/hooks/{name}.yml" for name in ("before_provision", "before_shift", "after_settle", "on_rollback")}
    steps = [{"weight": 10, "bake_seconds": 60, "pause": {"seconds": 600}}, {"weight": 100}]
    stages = plan(service(OLD), hooks=hooks, strategy=steps, test_route=TEST_ROUTE, checks=["/health"])
    assert kinds(stages) == [
        *("hook", "provision", "aim", "verify", "look", "prepare"),
        *("hook", "shift", "approve", "hook", "shift", "settle", "hook"),
    ]
    assert [stage.given["name"] for stage in stages if stage.do == "hook"] == [
        *("before_provision", "before_shift", "before_shift", "after_settle"),
    ]
    assert [stage.title for stage in stages if stage.do in ("shift", "approve")] == [
        "shift green to 10 %, bake 1 min",
        "wait for approval at 10 %, after 10 min return the traffic",
        "shift green to 100 %",
    ]
    hints = [stage.given["hint"] for stage in stages if "hint" in stage.given]
    assert [("-e bluegreen_approve_weight=10." in each, "rollback.yml" in each) for each in hints] == [(True, True)]


PAUSED = [{"weight": 10, "bake_seconds": 300, "pause": {"seconds": 60}}, {"weight": 50}, {"weight": 100}]


@pytest.mark.parametrize(
    ("strategy", "weight", "times", "left"),
    [
        ("all_at_once", 0, 1, 1),
        ("canary", 0, 2, 2),
        ("linear", 0, 10, 10),
        pytest.param("linear", 80, 10, 3, id="a release that is continued"),
        pytest.param(PAUSED, 0, 3, 3, id="the pause is judged too, and a step without a bake is not"),
    ],
)
def test_all_bakes_of_a_release_share_one_probability_of_a_false_alarm(
    strategy: Any, weight: int, times: int, left: int
) -> None:
    stages = plan(service(OLD, NEW, weight), ["swap"], strategy=strategy, metrics=["errors"])
    judged = [
        each.given for each in stages if each.do in ("shift", "approve") and each.given["step"].get("bake_seconds")
    ]
    assert [each["significance"] for each in judged] == [pytest.approx(0.01 / times)] * left


@pytest.mark.parametrize(
    ("said", "planned"),
    [({}, ""), ({"user_data": encoded("own")}, sha256(b"own").hexdigest())],
)
def test_the_user_data_of_a_first_group_is_planned_by_its_digest(said: dict[str, str], planned: str) -> None:
    template = {"instance_type": "t3.micro", **said}
    group = {"launch_template": template, "autoscaling_group": {"min_size": 1, "max_size": 2}}
    (first,) = plan(service(None), group=group)
    assert (first.do, first.given["user_data_sha256"]) == ("first", planned)
    (first,) = plan(service(None), group=group, user_data="plain")
    assert first.given["user_data_sha256"] == sha256(b"plain").hexdigest(), "it takes precedence"


def test_each_step_expects_the_weights_that_the_one_before_has_left() -> None:
    shifts = [stage for stage in plan(service(OLD, NEW, 10)) if stage.do == "shift"]
    split = [[stage.given[key]["green"] for key in ("expected", "weights")] for stage in shifts]
    assert split == [[10, 10], [10, 100]]
    assert [stage.diff()["before"]["weights"]["green"] for stage in shifts] == [10, 10]


def test_a_candidate_without_cross_zone_load_balancing_has_to_serve_in_the_zones_of_stable() -> None:
    def required(**known: Any) -> list[Any]:
        return [each for stage in plan(service(OLD, NEW), **known) for each in stage.given.get("require", [])]

    assert {each.get("zones_of") for each in required()} == {None}
    assert {each.get("zones_of") for each in required(zonal=[ARNS["blue"]])} == {None}
    assert {each.get("zones_of") for each in required(zonal=[ARNS["green"]])} == {"web-blue-v001"}


def test_where_routes_disagree_the_first_step_expects_nothing() -> None:
    stands = service(OLD, NEW, 10)
    split = replace(stands, routes=[*stands.routes, *service(OLD, NEW, 0).routes])
    assert [stage.given["expected"] is None for stage in plan(split) if stage.do == "shift"] == [True, False]


def test_without_retention_the_old_environment_is_removed_by_the_same_run() -> None:
    hooks = {"before_teardown": "/hooks/contract.yml"}
    stages = plan(service(OLD), retain_seconds=0, hooks=hooks)
    assert kinds(stages)[-4:] == ["idle", "leave", "hook", "teardown"]
    assert {stage.given.get("color") for stage in stages[-4:]} == {"blue"}
    assert "retain_until" not in stages[-1].given, "which this run sets itself"


@pytest.mark.parametrize(
    ("stands", "variables", "waits"),
    [
        pytest.param(service(OLD), {}, False, id="nothing"),
        pytest.param(service(OLD), {"quiet_seconds": "3m"}, True, id="silence"),
        pytest.param(service(OLD), {"stickiness_seconds": 60}, True, id="sessions that this run begins"),
        pytest.param(sticky(service(OLD)), {}, True, id="sessions"),
        pytest.param(behind_records(service(OLD)), {}, True, id="answers of name servers"),
    ],
)
def test_before_a_removal_only_what_takes_time_is_waited_for(
    stands: Service, variables: dict[str, Any], waits: bool
) -> None:
    """Whether the environment is in use, the removal itself reads."""
    stages = plan(stands, retain_seconds=0, **{"quiet_seconds": 0, **variables})
    assert kinds(stages)[-2:] == (["idle", "teardown"] if waits else ["settle", "teardown"])


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"retain_until": NOW - timedelta(seconds=1)}, ["idle", "teardown"]),
        ({"retain_until": NOW + timedelta(hours=1)}, []),
        ({"retain_until": None}, []),
        ({"retain_until": NOW + timedelta(hours=1), "marks": Marks(leaving=Remark("it died"))}, ["idle", "teardown"]),
    ],
)
def test_teardown_removes_what_is_due_and_what_a_removal_has_left(fields: Any, expected: list[str]) -> None:
    stages = plan(with_group(service(NEW, OLD), "green", **fields), ["teardown"], image="")
    assert kinds(stages) == expected
    assert {stage.given["retain_until"] for stage in stages} <= {str(fields["retain_until"]).replace(" ", "T")}


def test_a_pin_that_a_dead_run_has_left_is_released() -> None:
    stages = plan(with_group(service(NEW), "blue", pinned=Bounds(1, 2)))
    assert [(stage.do, stage.given) for stage in stages] == [("release_pin", {"group": "web-blue-v001"})]


def test_a_new_group_is_numbered_above_all_that_there_are() -> None:
    names = ["web-blue-v001", "web-green-v007"]  # the second is being deleted
    (built,) = [stage for stage in plan(replace(service(OLD), group_names=names)) if stage.do == "provision"]
    assert built.given["group"] == "web-green-v008"
    assert built.title == "build web-green-v008 with ami-new"


@pytest.mark.parametrize("do", TASKS)
def test_the_tasks_of_a_stage_are_where_it_says(do: str) -> None:
    """And the modules with which it begins and ends stand there once each, so that each is told once."""
    at = TASKS[do]
    used = list(modules_of(ROLES / at.role / "tasks" / f"{at.tasks}.yml"))
    for edge in (at.opens, at.closes):
        assert edge == "" or used.count(f"switchyard.bluegreen.{edge}") == 1


def modules_of(path: Path) -> list[str]:
    found = []
    for task in yaml.safe_load(path.read_text(encoding="utf-8")):
        if name := task.get("ansible.builtin.import_tasks"):
            found += modules_of(path.parent / name)
        found += [key for key in task if key.startswith("switchyard.bluegreen.")]
    return found
