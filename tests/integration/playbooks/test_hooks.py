# SPDX-License-Identifier: GPL-3.0-or-later
"""The user's own tasks, at the boundaries of a release."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.playing import ROOT
from tests.receiver import Receiver
from tests.sample import Sample

EXAMPLES = ROOT / "docs/examples"
NOTED = "{{ bluegreen_hook.name }} {{ bluegreen_hook.step.weight | default('') }}"


def noting(folder: Path, *hooks: str, then: str = "") -> dict[str, str]:
    """Hooks that write their names into ``folder/noted``, in order; one is followed by a failure."""
    noted = f"- ansible.builtin.shell: echo {NOTED} >> {folder}/noted\n"
    for name in hooks:
        fails = "- ansible.builtin.fail: {msg: The cache is cold.}\n" if name == then else ""
        (folder / f"{name}.yml").write_text(noted + fails)
    return {name: str(folder / f"{name}.yml") for name in hooks}


@pytest.mark.thorough
def test_every_boundary_of_a_release_has_its_hook(sample: Sample, good: dict[str, Any], tmp_path: Path) -> None:
    boundaries = [
        "after_provision",
        "after_test_traffic",
        "before_shift",
        "after_shift",
        "before_settle",
        "after_settle",
    ]
    halves = {"before_provision": "expand", "before_teardown": "contract"}
    migration = {hook: str(EXAMPLES / f"migration/{half}.yml") for hook, half in halves.items()}
    migrate = ["sh", "-c", f"echo $0 $1 >> {tmp_path}/noted"]
    played = sample.open(
        "deploy",
        **good | {"bluegreen_strategy": {"type": "canary", "percent": 10, "bake_seconds": 0}},
        bluegreen_hooks=noting(tmp_path, *boundaries) | migration,
        migration_command=migrate,
        bluegreen_retain_seconds=0,
    )
    assert played.returncode == 0, played.messages
    steps = ["before_shift 10", "after_shift 10", "before_shift 100", "after_shift 100"]
    assert (tmp_path / "noted").read_text().splitlines() == [
        "expand demo",
        "after_provision",
        "after_test_traffic",
        *steps,
        "before_settle",
        "after_settle",
        "contract 1.0.0",
    ]


@pytest.mark.thorough
def test_the_removal_of_a_rejected_candidate_contracts_nothing(sample: Sample, good: dict[str, Any]) -> None:
    """What came before it is what stable uses."""
    assert sample.open("provision", bluegreen_release="1.2.0-bad").returncode == 0
    assert sample.open("rollback").returncode == 0
    assert sample.status()["environments"]["green"]["rejected"]
    played = sample.open(
        "deploy",
        **good,
        bluegreen_hooks={"before_teardown": str(EXAMPLES / "migration/contract.yml")},
        migration_command=["false"],
    )
    assert played.returncode == 0, played.messages
    (contract,) = [each for each in played.results if each["task"].endswith("Remove what only the old release used")]
    assert contract["skipped"]


@pytest.mark.thorough
def test_examples_warm_up_each_new_instance_and_report_each_step(sample: Sample, good: dict[str, Any]) -> None:
    with Receiver() as chat:
        played = sample.open(
            "deploy",
            **good | {"bluegreen_strategy": {"type": "canary", "percent": 10, "bake_seconds": 0}},
            bluegreen_hooks={
                "after_test_traffic": str(EXAMPLES / "warm_up/warm_up.yml"),
                "after_shift": str(EXAMPLES / "message/message.yml"),
            },
            message_url=chat.url,
        )
    assert played.returncode == 0, played.messages
    (warmed,) = (result for result in played.results if result["task"].endswith("Warm up each instance"))
    assert [each["status"] for each in warmed["results"]] == [200] * 3
    assert {each["x_release"] for each in warmed["results"]} == {"1.1.0"}
    assert [each.data for each in chat.received] == [
        {"text": f"demo: the candidate gets {weight} % of the traffic"} for weight in (10, 100)
    ]


@pytest.mark.thorough
def test_a_failed_hook_returns_the_traffic_unless_the_release_is_settled(
    sample: Sample, good: dict[str, Any], tmp_path: Path
) -> None:
    played = sample.open(
        "deploy", **good, bluegreen_hooks=noting(tmp_path, "after_shift", "on_rollback", then="after_shift")
    )
    assert played.returncode != 0
    assert "was rolled back; blue has all traffic. The cache is cold." in played.results[-1]["msg"]
    assert (tmp_path / "noted").read_text().split() == ["after_shift", "100", "on_rollback"]
    assert sample.answering() == {"1.0.0"}
    assert sample.status()["environments"]["green"]["rejected"]["reason"] == "The cache is cold."
    swapped = sample.open("swap", **good)
    assert swapped.outcomes["demo"]["end_state"] == "refused"
    assert "was rejected" in swapped.messages

    played = sample.open("deploy", **good, bluegreen_hooks=noting(tmp_path, "after_settle", then="after_settle"))
    assert played.returncode != 0
    assert "stays, but what followed failed; green has all traffic." in played.results[-1]["msg"]
    assert played.outcomes["demo"]["end_state"] == "succeeded"
    assert sample.answering() == {"1.1.0"}


@pytest.mark.thorough
def test_a_hook_that_includes_what_is_gone_returns_the_traffic(
    sample: Sample, good: dict[str, Any], tmp_path: Path
) -> None:
    """Ansible fails such an include outside of its results, and leaves ansible_failed_result undefined."""
    hook = tmp_path / "hook.yml"
    hook.write_text("- ansible.builtin.include_tasks: \"{{ 'gone' }}.yml\"\n")
    hooks = dict.fromkeys(("after_shift", "on_rollback"), str(hook))
    played = sample.open("deploy", **good, bluegreen_hooks=hooks)
    assert played.returncode != 0
    assert played.outcomes["demo"]["end_state"] == "rolled_back", played.messages
    assert sample.answering() == {"1.0.0"}
