# SPDX-License-Identifier: GPL-3.0-or-later
"""A person's approval, asked for and given; and the bake that waits for it."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.lease.process import process_of

from switchyard_lab.client import LabProcess
from switchyard_lab.scene import Scene
from tests.integration.conftest import Ask

from ..alarms import alarm_in
from ..conftest import Made
from ..demo import Demo


@pytest.fixture
def group(scene: Scene) -> str:
    return Demo(scene).group(0, "green")


class Waiting:
    """A release that takes the lease and asks for approval of its candidate, as a process that can be killed."""

    def __init__(self, ask: Ask, demo: Demo, process: subprocess.Popen[bytes]) -> None:
        self._ask, self._process = ask, process
        self._service = {key: demo.definition[key] for key in ("service", "target_groups")}
        self.group = demo.group(0, "green", TargetGroupARNs=[self._service["target_groups"]["green"]])

    def takes(self, run: str, store: str | None = None, **more: Any) -> dict[str, Any]:
        """The lease."""
        return self._ask("lease", **self._service, run=run, doing="deploy", by=run, store=store, **more)

    def asks(self, store: str | None = None) -> dict[str, Any]:
        """Its lease."""
        lease: dict[str, Any] = self.takes("run-a", store, process=str(process_of(self._process.pid)))["lease"]
        self.asks_again(lease)
        return lease

    def asks_again(self, lease: dict[str, Any]) -> None:
        self._ask("approval", group=self.group, state="asked", weight=10, seconds=600, lease=lease)

    def dies(self) -> None:
        self._process.kill()
        self._process.wait()

    def approved(self, store: str | None = None) -> dict[str, Any]:
        return self._ask("approval", group=self.group, weight=10, by="anna", store=store)


def tag(scene: Scene, group: str) -> str | None:
    tags = {tag["Key"]: tag["Value"] for tag in scene.describe(group)["Tags"]}
    return tags.get("bluegreen:approval")


def test_it_is_asked_for_given_and_taken_back(ask: Ask, scene: Scene, group: str, made: Made) -> None:
    asked = {"group": group, "state": "asked", "weight": 10, "seconds": 3600}
    made()
    reported = ask("approval", check=True, **asked)
    assert (reported["changed"], reported["diff"]["before"], made("write")) == (True, {"approval": None}, [])
    until = ask("approval", **asked)["approval"]["until"]
    assert tag(scene, group) == f"10 {until} -"

    given = ask("approval", group=group, by="Anna B.")
    assert (given["changed"], given["approval"]) == (True, {"weight": 10, "until": until, "by": "Anna B."})
    assert not ask("approval", group=group, by="Bert")["changed"]
    assert made("write") == ["CreateOrUpdateTags", "CreateOrUpdateTags"]

    assert ask("approval", **asked)["approval"]["by"] is None, "who asks again wants another answer"
    assert ask("approval", group=group, state="absent")["changed"]
    assert tag(scene, group) is None
    assert not ask("approval", group=group, state="absent")["changed"]


def test_nothing_is_approved_that_nobody_waits_for(ask: Ask, group: str, made: Made) -> None:
    assert "asks for no approval: there is nothing to approve" in ask("approval", group=group)["msg"]
    ask("approval", group=group, state="asked", weight=10, seconds=0)
    made()
    assert "no longer does" in ask("approval", group=group)["msg"]
    assert "There is no Auto Scaling group gone" in ask("approval", group="gone")["msg"]
    assert made("write") == []


def test_who_approves_one_step_does_not_approve_the_next(ask: Ask, group: str, made: Made) -> None:
    """The step at 10 % was approved by another person a second ago, and the release asks at 50 % now."""
    ask("approval", group=group, state="asked", weight=50, seconds=60)
    made()
    refused = ask("approval", group=group, weight=10, by="bert")
    assert "waits for approval at 50 %, not at 10 %" in refused["msg"]
    assert made("write") == []
    assert ask("approval", group=group, weight=50, by="anna")["approval"]["by"] == "anna"


@pytest.fixture
def waiting(ask: Ask, demo: Demo) -> Iterator[Waiting]:
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]) as process:
        yield Waiting(ask, demo, process)
        process.kill()


def test_what_a_run_asks_for_is_approved_while_it_lives(waiting: Waiting, made: Made, scene: Scene) -> None:
    waiting.asks()
    assert " run-a" in str(tag(scene, waiting.group))
    made()
    approved = waiting.approved()
    assert (approved["changed"], approved["approval"]["by"], approved["warnings"]) == (True, "anna", [])
    assert sorted(made()) == ["CreateOrUpdateTags", "DescribeAutoScalingGroups", "DescribeTags"]


def test_what_a_dead_run_asked_for_is_not_approved(waiting: Waiting, made: Made) -> None:
    waiting.asks()
    waiting.dies()
    made()
    refused = waiting.approved()
    assert "Run run-a, which asked for it at 10 %, died: " in refused["msg"]
    assert "Run deploy.yml, which continues the release and asks again, or rollback.yml" in refused["msg"]
    assert made("write") == []
    assert not waiting.takes("run-b").get("failed")
    refused = waiting.approved()
    assert "run-b is changing" in refused["msg"]
    assert "Approve what that run asks for." in refused["msg"]


def test_a_lease_in_a_store_shows_it_as_well(waiting: Waiting, store: str) -> None:
    lease = waiting.asks(store)
    assert waiting.approved(store)["changed"]
    waiting.asks_again(lease)
    waiting.dies()
    assert "died: it renewed its lease" in waiting.approved(store)["msg"]


def test_a_store_that_cannot_be_read_keeps_nobody_from_an_approval(waiting: Waiting, tmp_path: Path) -> None:
    waiting.asks(f"file://{tmp_path}")
    approved = waiting.approved(f"file://{tmp_path}-nowhere")
    assert (approved["changed"], "still waits" in approved["warnings"][0]) == (True, True)


def test_a_bake_ends_as_soon_as_it_is_approved(ask: Ask, group: str, made: Made) -> None:
    ask("approval", group=group, state="asked", weight=10, seconds=60)
    made()
    with ThreadPoolExecutor() as pool:
        baking = pool.submit(ask, "bake", seconds=60, interval=0.2, approval={"group": group, "weight": 10})
        while not made():  # until it watches
            time.sleep(0.05)
        ask("approval", group=group, by="anna")
        result = baking.result()
    assert (result["verdict"], result["approved_by"]) == ("pass", "anna")
    assert result["seconds"] < 30


@pytest.mark.parametrize("weight", [None, 10], ids=["unanswered", "approved at another weight"])
def test_an_approval_that_was_not_given_is_told(ask: Ask, group: str, weight: int | None) -> None:
    ask("approval", group=group, state="asked", weight=weight or 50, seconds=60)
    if weight:
        ask("approval", group=group)
    result = ask("bake", seconds=1, interval=0.2, approval={"group": group, "weight": 50})
    assert (result["verdict"], result["approved_by"]) == ("pass", None)


def test_a_question_that_was_taken_back_ends_the_wait(ask: Ask, group: str) -> None:
    result = ask("bake", seconds=60, approval={"group": group, "weight": 10})
    assert result["verdict"] == "fail"
    assert "its release was taken back" in result["msg"]
    assert result["seconds"] < 30


def test_a_bake_fails_at_its_deadline(ask: Ask) -> None:
    result = ask("bake", seconds=60, interval=0.2, deadline=time.time() + 1)
    assert result["verdict"] == "fail"
    assert result["msg"] == "The time limit of the shift was reached."
    assert result["seconds"] < 30
    assert ask("bake", seconds=0, deadline=time.time() + 60)["verdict"] == "pass"


def test_a_breach_ends_the_wait_also_when_it_is_approved(ask: Ask, lab: LabProcess, group: str) -> None:
    ask("approval", group=group, state="asked", weight=10, seconds=60)
    alarm = alarm_in(lab, "ALARM")
    for _answered in (False, True):
        result = ask("bake", seconds=60, approval={"group": group, "weight": 10}, alarms=[alarm])
        assert (result["verdict"], result["seconds"] < 30) == ("fail", True)
        ask("approval", group=group)
