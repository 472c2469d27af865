# SPDX-License-Identifier: GPL-3.0-or-later
"""The content for controllers, applied by the modules of awx.awx to a stand-in of the API."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.controller import data
from tests.controller.__main__ import table
from tests.controller.apply import Applied, apply_twice

# A process for each object.
pytestmark = [pytest.mark.thorough, pytest.mark.timeout(1200)]


@pytest.fixture(scope="module")
def runs() -> Sequence[Applied]:
    return apply_twice()


def test_all_of_it_is_taken_and_a_second_run_changes_nothing(runs: Sequence[Applied]) -> None:
    first, second = runs
    assert first.returncode == second.returncode == 0, first.output + second.output
    assert second.changed == 0, second.output
    assert second.writes == {}
    assert "[WARNING]: Using a template" not in first.output
    assert len(table(list(runs)).splitlines()) == 12


def test_the_controller_has_what_the_files_say(runs: Sequence[Applied]) -> None:
    made, pattern = runs[0], data.said()
    assert set(made.of("job_templates")) == {each["name"] for each in pattern["controller_templates"]}
    for each in pattern["controller_templates"]:
        stored = made.of("job_templates")[each["name"]]
        assert stored["playbook"] == each["playbook"]
        assert stored["allow_simultaneous"]
    surveys = {each.fields["name"]: each.survey for each in made.made if each.endpoint == "job_templates"}
    assert [each["variable"] for each in surveys["bluegreen freeze"]["spec"]] == [
        "bluegreen_freeze_reason",
        "bluegreen_freeze_until",
    ]
    (credential_type,) = made.of("credential_types").values()
    assert credential_type["injectors"]["env"]["AWS_REGION"] == "{{ region }}", "AWX renders it, and Ansible does not"
    assert {name: each["enabled"] for name, each in made.of("schedules").items()} == {
        "bluegreen teardown, every hour": True,
        "bluegreen watch, every five minutes": True,
        "bluegreen release, every night": False,
    }


def test_the_workflow_goes_the_way_of_a_release(runs: Sequence[Applied]) -> None:
    nodes = {each.id: each for each in runs[1].made if each.endpoint == "workflow_job_template_nodes"}
    names = {key: node.fields["identifier"] for key, node in nodes.items()}
    links = {
        (names[key], way.removesuffix("_nodes"), names[target])
        for key, node in nodes.items()
        for way, targets in node.linked.items()
        for target in targets
    }
    assert links == {
        ("plan", "success", "provision"),
        ("provision", "success", "verify"),
        ("provision", "failure", "report"),
        ("verify", "success", "approval"),
        ("verify", "failure", "report"),
        ("approval", "success", "swap"),
        ("approval", "failure", "rollback"),
        ("swap", "success", "keep"),
        ("swap", "failure", "rollback"),
        ("keep", "success", "teardown"),
        ("keep", "failure", "rollback"),
        ("rollback", "always", "report"),
    }
    assert runs[1].of("workflow_approval_templates")["May users get the release?"]["timeout"] == 86400
