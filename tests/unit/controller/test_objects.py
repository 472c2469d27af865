# SPDX-License-Identifier: GPL-3.0-or-later
"""The stand-in of a controller refuses what AWX refuses, and what AWX would silently leave out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.controller.objects import Objects, RefusedError, Stored
from tests.controller.server import serving

PLAYBOOK = "playbooks/deploy.yml"
URL = "https://git.example.com/x.git"


@pytest.fixture
def objects(tmp_path: Path) -> Objects:
    """With a project, an inventory and a job template, IDs 1 to 4."""
    (tmp_path / "playbooks").mkdir()
    (tmp_path / PLAYBOOK).write_text(
        "- ansible.builtin.import_playbook: switchyard.bluegreen.deploy\n", encoding="utf-8"
    )
    (tmp_path / "playbooks/tasks.yml").write_text("- name: No play\n", encoding="utf-8")
    objects = Objects(tmp_path)
    objects.create("organizations", {"name": "Default"})
    objects.create("projects", {"name": "project", "organization": 1, "scm_type": "git", "scm_url": URL})
    objects.create("inventories", {"name": "services", "organization": 1})
    objects.create("job_templates", template())
    return objects


def template(**other: Any) -> dict[str, Any]:
    return {"name": "deploy", "project": 2, "inventory": 3, "playbook": PLAYBOOK, **other}


def test_a_job_template_is_of_the_organization_of_its_project(objects: Objects) -> None:
    assert objects.by_id[4].fields["organization"] == 1


@pytest.mark.parametrize(
    ("other", "field"),
    [
        ({"name": "x", "surveys": True}, "surveys"),
        ({"name": "x", "inventory": 99}, "inventory"),
        ({"name": "x", "inventory": 2}, "inventory"),  # a project
        ({"name": "x", "inventory": None}, "inventory"),
        ({"name": "x", "playbook": "playbooks/gone.yml"}, "playbook"),
        ({"name": "x", "playbook": "playbooks/tasks.yml"}, "playbook"),
        ({"name": "x", "playbook": "switchyard.bluegreen.deploy"}, "playbook"),
        ({"name": ""}, "name"),
        ({}, "__all__"),
    ],
)
def test_a_wrong_job_template_is_refused(objects: Objects, other: dict[str, Any], field: str) -> None:
    with pytest.raises(RefusedError) as refused:
        objects.create("job_templates", template(**other))
    assert set(refused.value.errors) == {field}
    assert len(objects.by_id) == 4


@pytest.mark.parametrize(
    "rrule",
    [
        "RRULE:FREQ=HOURLY;INTERVAL=1",
        "DTSTART:20261201T000000 RRULE:FREQ=HOURLY;INTERVAL=1",
        "DTSTART:20261201T000000Z RRULE:FREQ=HOURLY",
        "DTSTART:20261201T000000Z RRULE:FREQ=SECONDLY;INTERVAL=1",
        "DTSTART:20261201T000000Z",
    ],
)
def test_a_wrong_time_is_refused(objects: Objects, rrule: str) -> None:
    with pytest.raises(RefusedError, match="rrule"):
        objects.create("schedules", {"name": "x", "unified_job_template": 4, "rrule": rrule})


def test_a_schedule_answers_what_a_survey_requires_and_gives_nothing_else(objects: Objects) -> None:
    question = {"type": "text", "question_name": "Why", "variable": "reason", "required": True}
    objects.by_id[4].survey = {"name": "", "description": "", "spec": [question]}
    objects.change(objects.by_id[4], {"survey_enabled": True})
    given = {"name": "x", "unified_job_template": 4, "rrule": "DTSTART:20261201T000000Z RRULE:FREQ=DAILY;INTERVAL=1"}
    with pytest.raises(RefusedError, match="'reason' value missing"):
        objects.create("schedules", given)
    with pytest.raises(RefusedError, match="Variables other are not allowed"):
        objects.create("schedules", {**given, "extra_data": {"reason": "x", "other": 1}})
    objects.create("schedules", {**given, "extra_data": {"reason": "x"}})


def nodes(objects: Objects, *names: str) -> list[Stored]:
    workflow = objects.create("workflow_job_templates", {"name": "release"})
    made = [{"identifier": name, "workflow_job_template": workflow.id, "unified_job_template": 4} for name in names]
    return [objects.create("workflow_job_template_nodes", each) for each in made]


def test_nodes_of_a_workflow_are_linked_once_and_in_no_circle(objects: Objects) -> None:
    first, second, third = nodes(objects, "first", "second", "third")
    objects.link(first, "success_nodes", {"id": second.id})
    objects.link(second, "failure_nodes", {"id": third.id})
    with pytest.raises(RefusedError, match="Cycle"):
        objects.link(third, "always_nodes", {"id": first.id})
    with pytest.raises(RefusedError, match="not allowed"):
        objects.link(first, "always_nodes", {"id": second.id})


def test_a_template_of_a_credential_that_uses_no_field_is_refused(objects: Objects) -> None:
    inputs = {"fields": [{"id": "region", "label": "Region"}]}
    given = {"name": "x", "kind": "cloud", "inputs": inputs, "injectors": {"env": {"AWS_REGION": "{{ place }}"}}}
    with pytest.raises(RefusedError, match="place"):
        objects.create("credential_types", given)
    made = objects.create("credential_types", {**given, "injectors": {"env": {"AWS_REGION": "{{ region }}"}}})
    assert made.fields["inputs"]["fields"] == [{"id": "region", "label": "Region", "type": "string"}], "AWX adds a type"


def test_requests_are_answered_as_awx_answers_them(tmp_path: Path) -> None:
    with serving(tmp_path) as controller:
        assert controller.answer("GET", "/api/v2/organizations/", {"name": "Default"}, {})[1]["count"] == 1
        assert controller.answer("GET", "/api/v2/organizations/", {"name": "Other"}, {})[1]["count"] == 0
        assert controller.answer("GET", "/api/v2/organizations/7/", {}, {})[0] == 404
        assert controller.answer("GET", "/api/v2/nonsense/", {}, {})[0] == 404
        assert controller.answer("POST", "/api/v2/projects/", {}, {"name": ""})[0] == 400
        assert controller.asked == [("POST", "/api/v2/projects/")]
