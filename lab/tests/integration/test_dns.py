# SPDX-License-Identifier: GPL-3.0-or-later
"""What the lab's name server answers, by weight and with TTLs, for records that stay as they are."""

from __future__ import annotations

import socket
from typing import Any

import dns.message
import dns.query
import pytest

from switchyard_lab.client import LabProcess

from .names import BLUE, GREEN, Record, Zone

QUESTIONS = 1500  # four standard deviations of a share of 90 % are then three points
MANY = [f"192.0.2.{number}" for number in range(1, 100)]


@pytest.fixture(scope="module")
def zone(lab: LabProcess) -> Zone:
    """All of them come with one change: to be in sync takes its time."""
    zone = Zone(lab)
    zone.change(
        CREATE=[record for records in (by_weight(zone), of_types(zone), that_lead_on(zone)) for record in records]
    )
    return zone


def by_weight(zone: Zone) -> list[Record]:
    weights = {"canary": (90, 10), "blue": (100, 0), "green": (0, 1), "equal": (0, 0)}
    return [
        zone.weighted(color, weight, name=name)
        for name, pair in weights.items()
        for color, weight in zip(("blue", "green"), pair, strict=True)
    ]


def of_types(zone: Zone) -> list[Record]:
    return [
        zone.record(name="types", ttl=7),
        zone.record("AAAA", "types", "2001:db8::1"),
        zone.record("TXT", "types", '"as it is"'),
        zone.record(name="many") | {"ResourceRecords": [{"Value": value} for value in MANY]},
        zone.record(name="below.nothing"),
    ]


def that_lead_on(zone: Zone) -> list[Record]:
    here = {"HostedZoneId": zone.id.removeprefix("/hostedzone/"), "EvaluateTargetHealth": False}
    return [
        zone.record("CNAME", "cname", f"types.{zone.name}", SetIdentifier="blue", Weight=1),
        zone.record("CNAME", "outside", "www.example.invalid"),
        zone.record(name="alias", AliasTarget={**here, "DNSName": f"blue.{zone.name}"}),
    ]


def test_answers_follow_the_weights(zone: Zone) -> None:
    assert zone.counted(QUESTIONS, "canary")[BLUE] / QUESTIONS == pytest.approx(0.9, abs=0.03)


@pytest.mark.parametrize(("name", "only"), [("blue", BLUE), ("green", GREEN)])
def test_without_weight_there_is_no_answer(zone: Zone, name: str, only: str) -> None:
    assert zone.counted(100, name) == {only: 100}


def test_weights_that_are_all_zero_are_equal(zone: Zone) -> None:
    assert zone.counted(QUESTIONS, "equal")[BLUE] / QUESTIONS == pytest.approx(0.5, abs=0.06)


def test_an_answer_is_the_same_over_tcp(zone: Zone) -> None:
    assert zone.ask("types", by=dns.query.udp).answer == zone.ask("types", by=dns.query.tcp).answer


def test_what_is_too_long_for_a_datagram_is_asked_again_over_tcp(zone: Zone) -> None:
    ways = []

    def as_resolvers_do(*question: Any, **to: Any) -> dns.message.Message:
        answer, over_tcp = dns.query.udp_with_fallback(*question, **to)
        ways.append("tcp" if over_tcp else "udp")
        return answer

    (found,) = zone.ask("many", by=as_resolvers_do).answer
    assert {str(value) for value in found} == set(MANY)
    assert ways == ["tcp"]


def test_each_type_has_its_own_answer_and_ttl(zone: Zone) -> None:
    assert zone.answers("types") == [f"types.{zone.name}. 7 IN A {BLUE}"]
    assert zone.answers("types", "AAAA") == [f"types.{zone.name}. 5 IN AAAA 2001:db8::1"]
    assert zone.answers("types", "TXT") == [f'types.{zone.name}. 5 IN TXT "as it is"']
    assert len(zone.answers(f"{zone.name}.", "NS")) == 4


def test_the_name_server_ends_with_its_lab() -> None:
    with LabProcess(seed=False) as lab:
        host, port = lab.dns.split(":")
        assert Zone(lab).failure("none") == "NXDOMAIN"
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        with socket.socket(type=kind) as free:
            free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, kind == socket.SOCK_STREAM)
            free.bind((host, int(port)))


def test_a_name_that_is_not_there_a_type_that_is_not_and_a_zone_that_is_not(zone: Zone) -> None:
    assert zone.failure("none") == "NXDOMAIN"
    assert (zone.failure("nothing"), zone.answers("nothing")) == ("NOERROR", [])  # there is a name below it
    assert (zone.failure("many", "AAAA"), zone.answers("many", "AAAA")) == ("NOERROR", [])
    assert zone.failure("www.example.invalid.") == "REFUSED"


def test_a_cname_is_followed_and_keeps_its_own_ttl(zone: Zone) -> None:
    first = f"cname.{zone.name}. 5 IN CNAME types.{zone.name}."
    assert zone.answers("cname") == [first, f"types.{zone.name}. 7 IN A {BLUE}"]
    assert zone.answers("cname", "CNAME") == [first]
    assert zone.answers("outside") == [f"outside.{zone.name}. 5 IN CNAME www.example.invalid."]


def test_an_alias_of_a_record_answers_by_the_weights_and_with_the_ttl_of_that(zone: Zone) -> None:
    assert zone.answers("alias") == [f"alias.{zone.name}. 5 IN A {BLUE}"]
