# SPDX-License-Identifier: GPL-3.0-or-later
"""``switchyard-lab rehearse`` with a person's own inventory."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ELB = "arn:aws:elasticloadbalancing:eu-west-1:123456789012"
SERVICES = {
    "web": {
        "bluegreen_routes": [f"{ELB}:listener-rule/app/web/50dc6c495c0c9188/f2f7dc8efc522ab2/9683b2d02a6cabee"],
        "bluegreen_target_groups": {"blue": "web", "green": f"{ELB}:targetgroup/web-green/6d0ecf831eec9f09"},
        "bluegreen_test_route": {
            "arn": f"{ELB}:listener/app/web/50dc6c495c0c9188/a2f7dc8efc522ab2",
            "url": "https://web.example.com:8443",
        },
        "bluegreen_checks": [{"path": "/version", "json": {"ready": True}}],
        "bluegreen_alarms": ["web-blue-5xx", "web-green-5xx"],
        "bluegreen_strategy": [{"weight": 50, "bake_seconds": "5m"}, {"weight": 100, "bake_seconds": "1m"}],
    },
    "typo": {"bluegreen_routes": [f"{ELB}:listener/app/typo/50dc6c495c0c9188/f2f7dc8efc522ab2"]},
}


NOWHERE = "http://127.0.0.1:1"
ALARM = {
    "Namespace": "AWS/ApplicationELB",
    "MetricName": "HTTPCode_Target_5XX_Count",
    "Dimensions": [
        {"Name": "LoadBalancer", "Value": "app/web/50dc6c495c0c9188"},
        {"Name": "TargetGroup", "Value": "targetgroup/web-green/6d0ecf831eec9f09"},
    ],
    "Statistic": "Sum",
    "Period": 60,
    "EvaluationPeriods": 1,
    "ComparisonOperator": "GreaterThanThreshold",
    "TreatMissingData": "notBreaching",
}
CONTROLLER = {"ansible_python_interpreter": "{{ ansible_playbook_python }}"}


def command(folder: Path, *arguments: str) -> list[str]:
    inventory = folder / "services.yml"
    services = {"bluegreen": {"hosts": SERVICES, "vars": CONTROLLER}}
    inventory.write_text(yaml.safe_dump(services, sort_keys=False), encoding="utf-8")
    called = [sys.executable, "-m", "switchyard_lab", "rehearse", str(inventory), "--output", str(folder / "out")]
    return [*called, *arguments]


def rehearse(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    settings = {**os.environ, **environment}
    return subprocess.run(command(folder, *arguments), env=settings, capture_output=True, text=True, check=False)


def describe(folder: Path, **answers: Any) -> str:
    """What AWS returned, in a folder."""
    described = folder / "described"
    described.mkdir()
    (described / "all.json").write_text(json.dumps(answers), encoding="utf-8")
    return str(described)


def test_a_definition_that_would_be_refused_is_not_rehearsed(tmp_path: Path) -> None:
    done = rehearse(tmp_path, "--limit", "typo")
    assert done.returncode == 1
    assert "refused: bluegreen_target_groups is not set" in done.stdout


@pytest.mark.thorough
def test_what_is_in_the_output_folder_stays(tmp_path: Path) -> None:
    """And a folder that cannot be used is a sentence."""
    kept = tmp_path / "out/mine.txt"
    kept.parent.mkdir()
    kept.write_text("mine", encoding="utf-8")
    rehearse(tmp_path, "--limit", "typo")
    assert kept.read_text(encoding="utf-8") == "mine"
    done = rehearse(tmp_path, "--limit", "typo", "--output", str(kept))
    assert done.returncode == 1
    assert done.stderr.startswith(f"--output: {kept} cannot be used")


def test_a_folder_that_no_store_can_be_in_is_a_sentence(tmp_path: Path) -> None:
    done = rehearse(tmp_path, "--limit", "typo", "--output", str(tmp_path / "a?b"))
    assert done.returncode == 1
    assert done.stderr.endswith("a?b cannot be used: a store's URL must not have ?.\n")


@pytest.mark.thorough
def test_a_service_that_cannot_be_built_leaves_the_others_alone(tmp_path: Path) -> None:
    target_group = {"TargetGroupName": "web", "TargetGroupArn": f"{ELB}:targetgroup/web/6d0ecf831eec9f09"}
    group = {"TargetGroupARNs": [target_group["TargetGroupArn"]], "MinSize": 1, "DesiredCapacity": 3, "MaxSize": 2}
    described = describe(tmp_path, TargetGroups=[target_group], AutoScalingGroups=[group])
    done = rehearse(tmp_path, "--described", described)
    assert (done.returncode, done.stderr) == (1, "")
    _summary, web, typo = done.stdout.splitlines()[-3:]
    assert web.startswith("  web: not rehearsed: ")
    assert "Desired capacity:3 must be between" in web
    assert typo.startswith("  typo: refused: ")
    (log,) = (tmp_path / "out").glob("*/web-error.log")
    assert str(log) in web
    assert "Traceback" in log.read_text(encoding="utf-8")


@pytest.mark.thorough
def test_an_interruption_ends_it_without_a_traceback(tmp_path: Path) -> None:
    """Of a rehearsal that began, whatever a person has set for AWS."""
    own = {"AWS_PROFILE": "missing", "AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING_V2": NOWHERE, "http_proxy": NOWHERE}
    streams: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    called = command(tmp_path, "--limit", "web")
    # As Ctrl-C in a terminal, which all processes of a group get.
    with subprocess.Popen(called, env=os.environ | own, start_new_session=True, **streams) as running:
        for line in running.stdout or ():
            if "stand-in: " in line:
                os.killpg(running.pid, signal.SIGINT)
        said = running.stderr.read() if running.stderr else ""
    assert (running.returncode, said) == (130, "Interrupted: the rest was not rehearsed.\n")


def test_an_encrypted_inventory_is_a_sentence_or_is_read(tmp_path: Path) -> None:
    password = tmp_path / "password"
    password.write_text("secret", encoding="utf-8")
    variables = tmp_path / "host_vars/typo.yml"
    variables.parent.mkdir()
    variables.write_text("bluegreen_alarms: []\n", encoding="utf-8")
    vault = Path(sys.executable).parent / "ansible-vault"
    subprocess.run([vault, "encrypt", "--vault-password-file", password, variables], check=True, capture_output=True)
    done = rehearse(tmp_path, "--limit", "typo")
    assert done.returncode == 1
    assert "refused: The variables of typo cannot be read: " in done.stdout
    assert "Set ANSIBLE_VAULT_PASSWORD_FILE" in done.stdout
    done = rehearse(tmp_path, "--limit", "typo", ANSIBLE_VAULT_PASSWORD_FILE=str(password))
    assert "refused: bluegreen_target_groups is not set" in done.stdout


@pytest.mark.thorough
def test_a_good_and_a_bad_release_of_a_stand_in(tmp_path: Path) -> None:
    """Also where a path has blanks in it, and leads back."""
    folder = tmp_path / "my rehearsals"
    (folder / "beside").mkdir(parents=True)
    alarm = {**ALARM, "AlarmName": "web-green-5xx", "Threshold": 20.0}
    output, described = folder / "beside/../out", describe(folder, MetricAlarms=[alarm])
    done = rehearse(folder, "--limit", "web", "--output", str(output), "--described", described)
    assert done.returncode == 0, done.stdout + done.stderr
    said = done.stdout
    assert "not rehearsed: json of checks: " in said
    assert "assumed: alarm web-blue-5xx watches for more than five errors in a minute" in said
    assert "alarm web-green-5xx" not in said
    assert "good image: succeeded" in said
    assert "its bakes take 6 minutes on AWS" in said
    assert "bad image (30 % errors): rolled_back" in said
    good, bad = (line for line in said.splitlines() if " requests, " in line)
    assert good.endswith(" 0 failed")
    assert not bad.endswith(" 0 failed")
    assert "is in ALARM" in said
    pages = sorted(page.name for page in (folder / "out").glob("*/*.html"))
    assert pages == ["web-rehearsal-bad.html", "web-rehearsal-good.html"]
