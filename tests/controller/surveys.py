# SPDX-License-Identifier: GPL-3.0-or-later
"""The surveys of the pattern, and what the parser of definitions makes of an answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.definition.finding import Finding
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.definition.variables import BY_NAME

from tests.unit.plugins.module_utils._core.definition.reading import read

from .data import questions

# Playbooks that read definitions as another one does.
SAME = {"plan": "deploy", "report": "status"}


def work_of(template: Mapping[str, Any]) -> str:
    playbook = Path(template["playbook"]).stem
    return SAME.get(playbook, playbook)


def surveys(pattern: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Each survey, with the work that reads the answers. A workflow gives its answers to all its nodes."""
    templates = {each["name"]: each for each in pattern["controller_templates"]}
    for template in templates.values():
        yield work_of(template), template
    for workflow in pattern["controller_workflows"]:
        for node in workflow["simplified_workflow_nodes"]:
            if "unified_job_template" in node:
                yield work_of(templates[node["unified_job_template"]]), workflow


def asked(pattern: Mapping[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    """Each question, by the work that reads the answer and the variable."""
    return {(work, each["variable"]): each for work, survey in surveys(pattern) for each in questions(survey)}


def found(work: str, variable: str, answer: Any) -> list[Finding]:
    """What is wrong with the answer, or with the lack of one."""
    return [each for each in read({variable: answer}, work)[1] if each.variable == variable]


def example(variable: str) -> str:
    """As a person types it into the form, where YAML needs no quotes."""
    text = BY_NAME[variable].example
    return yaml.safe_load(text) if text.startswith("'") else text
