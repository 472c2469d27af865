# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from datetime import UTC, datetime

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.tags import RETAIN_UNTIL
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.service.retention import (
    NO_END,
    find_malformed_deadlines,
    read_deadline,
)

from ..traffic.routes import BLUE, GREEN
from .services import group, route, service


@pytest.mark.parametrize("written", ["2026-12-24", "2026-12-24 18:00", "24.12.2026", "until Monday", ""])
def test_a_deadline_that_nobody_can_read_never_comes(written: str) -> None:
    tags = {RETAIN_UNTIL: written}
    assert read_deadline(tags) == NO_END
    described = {"Tags": [{"Key": RETAIN_UNTIL, "Value": written}]}
    kept = group("green", retain_until=NO_END, described=described)
    [warning] = find_malformed_deadlines(service([route({BLUE: 100, GREEN: 0})], kept))
    assert f"Tag {RETAIN_UNTIL} of web-green-v001 is not a moment with its offset from UTC: {written}." in warning


def test_for_ever_is_a_deadline_as_well() -> None:
    kept = group("green", retain_until=read_deadline({RETAIN_UNTIL: "9999-12-31T00:00:00+00:00"}))
    assert find_malformed_deadlines(service([route({BLUE: 100, GREEN: 0})], kept)) == []


def test_one_with_its_offset_does() -> None:
    assert read_deadline({}) is None
    assert read_deadline({RETAIN_UNTIL: "2026-12-24T19:00:00+01:00"}) == datetime(2026, 12, 24, 18, tzinfo=UTC)
