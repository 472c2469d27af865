# SPDX-License-Identifier: GPL-3.0-or-later
"""The objects of a controller, in memory: made, changed, linked and found as AWX does it, or refused."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from . import rules
from .kinds import KINDS, READ_ONLY, UNIFIED

Data = dict[str, Any]

IDENTITY = ("name", "identifier", "organization", "credential_type", "unified_job_template", "workflow_job_template")


class RefusedError(Exception):
    """HTTP status 400, with what AWX says."""

    def __init__(self, errors: Mapping[str, Any]) -> None:
        super().__init__(str(errors))
        self.errors = errors


class NotFoundError(Exception):
    """HTTP status 404."""


@dataclass
class Stored:
    id: int
    endpoint: str
    fields: Data
    linked: dict[str, list[int]] = field(default_factory=dict)
    survey: Data = field(default_factory=dict)


@dataclass
class Objects:
    """``project`` is the folder that every project has checked out."""

    project: Path
    by_id: dict[int, Stored] = field(default_factory=dict)

    def of(self, endpoint: str) -> Iterator[Stored]:
        endpoints = UNIFIED if endpoint == "unified_job_templates" else (endpoint,)
        return (each for each in self.by_id.values() if each.endpoint in endpoints)

    def get(self, endpoint: str, key: int) -> Stored:
        for each in self.of(endpoint):
            if each.id == key:
                return each
        raise NotFoundError

    def create(self, endpoint: str, given: Data) -> Stored:
        kind = KINDS[endpoint]
        missing = [name for name in kind.needs if given.get(name) in (None, "")]
        if missing:
            raise RefusedError({name: ["This field is required."] for name in missing})
        stored = Stored(len(self.by_id) + 1, endpoint, copy.deepcopy(kind.defaults))
        self.change(stored, given)
        self._check_unique(stored)
        self.by_id[stored.id] = stored
        return stored

    def change(self, stored: Stored, given: Data) -> None:
        kind = KINDS[stored.endpoint]
        unknown = set(given) - set(kind.defaults) - set(READ_ONLY)
        if unknown:
            raise RefusedError({name: ["The stand-in knows no such field."] for name in sorted(unknown)})
        for name, endpoint in kind.related.items():
            if given.get(name) is not None and not any(each.id == given[name] for each in self.of(endpoint)):
                raise RefusedError({name: [f'Invalid pk "{given[name]}" - object does not exist.']})
        written = {name: value for name, value in given.items() if name not in READ_ONLY}
        fields = self._completed(stored.endpoint, {**stored.fields, **copy.deepcopy(written)})
        self._check(stored.endpoint, fields)
        stored.fields = fields

    def _completed(self, endpoint: str, fields: Data) -> Data:
        """What AWX itself adds or derives, so that what was sent is not what is read."""
        if endpoint == "credential_types":
            for each in fields["inputs"].get("fields", []):
                each.setdefault("type", "string")
        if endpoint == "notification_templates":
            fields["notification_configuration"] = {**rules.WEBHOOK_DEFAULTS, **fields["notification_configuration"]}
        if endpoint == "job_templates":
            fields["organization"] = self.by_id[fields["project"]].fields["organization"]
        return fields

    def _check(self, endpoint: str, fields: Data) -> None:
        errors: rules.Errors = {}
        if endpoint == "job_templates":
            errors = rules.playbook_errors(self.project, fields["playbook"])
            if fields["inventory"] is None and not fields["ask_inventory_on_launch"]:
                errors = {"inventory": ["You must either set a default value or ask to prompt on launch."]}
        elif endpoint == "schedules":
            template = self.by_id[fields["unified_job_template"]]
            errors = rules.rrule_errors(fields["rrule"])
            errors = errors or rules.launch_errors(template.fields, template.survey, fields["extra_data"])
        elif endpoint == "credential_types":
            errors = rules.credential_type_errors(fields["inputs"], fields["injectors"])
        elif endpoint == "notification_templates":
            errors = rules.notification_errors(fields["notification_configuration"], fields["messages"])
        if errors:
            raise RefusedError(errors)

    def _check_unique(self, stored: Stored) -> None:
        keys = (
            "name",
            "identifier",
            "organization",
            "unified_job_template",
            "workflow_job_template",
            "credential_type",
        )
        if stored.endpoint == "workflow_job_template_nodes":
            keys = ("identifier", "workflow_job_template")
        identity = [stored.fields.get(key) for key in keys]
        if any([each.fields.get(key) for key in keys] == identity for each in self.of(stored.endpoint)):
            raise RefusedError({"__all__": ["An object of this name already exists."]})

    def link(self, stored: Stored, association: str, given: Data) -> None:
        endpoint = KINDS[stored.endpoint].associations[association]
        linked = stored.linked.setdefault(association, [])
        if given.get("disassociate"):
            linked.remove(given["id"])
            return
        other = self.get(endpoint, given["id"])
        if endpoint == "workflow_job_template_nodes":
            self._check_link(stored, other)
        linked.append(other.id)

    def _check_link(self, parent: Stored, child: Stored) -> None:
        """awx/api/views/__init__.py, WorkflowJobTemplateNodeChildrenBaseList.is_valid_relation."""
        if parent.fields["workflow_job_template"] != child.fields["workflow_job_template"]:
            raise RefusedError({"Error": "Nodes must be of the same workflow."})
        if any(child.id in linked for linked in parent.linked.values()):
            raise RefusedError({"Error": "Relationship not allowed."})
        if parent.id in self._reached_from(child):
            raise RefusedError({"Error": "Cycle detected."})

    def _reached_from(self, node: Stored) -> set[int]:
        below = {key for linked in node.linked.values() for key in linked}
        return {node.id}.union(*(self._reached_from(self.by_id[key]) for key in below))

    def make_approval(self, node: Stored, given: Data) -> Stored:
        approval = self.create("workflow_approval_templates", given)
        node.fields["unified_job_template"] = approval.id
        return approval
