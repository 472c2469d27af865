# SPDX-License-Identifier: GPL-3.0-or-later
"""A candidate's real processes behind the lab's load balancer."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import pytest

from switchyard_lab.scene import Scene
from tests.integration.conftest import Ask

from ..conftest import Made


@dataclass(frozen=True)
class Candidate:
    url: str
    group: str
    instances: list[str]

    def identity(self, release: str = "2.0") -> dict[str, Any]:
        return {
            "release": {"header": "X-Release", "value": release},
            "instances": {"json": "instance", "expected": self.instances},
        }


def candidate(scene: Scene, **behavior: str) -> Candidate:
    target_group = scene.target_group()
    listener = scene.listener({target_group: 100})
    template = scene.template(scene.image(**({"release": "2.0"} | behavior)))
    group = scene.group(3, (target_group,), LaunchTemplate={"LaunchTemplateId": template, "Version": "1"})
    scene.healthy(target_group, 3)
    return Candidate(scene.url(listener), group, scene.in_service(group, 3))


def test_a_good_candidate_is_proven_on_every_instance(ask: Ask, scene: Scene) -> None:
    good = candidate(scene)
    checks = [
        {"name": "home", "repetitions": 10, "json": {"release": "2.0", "path": "/"}, "max_ms": 5000},
        {"path": "/orders", "method": "POST", "body": {"article": 7}, "body_pattern": '"method": ?"POST"'},
    ]
    result = ask("http_check", url=good.url, checks=checks, **good.identity())
    assert not result.get("failed"), result["msg"]
    assert result["findings"] == []
    assert result["instances"] == sorted(good.instances)
    assert result["requests"] >= 11
    assert 0 < result["latency"]["p50"] <= result["latency"]["max"]


def test_the_instances_of_a_group_are_those_that_answer(ask: Ask, scene: Scene, made: Made) -> None:
    good = candidate(scene)
    made()
    asked = {"url": good.url, "instances": {"json": "instance", "group": good.group}}
    result = ask("http_check", **asked)
    assert (result["instances"], made()) == (sorted(good.instances), ["DescribeAutoScalingGroups"])
    assert ask("http_check", check=True, **asked)["requests"] == 0
    assert made() == []

    other = scene.group(1)
    (strange,) = scene.in_service(other, 1)
    result = ask("http_check", coverage_timeout=1, url=good.url, instances={"json": "instance", "group": other})
    assert f"No answer came from {strange}" in result["msg"]
    assert f"{good.instances[0]} answered, which is not one of the expected: {strange}" in result["msg"]


def test_a_listener_whose_certificate_is_of_an_authority_of_one_s_own(ask: Ask, scene: Scene) -> None:
    balancer, fixed = scene.load_balancer(), {"StatusCode": "200", "MessageBody": "ok"}
    actions = [{"Type": "fixed-response", "FixedResponseConfig": fixed}]
    listener = scene.listener({}, balancer, **scene.secure(balancer), DefaultActions=actions)
    asked = {"url": scene.url(listener), "checks": [{"body_pattern": "^ok$"}]}
    for trusting in ({"ca_path": str(scene.lab.ca_path)}, {"validate_certs": False}):
        result = ask("http_check", **asked, **trusting)
        assert not result.get("failed"), result["msg"]
    began = time.monotonic()
    result = ask("http_check", **asked)
    assert "the server's certificate is not valid: " in result["msg"]
    assert time.monotonic() - began < 20, "No wait mends it, so none of 30 seconds is made."


def test_everything_that_is_wrong_is_in_one_message(ask: Ask, scene: Scene) -> None:
    bad = candidate(scene, error_percent="100")
    result = ask(
        "http_check",
        url=bad.url,
        checks=[{"name": "home", "repetitions": 3}, {"path": "/a", "status": [500], "json": {"path": "/b"}}],
        **bad.identity(),
    )
    assert result["failed"]
    assert len(result["findings"]) == 2
    assert "home (GET /): expected status 200, got 500" in result["msg"]
    assert "(3 of 3 requests)" in result["msg"]
    assert 'GET /a: expected JSON value path to be "/b", got "/a"' in result["msg"]


def test_the_old_release_behind_the_route_is_told(ask: Ask, scene: Scene) -> None:
    old = candidate(scene, release="1.0")
    result = ask("http_check", url=old.url, checks=[{}], settle_seconds=1, **old.identity("2.0"))
    assert result["failed"]
    assert "expected release 2.0 in header X-Release, got 1.0" in result["msg"]


def test_an_instance_that_never_answers_is_named(ask: Ask, scene: Scene) -> None:
    good = candidate(scene)
    expected = [*good.instances, "i-gone"]
    result = ask(
        "http_check",
        url=good.url,
        instances={"header": "X-Instance-Id", "expected": expected},
        coverage_timeout=1,
    )
    assert result["failed"]
    assert "No answer came from i-gone in" in result["msg"]
    assert result["instances"] == sorted(good.instances)


def test_check_mode_makes_no_request(ask: Ask) -> None:
    result = ask("http_check", check=True, url="http://127.0.0.1:9", checks=[{}])
    assert (result["requests"], result["changed"]) == (0, False)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"checks": [{"body_pattern": "("}]}, "is not a regular expression"),
        ({"release": {"value": "1"}}, "one of the following is required: header, json"),
    ],
)
def test_bad_input_is_a_clear_error(ask: Ask, options: dict[str, Any], said: str) -> None:
    result = ask("http_check", **({"url": "http://127.0.0.1:9"} | options))
    assert result["failed"]
    assert said in result["msg"]
