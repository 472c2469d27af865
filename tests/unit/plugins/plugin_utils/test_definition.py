# SPDX-License-Identifier: GPL-3.0-or-later
"""Definitions out of variables as Ansible holds them, with its own templates, lookups and vault."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.parsing.vault import VaultLib, VaultSecret, VaultSecretsContext
from ansible.template import Templar
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.definition.finding import refusals
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.definition.parser import Values
from ansible_collections.switchyard.bluegreen.plugins.plugin_utils.definition import read_definition
from ansible_collections.switchyard.bluegreen.plugins.plugin_utils.evaluation import Evaluation

from tests.unit.plugins.module_utils._core.definition.described import LISTENER
from tests.unit.plugins.plugin_utils.playing import a_play

SERVICE = f"""
inventory_hostname: web
bluegreen_routes: [{LISTENER}]
bluegreen_target_groups: {{blue: web-blue, green: web-green}}
bluegreen_image_id: ami-0abcdef1234567890
"""

Load = Callable[[str], dict[str, Any]]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Variables out of YAML, with templates that Ansible trusts, as those of an inventory."""

    def loaded(text: str) -> dict[str, Any]:
        path = tmp_path / "variables.yml"
        path.write_text(text, encoding="utf-8")
        return dict(DataLoader().load_from_file(str(path), cache="none", trusted_as_template=True))

    return loaded


def read(variables: dict[str, Any], work: str = "deploy") -> tuple[Values, list[str]]:
    around = a_play()
    values, findings = read_definition(variables, Templar(around.loader, variables), around, work)
    return values, refusals(findings)


def test_good_variables_are_a_definition(load: Load) -> None:
    values, reported = read(
        load(
            SERVICE
            + """
domain: example.com
bluegreen_test_route: {urls: {blue: "http://b.{{ domain }}", green: "http://g.{{ domain }}"}}
bluegreen_alarms: "{{ ['blue', 'green'] | map('regex_replace', '$', '-5xx') }}"
bluegreen_retain_seconds: "{{ 2 * 3600 }}"
bluegreen_stickiness_seconds: "{{ omit }}"
bluegreen_windows: [{days: [mon], from: 9:00, to: 16:00}]
bluegreen_freeze_until: 2027-01-04T08:00:00+01:00
"""
        )
    )
    assert reported == []
    assert values["service"] == "web"
    assert values["test_route"]["urls"]["green"] == "http://g.example.com"
    assert values["alarms"] == ["blue-5xx", "green-5xx"]
    assert values["retain_seconds"] == 7200
    assert values["stickiness_seconds"] is None
    assert values["freeze_until"] == "2027-01-04T08:00:00+01:00"
    assert {type(each) for each in (values["image_id"], *values["alarms"])} == {str}


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("blugreen_hooks", "bluegreen_hooks"),
        ("bleugreen_windows", "bluegreen_windows"),
        ("blue_green_checks", "bluegreen_checks"),
        ("Bluegreen_metrics", "bluegreen_metrics"),
        ("bluegreen-alarms", "bluegreen_alarms"),
        ("my_bluegreen_image_id", None),
        ("green_release", None),
        ("blue_green_shed", None),
    ],
)
def test_a_slip_in_the_prefix_of_a_variable_is_a_warning(load: Load, name: str, meant: str | None) -> None:
    """It may be a variable of a person's own, but if not, nobody would notice that it is not read."""
    around, variables = a_play(), load(f"{SERVICE}{name}: []\n")
    _values, findings = read_definition(variables, Templar(around.loader, variables), around, "deploy")
    warned = [f"Nothing reads variable {name}. Did you mean {meant}?"] if meant else []
    assert [each.sentence for each in findings if each.variable == name] == warned
    assert refusals(findings) == []


def test_each_variable_that_cannot_be_evaluated_is_a_finding(load: Load) -> None:
    _values, reported = read(
        load(
            SERVICE
            + """
bluegreen_release: "{{ version }}"
bluegreen_alarms: [web-5xx, "{{ alarms.slow }}"]
bluegreen_strategy: "{{ lookup('ansible.builtin.file', '/nonexistent') }}"
bluegreen_retain_seconds: "{{ 1 + }}"
bluegreen_quiet_seconds: "{{ bluegreen_quiet_seconds }}"
bluegreen_service: "{{ 'web' | no_such_filter }}"
bluegreen_alarm: "{{ whatever }}"
"""
        )
    )
    assert [each.split(" For example:")[0] for each in reported[:2]] == [
        "There is no variable bluegreen_alarm. Did you mean bluegreen_alarms?",
        "bluegreen_service: Its value cannot be evaluated: Syntax error in template: No filter named 'no_such_filter'.",
    ]
    assert "bluegreen_release: Its value cannot be evaluated: 'version' is undefined." in reported[2]
    assert reported[3].startswith("bluegreen_strategy: Its value cannot be evaluated: The lookup plugin")
    assert "bluegreen_alarms: Its value cannot be evaluated: 'alarms' is undefined." in reported[4]
    assert reported[5].startswith("bluegreen_retain_seconds: Its value cannot be evaluated: Syntax error")
    assert reported[6].startswith("bluegreen_quiet_seconds: Its value cannot be evaluated: Recursive loop")
    assert len(reported) == 7


def vaulted(text: str) -> str:
    encrypted = VaultLib([("default", VaultSecret(b"password"))]).encrypt(text.encode()).decode()
    return "!vault |\n" + "".join(f"  {line}\n" for line in encrypted.splitlines())


def test_a_vault_that_cannot_be_opened_is_a_finding(load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    variables = load(f"{SERVICE}\nbluegreen_release: {vaulted('1.4.2')}\nbluegreen_user_data: {vaulted('hunter2')}\n")
    monkeypatch.setattr(VaultSecretsContext, "_current", None, raising=False)
    _values, reported = read(variables)
    assert reported[0].startswith("bluegreen_release: Its value cannot be evaluated: ")
    assert reported[1].startswith(
        "bluegreen_user_data: Its value cannot be evaluated: a template in it fails, or it is encrypted"
    )
    assert "hunter2" not in " ".join(reported)


def test_a_lenient_work_takes_the_default_of_what_cannot_be_evaluated(load: Load) -> None:
    values, reported = read(load(SERVICE + 'bluegreen_health_timeout: "{{ nothing }}"\n'), "rollback")
    assert (values["health_timeout"], reported) == (900, [])


@pytest.fixture
def counting(tmp_path: Path) -> str:
    """A template that gives 1 the first time, then 2, and so on."""
    file = tmp_path / "evaluations"
    return f"{{{{ lookup('ansible.builtin.pipe', 'echo x >> {file}; wc -l < {file}') | trim }}}}"


def test_values_are_evaluated_once(load: Load, counting: str) -> None:
    """Though two refer to the third, which comes first or last, and though two use a variable that is no one's."""
    text = f"""
inventory_hostname: web
bluegreen_adopt_group: "{{{{ bluegreen_release }}}}"
bluegreen_release: "{counting}"
bluegreen_service: "{{{{ bluegreen_release }}}}"
"""
    values = Evaluation(Templar(DataLoader()), load(text), names(text)).values
    assert set(values.values()) == {"1"}

    text = f"""
bluegreen_adopt_group: "{{{{ mine }}}}"
bluegreen_release: ["{{{{ theirs }}}}"]
mine: "{{{{ theirs }}}}"
theirs: "{counting}"
"""
    values = Evaluation(Templar(DataLoader()), load(text), names(text)).values
    assert values == {"bluegreen_adopt_group": "2", "bluegreen_release": ["2"]}


def test_what_is_not_used_is_not_evaluated(load: Load, counting: str, tmp_path: Path) -> None:
    text = f"""
bluegreen_adopt_group: "{{{{ fine.a }}}}"
bluegreen_release: "{{{{ fine.a }}}}"
fine: {{a: 1, b: "{counting}"}}
bluegreen_images: "{counting}"
"""
    assert Evaluation(Templar(DataLoader()), load(text), ["bluegreen_adopt_group", "bluegreen_release"]).errors == {}
    assert not (tmp_path / "evaluations").exists()


def test_a_shared_variable_that_fails_fails_each_that_uses_it(load: Load) -> None:
    text = """
bluegreen_adopt_group: "{{ shared }}"
bluegreen_release: "{{ shared | default('1') }}"
shared: "{{ nothing }}"
"""
    evaluation = Evaluation(Templar(DataLoader()), load(text), names(text))
    assert evaluation.values == {"bluegreen_release": "1"}
    assert set(evaluation.errors) == {"bluegreen_adopt_group"}


def names(text: str) -> list[str]:
    return [line.split(":")[0] for line in text.splitlines() if line.startswith("bluegreen_")]


def test_a_rollback_waits_for_no_lookup_that_it_does_not_need(load: Load, counting: str, tmp_path: Path) -> None:
    variables = load(f'{SERVICE}bluegreen_release: "{counting}"\n')
    assert read(variables, "rollback")[1] == []
    assert not (tmp_path / "evaluations").exists()
    assert read(variables)[0]["release"] == "1"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("- ansible.builtin.debug: {msg: hello}\n", ""),
        ("", ""),
        ("- hosts: all\n  tasks: []\n", "is a playbook; a hook is a file of tasks"),
        ("ansible.builtin.debug: {}\n", "is not a list of tasks"),
        ("- [\n", "cannot be read as YAML"),
        ("- word\n", "is not a list of tasks"),
        (None, "there is no file"),
    ],
)
def test_hooks_are_files_of_tasks(load: Load, tmp_path: Path, content: str | None, said: str) -> None:
    hook = tmp_path / "hook.yml"
    if content is not None:
        hook.write_text(content, encoding="utf-8")
    _values, reported = read(load(f"{SERVICE}\nbluegreen_hooks: {{before_shift: {hook}}}\n"))
    assert (said in reported[0]) if said else (reported == [])


def test_text_of_a_survey_is_read_as_yaml(load: Load) -> None:
    values, reported = read(load(SERVICE) | {"bluegreen_strategy": "- {weight: 10, bake_seconds: 5m}\n- {weight: 100}"})
    assert reported == []
    assert [step["weight"] for step in values["strategy"]] == [10, 100]
    assert read(load(SERVICE) | {"bluegreen_checks": "[{path: /"})[1][0].startswith("bluegreen_checks: ")


def test_who_launched_the_job_approves(load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USER", "alex")
    assert read(load(SERVICE))[0]["approve_by"] == "alex"
    assert read(load(SERVICE) | {"awx_user_name": "kim"})[0]["approve_by"] == "kim"


def test_what_names_a_release_may_be_undefined_for_a_run_that_builds_none(load: Load) -> None:
    variables = load(SERVICE) | load('images: {}\nbluegreen_image_id: "{{ images[bluegreen_release] }}"\n')
    assert read(variables, "teardown")[1] == []
    values, reported = read(variables, "swap")
    assert (values["image_id"], reported) == ("", [])
    assert "bluegreen_release" in read(variables, "deploy")[1][0]


@pytest.mark.parametrize("work", ["rollback", "watch"])
def test_a_return_runs_its_hook_whatever_is_wrong_with_another(load: Load, tmp_path: Path, work: str) -> None:
    (tmp_path / "warm.yml").write_text("- command: warm\n  delegate_to: bastion\n- meta: end_host\n", encoding="utf-8")
    (tmp_path / "back.yml").write_text("- debug: {}\n", encoding="utf-8")
    hooks = {"before_shift": f"{tmp_path}/warm.yml", "on_rollback": f"{tmp_path}/back.yml"}
    variables = load(f"{SERVICE}\nbluegreen_hooks: {hooks}\n")
    around = a_play()
    values, findings = read_definition(variables, Templar(around.loader, variables), around, work)
    assert values["hooks"] == {"on_rollback": hooks["on_rollback"]}
    assert any("Hook before_shift: " in each.sentence for each in findings)
