# SPDX-License-Identifier: GPL-3.0-or-later
"""The objects of AWX's API that the stand-in keeps, by endpoint, as the serializers of AWX 24.6 describe them.

https://github.com/ansible/awx/blob/24.6.1/awx/api/serializers.py
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

# AWX leaves out what a serializer does not know without a word. The stand-in refuses it, but for these.
READ_ONLY = ("id", "type", "url", "related", "summary_fields", "managed")
NAMED = {"name": "", "description": ""}
PROMPTS = {"extra_data": {}, **dict.fromkeys(("limit", "job_type", "verbosity", "forks", "timeout"))}
NOTIFIED = {f"notification_templates_{event}": "notification_templates" for event in ("started", "success", "error")}


@dataclass(frozen=True)
class Kind:
    """``values`` may be written and have these defaults. So may ``related``, each the ID of an object of an endpoint.

    ``associations`` are lists of objects of an endpoint, each with an address below that of the object.
    """

    name: str
    values: Mapping[str, Any]
    related: Mapping[str, str] = field(default_factory=dict)
    associations: Mapping[str, str] = field(default_factory=dict)
    needs: tuple[str, ...] = ("name",)

    @property
    def defaults(self) -> dict[str, Any]:
        return {**self.values, **dict.fromkeys(self.related)}

    @property
    def has_survey(self) -> bool:
        return "survey_enabled" in self.values


def _asks(*names: str) -> dict[str, bool]:
    return {f"ask_{name}_on_launch": False for name in names}


def _named(**endpoints: str) -> Mapping[str, str]:
    return {"organization": "organizations", **endpoints}


TEMPLATE = {**NAMED, "extra_vars": "", "survey_enabled": False, "allow_simultaneous": False}
LAUNCHED = {
    "unified_job_template": "unified_job_templates",
    "inventory": "inventories",
    "execution_environment": "execution_environments",
}

KINDS: Mapping[str, Kind] = {
    "organizations": Kind("organization", NAMED),
    "execution_environments": Kind(
        "execution_environment",
        {**NAMED, "image": "", "pull": ""},
        _named(credential="credentials"),
        needs=("name", "image"),
    ),
    "projects": Kind(
        "project",
        {**NAMED, "scm_type": "", "scm_url": "", "scm_branch": "", "scm_update_on_launch": False},
        _named(credential="credentials", default_environment="execution_environments"),
        NOTIFIED,
    ),
    "credential_types": Kind(
        "credential_type", {**NAMED, "kind": "", "inputs": {}, "injectors": {}}, needs=("name", "kind")
    ),
    "credentials": Kind(
        "credential",
        {**NAMED, "inputs": {}},
        _named(credential_type="credential_types"),
        needs=("name", "organization", "credential_type"),
    ),
    "inventories": Kind(
        "inventory",
        {**NAMED, "kind": "", "host_filter": None, "variables": ""},
        _named(),
        needs=("name", "organization"),
    ),
    "notification_templates": Kind(
        "notification_template",
        {**NAMED, "notification_type": "", "notification_configuration": {}, "messages": None},
        _named(),
        needs=("name", "organization", "notification_type"),
    ),
    "job_templates": Kind(
        "job_template",
        {
            **TEMPLATE,
            "job_type": "run",
            "playbook": "",
            **dict.fromkeys(("forks", "verbosity", "timeout"), 0),
            **_asks("variables", "limit", "job_type", "inventory", "credential", "verbosity", "job_slice_count"),
        },
        _named(
            inventory="inventories",
            project="projects",
            execution_environment="execution_environments",
        ),
        {"credentials": "credentials", **NOTIFIED},
        needs=("name", "project", "playbook"),
    ),
    "workflow_job_templates": Kind(
        "workflow_job_template",
        {**TEMPLATE, "limit": None, **_asks("variables", "limit", "inventory")},
        _named(inventory="inventories"),
        {**NOTIFIED, "notification_templates_approvals": "notification_templates"},
    ),
    "workflow_job_template_nodes": Kind(
        "workflow_job_template_node",
        {"identifier": "", "all_parents_must_converge": False, **PROMPTS},
        {"workflow_job_template": "workflow_job_templates", **LAUNCHED},
        {f"{end}_nodes": "workflow_job_template_nodes" for end in ("success", "failure", "always")},
        needs=("identifier", "workflow_job_template"),
    ),
    "workflow_approval_templates": Kind("workflow_approval", {**NAMED, "timeout": 0}),
    "schedules": Kind(
        "schedule",
        {**NAMED, "rrule": "", "enabled": True, **PROMPTS},
        LAUNCHED,
        {"credentials": "credentials"},
        needs=("name", "unified_job_template", "rrule"),
    ),
}
# What can be launched; they share their IDs.
UNIFIED = ("projects", "job_templates", "workflow_job_templates", "workflow_approval_templates")
