# SPDX-License-Identifier: GPL-3.0-or-later
"""Each playbook does its work with the permissions of docs/iam/PLAYBOOK.json alone, and needs every statement of it."""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.permissions import PLAYBOOKS

from switchyard_lab.client import LabProcess
from switchyard_lab.iam.policy import Question
from switchyard_lab.scene import eventually
from tests.integration.policies import FOLDER, asked_in, limited, needless
from tests.playing import Played
from tests.sample import Sample

from .interrupting import interrupt_at
from .rich_service import enrich
from .test_pause import asked, deploy

SHIFTS = {"bluegreen_strategy": [{"weight": 50, "bake_seconds": 1}, {"weight": 100, "bake_seconds": 1}]}
AT_ONCE = {"bluegreen_quiet_seconds": 0, "bluegreen_drain_timeout": 0, "bluegreen_keep_failed": 0}
ROLLED = {"bluegreen_instance_warmup": 0, "bluegreen_bake_seconds": 0, "bluegreen_hold_seconds": 60}


@dataclass
class Office:
    """Everybody who plays a playbook has its policy; what each of them has asked is kept."""

    lab: LabProcess
    asked: defaultdict[str, list[Question]] = field(default_factory=lambda: defaultdict(list))
    _keys: dict[str, Mapping[str, str]] = field(default_factory=dict)

    def play(self, door: str, service: str = "demo", **variables: Any) -> Played:
        if door not in self._keys:
            self._keys[door] = limited(self.lab, door)
        began = time.time()
        played = Sample(self.lab, service, env=self._keys[door]).open(door, "--limit", service, **variables)
        self.asked[door] += asked_in(self.lab.calls(began))
        return played

    def good(self, door: str, service: str = "demo", **variables: Any) -> Played:
        played = self.play(door, service, **variables)
        assert played.returncode == 0, (door, service, played.messages)
        return played


@pytest.fixture
def office() -> Iterator[Office]:
    with LabProcess(speed=20, services=("demo", "shop:alias")) as lab:
        yield Office(lab)


@pytest.mark.thorough
def test_each_playbook_has_what_it_needs_and_needs_what_it_has(office: Office) -> None:
    enrich(office.lab)
    for work in (looks, stages, releases, rolls, waits, cleans_up):
        work(office)
    idle = {door: needless(door, asked) for door, asked in office.asked.items()}
    assert {door: statements for door, statements in idle.items() if statements} == {}
    assert {*office.asked} == {*PLAYBOOKS} - {"adopt", "store"}, "test_adopt.py and test_store.py have these"


def looks(office: Office) -> None:
    office.good("status")
    office.good("freeze", bluegreen_freeze_reason="Stock-taking")
    office.good("history")
    office.good("unfreeze")
    office.good("plan", bluegreen_image={"ssm": "/images/shop"})


def stages(office: Office) -> None:
    """The test route leads to blue until the candidate is verified."""
    for service in ("demo", "shop"):
        for door in ("provision", "verify", "swap"):
            office.good(door, service, bluegreen_release="1.1.0", bluegreen_retain_seconds=1, **SHIFTS)
        office.good("rollback", service)


def releases(office: Office) -> None:
    for service in ("demo", "shop"):
        office.good("deploy", service, bluegreen_release="1.1.0", bluegreen_retain_seconds=1, **SHIFTS)
        time.sleep(1)
        office.good("teardown", service, **AT_ONCE)


def rolls(office: Office) -> None:
    office.good("roll", bluegreen_release="1.0.0", **ROLLED)
    office.good("rollback", **ROLLED)


def waits(office: Office) -> None:
    """For an approval."""
    lab = office.lab
    deployer = Sample(lab, env=limited(lab, "deploy"))
    with ThreadPoolExecutor() as pool:
        deploying = pool.submit(deploy, deployer, {"seconds": 240})
        eventually(lambda: asked(deployer), bool, seconds=100)
        office.good("approve", bluegreen_approve_weight=10)
        assert deploying.result().returncode == 0


def cleans_up(office: Office) -> None:
    """After runs that have died."""
    interrupt_at(Sample(office.lab), {"bluegreen_release": "1.0.0"}, 10)
    office.good("watch")
    office.good("watch", **AT_ONCE)


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.json")), ids=lambda path: path.stem)
def test_a_policy_fits_into_a_managed_policy(path: Path) -> None:
    """6,144 characters without white space ("IAM and AWS STS quotas")."""
    policy = json.loads(path.read_text(encoding="utf-8"))
    assert len(json.dumps(policy, separators=(",", ":"))) <= 6144
