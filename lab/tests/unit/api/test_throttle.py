# SPDX-License-Identifier: GPL-3.0-or-later
"""This many requests per second, and no more."""

from __future__ import annotations

from switchyard_lab.api.throttle import Throttle
from switchyard_lab.calls.faults import ApiFault


def test_five_requests_per_second_then_one_after_the_other_as_they_grow_old() -> None:
    throttle = Throttle(speed=1)
    refused = [throttle.take("route53", now=tenth / 10) is not None for tenth in range(12)]
    assert refused == [False] * 5 + [True] * 5 + [False] * 2


def test_a_refusal_is_what_clients_try_again() -> None:
    throttle = Throttle(speed=0.2)
    assert throttle.take("route53", now=0) is None
    assert throttle.take("route53", now=0) == ApiFault("Throttling", "Rate exceeded", 400)


def test_a_fast_lab_takes_as_many_more() -> None:
    throttle = Throttle(speed=20)
    assert [throttle.take("route53", now=0) for _number in range(100)] == [None] * 100
    assert throttle.take("route53", now=0.9)


def test_other_services_are_not_counted() -> None:
    throttle = Throttle(speed=1)
    assert [throttle.take("elbv2", now=0) for _number in range(50)] == [None] * 50
