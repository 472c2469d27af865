# SPDX-License-Identifier: GPL-3.0-or-later
"""What requests send is in no plan, and the task that sends it has it nevertheless."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from ansible.errors import AnsibleActionFail
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.definition.service import as_data
from ansible_collections.switchyard.bluegreen.plugins.plugin_utils.revealed import revealed

from tests.unit.plugins.module_utils._core.definition.described import TEST_LISTENER
from tests.unit.plugins.module_utils._core.definition.reading import read

ROUTE = {"arn": TEST_LISTENER, "url": "https://web.example.com:8443", "headers": {"X-Candidate": "header-s3cr3t"}}
CHECKS = [
    "/version",
    {"path": "/a?key=query-s3cr3t", "headers": {"Authorization": "Bearer t0ken-s3cr3t"}},
    {"path": "/login", "method": "POST", "body": {"password": "body-s3cr3t"}},
]
SAID = {"bluegreen_test_route": ROUTE, "bluegreen_checks": CHECKS}


def planned() -> dict[str, Any]:
    """The options of the task that verifies, as it has them of the plan."""
    data = as_data(read(SAID)[0])
    return {"headers": data["test_route"]["headers"], "checks": data["checks"]}


def reveal(args: Mapping[str, Any], variables: Mapping[str, Any]) -> dict[str, Any]:
    loader = DataLoader()
    return revealed(args, variables, Templar(loader=loader, variables=dict(variables)), loader)


def test_a_plan_shows_what_is_checked_and_nothing_that_is_sent() -> None:
    shown = planned()
    assert "s3cr3t" not in json.dumps(as_data(read(SAID)[0]))
    assert shown["headers"] == {"X-Candidate": "(secret)"}
    assert [each["path"] for each in shown["checks"]] == ["/version", "/a?***", "/login"]
    assert shown["checks"][1]["headers"] == {"Authorization": "(secret)"}
    assert shown["checks"][2]["body"] == "(secret)"


def test_the_task_that_sends_it_has_it() -> None:
    found = reveal(planned(), SAID)
    assert found["headers"] == ROUTE["headers"]
    assert found["checks"][1]["headers"] == {"Authorization": "Bearer t0ken-s3cr3t"}
    assert (found["checks"][1]["path"], found["checks"][2]["body"]) == (
        "/a?key=query-s3cr3t",
        '{"password": "body-s3cr3t"}',
    )


@pytest.mark.parametrize("name", SAID)
def test_a_variable_that_is_another_one_by_now_is_refused(name: str) -> None:
    with pytest.raises(AnsibleActionFail, match=f"{name} is not what it was when the run was planned"):
        reveal(planned(), {**SAID, name: ""})


def test_a_task_of_one_s_own_keeps_its_options() -> None:
    assert reveal({"headers": {"X-Candidate": "yes"}, "checks": [{"path": "/a?b"}]}, SAID) == {}


@pytest.mark.parametrize(
    "variables",
    [
        {"bluegreen_checks": '[{"headers": {"Authorization": "s3cr3t"}'},
        {"bluegreen_checks": "path: [s3cr3t"},
        {"bluegreen_checks": {"headers": {"Authorization": "s3cr3t"}}},
        {"bluegreen_checks": [["s3cr3t"], 5, {"headers": "Authorization s3cr3t"}, {"headers": ["s3cr3t"]}]},
        {"bluegreen_checks": [{"Authorization: Bearer s3cr3t": ""}, {"path": ["s3cr3t"]}]},
        {"bluegreen_checks": [{"headers": {"Authorization: Bearer s3cr3t": ""}}, {"headers": {"A": "s3cr3t\n"}}]},
        {"bluegreen_checks": [{"path": "/ ?s3cr3t"}, {"path": "/#s3cr3t"}]},
        {"bluegreen_test_route": ["s3cr3t"]},
        {"bluegreen_test_route": {**ROUTE, "headers": "s3cr3t"}},
        {"bluegreen_test_route": {**ROUTE, "headers": {"A": "s3cr3t\n"}}},
        {"bluegreen_test_route": {**ROUTE, "url": "https://kim:s3cr3t@web.example.com"}},
        {"bluegreen_test_route": {**ROUTE, "url": "https://web.example.com?key=s3cr3t"}},
        {"bluegreen_test_route": {**ROUTE, "url": ["s3cr3t"]}},
        {"bluegreen_adopt_test_route": "{header: {name: X, value: s3cr3t}"},
    ],
)
def test_a_finding_quotes_nothing_that_may_be_secret(variables: Mapping[str, Any]) -> None:
    _values, findings = read(variables)
    assert findings
    assert "s3cr3t" not in " ".join(map(str, findings))
