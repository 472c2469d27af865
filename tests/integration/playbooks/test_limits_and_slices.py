# SPDX-License-Identifier: GPL-3.0-or-later
"""A playbook that no service is left for says so, whatever took them away; a slice of AWX may be without."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.playing import ROOT, playbook
from tests.plays import forked

FLEET = {"bluegreen": {"hosts": {"web": {}, "my-service.example": {}}}, "db": {"hosts": {"db1": {}}}, "empty": {}}
SLICE = {"awx_job_id": 7, "awx_workflow_job_name": "Deploy", "awx_job_template_name": "Deploy"}
IN_WORKFLOW = SLICE | {"awx_workflow_job_name": "Release"}


def played(folder: Path, fleet: dict[str, Any], limit: str, variables: dict[str, Any]) -> tuple[int, str]:
    """The exit code, and what failed."""
    (folder / "fleet.json").write_text(json.dumps({"all": {"children": fleet}}))
    limited = ["--limit", limit] if limit else []
    given = ["-i", str(folder / "fleet.json"), "-e", json.dumps(variables), *limited]
    done = playbook(ROOT / "playbooks/services.yml", {}, *given, run=forked)
    return done.returncode, done.messages


@pytest.mark.parametrize(
    ("fleet", "limit", "variables"),
    [
        (FLEET, "web", {}),
        (FLEET, "web,db1", {}),
        (FLEET, "", {"bluegreen_hosts": "web:my-*"}),
        ({"bluegreen": {}, "db": FLEET["db"]}, "", SLICE),
        ({"bluegreen": {}}, "", SLICE),  # every host of the slice is disabled
    ],
)
def test_services_are_left(tmp_path: Path, fleet: dict[str, Any], limit: str, variables: dict[str, Any]) -> None:
    assert played(tmp_path, fleet, limit, variables) == (0, "")


@pytest.mark.parametrize(
    ("fleet", "limit", "variables", "said"),
    [
        (FLEET, "db1", {}, "hosts of bluegreen, of which the inventory has 2; limit: db1;"),
        (FLEET, "all:!bluegreen", IN_WORKFLOW, "has 2; limit: all:!bluegreen;"),
        (FLEET, "", {"bluegreen_hosts": "bluegren"}, "hosts of bluegren, of which the inventory has 0; limit: none;"),
        (FLEET, "", SLICE | {"bluegreen_hosts": "bluegren"}, "groups of the inventory: bluegreen, db, empty."),
        ({"bluegreen": {}, "db": FLEET["db"]}, "", IN_WORKFLOW, "has 0; limit: none;"),
        (
            {"shops": {"hosts": {"web": {}}, "vars": {"bluegreen_hosts": "shops"}}},
            "",
            {},
            "with -e bluegreen_hosts=PATTERN, and not in the inventory.",
        ),
    ],
)
def test_no_service_is_left(
    tmp_path: Path, fleet: dict[str, Any], limit: str, variables: dict[str, Any], said: str
) -> None:
    code, message = played(tmp_path, fleet, limit, variables)
    assert code != 0
    assert said in message


def test_a_limit_on_an_inventory_that_is_empty_fails(tmp_path: Path) -> None:
    """As when its source could not be read: Ansible only warns of that, and takes the limit for good."""
    (tmp_path / "fleet.json").write_text('{"bluegreen": {}}')
    arguments = [str(ROOT / "playbooks/services.yml"), "-i", str(tmp_path / "fleet.json"), "--limit", "web"]
    code, _output, errors = forked(arguments, {"PATH": "/usr/bin", "HOME": str(tmp_path)}, 60)
    assert code != 0
    assert "The inventory has no host" in errors
