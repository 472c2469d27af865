# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything that is wrong with the variables of a service, and what is taken in its place."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.definition.finding import refusals, warnings
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.definition.parser import LENIENT, parse
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.definition.variables import BY_NAME

from tests.unit.plugins.module_utils._core.definition.described import SERVICE
from tests.unit.plugins.module_utils._core.definition.mistakes import MISTAKES, Mistake
from tests.unit.plugins.module_utils._core.definition.reading import read


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda each: f"{each.variable}: {each.said}")
def test_a_mistake_is_refused_with_a_sentence(mistake: Mistake) -> None:
    _values, findings = read(mistake.variables, mistake.work)
    reported = [each for each in findings if each.refuses]
    assert [each.variable for each in reported] == [mistake.variable]
    assert reported[0].sentence.startswith((mistake.variable, f"There is no variable {mistake.variable}."))
    assert mistake.said in reported[0].sentence


def test_the_table_has_a_mistake_of_almost_every_variable() -> None:
    assert len(MISTAKES) >= 60
    unlike = {each.variable for each in MISTAKES}
    alike = {name for name, variable in BY_NAME.items() if variable.kind in {"duration", "choice", "percent", "text"}}
    assert set(BY_NAME) - unlike <= alike


def test_all_findings_are_told_together() -> None:
    _values, findings = read(
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
    _values, findings = read({f"bluegreen_{each}": object() for each in others})
    assert findings == []


def test_who_runs_it_is_the_default_of_who_decides() -> None:
    values, _findings = read({"bluegreen_approve_by": "kim"})
    assert (values["approve_by"], values["freeze_by"]) == ("kim", "alex")


def test_what_returns_traffic_takes_defaults() -> None:
    given = {
        "bluegreen_alarm": "x",
        "bluegreen_health_timeout": "soon",
        "bluegreen_override": 5,
    }
    values, findings = read(given, "rollback", unreadable={"bluegreen_hooks": "a lookup failed."})
    assert refusals(findings) == []
    assert (values["health_timeout"], values["hooks"]) == (900, {})
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
    _values, findings = read({"bluegreen_target_groups": {"blue": "web"}, "bluegreen_service": []}, work)
    assert [each.variable for each in findings if each.refuses] == ["bluegreen_service", "bluegreen_target_groups"]


def test_the_name_of_the_host_is_checked_as_the_service_is() -> None:
    _values, findings = parse(SERVICE, service="my web")
    assert [each.variable for each in findings] == ["bluegreen_service"]


@pytest.mark.parametrize("given", [{"password": "hunter2"}, ["hunter2"]])
def test_a_finding_about_a_secret_does_not_quote_it(given: Any) -> None:
    _values, findings = read({"bluegreen_user_data": given, "bluegreen_group": given})
    assert len(findings) == 2
    assert not any("hunter2" in each for each in refusals(findings))
