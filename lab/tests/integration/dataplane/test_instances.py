# SPDX-License-Identifier: GPL-3.0-or-later
"""An instance is a process that does what its image's tags say."""

import json
from pathlib import Path

from .plane import Plane


def test_an_instance_says_what_it_is(shop: Plane) -> None:
    answer = shop.get("/some/path?x=1")
    assert json.loads(answer.body) == {
        "release": answer.by,
        "instance": answer.headers["X-Instance-Id"],
        "path": "/some/path",
        "method": "GET",
    }


def test_errors_come_in_the_share_asked_for_and_spare_health_checks(plane: Plane) -> None:
    plane.run("bad", error_percent=30)
    plane.group("blue", "bad")
    plane.forward({"blue": 1})
    plane.apply_until_healthy()
    assert [answer.status for answer in plane.get_many(100)].count(500) == 30
    assert {answer.status for answer in plane.get_many(10, "/health")} == {200}


def test_many_instances_start_at_once_and_each_is_a_process(plane: Plane) -> None:
    names = [f"n{number}" for number in range(30)]
    plane.run(*names)
    pids = [message["pid"] for message in plane.said("running")]
    assert len(set(pids)) == 30
    assert all(Path(f"/proc/{pid}").exists() for pid in pids)


def test_a_terminated_instance_leaves_its_address_to_the_next(plane: Plane) -> None:
    plane.run("a")
    plane.group("blue", "a")
    plane.forward({"blue": 1})
    plane.apply_until_healthy()
    plane.signal("a", "TERM")
    plane.wait(lambda message: message["op"] == "exited" and message["code"] == 0)
    before = len(plane.said("running"))
    plane.begin("a", release="second")
    plane.wait(lambda _message: len(plane.said("running")) > before)
    assert plane.get().by == "second"
