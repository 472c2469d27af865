# SPDX-License-Identifier: GPL-3.0-or-later
"""Which records are candidates, by their weights and their health."""

from __future__ import annotations

from random import Random

import pytest

from switchyard_lab.aws.route53.records import RecordSet
from switchyard_lab.dns.choice import choose

CHOICES = 200


def record(color: str, weight: int | None) -> RecordSet:
    return RecordSet("www.example.com.", "A", color, weight)


@pytest.mark.parametrize(
    ("weights", "unhealthy", "chosen"),
    [
        ({"blue": 1, "green": 1}, "", {"blue", "green"}),
        ({"blue": 1, "green": 0}, "", {"blue"}),
        ({"blue": 0, "green": 0}, "", {"blue", "green"}),
        ({"blue": 1, "green": 1}, "blue", {"green"}),
        ({"blue": 1, "green": 0}, "green", {"blue"}),
        ({"blue": 1, "green": 0}, "blue", {"green"}),
        ({"blue": 0, "green": 0}, "blue", {"green"}),
        ({"blue": 1, "green": 0}, "blue green", {"blue"}),
        ({"blue": 0, "green": 0}, "blue green", {"blue", "green"}),
        ({"blue": None}, "", {"blue"}),
        ({"blue": None}, "blue", {"blue"}),
    ],
)
def test_who_is_chosen(weights: dict[str, int | None], unhealthy: str, chosen: set[str]) -> None:
    group = [record(color, weight) for color, weight in weights.items()]
    random = Random(1)
    found = [choose(group, lambda each: str(each.set_identifier) not in unhealthy, random) for _each in range(CHOICES)]
    assert {each.set_identifier for each in found} == chosen
