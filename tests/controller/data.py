# SPDX-License-Identifier: GPL-3.0-or-later
"""What the pattern says, as Ansible reads it, and its definition for Ansible's pattern service, which is made of it.

https://github.com/ansible/pattern-service/blob/main/specifications/pattern-specification/pattern-specification-1.0.0.md
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jinja2
import yaml

ROOT = Path(__file__).parents[2]
PATTERN = ROOT / "extensions/patterns/bluegreen"
DEFINITION = PATTERN / "meta/pattern.json"
# What has no default in vars/site.yml.
SITE = {
    "switchyard_project_url": "https://git.example.com/bluegreen.git",
    "switchyard_image": "registry.example.com/bluegreen:1",
    "switchyard_webhook": "https://chat.example.com/hooks/releases",
}


class Unsafe(str):
    """Text that is no template of Ansible's."""


class _Loader(yaml.SafeLoader):
    pass


_Loader.add_constructor("!unsafe", lambda loader, node: Unsafe(loader.construct_scalar(node)))


def said() -> dict[str, Any]:
    """All variables of the pattern, their templates rendered."""
    given: dict[str, Any] = dict(SITE)
    for path in sorted((PATTERN / "vars").glob("*.yml")):
        given |= yaml.load(path.read_text(encoding="utf-8"), _Loader)
    return {name: _rendered(value, given) for name, value in given.items()}


def _rendered(value: Any, given: Mapping[str, Any]) -> Any:
    if isinstance(value, dict):
        return {key: _rendered(item, given) for key, item in value.items()}
    if isinstance(value, list):
        return [_rendered(item, given) for item in value]
    if isinstance(value, str) and not isinstance(value, Unsafe):
        return jinja2.Environment(undefined=jinja2.StrictUndefined).from_string(value).render(given)
    return value


def questions(template: Mapping[str, Any]) -> list[dict[str, Any]]:
    return template["survey_spec"]["spec"] if template.get("survey_enabled") else []


def definition() -> str:
    """meta/pattern.json. The pattern service makes a project of the released collection, and has no word for workflows,
    schedules and credentials."""
    pattern = said()
    environment = pattern["controller_execution_environments"][0]
    project = pattern["controller_projects"][0]
    found = {
        "schema_version": "1.0.0",
        "name": PATTERN.name,
        "title": "Release services on AWS blue/green",
        "short_description": "Zero-downtime releases of services on AWS",
        "description": "Releases services on AWS without downtime: brings a new machine image up next to the old one, "
        "proves it, moves the traffic step by step under alarms, and returns it in seconds. Each service is a host "
        "of the inventory.",
        "tags": ["aws", "bluegreen", "canary", "deployment"],
        "aap_resources": {
            "controller_project": {key: project[key] for key in ("name", "description")},
            "controller_execution_environment": {
                **{key: environment[key] for key in ("name", "description")},
                "image_name": "switchyard/bluegreen",
            },
            "controller_job_templates": [
                _template(each, environment["name"]) for each in pattern["controller_templates"]
            ],
        },
    }
    return json.dumps(found, indent=2) + "\n"


def _template(template: Mapping[str, Any], environment: str) -> dict[str, Any]:
    playbook = Path(template["playbook"]).name
    survey = {"survey": template["survey_spec"]} if questions(template) else {}
    return {
        **{key: template[key] for key in ("name", "description")},
        "playbook": playbook,
        "execution_environment": environment,
        "primary": template["name"] == "bluegreen deploy",
        "ask_inventory_on_launch": True,
        "ask_credential_on_launch": True,
        **survey,
    }
