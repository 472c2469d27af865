# SPDX-License-Identifier: GPL-3.0-or-later
"""Releases over weighted DNS records, to users that honor TTLs and to users that do not."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import pytest

from switchyard_lab.client import LabProcess
from switchyard_lab.load import BackgroundLoad
from switchyard_lab.load.resolving import Resolving
from switchyard_lab.load.result import LoadResult
from switchyard_lab.seed.records import RecordService, seed_records
from tests.integration.policies import limited
from tests.playing import Played
from tests.sample import SERVICE, Sample

TTL, MARGIN = 5, 3
HOLD = 2 * TTL
CUT_OVER = [{"weight": 100, "bake_seconds": 2}]
REMOVALS = {"DeregisterTargets", "DetachTrafficSources", "DeleteAutoScalingGroup"}


@pytest.fixture
def lab() -> Iterator[LabProcess]:
    with LabProcess(seed=False, speed=20, latency_ms=20, propagation_ms=5000) as process:
        yield process


@pytest.fixture
def service(lab: LabProcess) -> RecordService:
    return seed_records(lab.endpoint, lab.info()["cidr"], lab.inventory, SERVICE, ttl=TTL)


def users(lab: LabProcess, service: RecordService, rate: float, hold_seconds: float | None = None) -> BackgroundLoad:
    """Each pauses for a little longer than the TTL, so that it asks for the name whenever it has a request, and every
    request is a draw of its own; or it keeps the address for as long as it likes."""
    resolving = Resolving(lab.dns, clients=int(rate * TTL * 1.2), hold_seconds=hold_seconds)
    return BackgroundLoad(service.url, rate, keep_alive=False, resolving=resolving)


def shifts(played: Played) -> list[tuple[float, float]]:
    """When each began and ended."""
    found = [each["duration"] for each in played.results if each["task"].endswith(": Shift the traffic")]
    return [(moment(each["start"]), moment(each["end"])) for each in found]


def moment(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def share(result: LoadResult, release: str, since: float, until: float | None = None) -> float:
    """In percent, of the requests in between."""
    first, end = math.ceil(since - result.started), math.floor(until - result.started) if until else None
    seconds = result.timeline[first:end]
    return 100 * sum(each.releases[release] for each in seconds) / sum(each.requests for each in seconds)


def release(sample: Sample, **variables: Any) -> Played:
    """Nothing is retained; quiet is longer than any of the users pauses."""
    variables |= {"bluegreen_ttl_margin_seconds": MARGIN, "bluegreen_quiet_seconds": 2 * TTL}
    return sample.open("deploy", bluegreen_release="1.1.0", bluegreen_retain_seconds=0, **variables)


@pytest.mark.thorough
def test_a_release_over_records_fails_nobody_and_removes_nothing_that_answers_may_lead_to(
    lab: LabProcess, service: RecordService
) -> None:
    sample, began = Sample(lab, env=limited(lab, "deploy")), time.time()
    with users(lab, service, 20) as prompt, users(lab, service, 20, HOLD) as slow:
        released = release(sample, bluegreen_strategy=CUT_OVER)
    assert released.returncode == 0, released.messages
    assert (prompt.result.failed, slow.result.failed) == (0, 0), prompt.result.failures[:5] + slow.result.failures[:5]
    ((_begun, after),) = shifts(released)
    assert share(prompt.result, "1.1.0", after + TTL) == 100
    assert share(slow.result, "1.1.0", after + HOLD) == 100

    calls = lab.calls(began)
    changed = max(each["time"] for each in calls if each["operation"] == "ChangeResourceRecordSets")
    removed = min(each["time"] for each in calls if each["operation"] in REMOVALS)
    assert removed - changed >= TTL + MARGIN
    assert sample.status()["environments"]["blue"]["group"] is None


@pytest.mark.thorough
def test_a_tenth_of_the_weight_is_a_tenth_of_the_requests_of_either_kind_of_users(
    lab: LabProcess, service: RecordService
) -> None:
    """Who keeps an answer draws with every second request: 1,600 draws, of which 3 points are 4 standard deviations."""
    steps = [{"weight": 10, "bake_seconds": HOLD + 40}, *CUT_OVER]
    with users(lab, service, 80) as prompt, users(lab, service, 80, HOLD) as slow:
        released = release(Sample(lab), bluegreen_strategy=steps)
    assert released.returncode == 0, released.messages
    assert (prompt.result.failed, slow.result.failed) == (0, 0), prompt.result.failures[:5] + slow.result.failures[:5]
    (_begun, canary), (whole, after) = shifts(released)
    for load, kept in ((prompt, TTL), (slow, HOLD)):
        assert share(load.result, "1.1.0", canary + kept, whole) == pytest.approx(10, abs=3)
        assert share(load.result, "1.1.0", after + kept) == 100


@pytest.mark.thorough
def test_a_simple_record_becomes_weighted_with_its_first_release_and_the_traffic_returns(
    lab: LabProcess, service: RecordService
) -> None:
    make_simple(lab, service)
    sample = Sample(lab)
    green = str(urlsplit(service.url_of("green")).hostname)
    route = {"zone": service.zone, "name": service.record, "targets": {"green": {"values": [green]}}}
    release = {"bluegreen_release": "1.1.0", "bluegreen_strategy": CUT_OVER, "bluegreen_routes": [route]}
    began = time.time()
    checked = sample.open("deploy", "--check", **release)
    assert checked.returncode == 0, checked.messages
    assert lab.calls(began, kind="write") == []
    with users(lab, service, 20) as load:
        released = sample.open("deploy", **release)
        assert released.returncode == 0, released.messages
        assert sample.stable_release() == "1.1.0"
        returned = sample.open("rollback")
        assert returned.returncode == 0, returned.messages
    assert load.result.failed == 0, load.result.failures[:5]
    assert set(load.result.total.releases) == {"1.0.0", "1.1.0"}
    status = sample.status()
    assert (status["stable"], list(status["weights"].values())) == ("blue", [100, 0])


def make_simple(lab: LabProcess, service: RecordService) -> None:
    """The record answers blue, and has no weight."""
    route53 = lab.client("route53")
    zone = route53.list_hosted_zones_by_name(DNSName=service.zone)["HostedZones"][0]["Id"]
    found = route53.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    blue, green = (each for each in found if "SetIdentifier" in each)
    simple = {key: value for key, value in blue.items() if key not in ("SetIdentifier", "Weight")}
    changes = [("DELETE", blue), ("DELETE", green), ("CREATE", simple)]
    batch = {"Changes": [{"Action": action, "ResourceRecordSet": record} for action, record in changes]}
    route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch=batch)
