# SPDX-License-Identifier: GPL-3.0-or-later
"""What is measured, each job in several ways; the last is the floor that the others are compared with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from tests.sample import SERVICE

from .cost import Cost
from .ground import CREDENTIALS, Ground

Way = Callable[[Ground], Cost]
MORE_TASKS = {True: 10, False: 2}  # by whether they run in-process
MORE_CHANGES = 20
STEPS = (50, 100)
FLOOR = "bare script"


@dataclass(frozen=True)
class Job:
    name: str
    ways: Mapping[str, Way]


# -- nothing, to know the machine by


def debug_task(ground: Ground) -> Cost:
    return ground.play([{"ansible.builtin.debug": {"msg": "hello"}}])


def nothing_in_a_script(ground: Ground) -> Cost:
    return ground.script("nothing")


# -- one weight change


def task(ground: Ground, *, in_process: bool) -> Cost:
    """One more task of a play: plays with a few and with one, to take out what the play itself costs."""
    more = MORE_TASKS[in_process]
    tasks = [_weights_task(ground, 50 if number % 2 else 60, in_process) for number in range(1 + more)]
    ground.split(50)
    one = ground.play(tasks[:1])
    ground.split(50)
    return ground.play(tasks).added_to(one, more)


def change_in_a_script(ground: Ground) -> Cost:
    ground.split(50)
    one = ground.script("change_weights", listener=ground.route, times=1)
    ground.split(50)
    return ground.script("change_weights", listener=ground.route, times=1 + MORE_CHANGES).added_to(one, MORE_CHANGES)


def change_by_a_script(ground: Ground) -> Cost:
    ground.split(50)
    return ground.script("change_weights", listener=ground.route, times=1)


def _weights_task(ground: Ground, percent: int, in_process: bool) -> dict[str, Any]:
    groups = ground.sample.definition["bluegreen_target_groups"]
    weights = {groups["blue"]: percent, groups["green"]: 100 - percent}
    return {
        "switchyard.bluegreen.listener_weights": {"routes": [ground.route], "weights": weights},
        "vars": {"bluegreen_in_process": in_process},
    }


def peer_task(ground: Ground) -> Cost:
    """One more task of amazon.aws's elb_application_lb, which wants the whole listener, and keeps the other one."""
    more = MORE_TASKS[False]
    tasks = [_peer_task(ground, 50 if number % 2 else 60) for number in range(1 + more)]
    ground.split(50)
    one = ground.play(tasks[:1], **CREDENTIALS)
    ground.split(50)
    return ground.play(tasks, **CREDENTIALS).added_to(one, more)


def _peer_task(ground: Ground, percent: int) -> dict[str, Any]:
    balancer = ground.balancer
    first, second = sorted(balancer["target_groups"].values())
    weights = ((first, percent), (second, 100 - percent))
    forward = {
        "TargetGroups": [{"TargetGroupArn": arn, "Weight": weight} for arn, weight in weights],
        "TargetGroupStickinessConfig": {"Enabled": False},
    }
    listener = {
        "Protocol": "HTTP",
        "Port": balancer["port"],
        "DefaultActions": [{"Type": "forward", "ForwardConfig": forward}],
    }
    given = {name: balancer[name] for name in ("subnets", "security_groups")}
    options = {"name": balancer["service"], **given, "listeners": [listener], "purge_listeners": False}
    return {"amazon.aws.elb_application_lb": options}


# -- a rollback, up to the call that returns the traffic


def rollback_playbook(ground: Ground) -> Cost:
    ground.split(50)
    return ground.door("rollback", until="ModifyListener")


def rollback_script(ground: Ground) -> Cost:
    ground.split(50)
    return ground.script("rollback", until="ModifyListener", listener=ground.route)


# -- a whole cycle: build, verify, two steps, settle, tear down


def cycle_playbook(ground: Ground) -> Cost:
    image, release = ground.new_image()
    return ground.door(
        "deploy",
        bluegreen_image_id=image,
        bluegreen_release=release,
        bluegreen_strategy=[{"weight": weight, "bake_seconds": 0} for weight in STEPS],
        bluegreen_retain_seconds=0,
        bluegreen_quiet_seconds=0,
        bluegreen_propagation_timeout=0,
    )


def cycle_peer(ground: Ground, *, sleeps: bool) -> Cost:
    image, release = ground.new_image()
    definition = ground.sample.definition
    cost = ground.peer(
        sleeps=sleeps,
        image=image,
        release=release,
        alarms=definition["bluegreen_alarms"],
        test_url=definition["bluegreen_test_route"]["url"],
        steps=STEPS,
    )
    ground.declare_what_runs()
    return cost


def cycle_script(ground: Ground) -> Cost:
    image, release = ground.new_image()
    definition = ground.sample.definition
    return ground.script(
        "deploy",
        service=SERVICE,
        listener=ground.route,
        test_route=definition["bluegreen_test_route"],
        image=image,
        release=release,
        alarms=definition["bluegreen_alarms"],
        steps=STEPS,
    )


JOBS = (
    Job("Nothing", {"a play of one debug task": debug_task, FLOOR: nothing_in_a_script}),
    Job(
        "One weight change",
        {
            "one more task of a play, in-process": partial(task, in_process=True),
            "one more task of a play, in a process of its own": partial(task, in_process=False),
            "one more task of a play, `amazon.aws.elb_application_lb`": peer_task,
            "one more change in a running bare script": change_in_a_script,
            FLOOR: change_by_a_script,
        },
    ),
    Job("A cold rollback, up to ModifyListener", {"`rollback.yml`": rollback_playbook, FLOOR: rollback_script}),
    Job(
        "A whole cycle",
        {
            "`deploy.yml`": cycle_playbook,
            "a playbook of amazon.aws": partial(cycle_peer, sleeps=True),
            "a playbook of amazon.aws, its sleeps taken out": partial(cycle_peer, sleeps=False),
            FLOOR: cycle_script,
        },
    ),
)
