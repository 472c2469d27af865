# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run needs to know of a service's variables, as typed values and as plain data."""

from __future__ import annotations

import json
from typing import Any

from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.checks.replies import AnswerMark
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.definition.service import Definition, as_data
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.definition.steps import Pause, Step
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.definition.variables import VARIABLES

from tests.unit.plugins.module_utils._core.definition.described import LISTENER, RECORD, TEST_ROUTE
from tests.unit.plugins.module_utils._core.definition.reading import define, read


def test_a_definition_is_typed() -> None:
    definition = define(
        routes=[LISTENER, RECORD],
        test_route=TEST_ROUTE,
        strategy=[{"weight": 10, "pause": {"seconds": "1h"}}, {"weight": 100}],
        release_from={"header": "X-Release"},
        metrics="errors",
        override="hotfix",
    )
    assert [each.title for each in definition.place.routes] == [LISTENER, "A www.example.com (zone example.com)"]
    assert definition.place.target_groups == {"blue": ["web-blue"], "green": ["web-green"]}
    assert definition.verification.test_route
    assert definition.verification.test_route.url_of("green") == TEST_ROUTE["url"]
    assert definition.verification.release_from == AnswerMark(header="X-Release")
    assert definition.verification.instance_from is None
    assert definition.shift.steps == [Step(10, 0, Pause(3600)), Step(100, 300)]
    assert definition.shift.watched
    assert definition.gates.override.allows("freeze")


def test_a_definition_is_the_same_after_a_way_as_json() -> None:
    """In a process of its own a module gets it so."""
    given = {
        "test_route": TEST_ROUTE,
        "metrics": "errors",
        "alarms": "web-5xx",
        "windows": [{"days": ["mon"], "from": "9:00", "to": "16:00"}],
        "strategy": "canary",
    }
    values, _findings = read({f"bluegreen_{name}": value for name, value in given.items()})
    assert Definition.read(json.loads(json.dumps(values))) == define(**given)


def test_nothing_is_baked_at_the_end_where_nothing_is_watched() -> None:
    assert define().shift.steps == [Step(100, 0)]
    assert define(alarms="web-5xx").shift.steps == [Step(100, 300)]


def test_data_has_everything_but_secrets() -> None:
    group = {
        "launch_template": {"instance_type": "t3.micro", "user_data": "aHVudGVyMw=="},
        "autoscaling_group": {"min_size": 1, "max_size": 2},
    }
    values, _findings = read({"bluegreen_user_data": "hunter2", "bluegreen_group": group})
    text, definition = json.dumps(as_data(values)), Definition.read(values)
    assert not [secret for secret in ("hunter2", "aHVudGVyMw==") if secret in text + repr(definition)]
    assert set(json.loads(text)) == {each.key for each in VARIABLES} | {"steps"}
    assert definition.candidate.user_data == "hunter2"
    assert definition.candidate.first_group == group


def test_data_is_what_modules_take() -> None:
    checks = [{"json": {"error": None}}]
    given = {"bluegreen_checks": checks, "bluegreen_metrics": "errors", "bluegreen_strategy": "10,100"}
    data = as_data(read(given)[0])
    assert data["checks"] == [
        {
            "path": "/",
            "method": "GET",
            "status": [200],
            "json": {"error": None},
            "max_body_bytes": 1048576,
            "repetitions": 1,
        }
    ]
    assert data["metrics"] == [{"name": "errors", "period": 60, "unit": "seconds", "worse": "higher", "dry_run": False}]
    assert data["steps"] == [{"weight": 10, "bake_seconds": 0}, {"weight": 100, "bake_seconds": 300}]
    assert as_data(read(data_as_variables(data))[0]) == data


def data_as_variables(data: dict[str, Any]) -> dict[str, Any]:
    return {f"bluegreen_{key}": value for key, value in data.items() if key != "steps"}
