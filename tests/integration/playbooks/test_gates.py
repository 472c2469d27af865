# SPDX-License-Identifier: GPL-3.0-or-later
"""What keeps a release from beginning keeps nobody from returning the traffic."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from switchyard_lab.client import LabProcess
from tests.sample import Sample

from .shifting import shift_by_hand

REASON = "Stock-taking, until Monday."
FROZEN = {"service": "demo", "end_state": "succeeded", "stable": None, "weights": None}


@pytest.fixture
def frozen(lab: LabProcess) -> Iterator[Sample]:
    sample = Sample(lab)
    played = sample.open("freeze", bluegreen_freeze_reason=REASON, bluegreen_freeze_by="the warehouse")
    assert (played.returncode, played.changed) == (0, 1), played.messages
    assert played.outcomes["demo"] == {**FROZEN, "message": "demo is frozen."}
    yield sample
    assert sample.open("unfreeze").outcomes["demo"] == {**FROZEN, "message": "demo is not frozen."}


def test_a_frozen_service_is_not_released_but_its_traffic_can_be_returned(frozen: Sample) -> None:
    since = time.time()
    refused = frozen.open("deploy", bluegreen_release="1.1.0")
    assert refused.returncode != 0
    assert f"demo is frozen by the warehouse: {REASON} Lift the freeze with unfreeze.yml." in refused.messages
    assert frozen.lab.calls(since, kind="write") == []

    shift_by_hand(frozen, green=10)
    since = time.time()
    for door, image in (("swap", ""), ("deploy", None)):
        refused = frozen.open(
            door, bluegreen_release="1.1.0", **({} if image is None else {"bluegreen_image_id": image})
        )
        assert f"demo is frozen by the warehouse: {REASON}" in refused.results[-1]["msg"]
        assert refused.outcomes["demo"]["end_state"] == "refused"
    assert frozen.lab.calls(since, kind="write") == []

    status = frozen.status()
    assert status["frozen"] == {"reason": REASON, "by": "the warehouse", "until": None}
    assert sorted(status["weights"].values()) == [10, 90]
    returned = frozen.open("rollback")
    assert returned.returncode == 0, returned.messages
    assert sorted(frozen.status()["weights"].values()) == [0, 100]
