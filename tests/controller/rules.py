# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWX 24.6 refuses, beyond unknown fields and objects. Each rule answers with what AWX says, or with nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment

Errors = dict[str, Any]
QUESTION_TYPES = ("text", "textarea", "password", "multiplechoice", "multiselect", "integer", "float")
# awx/main/utils/ansible.py, could_be_playbook
PLAYBOOK = re.compile(
    r"^\s*?-?\s*?(?:hosts|(ansible\.builtin\.)?include|(ansible\.builtin\.)?import_playbook):\s*?.*?$", re.MULTILINE
)
# What init_parameters of awx/main/notifications/webhook_backend.py asks for
WEBHOOK = {"url": str, "http_method": str, "disable_ssl_verification": bool, "username": str, "password": str}
WEBHOOK_DEFAULTS = {"http_method": "POST", "disable_ssl_verification": False, "username": "", "password": ""}
EVENTS = ("started", "success", "error", "workflow_approval")


def playbook_errors(project: Path, playbook: str) -> Errors:
    path = project / playbook
    if path.suffix in (".yml", ".yaml") and path.is_file() and PLAYBOOK.search(path.read_text(encoding="utf-8")):
        return {}
    return {"playbook": ["Playbook not found for project."]}


def survey_errors(spec: Mapping[str, Any]) -> Errors:
    """awx/api/views/__init__.py, JobTemplateSurveySpec._validate_spec_data."""
    for key, kind in (("name", str), ("description", str), ("spec", list)):
        if not isinstance(spec.get(key), kind):
            return {"error": f"Field '{key}' is missing from survey spec."}
    if not spec["spec"]:
        return {"error": "'spec' doesn't contain any items."}
    names = [question.get("variable") for question in spec["spec"]]
    if len(set(names)) < len(names):
        return {"error": "'variable' duplicated in survey."}
    return next((found for found in map(_question_errors, spec["spec"]) if found), {})


def _question_errors(question: Mapping[str, Any]) -> Errors:
    for key, kind in (("type", str), ("question_name", str), ("variable", str), ("required", bool)):
        if not isinstance(question.get(key), kind):
            return {"error": f"'{key}' missing from survey question {question}"}
    if question["type"] not in QUESTION_TYPES:
        return {"error": f"'{question['type']}' is not one of the allowed question types."}
    if question["type"].startswith("multi") and "choices" not in question:
        return {"error": f"Survey question of type {question['type']} must specify choices."}
    return {}


def rrule_errors(rrule: str) -> Errors:
    """awx/api/serializers.py, SchedulePreviewSerializer.validate_rrule."""
    rules = re.findall(r"RULE:\S*", rrule)
    wrong = [
        (not re.match(r"DTSTART(;TZID=[^:]+:\d{8}T\d{6}|:\d{8}T\d{6}Z) ", rrule), "Valid DTSTART required in rrule."),
        (not rules, "One or more rule required in rrule."),
        (any("INTERVAL=" not in rule for rule in rules), "INTERVAL required in rrule."),
        (any("SECONDLY" in rule for rule in rules), "SECONDLY is not supported."),
        (any(re.search(r"BYDAY=\d", rule) for rule in rules), "BYDAY with numeric prefix not supported."),
    ]
    found = [sentence for is_wrong, sentence in wrong if is_wrong]
    return {"rrule": found} if found else {}


def credential_type_errors(inputs: Mapping[str, Any], injectors: Mapping[str, Any]) -> Errors:
    """awx/main/fields.py, CredentialTypeInjectorField: templates use the fields that there are."""
    fields = {each["id"]: "EXAMPLE" for each in inputs.get("fields", [])}
    environment = ImmutableSandboxedEnvironment(undefined=jinja2.StrictUndefined)
    for name, template in injectors.get("env", {}).items():
        if name.startswith("ANSIBLE_"):
            return {"injectors": [f"Environment variable {name} may affect Ansible configuration."]}
        try:
            environment.from_string(template).render(fields)
        except jinja2.TemplateError as error:
            return {"injectors": [f"{name} uses an undefined field ({error})"]}
    return {}


def notification_errors(configuration: Mapping[str, Any], messages: Mapping[str, Any] | None) -> Errors:
    """awx/api/serializers.py, NotificationTemplateSerializer, for webhooks."""
    wrong = [key for key, kind in WEBHOOK.items() if not isinstance(configuration.get(key), kind)]
    if wrong or not isinstance(configuration.get("headers"), dict):
        return {"__all__": [f"Missing or incorrect fields for Notification Configuration: {wrong or ['headers']}."]}
    unknown = set(messages or {}) - set(EVENTS)
    return {"messages": [f"Events {sorted(unknown)} invalid."]} if unknown else {}


def launch_errors(template: Mapping[str, Any], survey: Mapping[str, Any], given: Mapping[str, Any]) -> Errors:
    """awx/main/models/mixins.py, _accept_or_ignore_variables: what a schedule must and may give."""
    questions = {each["variable"]: each for each in survey.get("spec", [])} if template.get("survey_enabled") else {}
    missing = [name for name, question in questions.items() if question["required"] and name not in given]
    if missing:
        return {"variables_needed_to_start": [f"'{name}' value missing" for name in missing]}
    refused = [name for name in given if name not in questions]
    if refused and not template.get("ask_variables_on_launch"):
        return {"extra_data": [f"Variables {', '.join(refused)} are not allowed on launch."]}
    return {}
