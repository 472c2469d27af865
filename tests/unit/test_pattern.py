# SPDX-License-Identifier: GPL-3.0-or-later
"""The content for controllers fits the collection: every playbook has a template, every answer is taken or refused."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.definition.parser import NEEDED, names_for
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.definition.variables import BY_NAME, is_known
from hypothesis import given
from hypothesis import strategies as st

from tests.controller import data, surveys
from tests.unit.plugins.module_utils._core.definition.reading import read

PATTERN = data.said()
TEMPLATES = {each["name"]: each for each in PATTERN["controller_templates"]}
WORKFLOW = PATTERN["controller_workflows"][0]
PLAYBOOKS = {path.stem for path in (data.ROOT / "playbooks").glob("*.yml")} - {
    "services"
}  # that one is a guard of the others
OWN = {"configure", "report"}
ASKED = surveys.asked(PATTERN)
each_question = pytest.mark.parametrize(
    ("work", "question"), [pytest.param(work, each, id=f"{work}-{name}") for (work, name), each in ASKED.items()]
)
# What people type: the wrong thing, too much of it, YAML that is none, and what YAML takes for something else.
ANSWERS = st.one_of(
    st.text(max_size=40),
    st.sampled_from(["", " ", "\n", "yes", "null", "~", "0", "-1", "10", "10%", "1e3", "blue", "BLUE", "ami-1 ", "[]"]),
    st.sampled_from(
        ["{}", "{", "- a", "a: b", "{a: [", "{reason: x}", "{{ x }}", "2027-01-04", "2027-01-04T08:00:00Z"]
    ),
    st.sampled_from(
        ["2027-01-04T08:00:00+01:00", "{name: web-*}", "{ssm: /images/web}", "*x", "&a [*a]", "!!python/none"]
    ),
)


@each_question
def test_a_question_is_one_that_awx_can_ask_and_the_playbook_reads(work: str, question: dict[str, Any]) -> None:
    name = question["variable"]
    assert name in names_for(work) or is_known(name)
    assert question["type"] in ("text", "textarea", "multiplechoice")
    assert f"({name})" in question["question_name"], "a sentence of the parser names the variable"
    assert "default" not in question, "it would be sent by schedules too, and beat the inventory"
    # The role asks for the weight itself: it can say which one waits.
    needed = name in NEEDED[work] or name == "bluegreen_approve_weight"
    assert question["required"] == (needed and name != "bluegreen_image_id")
    if question["type"] == "multiplechoice":
        assert question["choices"] == ["", *BY_NAME[name].choices], "AWX refuses an empty answer that is no choice"


@each_question
@given(answer=ANSWERS)
def test_every_answer_is_taken_or_refused_with_a_sentence(work: str, question: dict[str, Any], answer: str) -> None:
    for finding in surveys.found(work, question["variable"], answer):
        assert question["variable"] in finding.sentence
        assert finding.problem[-1] in ".?"


@each_question
def test_an_empty_answer_means_that_the_variable_is_not_set(work: str, question: dict[str, Any]) -> None:
    name = question["variable"]
    found = [each.sentence for each in surveys.found(work, name, " ")]
    assert bool(found) == (name in NEEDED[work]), found


@each_question
def test_the_example_of_a_variable_is_an_answer(work: str, question: dict[str, Any]) -> None:
    name = question["variable"]
    assert surveys.found(work, name, surveys.example(name)) == []


@pytest.mark.parametrize("playbook", sorted(PLAYBOOKS))
def test_every_playbook_is_a_file_of_the_project_and_has_a_job_template(playbook: str) -> None:
    (play,) = yaml.safe_load((data.PATTERN / f"playbooks/{playbook}.yml").read_text(encoding="utf-8"))
    assert play["ansible.builtin.import_playbook"] == f"switchyard.bluegreen.{playbook}"
    assert playbook in {Path(each["playbook"]).stem for each in TEMPLATES.values()}


def test_the_project_has_no_other_playbook() -> None:
    assert {path.stem for path in (data.PATTERN / "playbooks").glob("*.yml")} == PLAYBOOKS | OWN


def test_the_playbook_gives_the_controller_all_that_the_files_say() -> None:
    (play,) = yaml.safe_load((data.PATTERN / "playbooks/configure.yml").read_text(encoding="utf-8"))
    given = [re.search(r"\bcontroller_\w+", str(task["loop"])) for task in play["tasks"]]
    assert {each.group() for each in given if each} == {each for each in PATTERN if each.startswith("controller_")}
    for task, variable in zip(play["tasks"], given, strict=True):
        if variable:
            (module,) = [value for key, value in task.items() if key.startswith("awx.awx.")]
            said = {key for each in PATTERN[variable.group()] for key in each} - {"simplified_workflow_nodes"}
            assert said <= set(module) or "identifier" in module, task["name"]


def test_extra_variables_of_templates_are_taken() -> None:
    for template in TEMPLATES.values():
        given = template.get("extra_vars", {})
        assert [each for each in read(given, surveys.work_of(template))[1] if each.variable in given] == []


def test_whatever_goes_wrong_in_the_workflow_ends_red() -> None:
    """A node that failed, and leads to one that succeeds, would make the workflow successful."""
    nodes = {each["identifier"]: each for each in WORKFLOW["simplified_workflow_nodes"]}
    for node in nodes.values():
        for after in node.get("failure_nodes", []):
            assert after == "report" or nodes[after]["always_nodes"] == ["report"]
    returned = [name for name, node in nodes.items() if node.get("failure_nodes") == ["rollback"]]
    assert returned == ["approval", "swap", "keep"], "a job that was killed, and a candidate that is not wanted"


def test_the_definition_of_the_pattern_is_as_it_is_made() -> None:
    assert data.DEFINITION.read_text(encoding="utf-8") == data.definition(), "Run make patterns."
