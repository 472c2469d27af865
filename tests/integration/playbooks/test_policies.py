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
from switchyard_lab.scene import Scene, eventually
from tests.integration.policies import FOLDER, asked_in, limited, needless
from tests.integration.sign_in import sign_users_in
from tests.playing import Played
from tests.sample import Sample

from .interrupting import LONG, interrupted
from .retaining import RETAINED, await_due
from .rich_service import enrich, follow, publish
from .shifting import approvals_asked

SHIFTS = {"bluegreen_strategy": [{"weight": 50, "bake_seconds": 1}, {"weight": 100, "bake_seconds": 1}]}
SERVICES = ("demo", "shop")
# The lab launches from no template whose image is a parameter, and no run has died behind a sign-in.
# test_first_release.py has an account without groups.
ELSEWHERE = {"ReadImageParameters", "KeepSignIn", "FirstGroupOfAnAccount"}
AT_ONCE = {"bluegreen_quiet_seconds": 0, "bluegreen_drain_timeout": 0, "bluegreen_keep_failed": 0}
BY_PARAMETER = {
    "bluegreen_image": {"ssm": "/images/shop", "release_tag": "lab:release"},
    "bluegreen_image_id": None,
    "bluegreen_release": None,
}
FAILING = """
- ansible.builtin.file: {{path: "{begun}", state: touch}}
- ansible.builtin.wait_for: {{path: "{split}", timeout: 60, sleep: 1}}
- ansible.builtin.file: {{path: "{split}", state: absent}}
- ansible.builtin.fail: {{msg: "no"}}
"""
ROLLED = {"bluegreen_instance_warmup": 0, "bluegreen_bake_seconds": 0, "bluegreen_hold_seconds": 60}


@dataclass
class Office:
    """Everybody who plays a playbook has its policy; what each of them has asked is kept."""

    lab: LabProcess
    failing: Path  # a hook
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
def office(tmp_path: Path) -> Iterator[Office]:
    failing = tmp_path / "failing.yml"
    failing.write_text(FAILING.format(begun=failing.with_suffix(".begun"), split=failing.with_suffix(".split")))
    with LabProcess(speed=20, services=("demo", "shop:alias")) as lab:
        yield Office(lab, failing)


@pytest.mark.thorough
@pytest.mark.timeout(1800)
def test_each_playbook_has_what_it_needs_and_needs_what_it_has(office: Office) -> None:
    enrich(office.lab)
    for work in (looks, dies, releases, stages, cleans_up, fails, waits, rolls):
        work(office)
    idle = {door: {*needless(door, asked)} - ELSEWHERE for door, asked in office.asked.items()}
    signed_in = {door for door, asked in office.asked.items() if "KeepSignIn" not in needless(door, asked)}
    assert signed_in >= {"deploy", "provision", "swap", "rollback", "verify"}
    assert {door: statements for door, statements in idle.items() if statements} == {}
    assert {*office.asked} == {*PLAYBOOKS} - {"adopt", "store"}, "test_adopt.py and test_store.py have these"


def looks(office: Office) -> None:
    office.good("status")
    office.good("freeze", bluegreen_freeze_reason="Stock-taking")
    office.good("history")
    office.good("unfreeze")
    office.good("plan", **BY_PARAMETER)


def dies(office: Office) -> None:
    """Of both services: a watch returns the traffic."""
    services = [Sample(office.lab, service) for service in SERVICES]
    given = {
        "bluegreen_release": "1.2.0-bad",
        "bluegreen_strategy": [{"weight": 10, "bake_seconds": LONG}, {"weight": 100}],
    }
    assert interrupted(services[0], given, lambda: all(10 in each.status()["weights"].values() for each in services))
    for service in SERVICES:
        office.good("watch", service)


def releases(office: Office) -> None:
    """The candidate that was returned gives way to another, and the first group is removed."""
    for service in SERVICES:
        office.good("deploy", service, **BY_PARAMETER, **SHIFTS, bluegreen_retain_seconds=RETAINED)
    for service in SERVICES:
        await_due(Sample(office.lab, service).status())
        assert office.good("teardown", service, **AT_ONCE).outcomes[service]["end_state"] == "succeeded"


def stages(office: Office) -> None:
    """A listener that signs its users in, without the idle target group."""
    publish(office.lab, "1.3.0")
    follow(office.lab, "web-1.3.0")
    sign_users_in(office.lab, Sample(office.lab).definition["bluegreen_routes"])
    for service in SERVICES:
        for door in ("provision", "verify", "swap"):
            office.good(door, service, **BY_PARAMETER, **SHIFTS)
        office.good("rollback", service)
    office.good("provision", bluegreen_release="1.2.0-bad")


def cleans_up(office: Office) -> None:
    """A candidate that a person has rejected."""
    office.good("rollback")
    office.good("watch", **AT_ONCE)


def fails(office: Office) -> None:
    """Where somebody has split the traffic meanwhile, and what has failed is to be removed."""
    hooks = dict.fromkeys(("after_provision", "after_test_traffic", "before_shift"), str(office.failing))
    removed = {"bluegreen_hooks": hooks, "bluegreen_failed_candidate": "remove", **AT_ONCE}
    given = {"bluegreen_release": "1.2.0-bad"}
    for door, service in (("verify", "demo"), ("verify", "shop"), ("provision", "shop"), ("swap", "demo")):
        office.good("provision", service, **given)
        with ThreadPoolExecutor() as pool:
            splitting = pool.submit(split, Sample(office.lab, service), office.failing)
            failed = office.play(door, service, **given, **removed)
            splitting.result()
        assert failed.outcomes[service]["end_state"] == "rolled_back", (door, service, failed.messages)
        status = Sample(office.lab, service).status()
        assert status["environments"][status["candidate"]]["group"] is None


def split(sample: Sample, failing: Path) -> None:
    """When the hook has begun, which waits for it."""
    eventually(failing.with_suffix(".begun").exists, bool, seconds=100)
    status = sample.status()
    place = {key: its for key, its in sample.place.items() if key != "service"}
    sample.ask("route_weights", **place, weights={status["stable"]: 90, status["candidate"]: 10})
    failing.with_suffix(".begun").rename(failing.with_suffix(".split"))


def waits(office: Office) -> None:
    """For an approval; then a group is removed that a release has made."""
    steps = [{"weight": 10, "pause": {"seconds": 240}, "bake_seconds": 0}, {"weight": 100, "bake_seconds": 0}]
    given = {"bluegreen_release": "1.0.0", "bluegreen_strategy": steps, "bluegreen_retain_seconds": RETAINED}
    with ThreadPoolExecutor() as pool:
        deploying = pool.submit(office.good, "deploy", **given)
        eventually(lambda: approvals_asked(Sample(office.lab)), bool, seconds=100)
        office.good("approve", bluegreen_approve_weight=10)
        deploying.result()
    await_due(Sample(office.lab).status())
    assert office.good("teardown", **AT_ONCE).outcomes["demo"]["end_state"] == "succeeded"


def rolls(office: Office) -> None:
    """To an image that no launch template has yet, and from a template that another group follows. What was verified
    last was the other environment."""
    sample, scene = Sample(office.lab), Scene(office.lab)
    status = sample.status()
    group = scene.describe(status["environments"][status["stable"]]["group"])
    scene.group(
        0, LaunchTemplate={"LaunchTemplateId": group["LaunchTemplate"]["LaunchTemplateId"], "Version": "$Latest"}
    )
    aimed = {status["candidate"]: 100, status["stable"]: 0}
    groups, test_route = sample.place["target_groups"], sample.definition["bluegreen_test_route"]["arn"]
    sample.ask("route_weights", routes=[test_route], target_groups=groups, weights=aimed)
    office.good("roll", bluegreen_release="1.4.0", bluegreen_image_id=publish(office.lab, "1.4.0"), **ROLLED)
    office.good("rollback", **ROLLED)


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.json")), ids=lambda path: path.stem)
def test_a_policy_fits_into_a_managed_policy(path: Path) -> None:
    """6,144 characters without white space ("IAM and AWS STS quotas")."""
    policy = json.loads(path.read_text(encoding="utf-8"))
    assert len(json.dumps(policy, separators=(",", ":"))) <= 6144
