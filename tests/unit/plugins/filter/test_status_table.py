# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar, trust_as_template


def environment(color: str, **values: Any) -> dict[str, Any]:
    empty = {"weight": 0, "release": None, "image_id": None, "group": None, "healthy": 0, "desired": 0}
    empty |= {
        "minimum": 0,
        "pinned": None,
        "approval": None,
        "run": None,
        "rejected": None,
        "leaving": None,
        "retain_until": None,
        "due": False,
    }
    found = {"color": color, **empty, **values}
    return {"highest_weight": found["weight"], **found}


def test_a_service_is_shown_as_a_table_with_stable_first() -> None:
    green = environment(
        "green", weight=100, release="1.1.0", image_id="ami-2", group="web-green-v002", healthy=3, desired=3
    )
    blue = environment(
        "blue",
        group="web-blue-v001",
        minimum=3,
        pinned={"minimum": 2, "maximum": 6},
        retain_until="2026-11-23T12:00:00+00:00",
        due=True,
    )
    service = {
        "service": "web",
        "stable": "green",
        "candidate": "blue",
        "phase": "settled",
        "lease": None,
        "way_back": None,
        "frozen": {"reason": "Stock-taking.", "by": "the warehouse", "until": None},
        "outcomes": [
            {
                "run": "20261120T080000Z-1f3a",
                "doing": "deploy",
                "by": "AWX job 4711 (kim)",
                "began": "2026-11-20T08:00:00+00:00",
                "ended": "2026-11-20T08:10:00+00:00",
                "end_state": "succeeded",
                "from": {"image_id": "ami-1", "release": "1.0.0"},
                "to": {"image_id": "ami-2", "release": "1.1.0"},
                "restored_seconds": None,
                "reason": None,
            }
        ],
        "environments": {"blue": blue, "green": green},
    }
    template = trust_as_template("{{ service | switchyard.bluegreen.status_table }}")
    assert Templar(DataLoader(), {"service": service}).template(template) == [
        "web: green is stable, nothing in progress",
        "Last: deploy of 1.1.0 (ami-2) succeeded at 2026-11-20 08:10:00 UTC, by AWX job 4711 (kim).",
        "web is frozen by the warehouse: Stock-taking.",
        "       weight  release  image  group           healthy  pinned at    retained until",
        "green  100 %   1.1.0    ami-2  web-green-v002  3/3      -            -",
        "blue   0 %     -        -      web-blue-v001   0/0      3 (own 2-6)  2026-11-23 12:00 UTC (over)",
    ]


def test_what_waits_for_a_person_is_told() -> None:
    asked = {"weight": 10, "until": "2026-11-23T12:00:00+00:00", "by": None, "waits": True}
    service = {
        "service": "web",
        "stable": "blue",
        "candidate": "green",
        "phase": "shifting",
        "outcomes": [],
        "lease": None,
        "way_back": None,
        "frozen": None,
        "environments": {
            "blue": environment("blue", weight=90),
            "green": environment("green", weight=10, approval=asked),
        },
    }
    template = trust_as_template("{{ service | switchyard.bluegreen.status_table }}")
    reported = "green waits for approval at 10 % until 2026-11-23 12:00 UTC; approve.yml gives it."
    assert Templar(DataLoader(), {"service": service}).template(template)[1] == reported
    asked["waits"] = False
    assert Templar(DataLoader(), {"service": service}).template(template)[1] == (
        "green waited for approval at 10 % until 2026-11-23 12:00 UTC; no run waits any more, and approve.yml "
        "approves nothing."
    )


@pytest.mark.parametrize(
    ("highest", "shares", "said"),
    [
        (100, "0 to 100 %", "Its routes split the traffic differently; rollback.yml returns all of it."),
        (
            0,
            "0 %",
            "All weights are 0, so users are not served; rollback.yml gives all traffic to blue.",
        ),
    ],
    ids=["AWS has refused a return on one of two routes", "a person has set them so"],
)
def test_odd_weights_are_told(highest: int, shares: str, said: str) -> None:
    environments = {color: environment(color, weight=0, highest_weight=highest) for color in ("blue", "green")}
    service = {
        "service": "web",
        "stable": "blue",
        "candidate": "green",
        "phase": "shifting",
        "outcomes": [],
        "frozen": None,
        "lease": None,
        "way_back": None,
    }
    template = trust_as_template("{{ service | switchyard.bluegreen.status_table }}")
    shown = Templar(DataLoader(), {"service": {**service, "environments": environments}}).template(template)
    assert shown[1] == said
    assert [shares in line for line in shown[3:]] == [True, True]


def test_who_is_at_work_is_shown_and_who_has_died_in_the_middle_of_it() -> None:
    lease = {"run": "r", "by": "AWX job 4711", "doing": "deploy", "since": "2026-11-23T03:10:00+00:00"}
    service = {"service": "web", "stable": "blue", "candidate": "green", "phase": "shifting", "frozen": None}
    environments = {"blue": environment("blue", weight=90), "green": environment("green", weight=10)}
    template = trust_as_template("{{ service | switchyard.bluegreen.status_table }}")

    def shown(**more: Any) -> Any:
        known = {**service, "environments": environments, "lease": {**lease, **more}, "way_back": None, "outcomes": []}
        return Templar(DataLoader(), {"service": known}).template(template)[1]

    assert shown(alive=True, silent_seconds=8) == (
        "AWX job 4711 is active: deploy, since 2026-11-23 03:10:00 UTC, lease renewed 8 s ago."
    )
    assert shown(alive=False, silent_seconds=240) == (
        "AWX job 4711 has not renewed its lease for 4 min 0 s: deploy, since 2026-11-23 03:10:00 UTC; nobody watches "
        "the release. deploy.yml continues it, rollback.yml returns the traffic."
    )


def test_whether_one_can_go_back_is_shown() -> None:
    service = {"service": "web", "stable": "green", "candidate": "blue", "phase": "settled"}
    service |= {"frozen": None, "lease": None, "outcomes": []}
    environments = {"blue": environment("blue"), "green": environment("green", weight=100)}
    way = {"release": "1.0.0", "image_id": "ami-1", "color": "blue", "in_place": False, "loss": ["Sockets stay."]}
    way |= {"until": "2026-11-23T12:00:00+00:00"}
    template = trust_as_template("{{ service | switchyard.bluegreen.status_table }}")

    def shown(**more: Any) -> Any:
        known = {**service, "environments": environments, "way_back": {**way, **more}}
        return Templar(DataLoader(), {"service": known}).template(template)[1]

    assert shown(possible=True, seconds=65) == (
        "Rollback: to 1.0.0 in blue in about 1 min 5 s, until 2026-11-23 12:00 UTC. Sockets stay."
    )
    assert "in blue as capacity is restored. Sockets" in shown(possible=True, seconds=None, until=None)
    assert shown(possible=True, in_place=True, loss=["AWS replaces them."]) == (
        "Rollback: to 1.0.0 (ami-1) in blue in place. AWS replaces them."
    )
    assert shown(possible=False, reason="Nothing is retained.") == "Rollback: not possible. Nothing is retained."


@pytest.mark.parametrize(
    ("phase", "mark", "found", "lines"),
    [
        (
            "provisioned",
            "rejected",
            {"at": "2026-11-23T12:00:00+00:00", "reason": "Alarm web-green-5xx rang."},
            [
                "web: blue is stable, a rejected candidate is kept",
                "green was rejected at 2026-11-23 12:00 UTC: Alarm web-green-5xx rang; deploy.yml tries it again, "
                "swap.yml refuses it.",
            ],
        ),
        (
            "settled",
            "leaving",
            {"at": None, "reason": "hook before_teardown has begun"},
            [
                "web: blue is stable, nothing in progress",
                "green is being removed: hook before_teardown has begun; rollback.yml does not return to it.",
            ],
        ),
    ],
)
def test_marks_are_shown(phase: str, mark: str, found: dict[str, Any], lines: list[str]) -> None:
    """A candidate that was returned is not shown as one that waits."""
    service = {"service": "web", "stable": "blue", "candidate": "green", "phase": phase, "outcomes": []}
    service |= {"frozen": None, "lease": None, "way_back": None}
    environments = {"blue": environment("blue", weight=100), "green": environment("green", **{mark: found})}
    template = trust_as_template("{{ service | switchyard.bluegreen.status_table }}")
    shown = Templar(DataLoader(), {"service": {**service, "environments": environments}}).template(template)
    assert shown[:2] == lines
