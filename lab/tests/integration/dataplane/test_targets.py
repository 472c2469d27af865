# SPDX-License-Identifier: GPL-3.0-or-later
"""Targets come, fail and go as they do behind an Application Load Balancer."""

import threading
import time
from collections.abc import Sequence

from .plane import Answer, Plane
from .processes import SPEED

NEVER = "/?sleep_ms=60000"  # is answered within a test


class InFlight:
    """Requests that targets are busy with, each on a connection of its own, until `answers` is asked."""

    def __init__(self, plane: Plane, count: int, path: str) -> None:
        self._answers: list[Answer] = []
        self._threads = [threading.Thread(target=self._ask, args=(plane, path)) for _request in range(count)]
        for thread in self._threads:
            thread.start()
        plane.wait_for_metric("RequestCount", count)

    def answers(self) -> Sequence[Answer]:
        for thread in self._threads:
            thread.join()
        return self._answers

    def _ask(self, plane: Plane, path: str) -> None:
        self._answers.append(plane.get(path))


def test_a_target_is_initial_until_its_first_check_has_passed(plane: Plane) -> None:
    plane.run("a")
    plane.group("blue", "a")
    plane.forward({"blue": 1})
    plane.apply()
    plane.wait_for_health("blue", "a", "healthy")
    assert [(report["state"], report["reason"]) for report in plane.reports("blue", "a")] == [
        ("initial", "Elb.RegistrationInProgress"),
        ("initial", "Elb.InitialHealthChecking"),
        ("healthy", ""),
    ]


def test_a_booting_instance_is_healthy_once_it_answers(plane: Plane) -> None:
    plane.begin("a", boot_seconds=60)
    plane.group("blue", "a")
    plane.forward({"blue": 1})
    plane.apply()
    assert plane.wait_for_health("blue", "a", "unhealthy")["reason"] == "Target.FailedHealthChecks"
    plane.wait_for_health("blue", "a", "healthy")


def test_an_unhealthy_target_gets_no_traffic_and_says_why(shop: Plane) -> None:
    shop.behave("b1", health="fail")
    report = shop.wait_for_health("blue", "b1", "unhealthy")
    assert report["reason"] == "Target.ResponseCodeMismatch"
    assert report["description"] == "Health checks failed with these codes: [500]"
    assert {answer.by for answer in shop.get_many(6)} == {"b2"}
    shop.behave("b1", health="ok")
    shop.wait_for_health("blue", "b1", "healthy")
    assert {answer.by for answer in shop.get_many(6)} == {"b1", "b2"}


def test_with_every_target_unhealthy_all_get_traffic(shop: Plane) -> None:
    for name in ("b1", "b2"):
        shop.behave(name, health="fail")
    for name in ("b1", "b2"):
        shop.wait_for_health("blue", name, "unhealthy")
    answers = shop.get_many(6)
    assert {answer.by for answer in answers} == {"b1", "b2"}
    assert {answer.status for answer in answers} == {200}


def test_a_new_target_waits_for_its_check_while_others_are_healthy(shop: Plane) -> None:
    shop.begin("b3", boot_seconds=1000)
    shop.targets("blue", "b1", "b2", "b3")
    shop.apply()
    assert {answer.by for answer in shop.get_many(6)} == {"b1", "b2"}


def test_a_hung_instance_times_out_and_comes_back(shop: Plane) -> None:
    shop.signal("b1", "STOP")
    report = shop.wait_for_health("blue", "b1", "unhealthy")
    assert (report["reason"], report["description"]) == ("Target.Timeout", "Request timed out")
    assert {answer.by for answer in shop.get_many(4)} == {"b2"}
    shop.signal("b1", "CONT")
    shop.wait_for_health("blue", "b1", "healthy")


def test_a_crashed_instance_answers_502_until_its_checks_fail(shop: Plane) -> None:
    shop.groups["blue"]["health"]["unhealthy"] = 6
    shop.apply()
    shop.signal("b1", "KILL")
    shop.wait(lambda message: message["op"] == "exited" and message["code"] == -9)
    assert sorted(answer.status for answer in shop.get_many(4)) == [200, 200, 502, 502]
    shop.wait_for_health("blue", "b1", "unhealthy")
    assert {answer.by for answer in shop.get_many(4)} == {"b2"}
    shop.wait_for_metric("TargetConnectionErrorCount", 2, "blue")
    assert shop.metric("HTTPCode_ELB_502_Count") == 2


def test_a_target_that_does_not_answer_in_time_is_a_504(shop: Plane) -> None:
    shop.idle_timeout = 0.3
    shop.apply()
    assert shop.get(NEVER).status == 504
    shop.wait_for_metric("HTTPCode_ELB_504_Count", 1)
    assert shop.metric("TargetConnectionErrorCount") == 0


def test_a_group_out_of_use_is_not_checked_and_starts_anew(shop: Plane) -> None:
    shop.groups["green"]["in_use"] = False
    shop.apply()
    shop.behave("g1", health="fail")
    shop.pass_lab_seconds(12)
    assert shop.reports("green", "g1")[-1]["state"] == "healthy"
    before = len(shop.reports("green", "g1"))
    shop.groups["green"]["in_use"] = True
    shop.apply()
    shop.wait_for_health("green", "g1", "unhealthy")
    states = [report["state"] for report in shop.reports("green", "g1")[before:]]
    assert states == ["initial", "initial", "unhealthy"]


def test_draining_finishes_what_is_in_flight_and_takes_nothing_new(shop: Plane) -> None:
    shop.groups["blue"]["deregistration_delay"] = 50
    shop.targets("blue", "b1")
    shop.apply()
    requests = InFlight(shop, 6, "/?sleep_ms=2000")
    started = time.monotonic()
    shop.targets("blue", "b2")
    shop.apply_until_healthy()
    assert {answer.by for answer in shop.get_many(6)} == {"b2"}
    assert [(answer.status, answer.by) for answer in requests.answers()] == [(200, "b1")] * 6
    shop.wait_until_drained("blue", "b1")
    assert time.monotonic() - started >= 50 / SPEED


def test_a_request_longer_than_the_delay_is_cut_off(shop: Plane) -> None:
    shop.groups["blue"]["deregistration_delay"] = 3
    shop.targets("blue", "b1")
    shop.apply()
    requests = InFlight(shop, 2, NEVER)
    shop.targets("blue")
    shop.apply()
    assert [answer.status for answer in requests.answers()] == [502, 502]


def test_a_target_that_comes_back_while_draining_is_registered_anew(shop: Plane) -> None:
    shop.targets("blue", "b1")
    shop.apply()
    before = len(shop.reports("blue", "b2"))
    shop.targets("blue", "b1", "b2")
    shop.apply()
    shop.wait_for_health("blue", "b2", "healthy")
    assert [report["state"] for report in shop.reports("blue", "b2")[before:]] == ["initial", "initial", "healthy"]
    shop.pass_lab_seconds(12)
    assert not shop.drained("blue", "b2")


def test_an_orderly_end_of_an_instance_fails_no_request_that_it_has(shop: Plane) -> None:
    shop.targets("blue", "b1")
    shop.apply()
    requests = InFlight(shop, 3, "/?sleep_ms=2000")
    shop.signal("b1", "TERM")
    assert [answer.status for answer in requests.answers()] == [200] * 3
    shop.wait(lambda message: message["op"] == "exited" and message["code"] == 0)


def test_a_deleted_listener_lets_requests_in_flight_end(shop: Plane) -> None:
    requests = InFlight(shop, 1, "/?sleep_ms=2000")
    shop.rules = []
    shop.apply()
    assert [answer.status for answer in requests.answers()] == [200]


def test_an_instance_that_dies_with_a_request_answers_502(shop: Plane) -> None:
    shop.targets("blue", "b1")
    shop.apply()
    requests = InFlight(shop, 1, NEVER)
    shop.signal("b1", "KILL")
    assert [answer.status for answer in requests.answers()] == [502]
