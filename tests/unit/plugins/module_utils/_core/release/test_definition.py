# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.checks.replies import Mark
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.release.definition import LENIENT, parse
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.release.finding import refusals, warnings
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.release.steps import Pause, Step
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.release.variable import Variable
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.release.variables import BY_NAME, VARIABLES
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from tests.unit.plugins.module_utils._core.release.mistakes import (
    LISTENER,
    MISTAKES,
    RECORD,
    SERVICE,
    TEST_ROUTE,
    TEXTS,
    Mistake,
)
from tests.unit.plugins.module_utils._core.release.reading import read

# What may stand in YAML or JSON.
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
# Keys that parsers look for, so that they get beyond them.
KEYS = st.sampled_from(
    [
        "weight",
        "type",
        "pause",
        "seconds",
        "days",
        "from",
        "allow",
        "reason",
        "name",
        "queries",
        "blue",
        "green",
        "zone",
    ]
)
SHAPED = st.dictionaries(KEYS, VALUES, max_size=4)


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda each: f"{each.variable}: {each.said}")
def test_a_mistake_is_refused_with_a_sentence(mistake: Mistake) -> None:
    _definition, findings = read(mistake.variables, mistake.work)
    told = [each for each in findings if each.refuses]
    assert [each.variable for each in told] == [mistake.variable]
    assert told[0].sentence.startswith((mistake.variable, f"There is no variable {mistake.variable}."))
    assert mistake.said in told[0].sentence


def test_the_table_has_a_mistake_of_almost_every_variable() -> None:
    assert len(MISTAKES) >= 60
    unlike = {each.variable for each in MISTAKES}
    alike = {name for name, variable in BY_NAME.items() if variable.kind in {"duration", "choice", "percent", "text"}}
    assert set(BY_NAME) - unlike <= alike


@pytest.mark.parametrize(("key", "given", "meant"), TEXTS, ids=lambda each: str(each)[:40])
def test_text_means_what_it_stands_for(key: str, given: Any, meant: Any) -> None:
    definition, findings = read({f"bluegreen_{key}": given})
    assert (definition.values[key], refusals(findings)) == (meant, [])


@pytest.mark.parametrize("variable", VARIABLES, ids=lambda each: each.key)
def test_examples_are_good_also_as_text(variable: Variable) -> None:
    value = yaml.safe_load(variable.example)
    for given in (value, value if isinstance(value, str) else variable.example, json.dumps(value)):
        if isinstance(value, str) and given != value:
            continue  # JSON's quotes are part of a text
        definition, findings = read({variable.name: given})
        assert refusals(findings) == []
        assert definition.values[variable.key] != variable.default


def test_all_findings_are_told_together() -> None:
    _definition, findings = read(
        {"bluegreen_alarm": [], "bluegreen_retain_seconds": "soon", "bluegreen_windows": "never"},
        unreadable={"bluegreen_image_id": "'images' is undefined."},
    )
    assert [each.variable for each in findings] == [
        "bluegreen_alarm",
        "bluegreen_image_id",
        "bluegreen_windows",
        "bluegreen_retain_seconds",
    ]
    assert refusals(findings)[1] == (
        "bluegreen_image_id: Its value cannot be evaluated: 'images' is undefined. For example: bluegreen_image_id: "
        "ami-0abcdef1234567890"
    )


def test_known_variables_of_others_are_no_findings() -> None:
    others = ("hosts", "serial", "play_strategy", "images", "hook", "outcome_web", "in_process")
    _definition, findings = read({f"bluegreen_{each}": object() for each in others})
    assert findings == []


def test_a_definition_is_typed() -> None:
    definition, findings = read(
        {
            "bluegreen_routes": [LISTENER, RECORD],
            "bluegreen_target_groups": {"blue": ["b", "c"], "green": ["g", "h"]},
            "bluegreen_test_route": TEST_ROUTE,
            "bluegreen_strategy": [{"weight": 10, "pause": {"seconds": "1h"}}, {"weight": 100}],
            "bluegreen_checks": ["/version"],
            "bluegreen_release_from": {"header": "X-Release"},
            "bluegreen_metrics": "errors",
            "bluegreen_override": "hotfix",
        }
    )
    assert findings == []
    assert [each.title for each in definition.place.routes] == [LISTENER, "A www.example.com (zone example.com)"]
    assert definition.place.pairs == [("b", "g"), ("c", "h")]
    assert definition.place.test_route is not None
    assert definition.place.test_route.url_of("green") == TEST_ROUTE["url"]
    assert definition.shift.steps == [Step(10, 0, Pause(3600)), Step(100, 300)]
    assert [str(each) for each in definition.verification.checks] == ["GET /version"]
    assert definition.verification.release_from == Mark(header="X-Release")
    assert [each.name for each in definition.shift.metrics] == ["errors"]
    assert definition.gates.override.allows("freeze")
    assert definition.candidate.label == SERVICE["bluegreen_image_id"]


def test_nothing_is_baked_at_the_end_where_nothing_is_watched() -> None:
    assert read({})[0].shift.steps == [Step(100, 0)]
    assert read({"bluegreen_alarms": "web-5xx"})[0].shift.steps == [Step(100, 300)]


def test_who_runs_it_is_the_default_of_who_decides() -> None:
    definition, _findings = read({"bluegreen_approve_by": "kim"})
    assert (definition.approval.by, definition.freeze.by) == ("kim", "alex")


def test_what_has_no_effect_is_a_warning() -> None:
    _definition, findings = read({"bluegreen_checks": ["/"]})
    assert refusals(findings) == []
    assert warnings(findings) == [
        "bluegreen_checks has no effect: bluegreen_test_route is not set, so the candidate is not verified."
    ]


def test_a_roll_may_be_told_to_replace_everything_at_once() -> None:
    given = {"bluegreen_min_healthy_percentage": 0, "bluegreen_max_healthy_percentage": 100}
    _definition, findings = read(given, "roll")
    assert refusals(findings) == []
    assert "all instances at the same time" in warnings(findings)[0]


def test_what_returns_traffic_takes_defaults() -> None:
    given = {
        "bluegreen_alarm": "x",
        "bluegreen_health_timeout": "soon",
        "bluegreen_override": 5,
    }
    definition, findings = read(given, "rollback", unreadable={"bluegreen_hooks": "a lookup failed."})
    assert refusals(findings) == []
    assert (definition.candidate.health_timeout, definition.hooks) == (900, {})
    assert [each.variable for each in findings] == [
        "bluegreen_alarm",
        "bluegreen_health_timeout",
        "bluegreen_override",
        "bluegreen_hooks",
    ]
    assert warnings(findings)[1] == (
        'bluegreen_health_timeout: "soon" is not a duration. Give seconds, or a duration such as 90s, 15m, 2h, 1d or '
        "1h30m. The default is used: 15m."
    )


@pytest.mark.parametrize("work", LENIENT)
def test_what_returns_traffic_reads_only_what_it_uses(work: str) -> None:
    given = {"bluegreen_windows": 5, "bluegreen_image_id": [], "bluegreen_strategy": "canry"}
    assert read(given, work)[1] == []


@pytest.mark.parametrize("work", LENIENT)
def test_which_service_it_is_has_no_default(work: str) -> None:
    _definition, findings = read({"bluegreen_target_groups": {"blue": "web"}, "bluegreen_service": []}, work)
    assert [each.variable for each in findings if each.refuses] == ["bluegreen_service", "bluegreen_target_groups"]


def test_a_range_that_contradicts_itself_is_the_default_on_a_rollback() -> None:
    given = {"bluegreen_min_healthy_percentage": 0, "bluegreen_max_healthy_percentage": 150}
    definition, findings = read(given, "rollback")
    assert refusals(findings) == []
    assert (definition.roll.min_healthy_percentage, definition.roll.max_healthy_percentage) == (100, 110)


def test_a_deploy_does_not_mind_what_contradicts_a_roll() -> None:
    assert read({"bluegreen_bake_seconds": "1h", "bluegreen_scale_in_protected": "ignore"})[1] == []


def test_what_cannot_be_read_contradicts_nothing() -> None:
    _definition, findings = read({"bluegreen_hold_seconds": "soon", "bluegreen_bake_seconds": "10m"}, "roll")
    assert [each.variable for each in findings] == ["bluegreen_hold_seconds"]
    assert "is not a duration" in findings[0].sentence


def test_the_name_of_the_host_is_checked_as_the_service_is() -> None:
    _definition, findings = parse(SERVICE, service="my web")
    assert [each.variable for each in findings] == ["bluegreen_service"]


def test_data_tells_everything_but_secrets() -> None:
    group = {
        "launch_template": {"instance_type": "t3.micro", "user_data": "hunter2"},
        "autoscaling_group": {"min_size": 1, "max_size": 2},
    }
    definition, _findings = read(
        {"bluegreen_user_data": "hunter2", "bluegreen_group": group, "bluegreen_metrics": "errors"}
    )
    text = json.dumps(definition.as_data())
    assert "hunter2" not in text + repr(definition)
    assert set(json.loads(text)) == {each.key for each in VARIABLES} | {"steps"}
    assert definition.candidate.user_data == "hunter2"
    assert definition.candidate.first_group == group


def test_data_is_what_modules_take() -> None:
    checks = [{"json": {"error": None}}]
    given = {"bluegreen_checks": checks, "bluegreen_metrics": "errors", "bluegreen_strategy": "10,100"}
    data = read(given)[0].as_data()
    assert data["checks"] == [
        {"path": "/", "method": "GET", "status": [200], "json": {"error": None}, "repetitions": 1}
    ]
    assert data["metrics"] == [{"name": "errors", "period": 60, "unit": "seconds", "worse": "higher", "dry_run": False}]
    assert data["steps"] == [{"weight": 10, "bake_seconds": 0}, {"weight": 100, "bake_seconds": 300}]
    assert read(data_as_variables(data))[0].as_data() == data


def data_as_variables(data: dict[str, Any]) -> dict[str, Any]:
    return {f"bluegreen_{key}": value for key, value in data.items() if key != "steps"}


@pytest.mark.parametrize("given", [{"password": "hunter2"}, ["hunter2"]])
def test_a_finding_about_a_secret_does_not_quote_it(given: Any) -> None:
    _definition, findings = read({"bluegreen_user_data": given, "bluegreen_group": given})
    assert len(findings) == 2
    assert not any("hunter2" in each for each in refusals(findings))


@settings(max_examples=300, deadline=None)
@drawn(st.sampled_from(VARIABLES), VALUES | SHAPED | st.lists(SHAPED, max_size=2))
def test_no_value_breaks_the_reading(variable: Variable, value: Any) -> None:
    for work in ("deploy", "roll", "rollback"):
        definition, findings = read({variable.name: value}, work)
        assert all(each.variable in BY_NAME for each in findings)
        definition.as_data()
